"""What a text is when it stands alone in a cell or on a line: a label, a number, a blank or neither."""

import re
from enum import Enum
from functools import lru_cache

from parsers.characters import width
from parsers.labels import key
from parsers.page import Kind, Piece
from parsers.values import is_mark, read_number

_FURNITURE = re.compile(
    r"[-—–―一]\s?\d{1,3}\s?[-—–―一]|第?\s?\d{1,3}\s?页(?:[,，/]?\s?共\s?\d{1,3}\s?页)?|\d{1,3}\s?/\s?\d{1,3}"
)
_NUMBERING = re.compile(r"\(?\d{1,2}[.、)](?!\d)")
_DEBRIS = re.compile(r"[()、。,.;:“”‘’《》\"]{1,3}|[^\W\d_]{0,6}(?:[()]{1,2}[^\W\d_]{0,6}){1,4}")
_HAN = re.compile(r"[㐀-鿿]")
_PIPE = re.compile(r"[|｜│┃]")
_RULE = re.compile(r"[|+│┃\s]*(?::?(?:[-=_─━]{3,}|[—―]{4,}|\*{3,}):?[|+│┃\s]*)+")
_SENTENCE = re.compile(r"[。;；]|[,，].*[,，].*[,，]")
_CAPTION = re.compile(r"20\d\d\s*年|上年度|上一年度|去年|同期|^\W*本年度?(?:数据|情况|统计|统计表|报表)?\W*$")
_LONGEST_CAPTION = 30
_LONG_LABEL = 48
_LONG_WORD = 12
_LONG_TEXT = 60
CELL_KINDS = (Kind.NUMBER, Kind.MARK)


@lru_cache(maxsize=16_384)
def kind_of(text: str) -> Kind:
    """Tell what a cleaned text is when it stands alone in a cell or on a line."""
    if not text.strip():
        return Kind.EMPTY
    if read_number(text) is not None:
        return Kind.NUMBER
    if is_mark(text):
        return Kind.MARK
    plain = width(text)
    if _FURNITURE.fullmatch(plain):
        return Kind.FURNITURE
    if _HAN.search(plain) or _NUMBERING.fullmatch(plain):
        return Kind.TEXT
    return Kind.DEBRIS if _DEBRIS.fullmatch(plain) else Kind.ODD


class Shape(Enum):
    """How a line is cut into pieces."""

    GAP = "empty"
    SINGLE = "one piece"
    PIPED = "pieces between pipes"
    TABBED = "pieces between tabs"
    ROW = "words, then cells, between blanks"


_RUN_TOGETHER = re.compile("不适用(?=不适用)")
"""Blank marks of narrow cells, between which a printed line leaves no blank."""


@lru_cache(maxsize=16_384)
def shape_of(text: str) -> tuple[Shape, str, Kind]:
    """Tell how a cleaned line is cut; return the line without blanks at its ends and what it is as one piece."""
    stripped = text.strip()
    if not stripped:
        return Shape.GAP, "", Kind.GAP
    if _RULE.fullmatch(stripped):
        return Shape.SINGLE, stripped, Kind.FURNITURE
    kind = kind_of(stripped)
    if _PIPE.search(stripped):
        return Shape.PIPED, text, kind
    if "\t" in stripped:
        return Shape.TABBED, text, kind
    if kind in (Kind.TEXT, Kind.ODD):
        apart = _RUN_TOGETHER.sub(r"\g<0> ", stripped)
        if _is_row(apart.split()):
            return Shape.ROW, apart, kind
    return Shape.SINGLE, stripped, kind


def _is_row(words: list[str]) -> bool:
    """Say whether words are a label and its cells, or cells alone: numbers and marks to the end."""
    kinds = [kind_of(word) for word in words]
    start = next((index for index, kind in enumerate(kinds) if kind in CELL_KINDS), len(kinds))
    return len(words) > 1 and start < len(kinds) and all(kind in CELL_KINDS for kind in kinds[start:])


def split_at_pipes(raw: str, text: str, place: tuple[int, ...]) -> list[Piece]:
    """Cut a line at its pipes; `raw` is the line as it stands, `text` the cleaned one."""
    return _paired(_PIPE.split(raw), _PIPE.split(text), place)


def split_at_tabs(raw: str, text: str, place: tuple[int, ...]) -> list[Piece]:
    """Cut a line at its tabs."""
    return _paired(raw.split("\t"), text.split("\t"), place)


def split_at_blanks(raw: str, text: str, place: tuple[int, ...]) -> list[Piece]:
    """Cut a line at its blanks."""
    return _paired(raw.split(), text.split(), place)


def _paired(raws: list[str], parts: list[str], place: tuple[int, ...]) -> list[Piece]:
    if len(raws) != len(parts):
        raws = parts
    return [Piece(raw.strip(), place, part.strip(), kind_of(part)) for raw, part in zip(raws, parts, strict=True)]


@lru_cache(maxsize=16_384)
def is_prose(text: str) -> bool:
    """Say whether a cleaned text is a sentence rather than a label, whatever explanation a label carries."""
    if text.rstrip().endswith("。") or (len(text) > _LONG_TEXT and _SENTENCE.search(text) is not None):
        return True
    return len(key(text)) > _LONG_LABEL and max(map(len, text.split())) > _LONG_WORD


@lru_cache(maxsize=16_384)
def is_caption(text: str) -> bool:
    """Say whether a cleaned text can be the caption that tells a year's table from another's."""
    return len(text) <= _LONGEST_CAPTION and _CAPTION.search(width(text)) is not None and "项目数量" not in text
