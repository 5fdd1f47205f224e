"""What publishers changed: the cells that differ between two versions of a report."""

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from nianbao.dataset.contents import KEY, arrange
from nianbao.dataset.schema import UNKNOWN_YEAR, registry
from nianbao.dataset.versions import Entry, Settled

_Pair = tuple[Entry, Entry]
_Cells = dict[tuple[str, ...], dict[str, Any]]


def revisions_table(reports: Iterable[Settled], pool: Iterable[pa.Table]) -> pa.Table:
    """Return one row a cell that differs between two versions which followed one another; `pool` holds their cells."""
    pairs = [pair for report in reports for pair in _pairs(report)]
    keys = sorted({entry.key for pair in pairs for entry in pair})
    cells = _cells_by_key(arrange(pool, keys), keys) if keys else {}
    rows = [row for old, new in pairs for row in _rows(old, new, cells)]
    rows.sort(key=lambda row: (row["report_id"], row["version"]))
    return pa.Table.from_pylist(rows, schema=registry()["revisions"].arrow())


def _pairs(report: Settled) -> Iterator[_Pair]:
    """Yield each revised version with the next one of the same address."""
    entries = report.versions()
    for position, old in enumerate(entries):
        new = next((entry for entry in entries[position + 1 :] if entry.url == old.url), None)
        if new is not None and old.row.get("reason") == "revised":
            yield old, new


def _cells_by_key(arranged: pa.Table, keys: list[int]) -> dict[int, _Cells]:
    found: dict[int, _Cells] = {key: {} for key in keys}
    for cell in arranged.to_pylist():
        place = (cell["table"], cell["row"], cell["column"], cell["form"])
        found[keys[cell[KEY]]][place] = cell
    return found


def _rows(old: Entry, new: Entry, cells: dict[int, _Cells]) -> Iterator[dict[str, Any]]:
    before, after = cells[old.key], cells[new.key]
    year = new.row["report_year"]
    for place in dict.fromkeys((*before, *after)):
        then, now = before.get(place, {}), after.get(place, {})
        if (then.get("value"), then.get("status")) == (now.get("value"), now.get("status")):
            continue
        yield {
            "report_id": new.row["report_id"],
            "report_year": None if year == UNKNOWN_YEAR else year,
            "version": new.row["version"],
            **dict(zip(("table", "row", "column", "form"), place, strict=True)),
            **_side("old", then, old),
            **_side("new", now, new),
        }


def _side(prefix: str, cell: dict[str, Any], entry: Entry) -> dict[str, Any]:
    columns = {f"{prefix}_{name}": cell.get(name) for name in ("value", "status", "raw")}
    return {**columns, f"{prefix}_first_seen": entry.row["fetched_at"]}
