"""The cells of a table while they are being read: what stands in each, and rows whose cells have lost their places."""

from dataclasses import dataclass, field
from typing import NamedTuple

from parsers.forms import Column, FormTable
from parsers.page import Kind, Piece, Place, where
from parsers.report import Cell, Number, Status
from parsers.values import in_unit_of, read_number

Address = tuple[str, str]
"""(row code, column code)"""


class Slot(NamedTuple):
    """What stands in one cell of the form; `in_doubt` where it may as well be empty, so that no sum can name it."""

    status: Status
    value: Number | None = None
    raw: str | None = None
    place: Place | None = None
    unit: str | None = None
    in_doubt: bool = False

    def as_cell(self, address: Address) -> Cell:
        """Return the slot as a cell of the report."""
        status, value, raw, place, unit, _ = self
        return Cell(address[0], address[1], value, status, raw, where(place) if place else None, unit)


ABSENT = Slot("absent")


@dataclass(slots=True)
class LooseRow:
    """A row whose empty cells were dropped: its pieces in order, and the columns they were taken from.

    `row` holds several codes where rows stand side by side. `at_end` says that the document ends here, so that what is
    missing can also have been cut off.
    """

    row: str
    columns: tuple[str, ...]
    pieces: list[Piece]
    place: Place | None
    at_end: bool = False


@dataclass(slots=True)
class Sheet:
    """One table being read: its form, the slots found so far, the rows to be placed, and what there is to warn of."""

    form: str
    table: FormTable
    slots: dict[Address, Slot] = field(default_factory=dict)
    loose: list[LooseRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def slot(self, address: Address) -> Slot:
        """Return what stands at an address, `ABSENT` where nothing does."""
        return self.slots.get(address, ABSENT)

    def set_all(self, row: str, columns: tuple[str, ...], slot: Slot) -> None:
        """Put the same slot in every cell of a row."""
        for column in columns:
            self.slots[row, column] = slot


def read_slot(piece: Piece, column: Column, header_unit: str = "") -> Slot:
    """Read one cell into the slot of its column."""
    kind, place = piece.kind, piece.place
    if kind is Kind.NUMBER and (printed := read_number(piece.text)) is not None:
        if not printed.unit and not header_unit:
            return Slot("printed", printed.plain, piece.raw, place)
        value, unit = in_unit_of(printed, column, header_unit)
        return Slot("printed", value, piece.raw, place, unit)
    if kind in (Kind.MARK, Kind.EMPTY, Kind.GAP):
        return Slot("blank", None, piece.raw, place)
    return Slot("unreadable", None, piece.raw, place)


def derived(slot: Slot) -> Slot:
    """Return a slot whose number was placed or found by the identities."""
    return slot._replace(status="derived") if slot.value is not None else slot


def unreadable(pieces: list[Piece], place: Place | None) -> Slot:
    """Return the slot of cells in doubt: all that stands in the row, at the first of its places."""
    raw = " ".join(piece.raw for piece in pieces) or None
    return Slot("unreadable", None, raw, pieces[0].place if pieces else place, in_doubt=True)
