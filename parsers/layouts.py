"""Layouts read before: where the cells of a table stand in a grid whose labels are those of an earlier page.

Sites publish thousands of pages with the same labels and other numbers. Which cell is which is told by the labels alone
wherever every cell of the form holds a number: such a grid, read once, is known again by all that is no number in it.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import NamedTuple

from parsers.cells import Sheet, new_cell, read_cell
from parsers.forms import Column
from parsers.labels import key, section_of
from parsers.page import Grid, Kind, Line, Page, where
from parsers.pieces import is_prose
from parsers.report import Cell
from parsers.selection import is_plain_caption
from parsers.tables import told_form
from parsers.values import read_number

Skeleton = tuple[tuple[int, ...], tuple[int, ...], tuple[str | None, ...]]
"""How many cells each row has, the spans of the headings, and the texts of all cells, None for a number."""

_NUMBER = Kind.NUMBER
_SPANNED_ROWS = 8
_MOST_LAYOUTS = 512
_LOOK_BACK = 6
_YEARS = re.compile(r"20\d\d")
_TELLING = re.compile(r"20\d\d|[上去同往本]年|同期|[件项]数|数量|金额")
"""Words above a grid that can say of which year or which form it is; then its surroundings count."""


class Place(NamedTuple):
    """A cell of the form: its row, its column, the unit that its heading prints, and where it stands.

    `at` is its index among the grid's cells, `within` its place in the table as `where` writes it.
    """

    row: str
    column: Column
    unit: str
    at: int
    within: str


class Layout(NamedTuple):
    """A table that a grid holds: its code, its form (None where it takes that of the others), its cells in order."""

    table: str
    form: str | None
    places: tuple[Place, ...]


_layouts: dict[Skeleton, tuple[Layout, ...]] = {}


def skeletons(page: Page) -> dict[int, Skeleton]:
    """Return the skeleton of each grid of a page of markup, by the index of its block."""
    return {index: _skeleton(grid) for index, grid in page.grids} if page.markup else {}


def _skeleton(grid: Grid) -> Skeleton:
    rows = grid.rows
    spans = [span for row in islice(rows, _SPANNED_ROWS) for cell in row for span in (cell.columns, cell.rows)]
    texts = [None if cell.kind is _NUMBER else cell.text for row in rows for cell in row]
    return tuple(map(len, rows)), tuple(spans), tuple(texts)


def known_layouts(page: Page, found: Mapping[int, Skeleton]) -> dict[str, tuple[int, Layout]]:
    """Return by its code each table of a known layout, with the index of its block.

    Empty where two grids hold the same table, or what stands above one may say which year's or which form's it is.
    """
    known: dict[str, tuple[int, Layout]] = {}
    for index, skeleton in found.items():
        for layout in _layouts.get(skeleton, ()):
            if layout.table in known or _is_told_of(page, index):
                return {}
            known[layout.table] = (index, layout)
    return known


def headed_from(page: Page, index: int) -> int:
    """Return the index of the first line that heads a grid: those after the last heading of a section or sentence."""
    while index > 0 and isinstance(line := page.blocks[index - 1], Line):
        if is_prose(line.clean) or section_of(line.clean) is not None:
            break
        index -= 1
    return index


def _is_told_of(page: Page, index: int) -> bool:
    heads = (block.clean for block in page.blocks[headed_from(page, index) : index] if isinstance(block, Line))
    above = (block.clean for block in page.blocks[max(0, index - _LOOK_BACK) : index] if isinstance(block, Line))
    return any(map(_TELLING.search, heads)) or any(map(is_plain_caption, above))


def cells_of_layout(grid: Grid, layout: Layout) -> tuple[Cell, ...]:
    """Read the cells of a table, in the form's order, where its layout has them."""
    pieces = [cell for row in grid.rows for cell in row]
    table = f"table:{pieces[0].place[0]}/"
    cells: list[Cell] = []
    for row, column, unit, at, within in layout.places:
        piece = pieces[at]
        printed = read_number(piece.text)
        if printed is None or printed.unit or unit:
            cells.append(read_cell(piece, row, column, unit))
        else:
            fields = (row, column.code, printed.plain, "printed", piece.raw, table + within, None, None)
            cells.append(new_cell(Cell, fields))
    return tuple(cells)


def remember(page: Page, found: Mapping[int, Skeleton], sheets: Iterable[Sheet]) -> None:
    """Keep the layouts of grids whose tables hold a number in every cell and need nothing around them to be told."""
    whole = [sheet for sheet in sheets if all(cell.status == "printed" for cell in sheet.ordered())]
    for index, skeleton in found.items() if whole else ():
        grid = page.blocks[index]
        texts = [text for text in skeleton[2] if text]
        if skeleton in _layouts or not isinstance(grid, Grid) or any(map(_YEARS.search, texts)):
            continue
        if not _is_told_of(page, index):
            at = {where(cell.place): number for number, cell in enumerate(cell for row in grid.rows for cell in row)}
            segment = "".join(map(key, texts))
            layouts = tuple(layout for sheet in whole if (layout := _layout(sheet, at, segment)))
            if layouts:
                _keep(skeleton, layouts)


def forget() -> None:
    """Forget every layout."""
    _layouts.clear()


def _keep(skeleton: Skeleton, layouts: tuple[Layout, ...]) -> None:
    if len(_layouts) >= _MOST_LAYOUTS:
        forget()
    _layouts[skeleton] = layouts


def _layout(sheet: Sheet, at: Mapping[str, int], segment: str) -> Layout | None:
    """Return the layout of a sheet whose cells are all printed, None unless all in this grid."""
    table = sheet.table
    cells = sheet.ordered()
    if any(cell.where not in at for cell in cells):
        return None
    if table.code == "disclosure" and told_form(segment) != sheet.form:
        return None
    columns = {(row, column.code): column for row, of_row in table.columns.items() for column in of_row}
    places = [
        Place(
            cell.row,
            columns[cell.row, cell.column],
            sheet.units.get((cell.row, cell.column), ""),
            at[cell.where or ""],
            (cell.where or "").partition("/")[2],
        )
        for cell in cells
    ]
    return Layout(table.code, sheet.form if table.code != "appeals" else None, tuple(places))
