"""Anchored rows to sheets: the form of each table from its labels, the cells of each row, the rows left loose."""

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.forms import Column, FormTable, forms
from parsers.headers import ColumnSet, columns_of
from parsers.matching import AnchoredRow, Instance
from parsers.page import Kind, Piece
from parsers.placing import adds_up
from parsers.slots import LooseRow, Sheet, Slot, derived, read_slot, unreadable
from parsers.values import read_number

Columns = tuple[Column, ...]
_REQUESTS_WIDTH = 7
_MOST_WITHOUT_TOTAL = 3


@dataclass(frozen=True, slots=True)
class Context:
    """What the page around a table says.

    `lines_lost`: an extractor dropped lines; `cut_after`: the document ends with this block; `gap_step`: empty lines stand
    for empty cells (1 each, 2 every second, 0 not); `empties_kept`: empty cells show between separators.
    """

    lines_lost: bool = False
    cut_after: int | None = None
    gap_step: int = 0
    empties_kept: bool = False


def requests_form(instance: Instance) -> str | None:
    """Choose the form of a table of requests by its rows: the three children of (六) are 2021, (六) as a row is 2019."""
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
    rows = _named(instance, sheet)
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


def _named(instance: Instance, sheet: Sheet) -> list[tuple[AnchoredRow, bool]]:
    """Give unlabelled full rows the labels missing between two anchored rows, where their counts agree."""
    order = list(sheet.table.columns)
    named: list[tuple[AnchoredRow, bool]] = []
    waiting: list[AnchoredRow] = []
    at = -1
    for row in _unfolded(instance, sheet):
        if row.code is None:
            waiting += [row] if row.filled and at >= 0 else []
        elif row.code in order:
            place = order.index(row.code)
            named += _between(sheet, order[at], order[at + 1 : place], waiting)
            _refuse_run_on(sheet, named, waiting, order[at + 1 : place])
            named.append((row, False))
            at, waiting = place, []
    _refuse_run_on(sheet, named, waiting, [])
    return named


def _between(sheet: Sheet, near: str, missing: list[str], waiting: list[AnchoredRow]) -> list[tuple[AnchoredRow, bool]]:
    if not waiting or not missing:
        return []
    if len(waiting) == len(missing) and all(_is_full(row, sheet.table, near) for row in waiting):
        return [(AnchoredRow(code, row.run, row.values), True) for code, row in zip(missing, waiting, strict=True)]
    sheet.warnings.append(f"{sheet.table.code}: rows without a readable label; {', '.join(missing)} not read")
    for code in missing:
        _refuse(sheet, code, waiting)
    return []


def _refuse_run_on(
    sheet: Sheet, named: list[tuple[AnchoredRow, bool]], waiting: list[AnchoredRow], missing: list[str]
) -> None:
    """Refuse a row whose cells run on into more rows than labels are missing behind it: whose they are is open."""
    if not named or not waiting or len(waiting) == len(missing):
        return
    row, _ = named[-1]
    if row.run is waiting[0].run:
        named.pop()
        _refuse(sheet, row.code or "", [row])


def _refuse(sheet: Sheet, code: str, waiting: list[AnchoredRow]) -> None:
    values = waiting[0].values
    columns = tuple(column.code for column in sheet.table.columns[code])
    sheet.set_all(code, columns, unreadable([], values[0].place if values else None))


def _is_full(row: AnchoredRow, table: FormTable, near: str) -> bool:
    return len(row.filled) == len(table.columns[near])


def _unfolded(instance: Instance, sheet: Sheet) -> list[AnchoredRow]:
    """Split cells that run on behind a row into the rows that they fill exactly: labels were lost between them."""
    if instance.table != "requests":
        return instance.rows
    width = len(sheet.table.blocks[0].columns)
    rows: list[AnchoredRow] = []
    for row in instance.rows:
        filled = row.filled
        if row.code is None or row.run.closed or len(filled) <= width or len(filled) % width:
            rows.append(row)
            continue
        parts = [filled[start : start + width] for start in range(0, len(filled), width)]
        rows.append(AnchoredRow(row.code, row.run, parts[0]))
        rows += [AnchoredRow(None, row.run, part) for part in parts[1:]]
    return rows


def gap_step(instances: Sequence[Instance]) -> int:
    """Say whether empty lines stand for empty cells: 1 each, 2 every second, 0 not.

    They do only where every row of requests whose cells stand on lines of their own then has exactly its cells.
    """
    rows = [row for i in instances if i.table == "requests" for row in i.rows if row.code and row.values]
    rows = [row for row in rows if not row.run.closed]
    if len(rows) < 5 or all(len(row.filled) == _REQUESTS_WIDTH for row in rows):
        return 0
    for step in (1, 2):
        size = step * _REQUESTS_WIDTH
        kept = [_without_end(row.values, size) for row in rows]
        if all(len(values) == size for values in kept):
            between = [value for values in kept for value in values[::step]] if step == 2 else []
            return step if all(value.kind is Kind.GAP for value in between) else 0
    return 0


def _without_end(values: list[Piece], width: int) -> list[Piece]:
    """Drop what may stand between the last row and the next text: one empty line too many."""
    return values[:-1] if len(values) == width + 1 and values[-1].kind is Kind.GAP else values


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
    return _exact(row, width, reading)


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


def _exact(row: AnchoredRow, width: int, reading: _Reading) -> list[Piece] | None:
    """Return exactly the row's cells, None where the places of what stands there are not known."""
    values = [value for value in row.values if value.kind is not Kind.GAP]
    step = reading.context.gap_step
    if step and not row.run.closed and len(_without_end(row.values, width * step)) == width * step:
        return row.values[step - 1 : width * step : step]
    filled = row.filled
    if len(filled) == width:
        return filled
    if not row.run.marked or len(values) < width or len(filled) > width:
        return None
    if not row.run.closed:
        return values[:width] if _adds_up(values, width) else None
    if len(values) == width:
        return values
    return _within_pads(values, width, row, reading)


