"""Cells, checks and sections of many reports as Arrow tables, each row under the integer key of its version."""

import hashlib
import json
from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa

from nianbao.dataset.schema import registry
from parsers.report import Report

KEY = "key"
CONTENTS = ("cells", "checks", "sections")

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

    The key column of the result is the position in `wanted`. Of the tables, which may come one by one, only the wanted
    rows are held in memory.
    """
    pool = pa.concat_tables(_of_keys(table, wanted) for table in tables).unify_dictionaries()
    keys = pool.column(KEY).to_numpy()
    order = np.argsort(keys, kind="stable")
    first, end = (np.searchsorted(keys[order], wanted, side=side) for side in ("left", "right"))
    counts = end - first
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    rows = pool.take(pa.array(order[np.repeat(first, counts) + within]))
    positions = np.repeat(np.arange(len(wanted), dtype=np.int32), counts)
    return rows.set_column(0, KEY, pa.array(positions))


def _of_keys(table: pa.Table, wanted: Sequence[int]) -> pa.Table:
    is_wanted = np.isin(table.column(KEY).to_numpy(), np.asarray(wanted, dtype=np.int32))
    return table if is_wanted.all() else table.filter(pa.array(is_wanted))


def named(arranged: pa.Table, ids: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return an arranged table as it is stored: the columns of `ids`, taken by position, in place of the key."""
    positions = arranged.column(KEY)
    columns = {name: arranged.column(name) for name in arranged.column_names}
    columns |= {name: ids.column(name).take(positions) for name in ids.column_names if name in schema.names}
    return pa.Table.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)


def _packed(field: pa.Field) -> pa.DataType:
    return pa.dictionary(pa.int32(), field.type) if field.name in _REPEATED else field.type
