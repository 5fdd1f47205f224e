"""Anchored rows to sheets: the form of each table from its labels, the cells of each row, the rows left loose."""

from dataclasses import dataclass

from parsers.blanks import Context, cells_of
from parsers.cells import LooseRow, Sheet, derived, read_cell
from parsers.forms import Column, FormTable, forms
from parsers.headers import ColumnSet
from parsers.labelling import named_rows
from parsers.labels import is_row_label
from parsers.matching import AnchoredRow, Instance
from parsers.page import Piece, Place
from parsers.pieces import CELL_KINDS, kind_of

Columns = tuple[Column, ...]


def requests_form(instance: Instance) -> str | None:
    """Choose the form of a table of requests by its rows: children of (六) are 2021, (六) as a row is 2019."""
    codes = {row.code for row in instance.rows}
    if codes & {"closed_uncorrected", "closed_unpaid", "closed_other"}:
        return "2021"
    return "2019" if any(row.code == "closed" and (row.filled or "handled" in codes) for row in instance.rows) else None


_TELLS_2021 = ("制发件数", "废止件数", "现行有效件", "收费金额")
_TELLS_2019 = (
    "新制作数量",
    "新公开数量",
    "对外公开总数",
    "对外公开数",
    "上一年项目",
    "采购项目",
    "采购总金额",
    "本年增",
    "其他对外管理服务",
)


def disclosure_form(instance: Instance) -> str | None:
    """Choose the form of a disclosure table by its headings and rows."""
    return told_form(instance.text())


def told_form(text: str) -> str | None:
    """Choose the form of a disclosure table by the key of all its texts; None where they tell neither or both."""
    newer, older = (sum(tell in text for tell in tells) for tells in (_TELLS_2021, _TELLS_2019))
    return None if newer == older else "2021" if newer > older else "2019"


def read_rows(instance: Instance, form: str, context: Context, own: ColumnSet | None = None) -> Sheet:
    """Read the rows of a disclosure or requests table onto the cells of a form."""
    sheet = Sheet(form, forms()[form].tables[instance.table])
    reader = _Reader(sheet, context, own)
    rows = named_rows(instance, sheet)
    last = rows[-1][0] if rows else None
    for row, is_derived in rows:
        columns = sheet.table.columns.get(row.code or "")
        if columns is None:
            continue
        if row is last and context.cut_after is not None and row.run.last_block >= context.cut_after:
            reader.read_last(row, columns, is_derived=is_derived)
        else:
            reader.read(row, columns, is_derived=is_derived)
    return sheet


@dataclass(slots=True)
class _Reader:
    """Reads rows onto a sheet; `own` says which of a row's cells are the report's, where others stand beside them."""

    sheet: Sheet
    context: Context
    own: ColumnSet | None

    def read(self, row: AnchoredRow, columns: Columns, *, is_derived: bool) -> None:
        """Read a row: its cells where they are all there, else what can be known of them."""
        pieces = self._pieces(row, len(columns))
        if pieces is None:
            self._read_doubtful(row, tuple(column.code for column in columns))
        else:
            self._read_whole(row, columns, pieces, is_derived=is_derived)

    def read_last(self, row: AnchoredRow, columns: Columns, *, is_derived: bool) -> None:
        """Read the row with which a document ends; cells that are not there can have been cut off."""
        pieces = self._pieces(row, len(columns))
        names = tuple(column.code for column in columns)
        if pieces is not None and len(row.filled) >= len(columns):
            self._read_whole(row, columns, pieces, is_derived=is_derived)
        elif row.code == _last_row(self.sheet.table) and row.filled:
            self._read_doubtful(row, names)
        elif row.filled:
            self.sheet.doubt(row.code or "", names, row.filled, _place(row))
            self.sheet.warnings.append(f"{self.sheet.table.code}.{row.code}: the document ends inside this row")

    def _pieces(self, row: AnchoredRow, width: int) -> list[Piece] | None:
        if self.own is not None and row.run.closed:
            return self.own.pick(row.values)
        if self.context.unruled and _is_misfit(row, width):
            return None
        return cells_of(row, width, self.context)

    def _read_whole(self, row: AnchoredRow, columns: Columns, pieces: list[Piece], *, is_derived: bool) -> None:
        code, cells = row.code or "", self.sheet.cells
        units = header_units(row, columns) if self.sheet.table.code == "disclosure" else {}
        for address, column, piece in zip(self.sheet.table.row_addresses[code], columns, pieces, strict=True):
            cell = read_cell(piece, code, column, units.get(column.code, "") if units else "")
            cells[address] = derived(cell) if is_derived else cell
        self.sheet.units.update({(code, column): unit for column, unit in units.items()})

    def _read_doubtful(self, row: AnchoredRow, names: tuple[str, ...]) -> None:
        """Take a row whose cells are not all there: blank, loose, or refused."""
        sheet, code, filled, place = self.sheet, row.code or "", row.filled, _place(row)
        if self.context.lines_lost:
            sheet.doubt(code, names, filled, place)
        elif not filled and _holds_cells(row):
            sheet.doubt(code, names, row.run.texts[-1:], place)
        elif not filled:
            sheet.fill(code, names, "blank", place)
        elif len(filled) >= len(names):
            sheet.doubt(code, names, filled, place)
            sheet.warnings.append(f"{sheet.table.code}.{code}: {len(filled)} values for {len(names)} cells, not read")
        else:
            sheet.loose.append(LooseRow(code, names, filled, place))


def _holds_cells(row: AnchoredRow) -> bool:
    """Say whether numbers or marks stand behind a row's label within the same piece of text."""
    pieces = [piece.text.split() for piece in row.run.texts]
    return any(is_row_label(words[0]) and any(map(_is_cell, words[1:])) for words in pieces if len(words) > 1)


def _is_cell(word: str) -> bool:
    return kind_of(word) in CELL_KINDS


def _is_misfit(row: AnchoredRow, width: int) -> bool:
    """Say whether a row has empty cells, but not as many cells as columns: those of a table without rules, mistaken."""
    return row.run.marked and len(row.values) != width != len(row.filled)


def _last_row(table: FormTable) -> str:
    return table.blocks[-1].rows[-1].code if table.code == "requests" else ""


def _place(row: AnchoredRow) -> Place | None:
    """Return where a row stands: at its first cell, else at its label."""
    if row.values:
        return row.values[0].place
    return row.run.texts[-1].place if row.run.texts else None


_UNIT_ASIDE = ("亿元", "万元", "元")


def header_units(row: AnchoredRow, columns: Columns) -> dict[str, str]:
    """Return by column code the unit of money that the headings above a row print, where they print one."""
    money = [column for column in columns if column.type == "decimal"]
    if not money:
        return {}
    for piece in reversed(row.run.texts):
        text = piece.text
        if "金额" in text:
            unit = next((unit for unit in _UNIT_ASIDE if unit in text.split("金额", 1)[1]), "")
            return {money[0].code: unit} if unit else {}
    return {}
