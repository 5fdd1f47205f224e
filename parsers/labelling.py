"""Rows whose labels were lost: full rows between two anchored ones take the labels missing there."""

from parsers.cells import Sheet
from parsers.forms import FormTable
from parsers.labels import find_rows, key
from parsers.matching import AnchoredRow, Instance


def named_rows(instance: Instance, sheet: Sheet) -> list[tuple[AnchoredRow, bool]]:
    """Return the rows of an instance that have a label of the form, each with whether it was given one by its place.

    Unlabelled full rows between two anchored rows take the missing labels in the form's order where their counts agree;
    where they do not, the missing rows are left unreadable with a warning.
    """
    order = list(sheet.table.columns)
    named: list[tuple[AnchoredRow, bool]] = []
    waiting: list[AnchoredRow] = []
    at = -1
    for row in _unfolded(instance, sheet):
        if row.code is None:
            waiting += [row] if row.filled and at >= 0 else []
        elif row.code in order:
            place = order.index(row.code)
            if waiting:
                named += _between(sheet, order[at], order[at + 1 : place], waiting)
                _refuse_run_on(sheet, named, waiting, order[at + 1 : place])
                waiting = []
            if named and _share_cells(sheet, named[-1][0], row):
                _refuse_last(sheet, named)
                _refuse(sheet, row.code, [row])
            else:
                named.append((row, False))
            at = place
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
    """Refuse a row whose cells run on into more rows than labels are missing behind it: whose they are is open.

    So it is with one that has no cells, or too few, where some stand behind it without a label: they can be its own.
    """
    if not named or not waiting or len(waiting) == len(missing):
        return
    row, _ = named[-1]
    is_short = row.run.marked and len(row.values) < len(sheet.table.columns.get(row.code or "", ()))
    if not row.filled or is_short or row.run is waiting[0].run:
        _refuse_last(sheet, named)


def _share_cells(sheet: Sheet, row: AnchoredRow, after: AnchoredRow) -> bool:
    """Say whether the labels of two rows stand in one cell: whose the cells behind it are is open."""
    if row.run is not after.run or not row.run.marked or row.filled or not after.filled:
        return False
    before = "".join(key(text.text) for text in row.run.texts[:-1])
    return row.code not in [code for code, _, _ in find_rows(sheet.table.code, before)]


def _refuse_last(sheet: Sheet, named: list[tuple[AnchoredRow, bool]]) -> None:
    """Refuse the row named last, each time that it was."""
    row, _ = named[-1]
    while named and named[-1][0].code == row.code:
        named.pop()
    _refuse(sheet, row.code or "", [row])


def _refuse(sheet: Sheet, code: str, waiting: list[AnchoredRow]) -> None:
    pieces = waiting[0].values or waiting[0].run.texts[-1:]
    columns = [column.code for column in sheet.table.columns[code]]
    sheet.doubt(code, columns, [], pieces[0].place if pieces else None)


def _is_full(row: AnchoredRow, table: FormTable, near: str) -> bool:
    return len(row.filled) == len(table.columns[near])


def _unfolded(instance: Instance, sheet: Sheet) -> list[AnchoredRow]:
    """Split cells that run on behind a row into the rows that they fill exactly: labels were lost between them."""
    if instance.table != "requests" or all(row.run.closed for row in instance.rows):
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
