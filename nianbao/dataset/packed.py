"""Parsed reports as one flat Arrow table: how they travel from whoever parses to the one who writes.

A row is a report: its row of `reports` as a struct, its cells, checks and sections as lists of structs. Every process
and every engine that speaks Arrow can hand such tables on; text is plain, without dictionaries.
"""

from collections.abc import Iterable, Iterator, Sequence
from sys import intern
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.contents import CONTENTS, KEY, keyed_schema
from nianbao.dataset.documents import Document
from nianbao.dataset.rows import report_row
from nianbao.dataset.schema import registry
from nianbao.dataset.spool import content_columns

ROW = "report"


def packed_schema() -> pa.Schema:
    """Return the schema: `report`, `cells`, `checks`, `sections`."""
    row = pa.struct([*registry()["reports"].arrow(with_year=True), pa.field("differing", pa.string())])
    return pa.schema([pa.field(ROW, row), *(pa.field(name, pa.list_(_content_type(name))) for name in CONTENTS)])


def pack(identified: Iterable[tuple[str, Document]], parser_version: str) -> pa.Table:
    """Pack documents under their reports' identifiers (`identify`); raises DatasetError like `report_row`."""
    rows: list[dict[str, Any]] = []
    parts: dict[str, _Lists] = {name: _Lists(_content_type(name)) for name in CONTENTS}
    for identifier, document in identified:
        rows.append(report_row(identifier, document, parser_version))
        for name, count, columns in content_columns(0, document.report):
            parts[name].extend(count, columns)
        for lists in parts.values():
            lists.close_row()
    schema = packed_schema()
    arrays = [pa.array(rows, schema.field(ROW).type), *(parts[name].array() for name in CONTENTS)]
    return pa.Table.from_arrays(arrays, schema=schema)


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """Return the rows of `reports` in a packed table; texts that repeat are one object for all, to spare memory."""
    rows: list[dict[str, Any]] = table.column(ROW).to_pylist()
    return [{name: _shared(name, value) for name, value in row.items()} for row in rows]


def _shared(name: str, value: Any) -> Any:
    return intern(value) if isinstance(value, str) and name not in _OWN else value


_OWN = frozenset({"report_id", "title", "url", "sha256", "content", "warnings", "differing", "found_on"})
"""Columns whose texts hardly repeat."""


def claims_of(table: pa.Table, names: Sequence[str]) -> list[dict[str, Any]]:
    """Return some columns of the rows of `reports` in a packed table."""
    rows = table.column(ROW).combine_chunks()
    columns = pa.Table.from_arrays([pc.struct_field(rows, name) for name in names], names=list(names))
    found: list[dict[str, Any]] = columns.to_pylist()
    return found


def contents_of(table: pa.Table, places: Sequence[tuple[int, int, int]]) -> Iterator[tuple[int, str, pa.Table]]:
    """Yield the contents of some rows of a packed table by report year: (year, table's name, rows under their keys).

    `places` are the rows that are wanted, each as its position, its report year and the key it gets.
    """
    years, keys = np.full(len(table), _NOT_WANTED), np.zeros(len(table), dtype=np.int32)
    for position, year, key in places:
        years[position], keys[position] = year, key
    for name in CONTENTS:
        lists = table.column(name).combine_chunks()
        parents = pc.list_parent_indices(lists).to_numpy()
        flat = _keyed(pc.list_flatten(lists), name, keys[parents])
        years_of_rows = years[parents]
        for year in sorted({year for _, year, _ in places}):
            yield year, name, flat.take(np.flatnonzero(years_of_rows == year))


_NOT_WANTED = -1


def _keyed(flat: pa.StructArray, name: str, keys: Any) -> pa.Table:
    arrays = []
    for field in keyed_schema(name):
        if field.name == KEY:
            arrays.append(pa.array(keys))
        else:
            column = pc.struct_field(flat, field.name)
            arrays.append(column.dictionary_encode() if pa.types.is_dictionary(field.type) else column)
    return pa.Table.from_arrays(arrays, schema=keyed_schema(name))


def _content_type(name: str) -> pa.DataType:
    fields = (field for field in keyed_schema(name) if field.name != KEY)
    return pa.struct([pa.field(field.name, _plain(field.type)) for field in fields])


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


class _Lists:
    """A column of lists of structs that grows row by row, kept column by column."""

    def __init__(self, kind: pa.StructType) -> None:
        self._kind = kind
        self._columns: dict[str, list[Any]] = {field.name: [] for field in kind}
        self._ends = [0]
        self._end = 0

    def extend(self, count: int, columns: dict[str, list[Any]]) -> None:
        for name, values in self._columns.items():
            values.extend(columns[name])
        self._end += count

    def close_row(self) -> None:
        self._ends.append(self._end)

    def array(self) -> pa.ListArray:
        arrays = [pa.array(self._columns[field.name], field.type) for field in self._kind]
        values = pa.StructArray.from_arrays(arrays, fields=list(self._kind))
        return pa.ListArray.from_arrays(pa.array(self._ends, pa.int32()), values, type=pa.list_(self._kind))