def _adds_up(values: list[Piece], width: int) -> bool:
    """Say whether a row between separators on lines of their own, taken as it stands, satisfies its total.

    Separators left over from a heading or from padding look like empty cells, so the row must prove itself.
    """
    if any(value.kind is not Kind.EMPTY for value in values[width:]) or any(v.kind is Kind.ODD for v in values):
        return False
    numbers = [read_number(v.text) if v.kind is Kind.NUMBER else None for v in values[:width]]
    amounts = [None if number is None else number.plain for number in numbers]
    step = 5 if width % 5 == 0 else width
    return all(adds_up(tuple(amounts[start : start + step])) for start in range(0, width, step))


def empties_kept(instance: Instance) -> bool:
    """Say whether some row has an empty cell before one that is not: then no row has lost any."""
    return any(row.run.marked and row.run.closed and _has_inner_empty(row.values) for row in instance.rows)


def _has_inner_empty(values: list[Piece]) -> bool:
    filled = [index for index, value in enumerate(values) if value.kind not in (Kind.EMPTY, Kind.GAP)]
    return bool(filled) and any(value.kind is Kind.EMPTY for value in values[filled[0] : filled[-1]])


def _within_pads(values: list[Piece], width: int, row: AnchoredRow, reading: _Reading) -> list[Piece] | None:
    """Find the row's cells among empty cells that pad it on one side."""
    head, tail = values[:width], values[width:]
    from_left = all(value.kind is Kind.EMPTY for value in tail)
    from_right = all(value.kind is Kind.EMPTY for value in values[:-width])
    if from_left and from_right and not row.filled:
        return head
    if from_right and not from_left:
        return values[-width:]
    if not from_left:
        return None
    if reading.context.empties_kept or head[-1].kind is not Kind.EMPTY or len(row.filled) >= width - 1:
        return head
    if width > _MOST_WITHOUT_TOTAL and _adds_up(values, width):
        return head
    return None


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


def read_appeals(instance: Instance, form: str, context: Context) -> Sheet:
    """Read an appeals table: fifteen cells side by side, or five under each of its three labels."""
    sheet = Sheet(form, forms()[form].tables["appeals"])
    block = sheet.table.blocks[0]
    order = [row.code for row in block.rows]
    waiting = list(order)
    row_by_row = _is_row_by_row(instance) and not context.lines_lost
    for row in _appeals_rows(instance, len(block.columns)):
        if not waiting:
            break
        codes = columns_of(row, instance, waiting, len(block.columns))
        if not codes:
            continue
        waiting = [code for code in waiting if code not in codes]
        if len(codes) > 1 and row_by_row and _ends_with_label(row) and len(row.filled) <= len(block.columns):
            _blank_appeals(sheet, codes[:-1], context)
            codes = codes[-1:]
        cut = context.cut_after is not None and row.run.last_block >= context.cut_after
        _read_group(sheet, row, codes, _Reading(context, False, cut, None))
    if waiting == order:
        _blank_appeals(sheet, order, context)
    elif waiting and context.cut_after is None and row_by_row:
        _blank_appeals(sheet, waiting, context)
    return sheet


def _is_row_by_row(instance: Instance) -> bool:
    """Say whether each row's cells follow its own label: then the outcomes head the columns before the first label."""
    before, label, _ = instance.text().replace(_SECTION, "").partition("行政复议")
    return bool(label) and "维持" in before and any(row.filled and _ends_with_label(row) for row in instance.rows)


_SECTION = "政府信息公开行政复议行政诉讼情况"


def _ends_with_label(row: AnchoredRow) -> bool:
    return row.run.segment.endswith(("行政复议", "直接起诉", "复议后起诉"))


def _appeals_rows(instance: Instance, width: int) -> list[AnchoredRow]:
    """Keep the rows that hold cells: empty ones count where they have all fifteen, or a label and no row has fifteen."""
    filled = [row for row in instance.rows if row.filled]
    side_by_side = any(len(row.filled) > width for row in filled)
    kept = []
    for row in instance.rows:
        empties = 0 if row.filled else len(row.values)
        labelled = _ends_with_label(row)
        if row.filled or (empties >= 3 * width and not filled) or (empties >= width and labelled and not side_by_side):
            kept.append(row)
    return kept


def _blank_appeals(sheet: Sheet, order: list[str], context: Context) -> None:
    if context.cut_after is None:
        slot = Slot("unreadable", in_doubt=True) if context.lines_lost else Slot("blank")
        for code in order:
            sheet.set_all(code, tuple(column.code for column in sheet.table.blocks[0].columns), slot)


def _read_group(sheet: Sheet, row: AnchoredRow, codes: list[str], reading: _Reading) -> None:
    columns = sheet.table.blocks[0].columns
    width = len(columns)
    exact = _exact(row, width * len(codes), reading)
    names = tuple(column.code for column in columns)
    if exact is not None and not (reading.cut and len(row.filled) < width * len(codes)):
        for index, code in enumerate(codes):
            for column, piece in zip(columns, exact[index * width :], strict=False):
                sheet.slots[code, column.code] = read_slot(piece, column)
    elif len(row.filled) > width * len(codes) or reading.context.lines_lost:
        for code in codes:
            sheet.set_all(code, names, unreadable(row.filled, row.values[0].place))
        sheet.warnings.append(f"appeals: {len(row.filled)} values for {width * len(codes)} cells, not read")
    else:
        sheet.loose.append(LooseRow(" ".join(codes), names, row.filled, row.values[0].place, reading.cut))
