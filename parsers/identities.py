"""The form's arithmetic: every identity is decided where it can be, and what a single lost number must be is found."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from math import isnan, nan
from operator import itemgetter
from typing import cast

from parsers.cells import Sheet
from parsers.characters import width
from parsers.forms import forms
from parsers.report import Cell, Check, Grade, Number, Outcome

_check: Callable[[tuple[object, ...]], Check] = partial(tuple.__new__, Check)
_NEAR = 1e-9
_LOST = ("unreadable", "absent")
_OTHERS = re.compile(r"[^0-9]+")


@dataclass(frozen=True, slots=True)
class Instance:
    """One repetition of an identity: where it stands, its terms, and the parts of each total among them.

    Terms are positions among the cells of the table in the form's order; `left_of` and `right_of` take those of a side
    out of a list.
    """

    id: str
    at: str
    left: tuple[int, ...]
    right: tuple[int, ...]
    terms: tuple[int, ...]
    totals: tuple[tuple[int, tuple[int, ...]], ...]
    left_of: Callable[[Sequence[Number]], Sequence[Number]]
    right_of: Callable[[Sequence[Number]], Sequence[Number]]


@cache
def instances_of(form: str, table: str) -> tuple[Instance, ...]:
    """Return every repetition of every identity of a table, in the form's order."""
    form_table = forms()[form].tables[table]
    rows = [row.code for block in form_table.blocks for row in block.rows]
    columns = [column.code for block in form_table.blocks for column in block.columns]
    position = {address: index for index, address in enumerate(form_table.addresses)}
    plain = []
    for identity in form_table.identities:
        per_column = identity.per == "column"
        for at in columns if per_column else rows:
            left, right = (
                tuple(position[(term, at) if per_column else (at, term)] for term in side)
                for side in (identity.left, identity.right)
            )
            plain.append((identity.id, at, left, right))
    sums = [(left[0], right) for _, _, left, right in plain if len(left) == 1]
    return tuple(_instance(identity, at, left, right, sums) for identity, at, left, right in plain)


def _instance(
    identity: str, at: str, left: tuple[int, ...], right: tuple[int, ...], sums: list[tuple[int, tuple[int, ...]]]
) -> Instance:
    totals = tuple(each for each in sums if each[0] in left + right)
    return Instance(identity, at, left, right, left + right, totals, _taking(left), _taking(right))


def _taking(positions: tuple[int, ...]) -> Callable[[Sequence[Number]], Sequence[Number]]:
    if len(positions) == 1:
        return itemgetter(slice(positions[0], positions[0] + 1))
    return itemgetter(*positions)


def check_identities(form: str, table: str, cells: Sequence[Cell]) -> list[Check]:
    """Decide every identity of a table, whose cells are given in the form's order.

    Among the terms that are added a blank counts as 0. A total left blank beside parts that are not, a term that could
    not be read, and a row or column without any number leave an identity undecidable.
    """
    values = [cell.value for cell in cells]
    if None not in values:
        whole = cast("list[Number]", values)
        return [_decide(instance, whole, None) for instance in instances_of(form, table)]
    amounts = [nan if cell.status in _LOST else cell.value or 0 for cell in cells]
    return [_decide(instance, amounts, values) for instance in instances_of(form, table)]


def _decide(instance: Instance, amounts: Sequence[Number], values: list[Number | None] | None) -> Check:
    """Decide one identity; `values` are None where no cell of the table lacks a number."""
    left, right = sum(instance.left_of(amounts)), sum(instance.right_of(amounts))
    if values is None and type(left) is int and left == right:
        return _check((instance.id, instance.at, left, right, "pass"))
    ours, theirs = _known(left), _known(right)
    outcome: Outcome = "undecidable"
    if ours is not None and theirs is not None and (values is None or not _is_open(instance, values)):
        outcome = "pass" if abs(ours - theirs) < _NEAR else "fail"
    return Check(instance.id, instance.at, ours, theirs, outcome)


