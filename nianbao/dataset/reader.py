"""The dataset as a reader opens it: one whole generation, as pandas or Arrow tables."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from nianbao.dataset.generations import LINK, current
from nianbao.dataset.schema import registry
from nianbao.dataset.tables import check_format, read_table
from parsers.errors import DatasetError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Dataset:
    """One generation of a dataset; it stays what it was when opened, also after the next one has taken its place.

    In the frames years and counts are nullable Int64, numbers float64, flags nullable boolean, the rest text. A number
    is null where its status (`cells`) or the codebook (`panel`) says why.
    """

    folder: Path

    def reports(self) -> "pd.DataFrame":
        """One row a report: whose, which year, from where, and how well it was read."""
        return self._frame("reports")

    def cells(self) -> "pd.DataFrame":
        """One row a cell of a statutory table, in the form's order; a blank is null with its status."""
        return self._frame("cells")

    def checks(self) -> "pd.DataFrame":
        """One row a check: an identity or a sentence held against the table, with its outcome."""
        return self._frame("checks")

    def sections(self) -> "pd.DataFrame":
        """One row a section: the six narratives of each report."""
        return self._frame("sections")

    def panel(self) -> "pd.DataFrame":
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

        They take the year from the folders' names: DuckDB as BIGINT, pyarrow as int32, pandas.read_parquet as a
        category; `report_year=0` holds the reports that name no year. Raises DatasetError if there is no such table.
        """
        if name not in registry():
            raise DatasetError(f"{name}: no such table; there are {', '.join(registry())}")
        return self.folder / (name if registry()[name].folder else f"{name}.parquet")

    def _frame(self, name: str) -> "pd.DataFrame":
        import pandas as pd  # takes as long to load as twenty pages to parse, and those who parse need no frames

        nullable = {pa.int32(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}
        frame: pd.DataFrame = self.arrow(name).to_pandas(types_mapper=nullable.get)
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
    check_format(folder)
    return Dataset(folder)
