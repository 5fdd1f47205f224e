"""Checks across reports: what two years of one publisher, or a jurisdiction and its agencies, must say alike.

They stand in `checks` alone, with the later year's report or the jurisdiction's, and change no grade. The numbers are
those of the panel: printed, derived, or a blank that an identity of its own table proves to be 0.

across.carried_in   carried_in(t) = carried_out(t-1), for each column of applicants, also across the change of form
across.in_force     in_force(t) = in_force(t-1) + issued(t) - repealed(t), form 2021, only where all four are known
across.agencies     a jurisdiction's total = the sum over its agencies (see across_agencies)
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.across_agencies import agency_sums
from nianbao.dataset.contents import KEY, keyed_schema
from nianbao.dataset.panel_columns import panel_name
from parsers.forms import forms

PREFIX = "across."
CARRIED_IN, IN_FORCE, AGENCIES = (f"{PREFIX}{name}" for name in ("carried_in", "in_force", "agencies"))

Texts = Callable[[list[str]], dict[str, str]]
"""The narratives of some reports, by report id."""

_NEAR = 1e-9
_FORM = "2021"
_Numbers = npt.NDArray[np.float64]
_Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Sides:
    """One check held against many reports: rows of the panel, and both sides, NaN where one is not known."""

    table: str
    id: str
    at: str
    rows: _Rows
    left: _Numbers
    right: _Numbers


def across_checks(now: pa.Table, before: pa.Table, texts: Texts) -> pa.Table:
    """Return the checks of one year as a keyed table, the keys being rows of `now`, sorted by them.

    `now` and `before` are the panels of the year and of the year before it; `texts` is asked for jurisdictions with
    agencies only.
    """
    held = [*_carried_in(now, before), *_in_force(now, before), *_agencies(now, texts)]
    schema = keyed_schema("checks")
    tables = [schema.empty_table(), *(_as_table(sides, schema) for sides in held if len(sides.rows))]
    together = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    return together.take(pc.sort_indices(together, sort_keys=[(KEY, "ascending")]))


def without_across(checks: pa.Table) -> pa.Table:
    """Return only those checks of a stored table that a report decides by itself."""
    return checks.filter(pc.invert(pc.starts_with(checks.column("id").cast(pa.string()), PREFIX)))


def only_across(checks: pa.Table) -> pa.Table:
    """Return only those checks of a stored table that compare reports."""
    return checks.filter(pc.starts_with(checks.column("id").cast(pa.string()), PREFIX))


def _carried_in(now: pa.Table, before: pa.Table) -> Iterator[_Sides]:
    rows, earlier = _successive(now, before, _filled(now, "requests_form"))
    for column in (column.code for column in forms()[_FORM].tables["requests"].blocks[0].columns):
        left = _numbers(now, f"req_carried_in_{column}")[rows]
        right = _numbers(before, f"req_carried_out_{column}")[earlier]
        yield _Sides("requests", CARRIED_IN, column, rows, left, right)


def _in_force(now: pa.Table, before: pa.Table) -> Iterator[_Sides]:
    rows, earlier = _successive(now, before, _filled(now, "disclosure_form"))
    for row in (row.code for row in forms()[_FORM].tables["disclosure"].blocks[0].rows):
        left = _numbers(now, f"dis_{row}_in_force")[rows]
        change = (_numbers(now, f"dis_{row}_issued") - _numbers(now, f"dis_{row}_repealed"))[rows]
        right = _numbers(before, f"dis_{row}_in_force")[earlier] + change
        known = ~np.isnan(left) & ~np.isnan(right)
        yield _Sides("disclosure", IN_FORCE, row, rows[known], left[known], right[known])


def _agencies(now: pa.Table, texts: Texts) -> Iterator[_Sides]:
    tables = [forms()[_FORM].tables[code] for code in ("requests", "appeals")]
    columns = {panel_name(table, row, "total"): (table.code, row) for table in tables for row in table.columns}
    jurisdictions, sums = agency_sums(now, list(columns), texts)
    for column, (table, row) in columns.items():
        has_table = _filled(now, f"{table}_form")[jurisdictions]
        rows = jurisdictions[has_table]
        yield _Sides(table, AGENCIES, row, rows, _numbers(now, column)[rows], sums[column][has_table])


def _successive(now: pa.Table, before: pa.Table, wanted: npt.NDArray[np.bool_]) -> tuple[_Rows, _Rows]:
    """Return the rows of the wanted reports that have one of the year before, and the rows of that one.

    The two are of one series of divisions, scope, publisher and host: a county that became a district is compared with
    itself. A report without code, year or scope has no other.
    """
    positions = pc.fill_null(pc.index_in(_lines(now), value_set=_lines(before), skip_nulls=True), -1)
    found = positions.to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.flatnonzero((found >= 0) & wanted)
    return rows, found[rows]


def _lines(panel: pa.Table) -> pa.Array:
    """Return what the reports of one line over the years have in common, null where a report is of none.

    A report id names code, year, scope, publisher and the host of a copy; the series stands for code and year, or the
    code where it has none.
    """
    ids = panel.column("report_id").combine_chunks().cast(pa.string())
    rest = pc.replace_substring_regex(ids, r"^\d{6}-\d{4}-", "")
    places = [panel.column(name).combine_chunks().cast(pa.string()) for name in ("series", "division_code")]
    return pc.if_else(pc.equal(rest, ids), None, pc.binary_join_element_wise(pc.coalesce(*places), rest, "-"))


def _filled(panel: pa.Table, column: str) -> npt.NDArray[np.bool_]:
    filled: npt.NDArray[np.bool_] = pc.is_valid(panel.column(column)).to_numpy()
    return filled


def _numbers(panel: pa.Table, column: str) -> _Numbers:
    numbers: _Numbers = panel.column(column).to_numpy()
    return numbers


def _as_table(sides: _Sides, schema: pa.Schema) -> pa.Table:
    known = ~np.isnan(sides.left) & ~np.isnan(sides.right)
    with np.errstate(invalid="ignore"):
        holds = np.abs(sides.left - sides.right) < _NEAR
    outcomes = np.where(known, np.where(holds, "pass", "fail"), "undecidable")
    texts = {"table": sides.table, "id": sides.id, "at": sides.at}
    columns = {name: pa.array([text] * len(sides.rows), pa.string()) for name, text in texts.items()}
    columns |= {
        KEY: pa.array(sides.rows, pa.int32()),
        "left": pa.array(sides.left, from_pandas=True),
        "right": pa.array(sides.right, from_pandas=True),
        "outcome": pa.array(outcomes, pa.string()),
    }
    return pa.Table.from_arrays([columns[field.name].cast(field.type) for field in schema], schema=schema)
