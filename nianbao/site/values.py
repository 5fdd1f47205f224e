"""The numbers of every report as matrices: reports by indicators, each with how it was read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.panel_columns import panel_cells
from nianbao.dataset.reader import Dataset
from nianbao.site.indicators import Indicator, Sum, indicators
from nianbao.site.streaming import batches

Numbers = npt.NDArray[np.float64]
States = npt.NDArray[np.uint8]
_Mask = npt.NDArray[np.bool_]


class State(IntEnum):
    """How a number came about, or why there is none; of the cells of a sum the highest counts."""

    PRINTED = 0
    DERIVED = 1
    ZERO = 2
    """Blank, and an identity of the form proves that it is 0."""
    BLANK = 3
    OTHER_FORM = 4
    NO_DENOMINATOR = 5
    NO_TABLE = 6
    ABSENT = 7
    UNREADABLE = 8

    @property
    def has_number(self) -> bool:
        """Say whether there is a number."""
        return self <= State.ZERO


_OF_STATUS = {
    "printed": State.PRINTED,
    "derived": State.DERIVED,
    "blank": State.BLANK,
    "absent": State.ABSENT,
    "unreadable": State.UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class Values:
    """`numbers` (NaN for none) and `states`, reports in the order of `ids` by `indicators()`."""

    ids: tuple[str, ...]
    numbers: Numbers
    states: States


def read_values(dataset: Dataset) -> Values:
    """Read the indicators of every report; raises DatasetError where the dataset cannot be read."""
    panel = dataset.arrow("panel")
    ids = panel.column("report_id").to_pylist()
    numbers = np.column_stack([panel.column(field.name).to_numpy() for field in panel_cells()])
    states = _states(panel, ids, dataset)
    states[(states == State.BLANK) & ~np.isnan(numbers)] = State.ZERO
    wanted = indicators()
    shape = (len(ids), len(wanted))
    found = Values(tuple(ids), np.full(shape, np.nan), np.full(shape, State.NO_TABLE, dtype=np.uint8))
    for position, indicator in enumerate(wanted):
        found.numbers[:, position], found.states[:, position] = _worked_out(indicator, numbers, states)
    return found


def _states(panel: pa.Table, ids: Sequence[str], dataset: Dataset) -> States:
    """Return how each cell of the panel was read; where a report has the table, what its form lacks is OTHER_FORM."""
    columns = panel_cells()
    states = np.full((len(ids), len(columns)), State.NO_TABLE, dtype=np.uint8)
    for position, field in enumerate(columns):
        found = panel.column(f"{field.place[0][1]}_form").is_valid().to_numpy()
        states[found, position] = State.OTHER_FORM
    index = pa.array(ids, pa.string())
    for cells in batches(dataset, "cells", ("report_id", "table", "row", "column", "status")):
        rows = pc.index_in(cells.column("report_id"), value_set=index).to_numpy(zero_copy_only=False)
        places, known = _positions(cells)
        states[rows[known], places[known]] = _statuses(cells)[known]
    return states


def _positions(cells: pa.RecordBatch) -> tuple[npt.NDArray[np.int64], _Mask]:
    joined = pc.binary_join_element_wise(cells.column("table"), cells.column("row"), cells.column("column"), ".")
    names = joined.dictionary_encode()
    lookup = np.array([_panel_positions().get(name, -1) for name in names.dictionary.to_pylist()], dtype=np.int64)
    places = lookup[names.indices.to_numpy()]
    return places, places >= 0


def _statuses(cells: pa.RecordBatch) -> States:
    names = pa.array(list(_OF_STATUS))
    codes = np.array(list(_OF_STATUS.values()), dtype=np.uint8)
    found: States = codes[pc.index_in(cells.column("status"), value_set=names).to_numpy(zero_copy_only=False)]
    return found


@cache
def _panel_positions() -> dict[str, int]:
    """Return the panel's column of each cell, by `table.row.column`."""
    return {".".join(place[1:]): position for position, field in enumerate(panel_cells()) for place in field.place}


@cache
def _column_positions() -> dict[str, int]:
    return {field.name: position for position, field in enumerate(panel_cells())}


def _worked_out(indicator: Indicator, numbers: Numbers, states: States) -> tuple[Numbers, States]:
    value, state = _added(indicator.terms, numbers, states)
    if not indicator.over:
        return value, state
    below, state_below = _added(indicator.over, numbers, states)
    state = np.maximum(state, state_below)
    state[(state <= State.ZERO) & (below == 0)] = State.NO_DENOMINATOR
    state[state == State.ZERO] = State.PRINTED
    rates = np.full(len(value), np.nan)
    np.divide(value * indicator.per, below, out=rates, where=state <= State.ZERO)
    return rates, state


def _added(alternatives: tuple[Sum, ...], numbers: Numbers, states: States) -> tuple[Numbers, States]:
    """Return the sum of the first alternative that the report's form has, and its state."""
    value = np.full(len(numbers), np.nan)
    state = np.full(len(numbers), State.OTHER_FORM, dtype=np.uint8)
    for terms in reversed(alternatives):
        columns = [_column_positions()[term] for term in terms]
        worst = states[:, columns].max(axis=1)
        applies = (worst != State.OTHER_FORM) & (states[:, columns] != State.OTHER_FORM).all(axis=1)
        partly_printed = (worst == State.ZERO) & (states[:, columns] < State.ZERO).any(axis=1)
        value[applies] = numbers[np.ix_(applies, columns)].sum(axis=1)
        state[applies] = np.where(partly_printed, State.PRINTED, worst)[applies]
    return value, state


def cells_of(indicator: Indicator) -> Iterator[str]:
    """Yield the cells that an indicator takes, in each form, as `table.row.column`."""
    fields = {field.name: field for field in panel_cells()}
    for terms in (*indicator.terms, *indicator.over):
        for term in terms:
            yield from dict.fromkeys(".".join(place[1:]) for place in fields[term].place)
