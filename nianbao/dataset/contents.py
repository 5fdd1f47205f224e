"""Cells, checks and sections of many reports as Arrow tables, each row under the integer key of its version."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from nianbao.dataset.schema import registry
from parsers.report import Number, Report, Table

KEY = "key"
CONTENTS = ("cells", "checks", "sections")

_FLUSH_ROWS = 100_000
_REPEATED = {"table", "form", "row", "column", "status", "id", "at", "outcome", "unit", "heading"}


def digest(report: Report) -> str:
    """Return the digest of what makes a version: title, values and statuses of the cells, sections."""
    content = [
        report.title,
        [
            [
                table.table,
                table.form,
                [[cell.row, cell.column, cell.value, cell.status, cell.unit] for cell in table.cells],
            ]
            for table in report.tables
        ],
        [[section.number, section.heading, section.text] for section in report.sections],
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Spool:
    """Contents of reports on their way into the dataset, column by column, one set of tables a report year."""

    def __init__(self) -> None:
        self._columns: dict[tuple[int, str], _Columns] = {}

    def add(self, year: int, key: int, report: Report) -> None:
        """Take in a report's cells, checks and sections under `key`."""
        for table in report.tables:
            self._of(year, "cells").extend(len(table.cells), _cells(key, table))
            self._of(year, "checks").extend(len(table.checks), _checks(key, table))
        rows = report.sections
        columns: dict[str, list[Any]] = {
            KEY: [key] * len(rows),
            "number": [section.number for section in rows],
            "heading": [section.heading for section in rows],
            "text": [section.text for section in rows],
        }
        self._of(year, "sections").extend(len(rows), columns)

    def table(self, year: int, name: str) -> pa.Table:
        """Return what was taken in for that year, with its keys."""
        return self._of(year, name).table()

    def _of(self, year: int, name: str) -> "_Columns":
        if (year, name) not in self._columns:
            self._columns[year, name] = _Columns(keyed_schema(name))
        return self._columns[year, name]


class _Columns:
    """An Arrow table that grows: Python lists are packed into Arrow as soon as they are long."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._chunks: list[pa.Table] = []
        self._rows = 0
        self._lists: dict[str, list[Any]] = defaultdict(list)

    def extend(self, rows: int, columns: dict[str, list[Any]]) -> None:
        for name, values in columns.items():
            self._lists[name].extend(values)
        self._rows += rows
        if self._rows >= _FLUSH_ROWS:
            self._pack()

    def table(self) -> pa.Table:
        self._pack()
        return pa.concat_tables([self._schema.empty_table(), *self._chunks])

    def _pack(self) -> None:
        if not self._rows:
            return
        arrays = [_array(self._lists[field.name], field.type) for field in self._schema]
        self._chunks.append(pa.Table.from_arrays(arrays, schema=self._schema))
        self._lists.clear()
        self._rows = 0


def keyed_schema(name: str) -> pa.Schema:
    """Return the schema of a contents table in the making: the key for the report, repeated texts as dictionaries."""
    fields = [field for field in registry()[name].arrow() if field.name != "report_id"]
    return pa.schema([pa.field(KEY, pa.int32()), *(pa.field(field.name, _packed(field)) for field in fields)])


def keyed(stored: pa.Table, name: str, keys: pa.Array) -> pa.Table:
    """Return a stored table with `keys` in place of its report ids."""
    schema = keyed_schema(name)
    columns = [keys if field.name == KEY else stored.column(field.name).cast(field.type) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def arrange(tables: Iterable[pa.Table], wanted: Sequence[int]) -> pa.Table:
    """Return the rows of the wanted keys, in the order of those keys; rows of one key keep their order.

    The key column of the result is the position in `wanted`.
    """
    pool = pa.concat_tables(tables).unify_dictionaries()
    keys = pool.column(KEY).to_numpy()
    order = np.argsort(keys, kind="stable")
    first, end = (np.searchsorted(keys[order], wanted, side=side) for side in ("left", "right"))
    counts = end - first
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = pool.take(pa.array(order[np.repeat(first, counts) + within]))
    positions = np.repeat(np.arange(len(wanted), dtype=np.int32), counts)
    return rows.set_column(0, KEY, pa.array(positions))


def named(arranged: pa.Table, ids: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return an arranged table as it is stored: the columns of `ids`, taken by position, in place of the key."""
    positions = arranged.column(KEY)
    columns = {name: arranged.column(name) for name in arranged.column_names}
    columns |= {name: ids.column(name).take(positions) for name in ids.column_names if name in schema.names}
    return pa.Table.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)


def _packed(field: pa.Field) -> pa.DataType:
    return pa.dictionary(pa.int32(), field.type) if field.name in _REPEATED else field.type


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
