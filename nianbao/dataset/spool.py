"""Contents of reports on their way into the dataset: columns in memory, and on disk where they grow long."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import pyarrow as pa

from nianbao.dataset.contents import KEY, keyed_schema
from parsers.errors import DatasetError
from parsers.report import Number, Report, Table

_FLUSH_ROWS = 100_000
_FLUSH_BYTES = 1_000_000  # of tables that come packed


class Spool:
    """Contents of reports on their way into the dataset, column by column, one set of tables a report year.

    What grows long goes to nameless temporary files in `folder`, so that memory stays that of one year; they are gone
    with `close`, or with the process, however it ends.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._columns: dict[tuple[int, str], _Columns] = {}
        self._rows: _Columns | None = None

    def add(self, year: int, key: int, report: Report) -> None:
        """Take in a report's cells, checks and sections under `key`."""
        for name, rows, columns in content_columns(key, report):
            self._of(year, name).extend(rows, columns)

    def take(self, year: int, name: str, table: pa.Table) -> None:
        """Take in rows that are packed already, with the columns of `keyed_schema(name)`."""
        self._of(year, name).append(table)

    def take_rows(self, table: pa.Table) -> None:
        """Take in rows of reports, packed, all of one schema."""
        if self._rows is None:
            self._rows = _Columns(table.schema, self._folder)
        self._rows.append(table)

    def rows(self) -> Iterator[pa.Table]:
        """Yield the rows that were taken in, in that order, some at a time."""
        if self._rows is not None:
            yield from self._rows.tables()

    def close(self) -> None:
        """Give the temporary files back; the spool is of no use after that."""
        for columns in (*self._columns.values(), *([self._rows] if self._rows else [])):
            columns.close()

    def tables(self, year: int, name: str) -> Iterator[pa.Table]:
        """Yield what was taken in for that year, with its keys, a part at a time."""
        return self._of(year, name).tables()

    def _of(self, year: int, name: str) -> "_Columns":
        if (year, name) not in self._columns:
            self._columns[year, name] = _Columns(keyed_schema(name), self._folder)
        return self._columns[year, name]


def content_columns(key: int, report: Report) -> Iterator[tuple[str, int, dict[str, list[Any]]]]:
    """Yield the contents of a report part by part: the table's name, the number of rows, the columns with `key`."""
    for table in report.tables:
        yield "cells", len(table.cells), _cells(key, table)
        yield "checks", len(table.checks), _checks(key, table)
    yield "sections", len(report.sections), _sections(key, report)


class _Columns:
    """An Arrow table that grows: Python lists are packed and put aside on disk as soon as they are long."""

    def __init__(self, schema: pa.Schema, folder: Path) -> None:
        self._schema = schema
        self._folder = folder
        self._file: IO[bytes] | None = None
        self._writer: pa.RecordBatchStreamWriter | None = None
        self._rows = 0
        self._lists: dict[str, list[Any]] = defaultdict(list)
        self._given: list[pa.Table] = []
        self._given_bytes = 0

    def extend(self, rows: int, columns: dict[str, list[Any]]) -> None:
        for name, values in columns.items():
            self._lists[name].extend(values)
        self._rows += rows
        if self._rows >= _FLUSH_ROWS:
            self._put_aside()

    def append(self, table: pa.Table) -> None:
        self._put_aside()
        self._given.append(table)
        self._given_bytes += table.nbytes
        if self._given_bytes >= _FLUSH_BYTES:
            self._spill([pa.concat_tables(self._given).unify_dictionaries().combine_chunks()])
            self._given, self._given_bytes = [], 0

    def tables(self) -> Iterator[pa.Table]:
        yield from self._read_back()
        yield from self._given
        yield from self._packed()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def _packed(self) -> list[pa.Table]:
        if not self._rows:
            return []
        arrays = [_array(self._lists[field.name], field.type) for field in self._schema]
        return [pa.Table.from_arrays(arrays, schema=self._schema)]

    def _put_aside(self) -> None:
        self._spill(self._packed())
        self._lists.clear()
        self._rows = 0

    def _spill(self, packed: list[pa.Table]) -> None:
        if not packed:
            return
        with _spilling(self._folder):
            if self._file is None or self._writer is None:
                self._file = TemporaryFile(dir=self._folder)  # noqa: SIM115 - lives as long as the spool
                self._writer = pa.ipc.new_stream(self._file, self._schema)
            for table in packed:
                self._writer.write_table(table)
            self._file.flush()

    def _read_back(self) -> Iterator[pa.Table]:
        if self._file is None:
            return
        self._file.seek(0)
        with pa.ipc.open_stream(self._file) as reader:
            for batch in reader:
                yield pa.Table.from_batches([batch])


@contextmanager
def _spilling(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            f"{folder}: cannot be written ({error.strerror or error}); the dataset in place stands as it was; make "
            "room or give access, then run again"
        ) from error


def _array(values: list[Any], kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return pa.array(values, kind.value_type).dictionary_encode()
    return pa.array(values, kind)


def _float(value: Number | None) -> float | None:
    return None if value is None else float(value)


def _cells(key: int, table: Table) -> dict[str, list[Any]]:
    cells = table.cells
    return {
        KEY: [key] * len(cells),
        "table": [table.table] * len(cells),
        "form": [table.form] * len(cells),
        "row": [cell.row for cell in cells],
        "column": [cell.column for cell in cells],
        "value": [_float(cell.value) for cell in cells],
        "status": [cell.status for cell in cells],
        "raw": [cell.raw for cell in cells],
        "where": [cell.where for cell in cells],
        "unit": [cell.unit for cell in cells],
    }


def _checks(key: int, table: Table) -> dict[str, list[Any]]:
    checks = table.checks
    return {
        KEY: [key] * len(checks),
        "table": [table.table] * len(checks),
        "id": [check.id for check in checks],
        "at": [check.at for check in checks],
        "left": [_float(check.left) for check in checks],
        "right": [_float(check.right) for check in checks],
        "outcome": [check.outcome for check in checks],
    }


def _sections(key: int, report: Report) -> dict[str, list[Any]]:
    rows = report.sections
    return {
        KEY: [key] * len(rows),
        "number": [section.number for section in rows],
        "heading": [section.heading for section in rows],
        "text": [section.text for section in rows],
    }
