"""Anchored rows to sheets: the form of each table from its labels, the cells of each row, the rows left loose."""

from dataclasses import dataclass

from parsers.blanks import Context, cells_of
from parsers.forms import Column, FormTable, forms
from parsers.headers import ColumnSet
from parsers.labelling import named_rows
from parsers.matching import AnchoredRow, Instance
from parsers.page import Piece
from parsers.slots import LooseRow, Sheet, Slot, derived, read_slot, unreadable

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
    text = instance.text()
    newer, older = (sum(tell in text for tell in tells) for tells in (_TELLS_2021, _TELLS_2019))
    return None if newer == older else "2021" if newer > older else "2019"


def read_rows(instance: Instance, form: str, context: Context, own: ColumnSet | None = None) -> Sheet:
    """Read the rows of a disclosure or requests table onto the cells of a form."""
    sheet = Sheet(form, forms()[form].tables[instance.table])
    rows = named_rows(instance, sheet)
    last = rows[-1][0] if rows else None
    for row, is_derived in rows:
        columns = sheet.table.columns.get(row.code or "")
        if columns is None:
            continue
        cut = context.cut_after is not None and row is last and row.run.last_block >= context.cut_after
        _read_row(sheet, row, columns, _Reading(context, is_derived, cut, own))
    return sheet


@dataclass(frozen=True, slots=True)
class _Reading:
    context: Context
    is_derived: bool
    cut: bool
    own: ColumnSet | None


def _last_row(table: FormTable) -> str:
    return table.blocks[-1].rows[-1].code if table.code == "requests" else ""


def _read_row(sheet: Sheet, row: AnchoredRow, columns: Columns, reading: _Reading) -> None:
    code = row.code or ""
    pieces = _cells_of(row, len(columns), reading)
    if pieces is None or (reading.cut and len(row.filled) < len(columns)):
        _read_doubtful(sheet, row, tuple(column.code for column in columns), reading)
        return
    units = header_units(row, columns)
    for column, piece in zip(columns, pieces, strict=True):
        slot = read_slot(piece, column, units.get(column.code, ""))
        sheet.slots[code, column.code] = derived(slot) if reading.is_derived else slot


def _cells_of(row: AnchoredRow, width: int, reading: _Reading) -> list[Piece] | None:
    if reading.own is not None and row.run.closed:
        return reading.own.pick(row.values)
    return cells_of(row, width, reading.context)


def _read_doubtful(sheet: Sheet, row: AnchoredRow, names: tuple[str, ...], reading: _Reading) -> None:
    """Take a row whose cells are not all there: blank, loose, or refused."""
    code = row.code or ""
    filled = row.filled
    place = row.values[0].place if row.values else row.run.texts[-1].place if row.run.texts else None
    if reading.cut and (code != _last_row(sheet.table) or not filled):
        if filled:
            sheet.set_all(code, names, unreadable(filled, place))
            sheet.warnings.append(f"{sheet.table.code}.{code}: the document ends inside this row")
    elif reading.context.lines_lost:
        sheet.set_all(code, names, unreadable(filled, place))
    elif not filled:
        sheet.set_all(code, names, Slot("blank", None, None, place))
    elif len(filled) > len(names) or len(names) == len(filled):
        sheet.set_all(code, names, unreadable(filled, place))
        sheet.warnings.append(f"{sheet.table.code}.{code}: {len(filled)} values for {len(names)} cells, not read")
    else:
        sheet.loose.append(LooseRow(code, names, filled, place))


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
