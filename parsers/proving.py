"""From a sheet to a table: loose rows are placed, lost numbers found, identities decided, a grade given."""

from parsers.cells import LooseRow, Sheet, read_cell
from parsers.identities import check_identities, derive_unreadable, grade
from parsers.page import Kind
from parsers.placing import (
    ColumnRules,
    Entry,
    Problem,
    TooManyStepsError,
    Vector,
    entries,
    group_placings,
    row_placings,
    vector_of,
)
from parsers.report import Cell, Table


def prove(sheet: Sheet) -> Table:
    """Place what is loose, find what the identities fix, decide every identity and grade the table."""
    if sheet.loose:
        _place(sheet)
    derive_unreadable(sheet)
    return proven(sheet.form, sheet.table.code, sheet.ordered())


def proven(form: str, code: str, cells: tuple[Cell, ...]) -> Table:
    """Decide the identities of a table whose cells are given in the form's order, and grade it."""
    checks = check_identities(form, code, cells)
    return Table(code, form, grade(form, code, cells, checks), cells, tuple(checks))


def _place(sheet: Sheet) -> None:
    odd = [row for row in sheet.loose if any(piece.kind is Kind.ODD for piece in row.pieces)]
    for row in odd:
        _leave_in_doubt(sheet, row)
    rows = [row for row in sheet.loose if row not in odd]
    if sheet.table.code == "disclosure":
        for row in rows:
            _leave_in_doubt(sheet, row)
    elif sheet.table.code == "requests":
        _place_requests(sheet, rows)
    else:
        for row in rows:
            _place_appeals(sheet, row)


def _read(sheet: Sheet, row: LooseRow) -> list[Cell]:
    """Read a loose row's pieces; every column of these tables counts in the same unit."""
    columns = sheet.table.blocks[0].columns
    return [read_cell(piece, row.row, columns[0]) for piece in row.pieces]


def _place_requests(sheet: Sheet, rows: list[LooseRow]) -> None:
    read = {row.row: _read(sheet, row) for row in rows}
    numbers = {row.row: entries(row.pieces, [cell.value for cell in read[row.row]]) for row in rows}
    width = len(sheet.table.blocks[0].columns)
    steady = _is_steady(sheet, rows, numbers)
    candidates = {
        row: {vector_of(placing, found) for placing in row_placings(found, width, has_total=steady)}
        for row, found in numbers.items()
    }
    supported = _solve(sheet, candidates)
    for row in rows:
        vectors = supported.get(row.row, set())
        _settle(sheet, row.row, row, vectors, read[row.row])


_ENOUGH_ROWS = 8


def _is_steady(sheet: Sheet, rows: list[LooseRow], numbers: dict[str, list[Entry]]) -> bool:
    """Say whether every row prints equally many numbers and some come to something: the same columns are blank in all.

    The column of totals is not one of those, since a total is never blank beside parts that come to something.
    """
    sizes = {len(row.pieces) for row in rows}
    whole = {row.row for row in rows} == {row for row, _ in sheet.table.cells()}
    return whole and len(rows) >= _ENOUGH_ROWS and len(sizes) == 1 and any(any(found) for found in numbers.values())


def _solve(sheet: Sheet, candidates: dict[str, set[Vector]]) -> dict[str, set[Vector]]:
    """Keep the candidates that some solution of all usable identities holds; sorted, so that steps do not vary."""
    loose = {row: sorted(vectors, key=_order) for row, vectors in candidates.items()}
    if not all(loose.values()):
        return {}
    rules = _rules(sheet, set(loose))
    if rules is None:
        return candidates
    columns = [column.code for column in sheet.table.blocks[0].columns]
    known: dict[str, Vector] = {
        row: tuple(sheet.cell((row, column)).value for column in columns)
        for row in (rules.total, *rules.parts, *rules.into, *rules.out)
        if row not in loose
    }
    try:
        return Problem(rules, known, loose).solve()
    except TooManyStepsError:
        sheet.warnings.append(
            "requests: too many ways to place what was dropped; each row was held against its own total only"
        )
        return candidates


def _order(vector: Vector) -> tuple[float, ...]:
    return tuple(-1.0 if entry is None else float(entry) for entry in vector)


def _rules(sheet: Sheet, loose: set[str]) -> ColumnRules | None:
    handled = next(i for i in sheet.table.identities if i.id == "requests.handled")
    balance = next(i for i in sheet.table.identities if i.id == "requests.balance")
    total = handled.left[0]
    out = tuple(row for row in balance.right if row != total)
    rows = (total, *handled.right, *balance.left, *out)
    columns = [column.code for column in sheet.table.blocks[0].columns]
    usable = tuple(
        index
        for index, column in enumerate(columns)
        if all(row in loose or sheet.cell((row, column)).status in ("printed", "blank", "derived") for row in rows)
    )
    if not usable:
        return None
    return ColumnRules(total, handled.right, balance.left, out, usable)


def _settle(sheet: Sheet, row: str, loose: LooseRow, vectors: set[Vector], read: list[Cell]) -> None:
    """Fill the cells that every supported vector fills alike; leave the others unreadable, with a warning."""
    if not vectors:
        _leave_in_doubt(sheet, loose)
        return
    doubtful = []
    at = 0
    for index, column in enumerate(loose.columns):
        found: set[Entry] = {vector[index] for vector in vectors}
        value = found.pop()
        if found:
            doubtful.append(column)
        elif value is None:
            sheet.fill(row, [column], "blank", loose.place)
        else:
            at, source = _source(read, value, at)
            sheet.cells[row, column] = source._replace(row=row, column=column, status="derived", value=value)
    if doubtful:
        sheet.doubt(row, doubtful, loose.pieces, loose.place)
        sheet.warnings.append(
            f"{sheet.table.code}.{row}: {len(loose.pieces)} values for {len(loose.columns)} cells fit in several ways; "
            f"in doubt: {', '.join(doubtful)}"
        )


def _source(read: list[Cell], value: Entry, start: int) -> tuple[int, Cell]:
    """Return the first piece from `start` on that holds a value, and where to go on."""
    order = [*range(start, len(read)), *range(start)]
    index = next(index for index in order if read[index].value == value)
    return index + 1, read[index]


def _leave_in_doubt(sheet: Sheet, loose: LooseRow) -> None:
    for code in loose.row.split():
        sheet.doubt(code, loose.columns, loose.pieces, loose.place)
    sheet.warnings.append(
        f"{sheet.table.code}.{loose.row.replace(' ', '+')}: {len(loose.pieces)} values for "
        f"{len(loose.columns) * len(loose.row.split())} cells, and nothing decides where they stand; left unreadable"
    )


def _place_appeals(sheet: Sheet, loose: LooseRow) -> None:
    codes = loose.row.split()
    read = _read(sheet, loose)
    supported = group_placings(entries(loose.pieces, [cell.value for cell in read]), len(codes), len(loose.columns))
    ends_blank = loose.at_end and any(not any(vector) for vector in supported[-1])
    if not all(supported) or ends_blank:
        _leave_in_doubt(sheet, loose)
        return
    for code, vectors in zip(codes, supported, strict=True):
        _settle(sheet, code, loose, vectors, read)
