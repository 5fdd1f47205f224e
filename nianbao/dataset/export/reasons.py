"""Why numbers are missing, in Stata's letters: of the panel's from the statuses of the cells behind them."""

from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.export.parts import batches
from nianbao.dataset.panel_columns import panel_cells
from nianbao.dataset.reader import Dataset
from parsers.errors import DatasetError
from parsers.forms import forms

Letters = npt.NDArray[np.str_]

BLANK, UNREADABLE, ABSENT, NOT_IN_FORM = "abcd"
MEANINGS = {BLANK: "blank", UNREADABLE: "unreadable", ABSENT: "absent", NOT_IN_FORM: "not in this form"}
"""What Stata's extended missing values .a to .d stand for."""

OF_STATUS = {"blank": BLANK, "unreadable": UNREADABLE, "absent": ABSENT}
"""The letter of each status that has no value."""


def panel_letters(dataset: Dataset, panel: pa.Table) -> Letters:
    """Return the letter of each number of the panel, report by column; "" where its cell was read.

    A column that the form of the report's table does not have is `d`; a table that is not in the document has no
    cells, so all of its columns are `c`. Raises DatasetError if cells and panel do not belong together.
    """
    letters = _by_form(panel)
    ids = panel.column("report_id").combine_chunks()
    for cells in batches(dataset, "cells"):
        reports = pc.index_in(cells.column("report_id"), value_set=ids)
        if reports.null_count:
            raise DatasetError(f"{dataset.folder}: the panel lacks reports that have cells; {_HOW_TO_GO_ON}")
        letters[reports.to_numpy(), _columns(cells)] = status_letters(cells.column("status"))
    return letters


def status_letters(statuses: pa.ChunkedArray) -> Letters:
    """Return the letter of each status, "" where the cell was read."""
    encoded = pc.dictionary_encode(statuses).combine_chunks()
    letters = np.array([*(OF_STATUS.get(status, "") for status in encoded.dictionary.to_pylist()), ""], dtype="U1")
    found: Letters = letters[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
    return found


def _by_form(panel: pa.Table) -> Letters:
    """Return what the forms of the tables say before any cell is looked at: `c` or `d`."""
    letters = np.full((len(panel), len(panel_cells())), ABSENT, dtype="U1")
    for position, field in enumerate(panel_cells()):
        table = field.place[0][1]
        lacking = [form for form in forms() if form not in {place[0] for place in field.place}]
        lacks = pc.is_in(panel.column(f"{table}_form"), value_set=pa.array(lacking, pa.string()))
        letters[lacks.to_numpy(), position] = NOT_IN_FORM
    return letters


def _columns(cells: pa.Table) -> npt.NDArray[np.int64]:
    """Return the position of each cell among the panel's numbers."""
    names = pc.binary_join_element_wise(*(cells.column(name) for name in ("table", "row", "column")), ".")
    encoded = pc.dictionary_encode(names).combine_chunks()
    unknown = [name for name in encoded.dictionary.to_pylist() if name not in _positions()]
    if unknown:
        raise DatasetError(f"{unknown[0]}: no form has this cell; {_HOW_TO_GO_ON}")
    places = np.array([_positions()[name] for name in encoded.dictionary.to_pylist()], dtype=np.int64)
    found: npt.NDArray[np.int64] = places[encoded.indices.to_numpy()]
    return found


@cache
def _positions() -> dict[str, int]:
    """Return the panel's position of each cell by TABLE.ROW.COLUMN."""
    return {
        f"{table}.{row}.{column}": position
        for position, field in enumerate(panel_cells())
        for _form, table, row, column in field.place
    }


_HOW_TO_GO_ON = "build the dataset anew from the archive, then export again"
