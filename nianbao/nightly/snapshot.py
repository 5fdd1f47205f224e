"""How a store stands at the end of a night, small enough to keep: the next night is held against it."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nianbao.dataset.generations import current
from nianbao.dataset.reader import open_dataset
from parsers.errors import StoreError
from scraper import Site
from scraper.archive import naming
from scraper.ledger import FAILED
from scraper.state import State

FILE_NAME = "snapshot.json.gz"
VERSION = 1

_SITES = """
SELECT code, site_url, name, outcome, detail, failing, failing_since, last_success, visited_at FROM sites
WHERE visited_at IS NOT NULL
"""
_REPORT = (
    *("report_id", "version", "content", "grade", "url", "report_year", "division_code", "division_name"),
    *("scope", "publisher", "province", "unread_cells", "failed_checks", "fetched_at", "parser_version"),
)


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site after its last visit; times are ISO 8601 in UTC."""

    code: str
    name: str
    site_url: str
    outcome: str
    detail: str
    failing: int
    failing_since: str | None
    last_success: str | None
    visited_at: str

    @property
    def is_broken(self) -> bool:
        """Whether its last visit found nothing that could be read."""
        return self.outcome in FAILED


@dataclass(slots=True)
class Snapshot:
    """Sites by `code url`, reports by identifier, and what is being watched from night to night.

    `kept` are the addresses whose report stays at its last good version, `gone` the reports that their sites no longer
    show, `warnings` the warnings in force, each with the time since when.
    """

    at: str = ""
    sites: dict[str, SiteState] = field(default_factory=dict)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    superseded: dict[str, dict[str, str]] = field(default_factory=dict)
    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    gone: dict[str, dict[str, str]] = field(default_factory=dict)
    layouts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, str] = field(default_factory=dict)
    findings: int | None = None


def take(store: Path, sites: Sequence[Site], at: str) -> Snapshot:
    """Look at a store: its sites that are on the list, and its reports. Raises StoreError and DatasetError."""
    snapshot = Snapshot(at=at)
    listed = {key_of(site.code, site.site_url) for site in sites}
    state = State(store)
    try:
        for row in state.select(_SITES):
            if (key := key_of(row["code"], row["site_url"])) in listed:
                snapshot.sites[key] = SiteState(**dict(row))
    finally:
        state.close()
    if current(store) is None:
        return snapshot
    dataset = open_dataset(store)
    snapshot.reports = {row["report_id"]: row for row in dataset.arrow("reports").select(_REPORT).to_pylist()}
    past = dataset.arrow("history/reports").select(["report_id", "version", "reason"]).to_pylist()
    for row in past:
        snapshot.superseded.setdefault(row["report_id"], {})[str(row["version"])] = row["reason"]
    return snapshot


def key_of(code: str, site_url: str) -> str:
    """Return what tells sites apart."""
    return f"{code} {site_url}"


def save(snapshot: Snapshot, folder: Path) -> None:
    """Write a snapshot into the folder of a run, whole or not at all; raises StoreError."""
    path = folder / FILE_NAME
    unfinished = path.with_suffix(".part")
    text = json.dumps({"version": VERSION, **asdict(snapshot)}, ensure_ascii=False, separators=(",", ":"))
    with naming(path):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(gzip.compress(text.encode(), 6, mtime=0))
        unfinished.replace(path)


def load(folder: Path) -> Snapshot | None:
    """Read the snapshot of a run, None where there is none; raises StoreError for one of a newer version."""
    try:
        fields = json.loads(gzip.decompress((folder / FILE_NAME).read_bytes()))
        version = fields.pop("version")
    except (OSError, ValueError, KeyError, EOFError):
        return None
    if version > VERSION:
        raise StoreError(f"{folder / FILE_NAME}: of version {version}, this program knows {VERSION}; update nianbao")
    sites = {key: SiteState(**site) for key, site in fields.pop("sites").items()}
    return Snapshot(sites=sites, **fields)
