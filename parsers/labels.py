"""Labels as keys: what a row, a column or a heading says, whatever its numbering, punctuation and explanations.

A key keeps the Han characters alone. The labels and their variants come from the forms; keys of both forms are
known together, because the form of a table is chosen from the labels it has.
"""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from parsers.characters import width
from parsers.forms import Column, FormTable, Row, forms

_NOT_HAN = re.compile(r"[^㐀-鿿]+")
_EXPLANATION = re.compile(r"\([^()]{4,}\)")
_SAME_WORDS = (
    ("其它", "其他"),
    ("合计", "总计"),
    ("讯息", "信息"),
    ("资讯", "信息"),
    ("档案", "文件"),
    ("覆议", "复议"),
    ("执法文件", "执法案卷"),
)


@lru_cache(maxsize=16_384)
def key(text: str) -> str:
    """Return the key of a cleaned text: its Han characters, without explanations in parentheses."""
    plain = width(text)
    if "(" in plain:
        plain = _EXPLANATION.sub("", plain)
        plain = _EXPLANATION.sub("", plain)
    return _same_words(_NOT_HAN.sub("", plain))


def whole_key(text: str) -> str:
    """Return the key of a text with its explanations."""
    return _same_words(_NOT_HAN.sub("", width(text)))


def _same_words(plain: str) -> str:
    for word, ours in _SAME_WORDS:
        if word in plain:
            plain = plain.replace(word, ours)
    return plain


@dataclass(frozen=True)
class Labels:
    """The labels of one table over all forms: `rows` and `columns` map keys to codes, `order` ranks the row codes.

    `full` maps each row code to its whole keys, for labels that a page's end cuts in two; `pattern` knows the columns'
    labels too, since the words of a row can stand in the explanation of a column.
    """

    rows: dict[str, str]
    columns: dict[str, str]
    order: dict[str, int]
    full: dict[str, tuple[str, ...]]
    pattern: re.Pattern[str]


Found = tuple[str, int, int]
"""A row label in a key: (row code, start, end)."""


def find_rows(table: str, segment: str) -> tuple[Found, ...]:
    """Return every row label in a key, in reading order, the longest label first."""
    labels = labels_of(table)
    return tuple(
        (labels.rows[match[0]], match.start(), match.end())
        for match in labels.pattern.finditer(segment)
        if match[0] in labels.rows
    )


NUMERALS = "一二三四五六七八九十"


def _keys_of(label: str, variants: tuple[str, ...]) -> set[str]:
    found = set()
    for text in (label, *variants):
        for made in (key(text), whole_key(text)):
            found.add(_unnumbered(text, made))
    return found - {""}


def _unnumbered(text: str, made: str) -> str:
    numbered = re.match(rf"^\(?[{NUMERALS}]+[)、]", text)
    return made.lstrip(NUMERALS) if numbered else made


@cache
def labels_of(table: str) -> Labels:
    """Return the labels of a table (`disclosure`, `requests`, `appeals`) over all forms."""
    rows: dict[str, str] = {}
    columns: dict[str, str] = {}
    full: dict[str, tuple[str, ...]] = {}
    for row in _rows(table):
        for made in _keys_of(row.label, row.variants):
            rows[made] = row.code
        full[row.code] = tuple(sorted(_keys_of(row.label, ()), key=len))
    for column in _columns(table):
        for made in _keys_of(column.label, column.variants):
            columns[made] = column.code
    return Labels(rows, columns, _order(table), full, _alternatives({**rows, **columns}))


_AMBIGUOUS = frozenset({"其他", "总计", "其他处理", "行政复议"})


@cache
def _row_labels() -> frozenset[str]:
    return frozenset({*labels_of("disclosure").rows, *labels_of("requests").rows} - _AMBIGUOUS)


@lru_cache(maxsize=16_384)
def is_row_label(text: str) -> bool:
    """Say whether a cleaned text is the whole label of a row of disclosure or requests, and of nothing else."""
    return key(text).lstrip(NUMERALS) in _row_labels()


def _tables(table: str) -> list[FormTable]:
    return [form.tables[table] for form in forms().values()]


def _rows(table: str) -> list[Row]:
    return [row for form_table in _tables(table) for block in form_table.blocks for row in block.rows]


def _columns(table: str) -> list[Column]:
    return [column for form_table in _tables(table) for block in form_table.blocks for column in block.columns]


def _order(table: str) -> dict[str, int]:
    """Rank the row codes of all forms in one order: each form's own order is kept, what only one has stands in place.

    Newest form first, so that (六) as a row (2019) comes before the three rows that (六) heads (2021).
    """
    merged: list[str] = []
    for form_table in reversed(_tables(table)):
        at = 0
        for code in (row.code for block in form_table.blocks for row in block.rows):
            if code in merged:
                at = merged.index(code) + 1
            else:
                merged.insert(at, code)
                at += 1
    return {code: rank for rank, code in enumerate(merged)}


def _alternatives(keys: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(made) for made in sorted(keys, key=len, reverse=True)))


_HEADING_KEYS = (
    (1, re.compile(r"(?:总体|基本|总体工作|工作总体)(?:工作)?情况|概述|工作概况")),
    (2, re.compile(r"(?:行政机关)?主动公开(?:政府)?信息(?:的)?情况|政府信息主动公开(?:工作)?情况|主动公开情况")),
    (
        3,
        re.compile(
            r"(?:行政机关)?收到(?:和|及|并)处理(?:的)?政府信息公开申请(?:的)?情况|(?:收到和处理)?依申请公开(?:政府信息)?情况"
        ),
    ),
    (
        4,
        re.compile(
            r"(?:因)?政府信息公开(?:工作)?(?:被申请|被提起|引起的)?行政复议(?:和|及|与)?(?:提起|被提起)?行政诉讼(?:的)?情况"
        ),
    ),
    (5, re.compile(r"(?:政府信息公开工作)?(?:中)?(?:存在|主要)(?:的)?(?:主要)?(?:存在的)?问题(?:和|及|与)?.{0,12}")),
    (6, re.compile(r"(?:其他)?需要(?:报告|说明)的?(?:其他)?(?:有关)?(?:事项|情况).{0,8}")),
)
_HEADING_NUMBER = re.compile(rf"^\s*(?:第?[{NUMERALS}]{{1,3}}(?:部分)?[、,.:]?|\d{{1,2}}[、.])\s*")
_ASIDE = re.compile(r"^\s*\(")
_LONGEST_HEADING = 44


@lru_cache(maxsize=16_384)
def section_of(text: str) -> int | None:
    """Return the number of the section (1 to 6) that a cleaned line is the heading of, None if it is no heading.

    Decided by the label, not by its numeral: sections are renumbered and their numerals restart. A numbered item of a
    narrative, (一), is no heading.
    """
    plain = width(text).strip("#* ")
    if len(plain) > _LONGEST_HEADING or _ASIDE.match(plain) or plain[-1:] in "。;,":
        return None
    label = _same_words(_NOT_HAN.sub("", _HEADING_NUMBER.sub("", plain)))
    return next((number for number, pattern in _HEADING_KEYS if pattern.fullmatch(label)), None)
