"""The form's arithmetic: every identity is decided where it can be, and what a single lost number must be is found."""

from parsers.forms import FormTable, Identity
from parsers.report import Check, Grade, Number
from parsers.slots import Address, Sheet, Slot

_NEAR = 1e-9


def instances_of(table: FormTable) -> list[tuple[Identity, str, list[Address], list[Address]]]:
    """Return (identity, where it stands, left addresses, right addresses) for each repetition of each identity."""
    rows = [row.code for block in table.blocks for row in block.rows]
    columns = [column.code for block in table.blocks for column in block.columns]
    found = []
    for identity in table.identities:
        if identity.per == "column":
            found += [(identity, c, [(r, c) for r in identity.left], [(r, c) for r in identity.right]) for c in columns]
        else:
            found += [(identity, r, [(r, c) for c in identity.left], [(r, c) for c in identity.right]) for r in rows]
    return found


def check_identities(sheet: Sheet) -> list[Check]:
    """Decide every identity of a table.

    Among the terms that are added a blank counts as 0. A total left blank beside parts that are not, a term that could
    not be read, and a row or column without any number leave an identity undecidable.
    """
    return [_decide(sheet, *instance) for instance in instances_of(sheet.table)]


def _decide(sheet: Sheet, identity: Identity, at: str, left: list[Address], right: list[Address]) -> Check:
    ours, theirs = (_sum(sheet, side) for side in (left, right))
    if ours is None or theirs is None:
        return Check(identity.id, at, ours, theirs, "undecidable")
    numbers = [address for address in (*left, *right) if sheet.slot(address).value is not None]
    if not numbers or any(_is_blank_total(sheet, address) for address in (*left, *right)):
        return Check(identity.id, at, ours, theirs, "undecidable")
    return Check(identity.id, at, ours, theirs, "pass" if abs(ours - theirs) < _NEAR else "fail")


def _sum(sheet: Sheet, addresses: list[Address]) -> Number | None:
    """Return the sum of some cells, blanks as 0; None where one could not be read."""
    slots = [sheet.slot(address) for address in addresses]
    if any(slot.status in ("unreadable", "absent") for slot in slots):
        return None
    return _tidy(sum(slot.value or 0 for slot in slots))


def _tidy(amount: Number) -> Number:
    return round(amount, 9) if isinstance(amount, float) else amount


def _is_blank_total(sheet: Sheet, address: Address) -> bool:
    """Say whether a cell is a total left blank beside parts that are not."""
    if sheet.slot(address).status != "blank":
        return False
    row, column = address
    for identity in sheet.table.identities:
        if identity.per == "row" and identity.left == (column,):
            parts = [(row, part) for part in identity.right]
        elif identity.per == "column" and identity.left == (row,):
            parts = [(part, column) for part in identity.right]
        else:
            continue
        if any(sheet.slot(part).value is not None for part in parts):
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
                sheet.slots[address] = Slot("derived", int(round(first)), slot.raw, slot.place)
                found = True


def _is_count(amount: Number) -> bool:
    return amount > -_NEAR and abs(amount - round(amount)) < _NEAR


def _implied(sheet: Sheet) -> dict[Address, list[Number]]:
    implied: dict[Address, list[Number]] = {}
    if not any(slot.status == "unreadable" for slot in sheet.slots.values()):
        return implied
    for _, _, left, right in instances_of(sheet.table):
        lost = [a for a in (*left, *right) if sheet.slot(a).status in ("unreadable", "absent")]
        if len(lost) != 1 or sheet.slot(lost[0]).status == "absent" or sheet.slot(lost[0]).in_doubt:
            continue
        address = lost[0]
        others = [a for a in (*left, *right) if a != address]
        if any(_is_blank_total(sheet, a) for a in others) or all(sheet.slot(a).value is None for a in others):
            continue
        sums = [sum(sheet.slot(a).value or 0 for a in side if a != address) for side in (left, right)]
        implied.setdefault(address, []).append(sums[1] - sums[0] if address in left else sums[0] - sums[1])
    return implied


def grade(sheet: Sheet, checks: list[Check]) -> Grade:
    """Grade a table by the rules of the report contract; checks of the narrative do not count."""
    if any(sheet.slot(address).status in ("unreadable", "absent") for address in sheet.table.cells()):
        return "partial"
    outcomes = [check.outcome for check in checks if not check.id.startswith("narrative.")]
    if "fail" in outcomes:
        return "inconsistent"
    if not outcomes or "undecidable" in outcomes or not _derived_are_proven(sheet):
        return "consistent"
    return "verified"


def _derived_are_proven(sheet: Sheet) -> bool:
    """Say whether each derived number stands in at least two identities; all of them are known to hold."""
    stands: dict[Address, int] = {}
    for _, _, left, right in instances_of(sheet.table):
        for address in (*left, *right):
            stands[address] = stands.get(address, 0) + 1
    return all(stands.get(address, 0) >= 2 for address, slot in sheet.slots.items() if slot.status == "derived")
