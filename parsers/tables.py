"""Anchored rows to sheets: the form of each table from its labels, the cells of each row, the rows left loose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.blanks import Context, cells_of
from parsers.cells import LooseRow, Sheet, derived, read_cell
from parsers.characters import width
from parsers.forms import Column, FormTable, forms
from parsers.headers import ColumnSet
from parsers.labelling import named_rows
from parsers.labels import is_row_label, key, labels_of
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


_CROWDED, _ENOUGH_ROWS, _REQUESTS_WIDTH = 2, 5, 7
_NUMBERING = re.compile(r"^\W*\d{1,2}\W")
_ASIDE = re.compile(r"\([^()]*\)")
_DIGIT = re.compile(r"\d")
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
    widest = max(map(len, sheet.table.columns.values()))
    reader.is_crowded = any(len(row.filled) > _CROWDED * widest for row in instance.rows)
    last = rows[-1][0] if rows else None
    for row, is_derived in rows:
        columns = sheet.table.columns.get(row.code or "")
        if columns is None:
            continue
        if row is last and context.cut_after is not None and row.run.last_block >= context.cut_after:
            reader.read_last(row, columns, is_derived=is_derived)
        else:
            reader.read(row, columns, is_derived=is_derived)
    if _is_shifted(instance, rows) or _is_reordered(instance):
        sheet.refuse("labels and cells stand in another order than the form's")
    return sheet


def _is_shifted(instance: Instance, rows: Sequence[tuple[AnchoredRow, bool]]) -> bool:
    """Say whether each label stands behind its cells: those of the first stand before it, the last has none."""
    if instance.table != "requests" or len(rows) < _ENOUGH_ROWS or rows[-1][0].filled:
        return False
    before = [run for run in instance.heads[-3:] if run is not rows[0][0].run]
    return any(len(run.values) == len(rows[0][0].filled) == _REQUESTS_WIDTH for run in before)


def _is_reordered(instance: Instance) -> bool:
    """Say whether headings on lines name all the columns of requests in another order than any form's.

    What spans rows comes first where a heading of two rows is flattened: 自然人 and 总计.
    """
    if instance.table != "requests" or all(row.run.closed for row in instance.rows):
        return False
    codes = labels_of("requests").columns
    texts = [piece.text for run in instance.heads for piece in run.texts]
    first = next((index for index, text in enumerate(texts) if codes.get(key(text)) == "person"), 0)
    start = max(0, first - _REQUESTS_WIDTH + 1)
    headed = [code for text in texts[start:] if (code := codes.get(key(text)))][:_REQUESTS_WIDTH]
    own = tuple(column.code for column in forms()["2021"].tables["requests"].blocks[0].columns)
    return sorted(headed) == sorted(own) and tuple(headed) not in (own, (own[0], own[-1], *own[1:-1]))


@dataclass(slots=True)
class _Reader:
    """Reads rows onto a sheet; `own` says which of a row's cells are the report's, where others stand beside them.

    `printed` are the columns of the block as its headings have them; `is_crowded` says that in some row more cells
    stand than two have, so that a label without cells has lost them.
    """

    sheet: Sheet
    context: Context
    own: ColumnSet | None
    printed: Columns = ()
    is_crowded: bool = False

    def read(self, row: AnchoredRow, columns: Columns, *, is_derived: bool) -> None:
        """Read a row: its cells where they are all there, else what can be known of them."""
        columns = self._as_printed(row, columns)
        pieces = self._pieces(row, len(columns))
        if pieces is None:
            self._read_doubtful(row, tuple(column.code for column in columns))
        else:
            self._read_whole(row, columns, pieces, is_derived=is_derived)

    def read_last(self, row: AnchoredRow, columns: Columns, *, is_derived: bool) -> None:
        """Read the row with which a document ends; cells that are not there can have been cut off."""
        columns = self._as_printed(row, columns)
        pieces = self._pieces(row, len(columns))
        names = tuple(column.code for column in columns)
        if pieces is not None and len(row.filled) >= len(columns):
            self._read_whole(row, columns, pieces, is_derived=is_derived)
        elif row.code == _last_row(self.sheet.table) and row.filled:
            self._read_doubtful(row, names)
        elif row.filled:
            self.sheet.doubt(row.code or "", names, row.filled, _place(row))
            self.sheet.warnings.append(f"{self.sheet.table.code}.{row.code}: the document ends inside this row")

    def _as_printed(self, row: AnchoredRow, columns: Columns) -> Columns:
        """Return the columns of a row of disclosure in the order of the headings above, where these name each once."""
        if self.sheet.table.code != "disclosure":
            return columns
        codes = labels_of("disclosure").columns
        headed = [code for piece in row.run.texts if (code := codes.get(key(piece.text)))]
        by_code = {column.code: column for column in columns}
        if headed:
            self.printed = tuple(by_code[code] for code in headed) if sorted(headed) == sorted(by_code) else ()
        return self.printed if set(self.printed) == set(columns) else columns

    def _pieces(self, row: AnchoredRow, width: int) -> list[Piece] | None:
        if self.own is not None and row.run.closed:
            return self.own.pick(row.values)
        if self.context.unruled and _is_misfit(row, width):
            return None
        return cells_of(row, width, self.context)

    def _read_whole(self, row: AnchoredRow, columns: Columns, pieces: list[Piece], *, is_derived: bool) -> None:
        code, cells = row.code or "", self.sheet.cells
        units = header_units(row, columns) if self.sheet.table.code == "disclosure" else {}
        for column, piece in zip(columns, pieces, strict=True):
            cell = read_cell(piece, code, column, units.get(column.code, "") if units else "")
            cells[code, column.code] = derived(cell) if is_derived else cell
        self.sheet.units.update({(code, column): unit for column, unit in units.items()})

    def _read_doubtful(self, row: AnchoredRow, names: tuple[str, ...]) -> None:
        """Take a row whose cells are not all there: blank, loose, or refused."""
        sheet, code, filled, place = self.sheet, row.code or "", row.filled, _place(row)
        if self.context.lines_lost:
            sheet.doubt(code, names, filled, place)
        elif not filled and (_holds_cells(row) or (self.is_crowded and not row.values)):
            sheet.doubt(code, names, row.run.texts[-1:], place)
        elif not filled:
            sheet.fill(code, names, "blank", place)
        elif len(filled) >= len(names):
            sheet.doubt(code, names, filled, place)
            sheet.warnings.append(f"{sheet.table.code}.{code}: {len(filled)} values for {len(names)} cells, not read")
        else:
            sheet.loose.append(LooseRow(code, names, filled, place))


def _holds_cells(row: AnchoredRow) -> bool:
    """Say whether numbers or marks stand beside a row's label within the same piece of text."""
    return any(is_row_label(piece.text) and _has_cells_beside(piece.text) for piece in row.run.texts)


def _has_cells_beside(text: str) -> bool:
    words = text.split()
    plain = _NUMBERING.sub("", _ASIDE.sub("", width(text)), count=1)
    return any(map(_is_cell, words[1:])) or _DIGIT.search(plain) is not None


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
