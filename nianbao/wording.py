"""Grades and identities in words: what a number that does not add up says, with both of its sides."""

import re
from collections.abc import Sequence

from parsers.forms import FormTable
from parsers.report import Check, Number, Table

_NUMBERING = re.compile(r"^(?:[一二三四五六七]、|\([一二三四五六七]\)|\d\.)")
_EXPLANATION = re.compile(r"\(.*\)$|政府信息公开申请数量$|继续办理$")
_SAYING_LITTLE = {"总计", "其他"}
_TERMS_IN_FULL = 4
_GRADES = {
    "verified": "every cell read, every identity holds",
    "consistent": "every cell read, no identity fails, some cannot be decided",
    "inconsistent": "every cell read, an identity fails as printed",
    "partial": "some cells unreadable or absent",
}


def number(value: Number | None) -> str:
    """Write a number as short as it is exact: 17, 25.1; "unknown" for None."""
    if value is None:
        return "unknown"
    return str(int(value)) if value == int(value) else repr(value)


def grade_in_words(table: Table, form: FormTable) -> str:
    """Say what the grade of a table means: `consistent: every cell read, the form has no identity for it`."""
    if table.grade == "consistent" and not form.identities:
        return f"{table.grade}: every cell read, the form has no identity for this table"
    return f"{table.grade}: {_GRADES[table.grade]}"


def check_in_words(check: Check, form: FormTable) -> str:
    """Say both sides of a check: `自然人: 本年新收 + 上年结转 = 62, 本年度办理结果/总计 + 结转下年度 = 63`.

    Sums of many terms name the first and the last. A check that is no identity of the form is named by its id.
    """
    identity = next((identity for identity in form.identities if identity.id == check.id), None)
    if identity is None:
        return f"{check.id}, {check.at}: {number(check.left)} against {number(check.right)}"
    rows, columns = _row_labels(form), _column_labels(form)
    terms, places = (rows, columns) if identity.per == "column" else (columns, rows)
    left, right = (_sum_of([terms.get(code, code) for code in side]) for side in (identity.left, identity.right))
    where = places.get(check.at, check.at)
    return f"{where}: {left} = {number(check.left)}, {right} = {number(check.right)}"


def _row_labels(form: FormTable) -> dict[str, str]:
    """Return the rows' labels without numbering and explanations, with their group where they say little without it."""
    labels: dict[str, str] = {}
    for row in (row for block in form.blocks for row in block.rows):
        short = _short(row.label)
        needs_group = row.groups and short in _SAYING_LITTLE
        labels[row.code] = f"{_short(row.groups[-1])}/{short}" if needs_group else short
    return labels


def _column_labels(form: FormTable) -> dict[str, str]:
    return {column.code: column.label for block in form.blocks for column in block.columns}


def _short(label: str) -> str:
    return _EXPLANATION.sub("", _NUMBERING.sub("", label))


def _sum_of(labels: Sequence[str]) -> str:
    if len(labels) <= _TERMS_IN_FULL:
        return " + ".join(labels)
    return f"{labels[0]} + … + {labels[-1]} ({len(labels)} terms)"
