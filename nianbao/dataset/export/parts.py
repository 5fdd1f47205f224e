"""The rows of a table in batches, so that a table larger than the memory can be copied."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.dataset.fields import YEAR
from nianbao.dataset.reader import Dataset
from nianbao.dataset.schema import UNKNOWN_YEAR, registry
from nianbao.dataset.tables import file_name, years_of
from parsers.errors import DatasetError

BATCH = 1 << 16
"""Rows of a batch, at most."""


def years(dataset: Dataset) -> list[int]:
    """Return the report years of the dataset's folders, UNKNOWN_YEAR among them where a report names none."""
    return years_of(dataset.folder)


def batches(dataset: Dataset, name: str, *, year: int | None = None, size: int = BATCH) -> Iterator[pa.Table]:
    """Yield the rows of a table with the types of its schema, the report year among them, at most `size` at a time.

    With a `year` only those of that folder come. Raises DatasetError if a file is missing or damaged, or has other
    columns than the registry says.
    """
    if not registry()[name].folder:
        yield from _file_batches(dataset.folder / file_name(name), name, None, size)
        return
    for each in years(dataset) if year is None else [year]:
        yield from _file_batches(dataset.folder / file_name(name, each), name, each, size)


def _file_batches(path: Path, name: str, year: int | None, size: int) -> Iterator[pa.Table]:
    schema = registry()[name].arrow(with_year=True)
    try:
        with pq.ParquetFile(path) as file:
            if not file.schema_arrow.equals(registry()[name].arrow()):
                raise DatasetError(f"{path}: its columns are those of another version; {_HOW_TO_GO_ON}")
            for batch in file.iter_batches(batch_size=size):
                yield _with_year(batch, schema, year)
    except FileNotFoundError:
        raise DatasetError(f"{path}: is missing; {_HOW_TO_GO_ON}") from None
    except (OSError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise DatasetError(f"{path}: cannot be read as Parquet ({reason}); {_HOW_TO_GO_ON}") from error


def _with_year(batch: pa.RecordBatch, schema: pa.Schema, year: int | None) -> pa.Table:
    if YEAR.name in batch.schema.names or YEAR.name not in schema.names:
        return pa.Table.from_batches([batch])
    value = pa.scalar(None if year == UNKNOWN_YEAR else year, pa.int32())
    folder_year = pa.repeat(value, len(batch))
    columns = [folder_year if field.name == YEAR.name else batch.column(field.name) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


_HOW_TO_GO_ON = "build the dataset anew from the archive, then run this again"
