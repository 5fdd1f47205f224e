"""Tables on disk: where each one lies in a generation, how it is written and how it is read."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.dataset.fields import YEAR
from nianbao.dataset.schema import FORMAT_VERSION, UNKNOWN_YEAR, registry
from parsers.errors import DatasetError

CODEBOOK = "datapackage.json"

_PART = "part-0.parquet"


def file_name(name: str, year: int | None = None) -> str:
    """Return the place of a table in a generation: `panel.parquet`, or of its part for one year."""
    return f"{name}.parquet" if year is None else f"{name}/{YEAR.name}={year}/{_PART}"


def years_of(folder: Path) -> list[int]:
    """Return the report years that a generation holds, UNKNOWN_YEAR among them where a report names none."""
    return sorted(int(path.name.partition("=")[2]) for path in (folder / "reports").glob(f"{YEAR.name}=*"))


def check_format(folder: Path) -> None:
    """Raise DatasetError if a generation's codebook is damaged, or a later version of this program wrote it."""
    package = folder / CODEBOOK
    try:
        version = int(json.loads(package.read_bytes())["format_version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{package}: is damaged ({_first_line(error)}); {_HOW_TO_GO_ON}") from error
    if version > FORMAT_VERSION:
        raise DatasetError(
            f"{package}: a later version wrote this dataset (format {version}); update nianbao to use it"
        )


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table: equal tables give equal bytes."""
    pq.write_table(table, path, compression="zstd", version="2.6", write_statistics=True)


def write_slices(path: Path, schema: pa.Schema, slices: Iterable[pa.Table]) -> None:
    """Write a table that comes in slices, a row group each, so that it need never be whole in memory."""
    with pq.ParquetWriter(path, schema, compression="zstd", version="2.6", write_statistics=True) as writer:
        for table in slices:
            writer.write_table(table)


def read_part(folder: Path, name: str, year: int | None = None) -> pa.Table:
    """Return one file of a table as it is stored.

    Raises DatasetError if it is missing, damaged, or has other columns than the registry says.
    """
    path = folder / file_name(name, year)
    with _reading(path):
        table = pq.read_table(path, partitioning=None)
    _check_columns(path, name, table.schema)
    return table


def read_groups(folder: Path, name: str, year: int) -> Iterator[pa.Table]:
    """Yield one file of a table as it is stored, a row group at a time; raises DatasetError as `read_part` does."""
    path = folder / file_name(name, year)
    with _reading(path), pq.ParquetFile(path) as file:
        _check_columns(path, name, file.schema_arrow)
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise DatasetError(f"{path}: is missing; {_HOW_TO_GO_ON}") from None
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(f"{path}: cannot be read as Parquet ({_first_line(error)}); {_HOW_TO_GO_ON}") from error


def _check_columns(path: Path, name: str, schema: pa.Schema) -> None:
    if not schema.equals(registry()[name].arrow()):
        raise DatasetError(f"{path}: its columns are those of another version; {_HOW_TO_GO_ON}")


def read_table(folder: Path, name: str, years: Iterable[int] | None = None) -> pa.Table:
    """Return a whole table with its report year, null where a report names none; `years` limits it to some parts."""
    definition = registry()[name]
    if not definition.folder:
        return read_part(folder, name)
    parts = [
        _with_year(read_part(folder, name, year), definition.arrow(with_year=True), year)
        for year in (years_of(folder) if years is None else years)
    ]
    return pa.concat_tables([definition.arrow(with_year=True).empty_table(), *parts])


def _with_year(part: pa.Table, schema: pa.Schema, year: int) -> pa.Table:
    years = pa.repeat(pa.scalar(None if year == UNKNOWN_YEAR else year, pa.int32()), len(part))
    columns = [years if field.name == YEAR.name else part.column(field.name) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


_HOW_TO_GO_ON = (
    "remove the store's link `dataset` and its folder `generations`, then build the dataset anew from the archive"
)
