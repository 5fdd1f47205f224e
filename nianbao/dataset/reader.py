"""The dataset as a reader opens it: one whole generation, as pandas or Arrow tables."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa

from nianbao.dataset.generations import LINK, current
from nianbao.dataset.schema import FORMAT_VERSION, registry
from nianbao.dataset.tables import read_table
from parsers.errors import DatasetError

_NULLABLE = {pa.int32(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}


@dataclass(frozen=True, slots=True)
class Dataset:
    """One generation of a dataset; it stays what it was when opened, even while the next one is written.

    In the frames years and counts are nullable Int64, numbers float64, flags nullable boolean, the rest text. A number
    is null where its status (`cells`) or the codebook (`panel`) says why.
    """

    folder: Path

    def reports(self) -> pd.DataFrame:
        """One row a report: whose, which year, from where, and how well it was read."""
        return self._frame("reports")

    def cells(self) -> pd.DataFrame:
        """One row a cell of a statutory table, in the form's order; a blank is null with its status."""
        return self._frame("cells")

    def checks(self) -> pd.DataFrame:
        """One row a check: an identity or a sentence held against the table, with its outcome."""
        return self._frame("checks")

    def sections(self) -> pd.DataFrame:
        """One row a section: the six narratives of each report."""
        return self._frame("sections")

    def panel(self) -> pd.DataFrame:
        """One row a report, one column a cell of the forms, such as `req_new_person`."""
        return self._frame("panel")

    def arrow(self, name: str) -> pa.Table:
        """Return a table of the codebook (`cells`, `coverage`, `history/cells`, …) with the types of its schema.

        Raises DatasetError if there is no such table, or a file of it is damaged.
        """
        self.path(name)
        return read_table(self.folder, name)

    def path(self, name: str) -> Path:
        """Return where a table lies: a Parquet file, or a folder of them by `report_year`, for other engines.

        Raises DatasetError if there is no such table.
        """
        if name not in registry():
            raise DatasetError(f"{name}: no such table; there are {', '.join(registry())}")
        return self.folder / (name if registry()[name].folder else f"{name}.parquet")

    def _frame(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = self.arrow(name).to_pandas(types_mapper=_NULLABLE.get)
        return frame


def open_dataset(store: Path | str) -> Dataset:
    """Open the dataset of a store as it is now.

    Raises DatasetError if there is none, it is damaged, or a later version of this program wrote it.
    """
    folder = current(Path(store))
    if folder is None:
        raise DatasetError(
            f"{Path(store) / LINK}: there is no dataset; harvest into this store first, or check the path"
        )
    _check_version(folder / "datapackage.json")
    return Dataset(folder)


def _check_version(package: Path) -> None:
    try:
        version = int(json.loads(package.read_bytes())["format_version"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{package}: the dataset is damaged ({error}); build it anew from the archive") from error
    if version > FORMAT_VERSION:
        raise DatasetError(
            f"{package}: a later version wrote this dataset (format {version}); update nianbao to read it"
        )
