"""A scanned table settled: what both readers are sure of stands, what they doubt the form's arithmetic may fix."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from parsers.cells import Address, Sheet
from parsers.identities import check_identities, derive_unreadable, instances_of
from parsers.page import Grid, Page, Piece, where
from parsers.proving import prove
from parsers.report import Cell, Number, Table
from parsers.values import read_number, ungrouped

_CERTAIN = 0.97
"""How sure both readers must be of a cell that stands in an identity that fails."""
_AGREED = 0.80
"""Above this, both readers say the same digits."""
_MOST_TRIALS = 2_000
Doubts = Mapping[Address, tuple[Number, ...]]
"""For each cell in doubt, the numbers that the readers take it for."""


def prove_scanned(page: Page, sheet: Sheet) -> Table:
    """Settle a table read from a scan, decide its identities and grade it.

    Rows that are not exactly the cells of one ruled row behind a label of their own are left unreadable. A cell in
    doubt becomes `derived` where the identities fix it and a reader saw that very number; else it is `unreadable`.
    """
    _refuse_loose(sheet)
    _refuse_broken_rows(page, sheet)
    counts = _counts(page, sheet)
    sheet.cells.update(counts)
    known = dict(sheet.cells)
    doubts = {at: _numbers(page, cell) for at, cell in known.items() if _in_doubt(page, cell) and at not in counts}
    _settle(sheet, known, doubts)
    failing = _failing(sheet)
    weak = {address for address in failing if _sure(page, known.get(address)) < _CERTAIN} - doubts.keys()
    if weak:
        doubts |= {address: _numbers(page, known[address]) for address in weak if address in known}
        _settle(sheet, known, doubts)
    table = prove(sheet)
    return Table(table.table, table.form, table.grade, tuple(_rated(page, cell) for cell in table.cells), table.checks)


def _refuse_loose(sheet: Sheet) -> None:
    """Leave rows unreadable whose empty cells are missing: a ruled table shows them, so a rule was not found."""
    for row in sheet.loose:
        for code in row.row.split():
            sheet.doubt(code, row.columns, row.pieces, row.place)
        sheet.warnings.append(
            f"{sheet.table.code}.{row.row.replace(' ', '+')}: the rules around its cells are not legible"
        )
    sheet.loose.clear()


def _refuse_broken_rows(page: Page, sheet: Sheet) -> None:
    """Leave a row unreadable whose cells are not the last ones of one ruled row, or that has no label of its own."""
    rows = {piece.place: (row, index) for row in _rows(page) for index, piece in enumerate(row)}
    places = {where(place): place for place in rows}
    groups: dict[str, list[Cell]] = {}
    for cell in sheet.cells.values():
        if cell.status == "unreadable" and cell.where not in page.doubts:
            sheet.in_doubt.add((cell.row, cell.column))
        if (cell.row, cell.column) not in sheet.in_doubt:
            groups.setdefault("" if sheet.table.code == "appeals" else cell.row, []).append(cell)
    labelled = sheet.table.code != "appeals"
    for cells in groups.values():
        found = [rows[places[cell.where]] for cell in cells if cell.where in places]
        if len(found) != len(cells) or not _is_whole(cells, found, labelled=labelled):
            for cell in cells:
                sheet.doubt(cell.row, [cell.column], [], None)
            sheet.warnings.append(
                f"{sheet.table.code}.{cells[0].row}: its cells are not those of one ruled row; not read"
            )


def _rows(page: Page) -> Iterator[list[Piece]]:
    for block in page.blocks:
        if isinstance(block, Grid):
            yield from block.rows


def _is_whole(cells: Sequence[Cell], found: Sequence[tuple[list[Piece], int]], *, labelled: bool) -> bool:
    """Say whether cells are next to each other and end their ruled row, one by one or in groups of a row each.

    Where rows are `labelled`, one label stands before them. Neither a cell nor a label may reach into another row: a
    rule was not found there, and which label is whose is open.
    """
    if any(cell.status == "derived" for cell in cells):
        return False
    by_row: dict[int, tuple[list[Piece], list[int]]] = {}
    for row, index in found:
        by_row.setdefault(id(row), (row, []))[1].append(index)
    if len({len(indexes) for _, indexes in by_row.values()}) != 1:
        return False
    return all(_ends_row(row, sorted(indexes), labelled=labelled) for row, indexes in by_row.values())


def _ends_row(row: Sequence[Piece], indexes: Sequence[int], *, labelled: bool) -> bool:
    first = indexes[0]
    if list(indexes) != list(range(first, len(row))) or (labelled and first == 0):
        return False
    return all(piece.rows == 1 for piece in row[first - labelled :])


def _in_doubt(page: Page, cell: Cell) -> bool:
    return cell.where in page.doubts


def _counts(page: Page, sheet: Sheet) -> dict[Address, Cell]:
    """Return the counts of whose digits the readers are sure: a point in them parts thousands."""
    closed = {at: cell for at, cell in sheet.cells.items() if at not in sheet.in_doubt and _is_count(sheet, at)}
    found = {at: _count(page, cell) for at, cell in closed.items() if _in_doubt(page, cell)}
    return {at: cell for at, cell in found.items() if cell}


def _count(page: Page, cell: Cell) -> Cell | None:
    digits = {ungrouped(text) for text in page.doubts[cell.where or ""]}
    number = read_number(digits.pop()) if len(digits) == 1 and _sure(page, cell) > _AGREED else None
    return cell._replace(value=number.plain, status="printed") if number else None


def _is_count(sheet: Sheet, address: Address) -> bool:
    row, code = address
    return any(column.code == code and column.type != "decimal" for column in sheet.table.columns[row])


def _sure(page: Page, cell: Cell | None) -> float:
    return page.confidence.get(cell.where or "", 0.0) if cell else 0.0


def _numbers(page: Page, cell: Cell) -> tuple[Number, ...]:
    """Return the numbers that a cell was taken for; no 0 where it may as well be blank, which no sum can tell."""
    texts = page.doubts.get(cell.where or "", [cell.raw or ""])
    read = [read_number(text) for text in texts]
    found = [number.plain for number in read if number is not None]
    return tuple(number for number in dict.fromkeys(found) if number != 0 or None not in read)


def _settle(sheet: Sheet, known: Mapping[Address, Cell], doubts: Doubts) -> None:
    """Give cells in doubt the numbers that the identities and a reader agree on; the others become unreadable."""
    refused: set[Address] = set()
    kept = set(sheet.in_doubt)
    while True:
        sheet.cells.clear()
        sheet.cells.update(known)
        sheet.in_doubt = kept | refused
        for address in doubts:
            sheet.cells[address] = known[address]._replace(value=None, status="unreadable")
        derive_unreadable(sheet, misread=True)
        wrong = {
            address
            for address, seen in doubts.items()
            if (value := sheet.cells[address].value) is not None and value not in seen
        }
        if not wrong:
            break
        refused |= wrong
    open_ones = [address for address in doubts if sheet.cells[address].status == "unreadable"]
    _try_all(sheet, open_ones, doubts)
    sheet.in_doubt |= {address for address in doubts if sheet.cells[address].status == "unreadable"}


def _try_all(sheet: Sheet, open_ones: Sequence[Address], doubts: Doubts) -> None:
    """Try the readers' numbers of cells that no single identity fixes; take them where one choice satisfies all."""
    trials = 1
    for address in open_ones:
        trials *= len(doubts[address])
    if not open_ones or not 0 < trials <= _MOST_TRIALS:
        return
    before = dict(sheet.cells)
    found = []
    for numbers in product(*(doubts[address] for address in open_ones)):
        for address, number in zip(open_ones, numbers, strict=True):
            sheet.cells[address] = before[address]._replace(value=number, status="derived")
        if _holds(sheet, open_ones):
            found.append(dict(sheet.cells))
    sheet.cells.clear()
    sheet.cells.update(found[0] if len(found) == 1 else before)


def _holds(sheet: Sheet, addresses: Sequence[Address]) -> bool:
    """Say whether each cell stands in at least two identities, all of which hold."""
    form, code = sheet.form, sheet.table.code
    checks = check_identities(form, code, sheet.ordered())
    index = {address: at for at, address in enumerate(sheet.table.addresses)}
    sought = [index[address] for address in addresses]
    counts = dict.fromkeys(sought, 0)
    for instance, check in zip(instances_of(form, code), checks, strict=True):
        for term in set(instance.terms) & counts.keys():
            if check.outcome != "pass":
                return False
            counts[term] += 1
    return all(count >= 2 for count in counts.values())


def _failing(sheet: Sheet) -> set[Address]:
    """Return the cells of the identities that fail."""
    form, code = sheet.form, sheet.table.code
    checks = check_identities(form, code, sheet.ordered())
    instances = instances_of(form, code)
    failing = [i for i, check in zip(instances, checks, strict=True) if check.outcome == "fail"]
    return {sheet.table.addresses[term] for instance in failing for term in instance.terms}


def _rated(page: Page, cell: Cell) -> Cell:
    confidence = page.confidence.get(cell.where or "")
    return cell if confidence is None or not hasattr(cell, "confidence") else cell._replace(confidence=confidence)
