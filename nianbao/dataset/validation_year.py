"""One year of the dataset as matrices, report by column of the panel, for the rules that hold it together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.across import without_across
from nianbao.dataset.contents import KEY, keyed
from nianbao.dataset.panel import cell_columns
from nianbao.dataset.panel_columns import panel_cells, panel_name
from nianbao.dataset.tables import file_name
from nianbao.dataset.validation_tables import Defect
from parsers.forms import forms
from parsers.report import Status

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]

READ: tuple[Status, ...] = ("printed", "derived", "blank")
LOST: tuple[Status, ...] = ("unreadable", "absent")


@dataclass(frozen=True)
class Year:
    """The parts of one year; `panel` and `before` are the panel's rows of this year and of the one before it.

    Every id in the parts must be one of `reports`, and every cell one of a form.
    """

    year: int
    reports: pa.Table
    cells: pa.Table
    checks: pa.Table
    sections: pa.Table
    panel: pa.Table
    before: pa.Table

    def __len__(self) -> int:
        return len(self.reports)

    @cached_property
    def ids(self) -> pa.Array:
        """The ids of the reports, in their order."""
        return self.reports.column("report_id").combine_chunks()

    @cached_property
    def own_checks(self) -> pa.Table:
        """The checks that each report decides by itself, under the reports' positions."""
        own = without_across(self.checks)
        return keyed(own, "checks", self._positions_of(own))

    @cached_property
    def keyed_cells(self) -> pa.Table:
        """The cells under the reports' positions."""
        return keyed(self.cells, "cells", self._positions_of(self.cells))

    @cached_property
    def rows(self) -> npt.NDArray[np.int32]:
        """The position of each cell's report."""
        rows: npt.NDArray[np.int32] = self.keyed_cells.column(KEY).to_numpy()
        return rows

    @cached_property
    def columns(self) -> Positions:
        """The panel's column of each cell; DatasetError where no form has the cell."""
        return cell_columns(self.keyed_cells)

    @cached_property
    def values(self) -> Numbers:
        """The numbers of the cells, 0 where there is none."""
        values = np.zeros((len(self), len(panel_cells())))
        values[self.rows, self.columns] = np.nan_to_num(self.cells.column("value").to_numpy())
        return values

    @cached_property
    def blank(self) -> Flags:
        """Where a cell is blank."""
        return self.with_status("blank")

    @cached_property
    def read(self) -> Flags:
        """Where a cell was read, if only as a blank."""
        return self.with_status(*READ)

    @cached_property
    def lost(self) -> Flags:
        """Where a cell was not read."""
        return self.with_status(*LOST)

    def with_status(self, *statuses: Status) -> Flags:
        """Return where a cell has one of these statuses."""
        matrix = np.zeros((len(self), len(panel_cells())), dtype=np.bool_)
        chosen = pc.is_in(self.cells.column("status"), value_set=pa.array(statuses)).to_numpy()
        matrix[self.rows[chosen], self.columns[chosen]] = True
        return matrix

    def with_form(self, table: str, form: str) -> Positions:
        """Return the positions of the reports whose table is on that form."""
        equal = pc.fill_null(pc.equal(self.reports.column(f"{table}_form"), form), fill_value=False)
        return np.flatnonzero(equal.to_numpy())

    def narratives(self, identifiers: list[str]) -> dict[str, str]:
        """Return the texts of some reports, their sections one after the other."""
        chosen = self.sections.filter(pc.is_in(self.sections.column("report_id"), value_set=pa.array(identifiers)))
        texts = dict.fromkeys(identifiers, "")
        for identifier, text in zip(*(chosen.column(name).to_pylist() for name in ("report_id", "text")), strict=True):
            texts[identifier] += f"{text}\n"
        return texts

    def differing(self, name: str, rule: str, wrong: Flags, what: str) -> Iterator[Defect]:
        """Yield a defect if any report, or any column of one, is wrong."""
        by_report = wrong.any(axis=1) if wrong.ndim > 1 else wrong
        yield from self.breaking(name, rule, np.flatnonzero(by_report), what)

    def breaking(self, name: str, rule: str, rows: npt.NDArray[np.integer], what: str) -> Iterator[Defect]:
        """Yield a defect if there are any rows of reports that break a rule."""
        if len(rows):
            first = self.ids[int(rows[0])].as_py()
            yield Defect(self.file(name), rule, len(rows), f"{len(rows)} {what}, such as {first}")

    def file(self, name: str) -> str:
        """Return the file of a table that holds this year."""
        return file_name(name) if name == "panel" else file_name(name, self.year)

    def _positions_of(self, part: pa.Table) -> pa.ChunkedArray:
        return pc.index_in(part.column("report_id"), value_set=self.ids)


def positions(form: str, table: str, cells: Sequence[tuple[str, str]]) -> Positions:
    """Return the panel's columns of some cells of a form."""
    order = {field.name: position for position, field in enumerate(panel_cells())}
    return np.array([order[panel_name(forms()[form].tables[table], row, column)] for row, column in cells], np.int64)
