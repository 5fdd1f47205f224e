"""The panel: one row a report, one column a cell of the forms."""

from functools import cache
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.contents import KEY
from nianbao.dataset.panel_columns import panel_cells, panel_name
from nianbao.dataset.schema import UNKNOWN_YEAR, registry
from parsers.errors import DatasetError
from parsers.forms import forms

_Positions = npt.NDArray[np.int64]
_NO_PLACE = -1


def panel_table(rows: list[dict[str, Any]], cells: pa.Table, checks: pa.Table) -> pa.Table:
    """Return the panel of these reports; the keys of `cells` and `checks` are positions in `rows`."""
    return _assembled(rows, panel_numbers(len(rows), cells, checks))


def panel_numbers(count: int, cells: pa.Table, checks: pa.Table) -> npt.NDArray[np.float64]:
    """Return the numbers of the panel, report by column, NaN for null; the keys are positions below `count`.

    A printed or derived cell has its value. A blank is 0 where an identity that contains it was decided and holds,
    else null; whatever was not read is null.
    """
    values = np.full((count, len(panel_cells())), np.nan)
    reports = cells.column(KEY).to_numpy()
    columns = cell_columns(cells)
    read = pc.is_in(cells.column("status"), value_set=pa.array(["printed", "derived"])).to_numpy()
    values[reports[read], columns[read]] = cells.column("value").to_numpy()[read]
    blank = pc.equal(cells.column("status"), "blank").to_numpy()
    proved = _proved(count, checks)[reports, columns] & blank
    values[reports[proved], columns[proved]] = 0
    return values


def _assembled(rows: list[dict[str, Any]], values: npt.NDArray[np.float64]) -> pa.Table:
    schema = registry()["panel"].arrow()
    numbers = {
        field.name: pa.array(np.ascontiguousarray(values[:, position]), from_pandas=True)
        for position, field in enumerate(panel_cells())
    }
    head = [field for field in schema if field.name not in numbers]
    texts = pa.Table.from_pylist([_year_or_null(row) for row in rows], schema=pa.schema(head))
    arrays = [numbers[field.name] if field.name in numbers else texts.column(field.name) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _year_or_null(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "report_year": None} if row["report_year"] == UNKNOWN_YEAR else row


def cell_columns(cells: pa.Table) -> _Positions:
    """Return the position of each cell among the panel's numbers; DatasetError if no form has such a cell."""
    parts = [cells.column(name).unify_dictionaries().combine_chunks() for name in ("table", "row", "column")]
    codes = np.zeros(len(cells), dtype=np.int64)
    for part in parts:
        codes = codes * len(part.dictionary) + part.indices.to_numpy()
    names = product(*(part.dictionary.to_pylist() for part in parts))
    places = _columns_by_place()
    lookup = np.array([places.get(".".join(name), _NO_PLACE) for name in names], dtype=np.int64)
    positions: _Positions = lookup[codes] if len(codes) else codes
    if len(lost := np.flatnonzero(positions == _NO_PLACE)):
        cell = ".".join(part[int(lost[0])].as_py() for part in parts)
        raise DatasetError(f"{cell}: no form has this cell; parse its report again with this version")
    return positions


def _proved(reports: int, checks: pa.Table) -> npt.NDArray[np.bool_]:
    """Return, report by column, whether an identity that contains the cell was decided and holds."""
    proved = np.zeros((reports, len(panel_cells())), dtype=np.bool_)
    passed = checks.filter(pc.equal(checks.column("outcome"), "pass"))
    joined = pc.binary_join_element_wise(_texts(passed, "id"), _texts(passed, "at"), " ")
    names = pc.dictionary_encode(joined).combine_chunks()
    keys, which = passed.column(KEY).to_numpy(), names.indices.to_numpy()
    for index, name in enumerate(names.dictionary.to_pylist()):
        proved[np.ix_(keys[which == index], _columns_of_identity(name))] = True
    return proved


@cache
def _columns_by_place() -> dict[str, int]:
    return {
        f"{table}.{row}.{column}": position
        for position, field in enumerate(panel_cells())
        for _form, table, row, column in field.place
    }


@cache
def _columns_of_identity(name: str) -> list[int]:
    """Return the panel's columns that `id at` adds up, in whichever form; none for checks that are no identity."""
    identifier, at = name.split(" ", 1)
    positions = {field.name: position for position, field in enumerate(panel_cells())}
    found = set()
    for form in forms().values():
        for table in form.tables.values():
            for identity in (identity for identity in table.identities if identity.id == identifier):
                terms = (*identity.left, *identity.right)
                pairs = ((term, at) if identity.per == "column" else (at, term) for term in terms)
                found |= {positions[panel_name(table, *pair)] for pair in pairs}
    return sorted(found)


def _texts(table: pa.Table, name: str) -> pa.ChunkedArray:
    return table.column(name).cast(pa.string())
