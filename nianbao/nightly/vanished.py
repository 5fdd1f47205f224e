"""The reports that their sites no longer show: the dataset keeps them, and the night says so."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scraper.outcomes import SUCCESSES, Outcome
from scraper.state import State

_LEADING = ("home", "disclosure", "column", "list")
_GONE = {404, 410}
_PAGES = """
SELECT records.url, pages.run, pages.outcome, pages.status, pages.seen_at, links.code, links.site_url
FROM pages JOIN records ON records.id = pages.record JOIN links ON links.key = pages.key
"""
_SITES = "SELECT code, site_url, run, outcome, result FROM sites WHERE visited_at IS NOT NULL"


def vanished(
    store: Path, reports: Mapping[str, dict[str, Any]], formerly: Mapping[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """Return the reports whose page is not there any more, by identifier, with why and when it was last asked for.

    That is known of sites whose last visit went well and whose lists could all be read: an address that answers 404 or
    410, or to which no list leads any more. Those that were `formerly` gone stay so until their page is seen again.
    Raises StoreError.
    """
    state = State(store)
    try:
        runs = {(row["code"], row["site_url"]): row["run"] for row in state.select(_SITES) if _was_read_whole(row)}
        shown: set[str] = set()
        missing: dict[str, dict[str, str]] = {}
        for row in state.select(_PAGES):
            run = runs.get((row["code"], row["site_url"]))
            why = _why_missing(row, run)
            if why is not None:
                missing[row["url"]] = {"url": row["url"], "reason": why, "last_asked": row["seen_at"]}
            elif run is not None and row["outcome"] in SUCCESSES:
                shown.add(row["url"])
    finally:
        state.close()
    still = {gone["url"]: dict(gone) for gone in formerly.values()}
    found = {url: gone for url, gone in (still | missing).items() if url not in shown}
    return {identifier: found[report["url"]] for identifier, report in reports.items() if report["url"] in found}


def _was_read_whole(site: Any) -> bool:
    if Outcome(site["outcome"]) not in SUCCESSES or not site["result"]:
        return False
    counts = json.loads(site["result"])["counts"]
    return not any(counts[kind]["failed"] or counts[kind]["pending"] for kind in _LEADING if kind in counts)


def _why_missing(page: Any, run: int | None) -> str | None:
    """Say why a page is missing; None where it is there, or where nobody can tell."""
    if run is None:
        return None
    if page["run"] < run:
        return "no list of its site leads there any more"
    if page["outcome"] == Outcome.HTTP_ERROR and page["status"] in _GONE:
        return f"it answers with status {page['status']}"
    return None
