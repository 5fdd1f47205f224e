"""What changed from one release to the next: reports new, changed and gone, and every cell that reads differently."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from nianbao.dataset.export.csv import write_file
from nianbao.dataset.fields import YEAR
from nianbao.dataset.schema import UNKNOWN_YEAR
from nianbao.dataset.tables import file_name, years_of
from parsers.errors import DatasetError

NEW, CHANGED, GONE = "new", "changed", "gone"

_REPORT = ("report_id", "division_name", "publisher", "scope", "url", "sha256", "parser_version", "content")
_ADDRESS = ["report_id", "table", "row", "column"]
_READING = {"value": pa.float64(), "status": pa.string()}
_REPORTS_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("report_id", "change", "reason")),
        (YEAR.name, pa.int32()),
        *((name, pa.string()) for name in _REPORT[1:5]),
    ]
)
_CELLS_SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in _ADDRESS),
        *((f"{when}_{name}", kind) for when in ("old", "new") for name, kind in _READING.items()),
    ]
)

_FILES = (
    "`changes_reports.csv` names each of these reports: `published again` where the document has other bytes,",
    "`parsed again` where another version of the parser reads the same bytes differently. `changes_cells.csv` has",
    "both readings of every cell that differs.",
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed: one row a report in `reports`, one row a cell in `cells`, each table in the order of its key."""

    reports: pa.Table
    cells: pa.Table

    def count(self, change: str) -> int:
        """Return how many reports are `new`, `changed` or `gone`."""
        return int(pc.sum(pc.equal(self.reports.column("change"), change)).as_py() or 0)


def changes_between(before: Path | None, now: Path) -> Changes:
    """Compare two folders of Parquet files; without the first everything is new.

    Raises DatasetError if a file of either cannot be read.
    """
    old, new = _reports(before) if before else {}, _reports(now)
    rows = [_row(identifier, old.get(identifier), new.get(identifier)) for identifier in sorted({*old, *new})]
    reports = pa.Table.from_pylist([row for row in rows if row], schema=_REPORTS_SCHEMA)
    changed = [identifier for identifier in old if identifier in new and _differ(old[identifier], new[identifier])]
    parts = _changed_cells(before, now, old, new, changed) if before else iter(())
    cells = pa.concat_tables([_CELLS_SCHEMA.empty_table(), *parts])
    return Changes(reports, cells.sort_by([(name, "ascending") for name in _ADDRESS]))


def write_changes(folder: Path, before: str | None, changes: Changes) -> None:
    """Write CHANGES.md, changes_reports.csv and changes_cells.csv into a folder; `before` names the earlier release."""
    for name, table in (("changes_reports", changes.reports), ("changes_cells", changes.cells)):
        write_file(folder, name, table.schema, [table])
    text = "\n".join(_lines(before, changes)) + "\n"
    (folder / "CHANGES.md").write_text(text, encoding="utf-8", newline="\n")


def _reports(folder: Path) -> dict[str, Row]:
    """Return every report by its identifier, with the year of its folder."""
    found = {}
    for year in years_of(folder):
        for row in _read(folder, "reports", year, list(_REPORT)).to_pylist():
            found[row["report_id"]] = row | {YEAR.name: year}
    return found


def _row(identifier: str, old: Row | None, new: Row | None) -> Row | None:
    """Return what happened to a report, None where nothing did."""
    shown = new or old or {}
    if old and new and not _differ(old, new):
        return None
    change = CHANGED if old and new else NEW if new else GONE
    reason = None
    if old and new:
        reason = "parsed again" if old["sha256"] == new["sha256"] else "published again"
    year = None if shown[YEAR.name] == UNKNOWN_YEAR else shown[YEAR.name]
    return {**shown, "report_id": identifier, "change": change, "reason": reason, YEAR.name: year}


def _differ(old: Row, new: Row) -> bool:
    return bool(old["content"] != new["content"])


def _changed_cells(
    before: Path, now: Path, old: dict[str, Row], new: dict[str, Row], changed: list[str]
) -> Iterator[pa.Table]:
    """Yield the cells of changed reports that read differently, the reports of one pair of folders at a time."""
    pairs: dict[tuple[int, int], list[str]] = {}
    for identifier in changed:
        pairs.setdefault((old[identifier][YEAR.name], new[identifier][YEAR.name]), []).append(identifier)
    for (old_year, new_year), identifiers in sorted(pairs.items()):
        ids = pa.array(identifiers, pa.string())
        yield _differing(_cells(before, old_year, ids, "old"), _cells(now, new_year, ids, "new"))


def _cells(folder: Path, year: int, identifiers: pa.Array, when: str) -> pa.Table:
    table = _read(folder, "cells", year, [*_ADDRESS, *_READING])
    kept = table.filter(pc.is_in(table.column("report_id"), value_set=identifiers))
    return kept.rename_columns([*_ADDRESS, *(f"{when}_{name}" for name in _READING)])


def _differing(old: pa.Table, new: pa.Table) -> pa.Table:
    both = old.join(new, _ADDRESS, join_type="full outer")
    same = pa.array([True] * len(both))
    for name in _READING:
        left, right = both.column(f"old_{name}"), both.column(f"new_{name}")
        both_null = pc.and_(pc.is_null(left), pc.is_null(right))
        same = pc.and_(same, pc.or_(both_null, pc.fill_null(pc.equal(left, right), pa.scalar(value=False))))
    return both.filter(pc.invert(same)).select(_CELLS_SCHEMA.names).cast(_CELLS_SCHEMA)


def _read(folder: Path, name: str, year: int, columns: list[str]) -> pa.Table:
    """Return some columns of a file, whatever others the version that wrote it had."""
    path = folder / file_name(name, year)
    try:
        return pq.read_table(path, columns=columns, partitioning=None).select(columns)
    except (OSError, KeyError, pa.ArrowException) as error:
        reason = str(error).partition("\n")[0]
        raise DatasetError(
            f"{path}: cannot be compared with ({reason}); move the release that it is in away, then run again"
        ) from error


def _lines(before: str | None, changes: Changes) -> Iterator[str]:
    yield f"# Changes since {before}" if before else "# Changes"
    yield ""
    if before is None:
        yield "This is the first release: every report is new."
        yield ""
    yield "| | reports |"
    yield "|---|---:|"
    for change in (NEW, CHANGED, GONE):
        yield f"| {change} | {changes.count(change)} |"
    yield ""
    yield f"Cells that read differently in the changed reports: {len(changes.cells)}."
    yield ""
    yield from _by_year(changes)
    yield from _FILES


def _by_year(changes: Changes) -> Iterator[str]:
    counted = Counter(zip(*(changes.reports.column(name).to_pylist() for name in (YEAR.name, "change")), strict=True))
    years = sorted({year for year, _change in counted}, key=lambda year: (year is None, year))
    if not years:
        return
    yield f"| report year | {NEW} | {CHANGED} | {GONE} |"
    yield "|---|---:|---:|---:|"
    for year in years:
        counts = " | ".join(str(counted[year, change]) for change in (NEW, CHANGED, GONE))
        yield f"| {year or 'not stated'} | {counts} |"
    yield ""
