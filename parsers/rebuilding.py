"""The tables of a report: read by a layout that is known, else rebuilt from the runs of its page."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from parsers.appeals import match_appeals, read_appeals
from parsers.blanks import Context
from parsers.cells import Sheet
from parsers.forms import forms
from parsers.headers import ColumnSet, own_columns
from parsers.layouts import Skeleton, cells_of_layout, headed_from, known_layouts, remember, skeletons
from parsers.matching import Instance, RowMatcher
from parsers.page import Grid, Kind, Line, Page
from parsers.proving import prove, proven
from parsers.report import Table
from parsers.runs import Run, runs_of
from parsers.scans import prove_scanned
from parsers.selection import choose_instance
from parsers.tables import disclosure_form, read_rows, requests_form
from parsers.unproven import without_unproven

TABLES = ("disclosure", "requests", "appeals")
Chosen = Mapping[str, tuple[Instance | None, str | None]]
"""For each table the instance that is the report's own, and what there is to warn of."""


class Rebuilt(NamedTuple):
    """The tables of a report, what there is to warn of, and the blocks of the page that they were read from."""

    tables: list[Table]
    warnings: list[str]
    blocks: list[range]


def rebuilt(page: Page, start: int, end: int, year: int | None) -> Rebuilt:
    """Rebuild the tables of the report of a year that the blocks of a page from `start` to before `end` hold."""
    is_whole = start == 0 and end == len(page.blocks) and not page.abrupt
    found = skeletons(page) if is_whole else {}
    by_year = "2019" if year is not None and year <= 2020 else "2021"
    return _as_known(page, found, by_year) or _from_runs(page, start, end, year, found)


def _as_known(page: Page, found: Mapping[int, Skeleton], by_year: str) -> Rebuilt | None:
    """Read tables whose layouts are known, None where there are none or something around them can be a table too."""
    known = known_layouts(page, found)
    blocks = {index for index, _ in known.values()}
    if not known or any(_instances(runs_of(page, 0, len(page.blocks), blocks)).values()):
        return None
    told = next(
        (form for code in ("requests", "disclosure") if code in known and (form := known[code][1].form)), by_year
    )
    tables = []
    for code in sorted(known, key=TABLES.index):
        index, layout = known[code]
        grid = page.blocks[index]
        if isinstance(grid, Grid):
            tables.append(proven(layout.form or told, code, cells_of_layout(grid, layout)))
    return Rebuilt(tables, [], [range(headed_from(page, index), index + 1) for index in blocks])


def _from_runs(page: Page, start: int, end: int, year: int | None, found: Mapping[int, Skeleton]) -> Rebuilt:
    runs = runs_of(page, start, end)
    instances = {code: choose_instance(page, all_of, year) for code, all_of in _instances(runs).items()}
    chosen = [instance for instance, _ in instances.values() if instance]
    context = _context(page, start, end, chosen)
    if page.abrupt and context.cut_after is not None:
        _doubt_last(chosen)
    sheets = _sheets(page, instances, context, year)
    tables, warnings = _proven(page, sheets)
    if len(chosen) == len(sheets) and found:
        remember(page, found, sheets)
    warnings = [*(warning for _, warning in instances.values() if warning), *warnings, *_losses(context, tables)]
    return Rebuilt(tables, warnings, [_blocks_of(instance) for instance in chosen])


def _instances(runs: Sequence[Run]) -> dict[str, list[Instance]]:
    return {
        "disclosure": RowMatcher("disclosure").match(runs),
        "requests": RowMatcher("requests").match(runs),
        "appeals": match_appeals(runs),
    }


def _sheets(page: Page, instances: Chosen, context: Context, year: int | None) -> list[Sheet]:
    disclosure, requests, appeals = (instances[code][0] for code in TABLES)
    by_year = "2019" if year is not None and year <= 2020 else "2021"
    dis = disclosure_form(disclosure) if disclosure else None
    req = requests_form(requests) if requests else None
    sheets = []
    if disclosure:
        sheets.append(read_rows(disclosure, dis or req or by_year, context))
    if requests:
        sheets.append(read_rows(requests, req or dis or by_year, context, _requests_columns(page, requests, year)))
    if appeals:
        sheets.append(read_appeals(appeals, req or dis or by_year, context))
    return sheets


def _proven(page: Page, sheets: Sequence[Sheet]) -> tuple[list[Table], list[str]]:
    for sheet in sheets if page.unruled else ():
        sheet.doubt_unmarked(page.unruled)
    tables = [prove_scanned(page, sheet) if page.scanned else prove(sheet) for sheet in sheets]
    warnings = [warning for sheet in sheets for warning in sheet.warnings]
    for index, table in enumerate(tables if page.unruled else ()):
        tables[index], refused = without_unproven(page, table)
        warnings += refused
    return tables, warnings


def _doubt_last(instances: Sequence[Instance]) -> None:
    """Take the very last number of a document for unreadable: its last digits can be cut off."""
    values = [value for instance in instances for row in instance.rows for value in row.values]
    if values:
        max(values, key=lambda piece: piece.place).kind = Kind.ODD


def _losses(context: Context, tables: Sequence[Table]) -> list[str]:
    if all(table.grade != "partial" for table in tables):
        return []
    found = []
    if context.lines_lost:
        found.append("lines that repeat were removed from this text; what they held cannot be read")
    if context.cut_after is not None:
        found.append("the document ends inside a table; what follows is missing")
    return found


def _requests_columns(page: Page, instance: Instance, year: int | None) -> ColumnSet | None:
    """Find the columns of a table of requests from its headings, where it is a grid."""
    first = next((row for row in instance.rows if row.values), None)
    if first is None or len(first.values[0].place) == 1:
        return None
    grid = page.blocks[first.run.last_block]
    codes = tuple(column.code for column in forms()["2021"].tables["requests"].blocks[0].columns)
    return own_columns(grid, first.values[0].place[1] - 1, codes, year) if isinstance(grid, Grid) else None


def _blocks_of(instance: Instance) -> range:
    return range(instance.first_block, instance.last_block + 1)


def _context(page: Page, start: int, end: int, instances: Sequence[Instance]) -> Context:
    """Tell where a document that ends inside a table ends, and how empty cells show."""
    if not instances:
        return Context()
    last = end - 1
    while last > start and isinstance(block := page.blocks[last], Line) and not block.clean.strip():
        last -= 1
    ends = max(instance.last_block for instance in instances)
    return Context(instances, cut_after=last if ends >= last else None, unruled=bool(page.unruled))
