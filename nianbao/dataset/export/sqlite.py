"""SQLite: one file with keys, indexes and views, and beside it what Datasette shows of tables and columns.

Source: https://sqlite.org/lang_createtable.html, https://docs.datasette.io/en/stable/metadata.html.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from nianbao.dataset.codebook_entries import field_columns
from nianbao.dataset.export.codebook_rows import codebook_rows
from nianbao.dataset.export.datasette import metadata
from nianbao.dataset.export.files import ExportedFile
from nianbao.dataset.export.parts import batches
from nianbao.dataset.export.sqlite_tables import (
    CODEBOOK,
    FORM_CELLS,
    create_statements,
    form_cell_rows,
    index_statements,
    is_long,
    quoted,
    sql_name,
)
from nianbao.dataset.export.sqlite_views import create_views
from nianbao.dataset.reader import Dataset
from nianbao.dataset.schema import FORMAT_VERSION, registry
from parsers.errors import DatasetError

DATABASE = "nianbao.sqlite"
METADATA = "metadata.json"

_ROWS_AT_ONCE = 1 << 14
# The file is built beside its place and thrown away if anything fails: it needs no journal of its own.
_BUILDING = ("PRAGMA journal_mode = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -65536")


def write(dataset: Dataset, folder: Path) -> list[ExportedFile]:
    """Write the database and its metadata into `folder`; equal datasets give equal bytes under one SQLite.

    Raises DatasetError if a row refers to a report or a cell of a form that is not there.
    """
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as database:
        try:
            rows = _fill(database, dataset)
        except sqlite3.IntegrityError as error:
            raise DatasetError(f"{dataset.folder}: does not hold together ({error}); {_HOW_TO_GO_ON}") from error
        except sqlite3.OperationalError as error:
            raise OSError(None, str(error), str(folder / DATABASE)) from error
    (folder / METADATA).write_bytes(metadata())
    return [ExportedFile(DATABASE, rows), ExportedFile(METADATA, None)]


def _fill(database: sqlite3.Connection, dataset: Dataset) -> int:
    for statement in (*_BUILDING, f"PRAGMA user_version = {FORMAT_VERSION}", "BEGIN", *create_statements()):
        database.execute(statement)
    _insert(database, CODEBOOK, len(field_columns()), iter(codebook_rows()))
    _insert(database, FORM_CELLS, len(form_cell_rows()[0]), iter(form_cell_rows()))
    rows = sum(_copy(database, dataset, name) for name in registry())
    for statement in (*index_statements(), *create_views(), "COMMIT"):
        database.execute(statement)
    _assert_references(database, dataset)
    for statement in ("PRAGMA analysis_limit = 1000", "ANALYZE"):
        database.execute(statement)
    return rows


def _copy(database: sqlite3.Connection, dataset: Dataset, name: str) -> int:
    """Copy a table, a batch at a time, and return the number of its rows."""
    table, rows = registry()[name], 0
    order = [(column, "ascending") for column in table.key] if is_long(table) else []
    for batch in batches(dataset, name, size=_ROWS_AT_ONCE):
        ordered = batch.sort_by(order) if order else batch
        columns = (column.to_pylist() for column in ordered.columns)
        _insert(database, sql_name(name), len(table.fields), zip(*columns, strict=True))
        rows += len(batch)
    return rows


def _insert(database: sqlite3.Connection, table: str, width: int, rows: Iterator[tuple[object, ...]]) -> None:
    database.executemany(f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * width)})", rows)  # noqa: S608 - our names


def _assert_references(database: sqlite3.Connection, dataset: Dataset) -> None:
    broken = database.execute("PRAGMA foreign_key_check").fetchone()
    if broken:
        table, _row, referred, _key = broken
        raise DatasetError(
            f"{dataset.folder}: a row of {table} refers to one that is not in {referred}; {_HOW_TO_GO_ON}"
        )


_HOW_TO_GO_ON = "build the dataset anew from the archive, then export again"
