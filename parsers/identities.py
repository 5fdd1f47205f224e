"""The form's arithmetic: every identity is decided where it can be, and what a single lost number must be is found."""

from dataclasses import dataclass
from functools import cache

from parsers.forms import forms
from parsers.report import Check, Grade, Number
from parsers.slots import Address, Sheet, Slot

_NEAR = 1e-9


@dataclass(frozen=True, slots=True)
class Instance:
    """One repetition of an identity: where it stands, its two sides, and the parts of each total among its terms."""

    id: str
    at: str
    left: tuple[Address, ...]
    right: tuple[Address, ...]
    totals: tuple[tuple[Address, tuple[Address, ...]], ...]

    @property
    def terms(self) -> tuple[Address, ...]:
        """Both sides together."""
        return self.left + self.right


@cache
def instances_of(form: str, table: str) -> tuple[Instance, ...]:
    """Return every repetition of every identity of a table, in the form's order."""
    form_table = forms()[form].tables[table]
    rows = [row.code for block in form_table.blocks for row in block.rows]
    columns = [column.code for block in form_table.blocks for column in block.columns]
    plain = []
    for identity in form_table.identities:
        per_column = identity.per == "column"
        for at in columns if per_column else rows:
            left, right = (
                tuple((term, at) if per_column else (at, term) for term in side)
                for side in (identity.left, identity.right)
            )
            plain.append((identity.id, at, left, right))
    sums = [(left[0], right) for _, _, left, right in plain if len(left) == 1]
    return tuple(
        Instance(identity, at, left, right, tuple(each for each in sums if each[0] in left + right))
        for identity, at, left, right in plain
    )


def check_identities(sheet: Sheet) -> list[Check]:
    """Decide every identity of a table.

    Among the terms that are added a blank counts as 0. A total left blank beside parts that are not, a term that could
    not be read, and a row or column without any number leave an identity undecidable.
    """
    values = {address: slot.value for address, slot in sheet.slots.items() if slot.status not in _LOST}
    return [_decide(values, instance) for instance in instances_of(sheet.form, sheet.table.code)]


_LOST = ("unreadable", "absent")
Values = dict[Address, Number | None]
"""What stands in the cells that could be read, None for a blank."""


def _decide(values: Values, instance: Instance) -> Check:
    ours, theirs = _sum(values, instance.left), _sum(values, instance.right)
    if ours is None or theirs is None:
        return Check(instance.id, instance.at, ours, theirs, "undecidable")
    if not (ours or theirs) and all(values[term] is None for term in instance.terms):
        return Check(instance.id, instance.at, ours, theirs, "undecidable")
    if _has_blank_total(values, instance):
        return Check(instance.id, instance.at, ours, theirs, "undecidable")
    return Check(instance.id, instance.at, ours, theirs, "pass" if abs(ours - theirs) < _NEAR else "fail")


def _sum(values: Values, addresses: tuple[Address, ...]) -> Number | None:
    """Return the sum of some cells, blanks as 0; None where one could not be read."""
    try:
        amount = sum([values[address] or 0 for address in addresses])
    except KeyError:
        return None
    return round(amount, 9) if isinstance(amount, float) else amount


def _has_blank_total(values: Values, instance: Instance) -> bool:
    """Say whether a total among the terms is left blank beside parts that are not."""
    for total, parts in instance.totals:
        if values.get(total, 0) is None and any(values.get(part) is not None for part in parts):
            return True
    return False


def derive_unreadable(sheet: Sheet) -> None:
    """Find cells that cannot be read but that the identities fix: each identity with one such term gives its number.

    A number is taken only where all the identities that give one agree, and it is a whole number not below zero.
    """
    found = True
    while found:
        found = False
        for address, amounts in _implied(sheet).items():
            first = amounts[0]
            if all(abs(amount - first) < _NEAR for amount in amounts) and _is_count(first):
                slot = sheet.slot(address)
                sheet.slots[address] = Slot("derived", round(first), slot.raw, slot.place)
                found = True


def _is_count(amount: Number) -> bool:
    return amount > -_NEAR and abs(amount - round(amount)) < _NEAR


def _implied(sheet: Sheet) -> dict[Address, list[Number]]:
    implied: dict[Address, list[Number]] = {}
    if not any(slot.status == "unreadable" for slot in sheet.slots.values()):
        return implied
    lost = {address for address in sheet.table.cells() if sheet.slot(address).status in _LOST}
    if not any(_may_be_found(sheet, address) for address in lost):
        return implied
    values = {address: slot.value for address, slot in sheet.slots.items() if address not in lost}
    for instance in instances_of(sheet.form, sheet.table.code):
        unknown = [address for address in instance.terms if address in lost]
        if len(unknown) != 1 or not _may_be_found(sheet, unknown[0]) or _has_blank_total(values, instance):
            continue
        address = unknown[0]
        if any(values[term] is not None for term in instance.terms if term != address):
            ours, theirs = (sum(values.get(term) or 0 for term in side) for side in (instance.left, instance.right))
            implied.setdefault(address, []).append(theirs - ours if address in instance.left else ours - theirs)
    return implied


def _may_be_found(sheet: Sheet, address: Address) -> bool:
    slot = sheet.slot(address)
    return slot.status == "unreadable" and not slot.in_doubt


def grade(sheet: Sheet, checks: list[Check]) -> Grade:
    """Grade a table by the rules of the report contract; checks of the narrative do not count."""
    if any(sheet.slot(address).status in _LOST for address in sheet.table.cells()):
        return "partial"
    outcomes = [check.outcome for check in checks if not check.id.startswith("narrative.")]
    if "fail" in outcomes:
        return "inconsistent"
    if not outcomes or "undecidable" in outcomes or not _derived_are_proven(sheet):
        return "consistent"
    return "verified"


def _derived_are_proven(sheet: Sheet) -> bool:
    """Say whether each derived number stands in at least two identities; all of them are known to hold."""
    found = [address for address, slot in sheet.slots.items() if slot.status == "derived"]
    instances = instances_of(sheet.form, sheet.table.code)
    return all(sum(address in instance.terms for instance in instances) >= 2 for address in found)
