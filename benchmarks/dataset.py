"""How long a national dataset takes to write, check and read: `python -m benchmarks.dataset`.

Made-up reports of 5,000 counties over 7 years go through the real write path, then come a night of 20 new reports, all
checks, and the reads of a researcher. Each step is a process of its own, so that its memory is its own.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

from benchmarks.counties import county_reports
from nianbao.dataset.documents import Document
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.validation import check
from nianbao.dataset.write import update

Measured = dict[str, float]

YEARS, NIGHT = 7, 20
MEGABYTE = 1_000_000
QUERY = """
    SELECT "table", "row", "column", status, count(*) AS cells, sum(value) AS total
    FROM read_parquet($cells) GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True)
class Step:
    """One thing that is measured, and its goals: seconds of wall time, and the most memory of its process in MB."""

    name: str
    text: str
    seconds: float
    megabytes: float | None = None


STEPS = (
    Step("write", "write all reports, their making apart", 60, 2000),
    Step("night", f"write a night of {NIGHT} new reports", 60, 2000),
    Step("check", "all checks, validation report", 20),
    Step("panel", "read the panel into pandas", 1),
    Step("query", "one query of DuckDB over all cells", 1),
)


class Stopwatch:
    """Counts seconds, of the wall and of the processor, also those that a stream takes to make its items."""

    def __init__(self) -> None:
        self.seconds = self.processor = 0.0

    def __enter__(self) -> "Stopwatch":
        self._start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._start[0]
        self.processor += time.process_time() - self._start[1]

    def timed(self, stream: Iterable[Document]) -> Iterator[Document]:
        iterator = iter(stream)
        while True:
            with self:
                item = next(iterator, None)
            if item is None:
                return
            yield item

    def without(self, part: "Stopwatch") -> Measured:
        return {"seconds": self.seconds - part.seconds, "processor": self.processor - part.processor}


def write(store: Path, counties: int) -> Measured:
    making = Stopwatch()
    with Stopwatch() as watch:
        update(store, making.timed(county_reports(counties, YEARS)), parser_version="benchmark")
    return watch.without(making) | {"making": making.seconds}


def night(store: Path, counties: int) -> Measured:
    """Write again what was published again: new numbers of the last year, at the addresses of old reports."""
    fresh = [
        replace(document, fetched_at="2027-01-01T00:00:00Z")
        for document in county_reports(NIGHT, YEARS, seed=2)
        if document.url.split("/")[-2] == "2025"
    ]
    with Stopwatch() as watch:
        done = update(store, fresh, parser_version="benchmark")
    if done.changed != NIGHT or set(done.years) != {2025}:
        raise SystemExit(f"the night changed {done.changed} reports of {done.years}, not {NIGHT} of 2025")
    return watch.without(Stopwatch())


def run_checks(store: Path, counties: int) -> Measured:
    with Stopwatch() as watch:
        findings = check(store)
    if not findings.sound or findings.reports.total() != counties * YEARS:
        raise SystemExit(f"the dataset is not what was written: {findings.defects[:3]}")
    return watch.without(Stopwatch()) | {"checks": findings.outcomes.total(), "cells": findings.statuses.total()}


def panel(store: Path, counties: int) -> Measured:
    dataset = open_dataset(store)
    with Stopwatch() as watch:
        rows = len(dataset.panel())
    if rows != counties * YEARS:
        raise SystemExit(f"the panel has {rows} rows")
    return watch.without(Stopwatch())


def query(store: Path, counties: int) -> Measured:
    import duckdb

    files = {"cells": f"{open_dataset(store).path('cells')}/*/*.parquet"}
    with duckdb.connect() as connection, Stopwatch() as watch:
        groups = len(connection.execute(QUERY, files).fetchall())
    return watch.without(Stopwatch()) | {"groups": groups}


WORK: dict[str, Callable[[Path, int], Measured]] = {
    "write": write,
    "night": night,
    "check": run_checks,
    "panel": panel,
    "query": query,
}


def measured(name: str, store: Path, counties: int) -> Measured:
    """Run one step in a process of its own and return what it measured."""
    command = [sys.executable, "-m", "benchmarks.dataset", "--step", name, "--store", str(store)]
    ended = subprocess.run([*command, "--counties", str(counties)], check=True, stdout=subprocess.PIPE)
    found: Measured = json.loads(ended.stdout)
    return found


def sizes(store: Path) -> Measured:
    """Return the megabytes of each table on disk."""
    folder = open_dataset(store).folder
    found: Measured = {}
    for path in sorted(folder.rglob("*.*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix().split("/report_year=")[0].removesuffix(".parquet")
            found[name] = found.get(name, 0) + path.stat().st_size / MEGABYTE
    return found


def report(store: Path, counties: int) -> bool:
    """Run and print everything; return whether every goal is met."""
    met = True
    print(f"{counties} counties x {YEARS} years = {counties * YEARS} reports")
    print(f"{'':44} {'s':>7} {'CPU s':>7} {'MB':>6}   goal")
    for step in STEPS:
        found = measured(step.name, store, counties)
        goal = f"{step.seconds:g} s" + (f", {step.megabytes:g} MB" if step.megabytes else "")
        times = f"{found['seconds']:>7.2f} {found['processor']:>7.2f}"
        print(f"{step.text:44} {times} {found['megabytes']:>6.0f}   {goal}", flush=True)
        if "making" in found:
            print(f"{'  making the reports':44} {found['making']:>7.2f}")
        met &= found["seconds"] < step.seconds and found["megabytes"] < (step.megabytes or float("inf"))
    on_disk = sizes(store)
    print("on disk, MB: " + ", ".join(f"{name} {size:.1f}" for name, size in on_disk.items()))
    print(f"on disk, MB in all: {sum(on_disk.values()):.1f}")
    return met


def main() -> int:
    """Print the table; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dataset", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--counties", type=int, default=5000)
    parser.add_argument("--store", type=Path, help="where to write; a temporary folder if not given")
    parser.add_argument("--step", choices=WORK, help="run this one step on the store and print what it measured")
    given = parser.parse_args()
    if given.step:
        found = WORK[given.step](given.store, given.counties)
        print(json.dumps({**found, "megabytes": getrusage(RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE}))
        return 0
    folder = given.store or Path(tempfile.mkdtemp(prefix="nianbao-benchmark-"))
    try:
        return 0 if report(folder, given.counties) else 1
    finally:
        if given.store is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    raise SystemExit(main())
