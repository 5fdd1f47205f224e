"""The report of a night in `runs/ID/summary.json`, and the nights before it."""

import json
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nianbao.dataset.generations import current
from nianbao.dataset.reader import open_dataset
from nianbao.nightly import snapshot
from nianbao.nightly.snapshot import Snapshot
from nianbao.unparsed import RECORD
from scraper.archive import naming

SUMMARY = "summary.json"
NIGHT = "night"
HISTORY = 120  # nights
_STAGE_STATES = ("parsed", "verified", "found")


@dataclass(slots=True)
class Stage:
    """One stage of a night: `done`, `skipped` or `failed` (then why), how long it took in seconds, what it counted."""

    name: str
    status: str = "done"
    detail: str = ""
    seconds: float = 0.0
    found: int | None = None


@dataclass(slots=True)
class Night:
    """What a night did, as `summary.json` has it under `night`; times are ISO 8601 in UTC."""

    run: str
    began: str
    ended: str = ""
    exit: int = 0
    status: str = ""
    reasons: list[str] = field(default_factory=list)
    listed: int = 0
    due: int = 0
    resting: int = 0
    left: int = 0
    stages: list[Stage] = field(default_factory=list)
    outcomes: dict[str, int] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)
    coverage: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    broken: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[dict[str, Any]] = field(default_factory=list)
    alert: dict[str, Any] | None = None
    generation: str = ""
    history: list[dict[str, Any]] = field(default_factory=list)

    def seconds(self, *names: str) -> float:
        """Return how long some stages took together."""
        return sum(stage.seconds for stage in self.stages if stage.name in names)

    def entry(self) -> dict[str, Any]:
        """Return what the history keeps of the night."""
        kept = {
            name: getattr(self, name) for name in ("run", "began", "ended", "exit", "status", "due", "left", "counts")
        }
        whole = sum(stage.seconds for stage in self.stages)
        broken, reports = len(self.broken), self.totals.get("reports", 0)
        return {
            **kept,
            "seconds": round(whole, 1),
            "broken": broken,
            "reports": reports,
            "warnings": len(self.warnings),
        }


def write(night: Night, store: Path, redact: Any) -> Path:
    """Put a night into the summary of its run, whole or not at all; from then on it is the last night.

    Raises StoreError.
    """
    path = store / "runs" / night.run / SUMMARY
    unfinished = path.with_suffix(".json.part")
    with naming(path):
        summary = json.loads(path.read_bytes())
        summary[NIGHT] = redact(asdict(night))
        unfinished.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(path)
    return path


def last_night(store: Path, *, but: str = "") -> tuple[Night, Snapshot] | None:
    """Return the last night that came to its end, with how the store stood then; None where there was none."""
    for path in sorted((store / "runs").glob(f"*/{snapshot.FILE_NAME}"), reverse=True):
        if path.parent.name == but:
            continue
        try:
            fields = json.loads((path.parent / SUMMARY).read_bytes())[NIGHT]
            stages = [Stage(**stage) for stage in fields.pop("stages")]
            night = Night(**fields, stages=stages)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # a night that was cut off before its report
        before = snapshot.load(path.parent)
        if before is not None:
            return night, before
    return None


def forget_snapshots(store: Path, keep: int = 2) -> None:
    """Remove all snapshots but the newest: no night is held against older ones."""
    for path in sorted((store / "runs").glob(f"*/{snapshot.FILE_NAME}"))[:-keep]:
        path.unlink(missing_ok=True)


def findings_since(store: Path, run: str) -> dict[str, dict[str, Any]]:
    """Return what the parse stages after a run found: `kept`, `renewed`, `layouts` and `labels`, oldest first."""
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    for path in sorted((store / "runs").glob(f"*/{RECORD}")):
        if path.parent.name <= run:
            continue
        try:
            record = json.loads(path.read_bytes())
        except (OSError, ValueError):
            continue
        for url in record.get("renewed", []):
            found["kept"].pop(url, None)
            found["renewed"][url] = True
        for url, kept in record.get("kept", {}).items():
            found["renewed"].pop(url, None)
            found["kept"][url] = kept
        for name in ("layouts", "labels"):
            found[name] = record.get(name, {}) | found[name]
    return found


def totals(now: Snapshot) -> dict[str, Any]:
    """Return how many reports there are in all, by grade and year, and what is wrong with them."""
    rows = now.reports.values()
    return {
        "reports": len(now.reports),
        "grades": dict(sorted(Counter(row["grade"] or "none" for row in rows).items())),
        "years": dict(sorted(Counter(str(row["report_year"] or "none") for row in rows).items())),
        "failed_checks": sum(row["failed_checks"] or 0 for row in rows),
        "unread_cells": sum(row["unread_cells"] or 0 for row in rows),
        "sites": dict(sorted(Counter(site.outcome for site in now.sites.values()).items())),
        "broken_sites": sum(site.is_broken for site in now.sites.values()),
    }


def coverage(store: Path) -> dict[str, dict[str, dict[str, int]]]:
    """Return by province and year how many divisions there are, and whose reports are found, parsed and verified."""
    if current(store) is None:
        return {}
    table = open_dataset(store).arrow("coverage").select(["province", "name", "report_year", *_STAGE_STATES])
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in table.to_pylist():
        years = found.setdefault(row["province"] or row["name"], {})
        counts = years.setdefault(str(row["report_year"]), dict.fromkeys(("divisions", *_STAGE_STATES), 0))
        counts["divisions"] += 1
        for state in _STAGE_STATES:
            counts[state] += bool(row[state])
    return {province: dict(sorted(years.items())) for province, years in sorted(found.items())}
