"""Tables of the SQLite file: columns, keys, references and indexes, from the registry of fields."""

from collections.abc import Iterator
from functools import cache

from nianbao.dataset.codebook_entries import field_columns
from nianbao.dataset.export.codebook_rows import KEY
from nianbao.dataset.fields import YEAR, Field
from nianbao.dataset.schema import TableSchema, registry

_TYPES = {"string": "TEXT", "integer": "INTEGER", "number": "REAL", "boolean": "INTEGER"}
_FORM_CELL = ("form", "table", "row", "column")
_INDEXES = {
    "reports": (("division_code", "report_year"), ("report_year", "scope")),
    "panel": (("division_code", "report_year"),),
    "coverage": (("report_year", "province"),),
    "revisions": (("report_id",),),
}
_PARTIAL_INDEXES = {
    "cells": ("status", "status NOT IN ('printed', 'blank')"),
    "checks": ("outcome", "outcome = 'fail'"),
}
_LONG = {"cells", "checks", "history/cells", "history/checks"}
"""Tables of millions of short rows: one tree instead of two, and no lists of values, which double the time to fill."""

FORM_CELLS = "form_cells"
CODEBOOK = "codebook"


def quoted(name: str) -> str:
    """Return an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def sql_name(table: str) -> str:
    """Return the name of a table in SQLite: `history_cells` for `history/cells`."""
    return table.replace("/", "_")


def is_long(table: TableSchema) -> bool:
    """Say whether the rows lie in the order of their key, which they are best inserted in."""
    return table.name in _LONG and bool(table.key)


def create_statements() -> Iterator[str]:
    """Yield what creates every table, those that others refer to first."""
    yield f"CREATE TABLE {CODEBOOK} ({_columns(field_columns())}, PRIMARY KEY ({_list(KEY)}))"
    names = (*_FORM_CELL, "label", "label_en", "unit", "panel_column")
    yield f"CREATE TABLE {FORM_CELLS} ({_columns(names)}, PRIMARY KEY ({_list(_FORM_CELL)})) WITHOUT ROWID"
    for table in registry().values():
        yield _create(table)


def index_statements() -> Iterator[str]:
    """Yield what creates the indexes; run it when the rows are in."""
    for table in registry().values():
        name = sql_name(table.name)
        indexed = list(_INDEXES.get(table.name, ()))
        reference = _reference(table)
        if reference and table.key[: len(reference)] != reference and reference not in indexed:
            indexed.append(reference)
        for columns in indexed:
            yield f"CREATE INDEX {'_'.join((name, *columns))} ON {name} ({_list(columns)})"
        if table.name in _PARTIAL_INDEXES:
            column, condition = _PARTIAL_INDEXES[table.name]
            yield f"CREATE INDEX {name}_{column} ON {name} ({column}) WHERE {condition}"


@cache
def form_cell_rows() -> tuple[tuple[str, ...], ...]:
    """Return every cell of every form: its address, labels, unit, and its column in the panel."""
    return tuple(
        (*_address(place), field.label, field.label_en, field.unit, field.name)
        for field in registry()["panel"].fields
        for place in field.place
    )


def _address(place: tuple[str, str, str, str]) -> tuple[str, str, str, str]:
    form, table, row, column = place
    return form, table, row, column


def _create(table: TableSchema) -> str:
    parts = [_column(field, table) for field in table.fields]
    if table.key:
        parts.append(f"PRIMARY KEY ({_list(table.key)})")
    reference = _reference(table)
    if reference:
        parts.append(_foreign_key(reference, sql_name(table.parent or "reports"), reference))
    if set(_FORM_CELL) <= {field.name for field in table.fields}:
        parts.append(_foreign_key(_FORM_CELL, FORM_CELLS, _FORM_CELL))
    without_rowid = " WITHOUT ROWID" if is_long(table) else ""
    return f"CREATE TABLE {sql_name(table.name)} (\n  " + ",\n  ".join(parts) + f"\n){without_rowid}"


def _reference(table: TableSchema) -> tuple[str, ...]:
    """Return the columns that refer to another table's key, none where the table stands alone."""
    if not table.parent:
        return ()
    return ("report_id", "version") if table.parent.startswith("history/") else ("report_id",)


def _foreign_key(columns: tuple[str, ...], table: str, referred: tuple[str, ...]) -> str:
    return f"FOREIGN KEY ({_list(columns)}) REFERENCES {table} ({_list(referred)})"


def _column(field: Field, table: TableSchema) -> str:
    name = quoted(field.name)
    parts = [name, _TYPES[field.type]]
    if field.name in table.key and field.name != YEAR.name:
        parts.append("NOT NULL")
    if field.type == "boolean":
        parts.append(f"CHECK ({name} IN (0, 1))")
    if field.values and not is_long(table):
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in field.values)
        parts.append(f"CHECK ({name} IN ({values}))")
    return " ".join(parts)


def _columns(names: tuple[str, ...]) -> str:
    return ", ".join(f"{quoted(name)} TEXT NOT NULL" for name in names)


def _list(columns: tuple[str, ...]) -> str:
    return ", ".join(map(quoted, columns))
