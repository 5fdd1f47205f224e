"""The codebook as rows, for whoever lays it out: every table, every column, where the forms have it."""

from dataclasses import astuple, dataclass

from nianbao.dataset.fields import Field
from nianbao.dataset.schema import TableSchema, registry
from nianbao.dataset.tables import file_name
from parsers.forms import Block, Column, FormTable, Row, forms

NEVER_MISSING = "never missing"


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One table as the codebook tells of it; all texts."""

    table: str
    title: str
    title_en: str
    files: str
    key: str
    refers_to: str


@dataclass(frozen=True, slots=True)
class FieldEntry:
    """One column as the codebook tells of it; all texts, "" where there is nothing to tell.

    `places` says by form where it stands there: `requests: 一、本年新收… × 自然人 (requests.new.person)`.
    """

    table: str
    column: str
    type: str
    unit: str
    label: str
    label_en: str
    missing: str
    values: str
    places: tuple[str, ...]

    def texts(self) -> tuple[str, ...]:
        """Return the entry as one row of texts, a column for each form at its end."""
        return (*astuple(self)[:-1], *self.places)


def field_columns() -> tuple[str, ...]:
    """Return the headings of `FieldEntry.texts`."""
    plain = tuple(name for name in FieldEntry.__slots__ if name != "places")
    return (*plain, *(f"place_in_form_{form}" for form in forms()))


def table_entries() -> list[TableEntry]:
    """Return every table of the dataset, in the order of the registry."""
    return [_table_entry(table) for table in registry().values()]


def field_entries(name: str) -> list[FieldEntry]:
    """Return every column of one table, in its order; KeyError if there is no such table."""
    return [_field_entry(name, field) for field in registry()[name].fields]


def _table_entry(table: TableSchema) -> TableEntry:
    files = file_name(table.name)
    if table.folder:
        files = file_name(table.name, 2024).replace("2024", "YEAR")
    return TableEntry(
        table.name, table.title, table.title_en, files, ", ".join(table.key), f"{table.parent}" if table.parent else ""
    )


def _field_entry(table: str, field: Field) -> FieldEntry:
    places = {form: _place(form, code, row, column) for form, code, row, column in field.place}
    return FieldEntry(
        table=table,
        column=field.name,
        type=field.type,
        unit=field.unit,
        label=field.label,
        label_en=field.label_en,
        missing=field.missing or NEVER_MISSING,
        values=", ".join(field.values),
        places=tuple(places.get(form, "") for form in forms()),
    )


def _place(form: str, code: str, row: str, column: str) -> str:
    """Say where the form prints a cell: its section, the block, the row and the column, and their codes."""
    table = forms()[form].tables[code]
    block, of_row, of_column = _labels(table, row, column)
    parts = (block.label, *of_row.groups, of_row.label)
    place = "/".join(part for part in parts if part)
    return f"{'零一二三四五六'[table.section]}、 {place} × {of_column.label} [{code}.{row}.{column}]"


def _labels(table: FormTable, row: str, column: str) -> tuple[Block, Row, Column]:
    return next(
        (block, of_row, of_column)
        for block in table.blocks
        for of_row in block.rows
        for of_column in block.columns
        if (of_row.code, of_column.code) == (row, column)
    )
