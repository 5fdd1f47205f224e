"""Tables of the dataset a few thousand rows at a time, so that memory does not grow with the country."""

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from nianbao.dataset.reader import Dataset
from nianbao.dataset.schema import registry
from nianbao.dataset.tables import file_name, years_of
from parsers.errors import DatasetError

_ROWS = 20_000


def batches(dataset: Dataset, name: str, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a partitioned table, year by year, in their order. Raises DatasetError."""
    for year in years_of(dataset.folder):
        path = dataset.folder / file_name(name, year)
        try:
            with pq.ParquetFile(path) as file:
                if not file.schema_arrow.equals(registry()[name].arrow()):
                    raise DatasetError(f"{path}: its columns are those of another version; build the dataset anew")
                yield from file.iter_batches(_ROWS, columns=list(columns), use_threads=False)
        except FileNotFoundError:
            raise DatasetError(f"{path}: is missing; build the dataset anew from the archive") from None
        except (OSError, pa.ArrowException) as error:
            reason = str(error).partition("\n")[0]
            raise DatasetError(f"{path}: cannot be read as Parquet ({reason}); build the dataset anew") from error
