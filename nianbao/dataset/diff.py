"""Two datasets compared cell by cell: what a new version of the parser gains, loses and changes."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nianbao.dataset.diff_reports import Pair, Pairs
from nianbao.dataset.reader import Dataset
from nianbao.dataset.schema import UNKNOWN_YEAR
from nianbao.dataset.tables import file_name
from parsers.errors import DatasetError

Kind = Literal["gained", "lost", "changed", "status"]
KINDS: tuple[Kind, ...] = ("lost", "changed", "gained", "status")
"""A cell that only the second reads; that only the first reads; that both read with different values; whose value is
the same with another status, or that neither reads and for different reasons."""

_READ = ("printed", "blank", "derived")
_CELL = ["table", "row", "column"]
_COLUMNS = ["report_id", *_CELL, "value", "status"]
_REPORTS_AT_ONCE = 4_000


@dataclass(slots=True)
class Comparison:
    """The counts of a comparison, complete when all differences are consumed.

    `cells` counts by (kind, table), `same` the cells that are equal; `grades` counts the reports of both whose grade
    differs, by (before, after).
    """

    pairs: Pairs
    cells: Counter[tuple[str, str]] = field(default_factory=Counter)
    same: int = 0

    @property
    def kinds(self) -> Counter[str]:
        """How many cells differ in each way."""
        found: Counter[str] = Counter()
        for (kind, _table), count in self.cells.items():
            found[kind] += count
        return found


def compare(before: Dataset, after: Dataset) -> tuple[Comparison, Iterator[dict[str, Any]]]:
    """Compare the cells of two datasets; the rows of the differences are worked out while they are consumed.

    Reports are the same where their identifiers are, else where one address has one report in both. A row has kind,
    report_id, report_id_after, report_year, url, table, row, column, and value and status before and after. They come
    by report year and identifier. Raises DatasetError.
    """
    pairs = Pairs(before, after)
    comparison = Comparison(pairs)
    return comparison, _differences(before, after, comparison)


def _differences(before: Dataset, after: Dataset, comparison: Comparison) -> Iterator[dict[str, Any]]:
    for slice_ in _slices(comparison.pairs.all):
        numbers = dict(enumerate(slice_))
        old = _cells(
            before, {pair.before: number for number, pair in numbers.items() if pair.before}, "year_before", slice_
        )
        new = _cells(
            after, {pair.after: number for number, pair in numbers.items() if pair.after}, "year_after", slice_
        )
        merged = old.merge(new, "outer", on=["pair", *_CELL], suffixes=("_before", "_after"), sort=False)
        merged["kind"] = _kinds(merged)
        comparison.same += int((merged["kind"] == "").sum())
        differing = merged[merged["kind"] != ""].sort_values(["pair", *_CELL], kind="stable")
        for row in differing.to_dict("records"):
            comparison.cells[row["kind"], row["table"]] += 1
            yield _row(row, numbers[row["pair"]])


def _slices(pairs: list[Pair]) -> Iterator[list[Pair]]:
    """Yield pairs in slices, each of one year before and one year after."""
    groups: defaultdict[tuple[int, int], list[Pair]] = defaultdict(list)
    for pair in pairs:
        groups[pair.year, pair.year_after if pair.year_after is not None else pair.year].append(pair)
    for _, group in sorted(groups.items()):
        for start in range(0, len(group), _REPORTS_AT_ONCE):
            yield group[start : start + _REPORTS_AT_ONCE]


def _cells(dataset: Dataset, numbers: dict[str, int], year: str, slice_: list[Pair]) -> pd.DataFrame:
    years = {getattr(pair, year) for pair in slice_} - {None}
    ids = pa.array(list(numbers), pa.string())
    parts = [_part(dataset, year, ids) for year in sorted(years)]
    table = pa.concat_tables([_EMPTY, *parts])
    places = pa.array(list(numbers.values()), pa.int64())
    pair = places.take(pc.index_in(table.column("report_id"), value_set=ids).combine_chunks())
    frame: pd.DataFrame = table.drop_columns("report_id").append_column("pair", pair).to_pandas()
    return frame


_EMPTY = pa.schema([(name, pa.float64() if name == "value" else pa.string()) for name in _COLUMNS]).empty_table()


def _part(dataset: Dataset, year: int, ids: pa.Array) -> pa.Table:
    path = dataset.folder / file_name("cells", year)
    try:
        return pq.read_table(path, columns=_COLUMNS, partitioning=None, filters=pc.is_in(pc.field("report_id"), ids))
    except (OSError, pa.ArrowException) as error:
        raise DatasetError(f"{path}: cannot be read ({error}); restore it, or parse the archive again") from error


def _kinds(merged: pd.DataFrame) -> Any:
    """Return the kind of each row, empty where nothing differs."""
    read_before, read_after = (merged[f"status_{side}"].isin(_READ).to_numpy() for side in ("before", "after"))
    old, new = (merged[f"value_{side}"].to_numpy(dtype=float) for side in ("before", "after"))
    same_value = (old == new) | (np.isnan(old) & np.isnan(new))
    same_status = (merged["status_before"].fillna("") == merged["status_after"].fillna("")).to_numpy()
    conditions = [read_after & ~read_before, read_before & ~read_after, read_before & ~same_value, ~same_status]
    return np.select(conditions, ["gained", "lost", "changed", "status"], default="")


def _row(row: dict[Any, Any], pair: Pair) -> dict[str, Any]:
    return {
        "kind": row["kind"],
        "report_id": pair.before or pair.after,
        "report_id_after": pair.after,
        "report_year": None if pair.year == UNKNOWN_YEAR else pair.year,
        "url": pair.url,
        **{name: row[name] for name in _CELL},
        **{
            f"{name}_{side}": _plain(row[f"{name}_{side}"])
            for side in ("before", "after")
            for name in ("value", "status")
        },
    }


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
