"""The cells of a table while they are being read: what stands in each, and rows whose cells have lost their places."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from parsers.forms import Column, FormTable
from parsers.page import Kind, Piece, Place, where
from parsers.report import Cell, Status
from parsers.values import in_unit_of, read_number

Address = tuple[str, str]
"""(row code, column code)"""

new_cell: Callable[[type[Cell], tuple[object, ...]], Cell] = tuple.__new__
"""Makes a cell of a tuple of all its fields, in half the time of `Cell(...)`: there are 212 in a report."""
_NUMBER = Kind.NUMBER
_BLANKS = (Kind.MARK, Kind.EMPTY, Kind.GAP)


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
    """One table being read: its form, the cells found so far, the rows to be placed, and what there is to warn of.

    `in_doubt` are unreadable cells that may as well be empty, so that no sum can name their number. `units` are those
    that the headings of cells print.
    """

    form: str
    table: FormTable
    cells: dict[Address, Cell] = field(default_factory=dict)
    in_doubt: set[Address] = field(default_factory=set)
    loose: list[LooseRow] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    units: dict[Address, str] = field(default_factory=dict)

    def cell(self, address: Address) -> Cell:
        """Return what stands at an address, an absent cell where nothing does."""
        return self.cells.get(address) or Cell(*address, None, "absent")

    def ordered(self) -> tuple[Cell, ...]:
        """Return every cell of the form once, in the form's order."""
        found = self.cells.get
        return tuple([found(address) or self.cell(address) for address in self.table.addresses])

    def fill(
        self, row: str, columns: Iterable[str], status: Status, place: Place | None = None, raw: str | None = None
    ) -> None:
        """Leave cells of a row without a number, all with the same status."""
        at = where(place) if place else None
        for column in columns:
            self.cells[row, column] = Cell(row, column, None, status, raw, at)

    def doubt(self, row: str, columns: Sequence[str], pieces: Sequence[Piece], place: Place | None) -> None:
        """Leave cells of a row unreadable that may as well be empty, each with all that stands in the row."""
        raw = " ".join(piece.raw for piece in pieces) or None
        self.fill(row, columns, "unreadable", pieces[0].place if pieces else place, raw)
        self.in_doubt.update((row, column) for column in columns)

    def refuse(self, why: str) -> None:
        """Leave every cell unreadable, and warn of it."""
        self.loose.clear()
        for code, columns in self.table.columns.items():
            self.doubt(code, [column.code for column in columns], [], None)
        self.warnings.append(f"{self.table.code}: {why}; not read")

    def doubt_unmarked(self, tables: Iterable[int]) -> None:
        """Leave empty cells unreadable where something of the same table is, one of those `tables` of the page.

        Where no rule is drawn, a number that one row lost can have stood in the empty place of another.
        """
        starts = tuple(f"table:{number}/" for number in tables)
        is_whole = len(self.cells) == len(self.table.addresses) and not self.loose
        if is_whole and all(cell.status != "unreadable" for cell in self.cells.values()):
            return
        if not any(cell.where and cell.where.startswith(starts) for cell in self.cells.values()):
            return
        empty = [at for at, cell in self.cells.items() if cell.status == "blank" and not (cell.raw or "").strip()]
        self.cells.update({at: self.cells[at]._replace(status="unreadable") for at in empty})
        self.in_doubt.update(empty)
        if empty:
            self.warnings.append(f"{self.table.code}: {len(empty)} empty cells can have held what was lost beside them")


def read_cell(piece: Piece, row: str, column: Column, header_unit: str = "") -> Cell:
    """Read what stands in one cell; `header_unit` is a unit that the column's own heading prints."""
    if piece.kind is _NUMBER and (printed := read_number(piece.text)) is not None:
        if not printed.unit and not header_unit:
            return new_cell(
                Cell, (row, column.code, printed.plain, "printed", piece.raw, where(piece.place), None, None)
            )
        value, unit = in_unit_of(printed, column, header_unit)
        return Cell(row, column.code, value, "printed", piece.raw, where(piece.place), unit)
    status: Status = "blank" if piece.kind in _BLANKS else "unreadable"
    return new_cell(Cell, (row, column.code, None, status, piece.raw, where(piece.place), None, None))


def derived(cell: Cell) -> Cell:
    """Return a cell whose number was placed or found by the identities."""
    return cell._replace(status="derived") if cell.value is not None else cell
