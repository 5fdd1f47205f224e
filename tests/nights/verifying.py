"""After a fault and the next night: nothing is lost, nothing is doubled, everything can be read."""

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

import nianbao
from scraper.state import State
from tests.nights.world import County


@cache
def cells_of(body: bytes) -> frozenset[tuple[Any, ...]]:
    """Return the cells of a page as the parser reads them."""
    report = nianbao.parse(body)
    return frozenset((t.table, c.row, c.column, c.value, c.status) for t in report.tables for c in t.cells)


def problems(store: Path, world: dict[str, County], since: str, changed: str) -> list[str]:
    """Return what is wrong with a store; `changed` is the report that came or changed since the run `since`."""
    found = [*_dataset(store, world), *_archive(store), *_documents(store, world)]
    told = Counter(events(store, since))
    if told != Counter([changed]):
        found.append(f"reported {dict(told)}, changed was {changed}")
    return found


def _dataset(store: Path, world: dict[str, County]) -> list[str]:
    dataset = nianbao.open_dataset(store)
    cells: dict[str, set[tuple[Any, ...]]] = {}
    for row in dataset.arrow("cells").to_pylist():
        cell = (row["table"], row["row"], row["column"], row["value"], row["status"])
        cells.setdefault(row["report_id"], set()).add(cell)
    shown = {c.report_id(year): body for c in world.values() for year, body in c.reports.items() if body}
    ids = Counter(dataset.arrow("reports")["report_id"].to_pylist())
    found = [f"{name} {count} times" for name, count in ids.items() if count > 1]
    if set(ids) != set(shown):
        found.append(f"reports missing {sorted(set(shown) - set(ids))}, too many {sorted(set(ids) - set(shown))}")
    found += [f"cells of {name} differ" for name, body in shown.items() if cells.get(name, set()) != cells_of(body)]
    versions = Counter(
        (row["report_id"], row["content"])
        for name in ("reports", "history/reports")
        for row in dataset.arrow(name).to_pylist()
    )
    return found + [f"version of {key[0]} doubled" for key, count in versions.items() if count > 1]


def _archive(store: Path) -> list[str]:
    urls: Counter[tuple[str, str]] = Counter()
    for path in sorted((store / "archive").iterdir()):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, check_digests="raise"):
                record.content_stream().read()
                if record.rec_type == "response":
                    digest = record.rec_headers.get_header("Nianbao-SHA-256")
                    urls[record.rec_headers.get_header("WARC-Target-URI"), digest] += 1
    return [f"{url} archived {count} times" for (url, _), count in urls.items() if count > 1]


def _documents(store: Path, world: dict[str, County]) -> list[str]:
    state = State(store)
    try:
        (row,) = state.select("PRAGMA integrity_check")
        known = {row["url"] for row in state.select("SELECT url FROM records")}
    finally:
        state.close()
    wanted = {c.url(year) for c in world.values() for year, body in c.reports.items() if body}
    found = [] if row[0] == "ok" else [f"state: {row[0]}"]
    return found + [f"not in the state: {url}" for url in sorted(wanted - known)]


def events(store: Path, since: str) -> list[str]:
    """Return the reports that the nights after a run told as new or revised."""
    return [
        row["report_id"]
        for night in nights(store)
        if night["run"] > since and not night["changes"]["baseline"]
        for kind in ("new", "revised", "read_again", "worse")
        for row in night["changes"][kind]
    ]


def nights(store: Path) -> list[dict[str, Any]]:
    """Return the reports of all nights that came to their end."""
    found = [json.loads(path.read_bytes()) for path in sorted((store / "runs").glob("*/summary.json"))]
    return [summary["night"] for summary in found if "night" in summary]
