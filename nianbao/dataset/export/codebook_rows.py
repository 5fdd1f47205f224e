"""The codebook as rows, one a column of a table, for the formats that hold tables."""

import pyarrow as pa

from nianbao.dataset.codebook_entries import field_columns, field_entries
from nianbao.dataset.schema import registry

KEY = ("table", "column")


def codebook_rows() -> list[tuple[str, ...]]:
    """Return one row a column of every table, in the order of the registry, under `field_columns()`."""
    return [entry.texts() for name in registry() for entry in field_entries(name)]


def codebook_table() -> pa.Table:
    """Return the codebook as an Arrow table of texts."""
    schema = pa.schema([(name, pa.string()) for name in field_columns()])
    columns = zip(*codebook_rows(), strict=True)
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=schema)
