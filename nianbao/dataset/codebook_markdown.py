"""The codebook as a Markdown document, from the same registry as the schemas."""

from collections.abc import Iterable, Iterator, Sequence

from nianbao.dataset.check_meanings import check_meanings
from nianbao.dataset.codebook import ABOUT, TITLE
from nianbao.dataset.codebook_entries import FieldEntry, field_entries, table_entries
from nianbao.dataset.panel_columns import panel_cells
from nianbao.dataset.schema import FORMAT_VERSION, UNKNOWN_YEAR
from parsers.forms import forms

_HISTORY = "history/"
_COLUMN_HEADS = ("column", "type", "unit", "中文", "English", "missing when", "values")


def codebook_markdown() -> str:
    """Return the codebook: the tables with their keys, every column, and every cell of the forms."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"# {TITLE}: codebook"
    yield ""
    yield f"{ABOUT} Format {FORMAT_VERSION} of the layout."
    yield ""
    yield f"Where a table is a folder, its parts are named by year; `report_year={UNKNOWN_YEAR}` has what names none."
    yield from _section("Forms", ("form", "basis"), ((form.id, form.basis) for form in forms().values()))
    heads = ("table", "中文", "English", "files", "key", "refers to")
    rows = (
        (f"`{entry.table}`", entry.title, entry.title_en, f"`{entry.files}`", entry.key, entry.refers_to)
        for entry in table_entries()
    )
    yield from _section("Tables", heads, rows)
    yield from _checks()
    numbers = {field.name for field in panel_cells()}
    for table in table_entries():
        entries = [entry for entry in field_entries(table.table) if entry.column not in numbers]
        if table.table.startswith(_HISTORY):
            entries = _added(table.table, entries)
        yield from _section(f"`{table.table}` {table.title}", _COLUMN_HEADS, (_column(entry) for entry in entries))
        if table.table.startswith(_HISTORY):
            yield ""
            yield f"All other columns are those of `{table.table.removeprefix(_HISTORY)}`."
    yield from _cells()


def _checks() -> Iterator[str]:
    heads = ("id", "table", "at", "left", "right", "says that")
    rows = (
        (f"`{meaning.id}`", meaning.table, meaning.at, meaning.left, meaning.right, meaning.text)
        for meaning in check_meanings().values()
    )
    yield from _section("Checks", heads, rows)


def _added(table: str, entries: list[FieldEntry]) -> list[FieldEntry]:
    known = {entry.column for entry in field_entries(table.removeprefix(_HISTORY))}
    return [entry for entry in entries if entry.column not in known or entry.column in ("report_id", "version")]


def _cells() -> Iterator[str]:
    """Yield the panel's columns of numbers; in `cells` the codes in brackets are table, row and column."""
    cells = {entry.column: entry for entry in field_entries("panel")}
    heads = ("column", "unit", "中文", "English", *(f"in form {form}" for form in forms()))
    rows = [
        (f"`{entry.column}`", entry.unit, entry.label, entry.label_en, *entry.places)
        for entry in (cells[field.name] for field in panel_cells())
    ]
    yield from _section("`panel` cells of the forms", heads, rows)
    yield ""
    yield f"A cell of the panel is missing when {cells[panel_cells()[0].name].missing}."


def _column(entry: FieldEntry) -> tuple[str, ...]:
    return (
        *(f"`{entry.column}`", entry.type, entry.unit, entry.label, entry.label_en, entry.missing),
        entry.values,
    )


def _section(heading: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield f"## {heading}"
    yield ""
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(text.replace('|', chr(92) + '|') for text in row)} |"
