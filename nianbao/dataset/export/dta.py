"""Stata 118: labelled files that tell apart why a number is missing.

`.a` blank, `.b` unreadable, `.c` absent, `.d` not in this form. Source: Stata, help dta, format 118.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from nianbao.dataset.export.files import ExportedFile, file_stem
from nianbao.dataset.export.parts import batches, years
from nianbao.dataset.export.reasons import MEANINGS, panel_letters
from nianbao.dataset.export.stata_columns import StataColumn, stata_column
from nianbao.dataset.panel_columns import panel_cells
from nianbao.dataset.reader import Dataset
from nianbao.dataset.release_date import latest_fetch
from nianbao.dataset.schema import UNKNOWN_YEAR, registry
from parsers.errors import DatasetError

WHOLE = ("panel", "reports", "coverage", "revisions")
"""Tables that become one file."""

BY_YEAR = ("cells", "checks")
"""Tables that become a file a report year: a national year of cells fills a memory."""

_STATA_14 = 14
"""The release that introduced format 118, which is what pyreadstat calls it by."""

_END = b"</stata_dta>"
_TIMESTAMP = b"<timestamp>\x11"
_HEADER_BYTES = 1024


def write(dataset: Dataset, folder: Path) -> list[ExportedFile]:
    """Write the tables into `folder`; equal datasets give equal bytes, the time in the files is the latest fetch."""
    _need_pyreadstat()
    stamp = _timestamp(latest_fetch(dataset))
    files = []
    for name, stem, table in _tables(dataset):
        columns = _columns(dataset, name, table)
        path = folder / f"{stem}.dta"
        _write_file(path, columns, registry()[name].title)
        _stamp(path, stamp)
        files.append(ExportedFile(path.name, len(table)))
    return files


def _tables(dataset: Dataset) -> Iterator[tuple[str, str, pa.Table]]:
    """Yield the registry's name, the file's name and the rows of each file."""
    for name in WHOLE:
        yield name, file_stem(name), _read(dataset, name)
    for name in BY_YEAR:
        for year in years(dataset):
            suffix = "unknown" if year == UNKNOWN_YEAR else year
            yield name, f"{file_stem(name)}_{suffix}", _read(dataset, name, year)


def _read(dataset: Dataset, name: str, year: int | None = None) -> pa.Table:
    schema = registry()[name].arrow(with_year=True)
    return pa.concat_tables([schema.empty_table(), *batches(dataset, name, year=year)])


def _columns(dataset: Dataset, name: str, table: pa.Table) -> Iterator[StataColumn]:
    fields = registry()[name].fields
    if name != "panel":
        yield from (stata_column(field, table) for field in fields)
        return
    letters = panel_letters(dataset, table)
    positions = {field.name: position for position, field in enumerate(panel_cells())}
    for field in fields:
        position = positions.get(field.name)
        yield stata_column(field, table, None if position is None else letters[:, position])


def _write_file(path: Path, columns: Iterator[StataColumn], title: str) -> None:
    import pyreadstat

    listed = list(columns)
    labels: dict[str, Any] = {column.name: column.labels for column in listed if column.labels}
    reasons = ", ".join(f".{letter} {meaning}" for letter, meaning in MEANINGS.items())
    try:
        pyreadstat.write_dta(
            pd.DataFrame({column.name: pd.Series(column.values, dtype=column.values.dtype) for column in listed}),
            path,
            version=_STATA_14,
            file_label=f"{title}: {reasons}",
            column_labels={column.name: column.label for column in listed},
            variable_value_labels=labels,
            missing_user_values={column.name: list(column.letters) for column in listed if column.letters},
            variable_format={column.name: column.display for column in listed if column.display},
        )
    except pyreadstat.ReadstatError as error:
        if "write data" not in str(error):
            raise
        raise OSError(None, str(error), str(path)) from error


def _stamp(path: Path, stamp: bytes) -> None:
    """Put the time into the header, which holds the clock's, and see that the file is whole.

    Raises OSError for one that is not: pyreadstat 1.3 ends without a word where a disk is full.
    """
    with path.open("r+b") as file:
        file.seek(-len(_END), 2)
        if file.read() != _END:
            raise OSError(None, "the file was cut short, most likely by a full disk", str(path))
        file.seek(0)
        place = file.read(_HEADER_BYTES).index(_TIMESTAMP) + len(_TIMESTAMP)
        file.seek(place)
        file.write(stamp)


def _timestamp(time: datetime) -> bytes:
    months = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
    return f"{time.day:02} {months[time.month - 1]} {time:%Y %H:%M}".encode()


def _need_pyreadstat() -> None:
    try:
        import pyreadstat  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise DatasetError(
            'Stata files need nianbao[export]; install it with: pip install "nianbao[export]"'
        ) from error
