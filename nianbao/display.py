"""A report in the terminal: the three grids of the form with their Chinese labels, and what is wrong with them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from nianbao.exits import printable
from nianbao.wording import check_in_words, grade_in_words, number
from parsers.forms import Block, Column, FormTable, forms
from parsers.report import Cell, Report, Table

_MARKS = {"blank": "-", "unreadable": "?", "absent": "x", "derived": "*"}
_LEGEND = {
    "blank": "- blank, as published",
    "derived": "*12 derived: not legible or its place lost, fixed by the form's arithmetic",
    "unreadable": "? something stands there that cannot be read or placed",
    "absent": "x the document has no such cell",
}
_STYLES = {"blank": "dim", "unreadable": "bold red", "absent": "red", "derived": "cyan"}
_GRADE_STYLES = {"verified": "green", "consistent": "cyan", "inconsistent": "bold red", "partial": "yellow"}
_SECTIONS = "零一二三四五六"

_WIDE = 120
_LABEL_WIDTH = 32
_NARROWEST = 6
_INDENT = 2

_RULED = box.Box("    \n    \n ── \n    \n ── \n    \n    \n    \n")
"""No lines but those under and above the heads."""


def print_report(console: Console, report: Report) -> None:
    """Print a report as a person reads it: whose it is, its tables, failing checks in words, warnings, a legend.

    The console is made wider where the numbers of a table would not fit: they are never cut off.
    """
    _print_head(console, report)
    for table in report.tables:
        _print_table(console, table)
    for warning in report.warnings:
        console.print(Text.assemble(("warning: ", "yellow"), printable(warning)), soft_wrap=True)
    statuses = {cell.status for table in report.tables for cell in table.cells}
    for status in (status for status in _LEGEND if status in statuses):
        console.print(Text(_LEGEND[status], "dim"), soft_wrap=True)


def _print_head(console: Console, report: Report) -> None:
    console.print(Text(printable(report.title or "(no title)"), "bold"), soft_wrap=True)
    division = f"{report.division.code} {report.division.name}" if report.division else None
    fields = {
        "file": report.source,
        "publisher": report.publisher,
        "division": division,
        "year": str(report.report_year) if report.report_year else None,
        "scope": report.scope,
        "published": report.published_at,
    }
    for name, value in fields.items():
        known = Text(printable(value)) if value else Text("not known", "dim")
        console.print(Text.assemble((f"{name:<10} ", "dim"), known), soft_wrap=True)


def _print_table(console: Console, table: Table) -> None:
    form = forms()[table.form].tables[table.table]
    console.print()
    heading = f"{_SECTIONS[form.section]}、{form.label} (form {table.form})"
    console.print(Text(heading, "bold"), soft_wrap=True)
    console.print(Text(grade_in_words(table, form), _GRADE_STYLES[table.grade]), soft_wrap=True)
    console.print(_grid(console, table, form))
    for check in table.checks:
        if check.outcome == "fail":
            console.print(Text.assemble(("does not add up  ", "bold red"), check_in_words(check, form)), soft_wrap=True)


def _grid(console: Console, table: Table, form: FormTable) -> Grid:
    """Lay a table out: one column of labels, then one for each column of the widest block."""
    gap = 2 if console.width >= _WIDE else 1
    columns = max(len(block.columns) for block in form.blocks)
    labels = min(_LABEL_WIDTH, _longest_label(form))
    room = max(_NARROWEST, (console.width - labels) // columns - gap)
    texts = {(cell.row, cell.column): _text(cell, column) for cell, column in _placed(table, form)}
    heads = [_folded(column.label, room) for block in form.blocks for column in block.columns]
    lines = [line for text in (*heads, *(text.plain for text in texts.values())) for line in text.split("\n")]
    taken = columns * (max(map(cell_len, lines)) + gap) + gap
    console.width = max(console.width, taken + labels // 2)
    grid = Grid(box=_RULED, show_header=False, show_edge=False, padding=(0, 0, 0, gap - 1))
    grid.add_column(overflow="fold", max_width=console.width - taken)
    for _ in range(columns):
        grid.add_column(justify="right", no_wrap=True, min_width=max(map(cell_len, lines)))
    for block in form.blocks:
        _add_block(grid, block, texts, room)
    return grid


def _longest_label(form: FormTable) -> int:
    rows = [row for block in form.blocks for row in block.rows]
    return max(cell_len(row.label) + len(row.groups) * _INDENT for row in rows)


def _placed(table: Table, form: FormTable) -> Iterator[tuple[Cell, Column]]:
    """Pair the cells of a table, which stand in the form's order, with their columns."""
    columns = (column for block in form.blocks for _ in block.rows for column in block.columns)
    yield from zip(table.cells, columns, strict=True)


def _add_block(grid: Grid, block: Block, texts: Mapping[tuple[str, str], Text], room: int) -> None:
    grid.add_section()
    grid.add_row(Text(block.label, "bold"), *(Text(_folded(column.label, room), "bold") for column in block.columns))
    grid.add_section()
    above: Sequence[str] = ()
    for row in block.rows:
        for depth, group in _new_groups(above, row.groups):
            grid.add_row(_indented(group, depth))
        above = row.groups
        numbers = (texts[row.code, column.code] for column in block.columns)
        grid.add_row(_indented(row.label, len(row.groups)), *numbers)


def _new_groups(above: Sequence[str], groups: Sequence[str]) -> Iterable[tuple[int, str]]:
    """Return the headings, with their depth, that begin where rows under `above` are followed by one under `groups`."""
    same = 0
    while same < min(len(above), len(groups)) and above[same] == groups[same]:
        same += 1
    return ((depth, groups[depth]) for depth in range(same, len(groups)))


def _indented(label: str, depth: int) -> Padding:
    return Padding(Text(label), (0, 0, 0, depth * _INDENT))


def _text(cell: Cell, column: Column) -> Text:
    style = _STYLES.get(cell.status, "")
    mark = _MARKS.get(cell.status, "")
    if cell.value is None:
        return Text(mark, style)
    sign = "+" if column.type == "signed int" and cell.value > 0 else ""
    return Text(f"{mark}{sign}{number(cell.value)}{printable(cell.unit or '')}", style)


def _folded(label: str, room: int) -> str:
    """Break a label into lines of about equal length that take no more than `room` cells each."""
    count = -(-cell_len(label) // room)
    length = -(-len(label) // count)
    return "\n".join(label[start : start + length] for start in range(0, len(label), length))