def _known(amount: Number) -> Number | None:
    """Return a sum without the noise of binary fractions, None where one of its terms is not known."""
    if isinstance(amount, float):
        return None if isnan(amount) else round(amount, 9)
    return amount


def _is_open(instance: Instance, values: list[Number | None]) -> bool:
    """Say whether no term is printed, or a total among the terms is left blank beside parts that are not."""
    return all(values[term] is None for term in instance.terms) or _has_blank_total(instance, values)


def _has_blank_total(instance: Instance, values: list[Number | None], lost: Sequence[int] = ()) -> bool:
    for total, parts in instance.totals:
        if values[total] is None and total not in lost and any(values[part] is not None for part in parts):
            return True
    return False


def derive_unreadable(sheet: Sheet, *, misread: bool = False) -> None:
    """Find cells that cannot be read but that the identities fix: each identity with one such term gives its number.

    A number is taken only where all the identities that give one agree, and it is a whole number not below zero. No 0
    is where none stands: what is left of a blank mark adds up to nothing as well. No other number is where digits stand
    that do not hold it, unless they can be `misread`, as those of a scan: the report itself can be out of balance.
    """
    found = "unreadable" in [cell.status for cell in sheet.cells.values()]
    while found:
        found = False
        for index, amounts in _implied(sheet).items():
            first = amounts[0]
            cell = sheet.cell(sheet.table.addresses[index])
            is_agreed = all(abs(amount - first) < _NEAR for amount in amounts) and _is_count(first)
            if is_agreed and _may_be(cell, first, misread=misread):
                sheet.cells[cell[:2]] = cell._replace(status="derived", value=round(first))
                found = True


def _may_be(cell: Cell, amount: Number, *, misread: bool) -> bool:
    """Say whether a cell can hold a number: where digits stand in its text, those of the number are among them."""
    digits = _OTHERS.sub("", width(cell.raw or ""))
    return str(round(amount)) in digits if digits and not misread else round(amount) != 0 or "0" in digits


def _is_count(amount: Number) -> bool:
    return amount > -_NEAR and abs(amount - round(amount)) < _NEAR


def _implied(sheet: Sheet) -> dict[int, list[Number]]:
    """Return what each identity with one unknown term says of it, by the term's position."""
    cells = sheet.ordered()
    lost = [index for index, cell in enumerate(cells) if cell.status in _LOST]
    sought = {index for index in lost if cells[index].status == "unreadable"}
    sought -= {index for index in sought if sheet.table.addresses[index] in sheet.in_doubt}
    implied: dict[int, list[Number]] = {}
    if not sought:
        return implied
    values = [cell.value for cell in cells]
    for instance in instances_of(sheet.form, sheet.table.code):
        unknown = [term for term in instance.terms if term in lost]
        if len(unknown) != 1 or unknown[0] not in sought or _has_blank_total(instance, values, lost):
            continue
        if any(values[term] is not None for term in instance.terms):
            ours, theirs = (sum(values[term] or 0 for term in side) for side in (instance.left, instance.right))
            implied.setdefault(unknown[0], []).append(theirs - ours if unknown[0] in instance.left else ours - theirs)
    return implied


def grade(form: str, table: str, cells: Sequence[Cell], checks: Sequence[Check]) -> Grade:
    """Grade a table by the rules of the report contract; checks of the narrative do not count."""
    statuses = [cell.status for cell in cells]
    if "unreadable" in statuses or "absent" in statuses:
        return "partial"
    outcomes = {check.outcome for check in checks if check.outcome == "pass" or not check.id.startswith("narrative.")}
    if "fail" in outcomes:
        return "inconsistent"
    if not outcomes or "undecidable" in outcomes:
        return "consistent"
    if "derived" not in statuses:
        return "verified"
    found = [index for index, status in enumerate(statuses) if status == "derived"]
    return "verified" if _are_proven(form, table, found) else "consistent"


def _are_proven(form: str, table: str, found: Sequence[int]) -> bool:
    """Say whether each derived number stands in at least two identities; all of them are known to hold."""
    instances = instances_of(form, table)
    return all(sum(index in instance.terms for instance in instances) >= 2 for index in found)
