"""What is different from the night before: sites that broke or mended, reports that came, changed, or are kept."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from nianbao.nightly.snapshot import SiteState, Snapshot

Row = dict[str, Any]

_RANK = {"verified": 3, "consistent": 2, "inconsistent": 1, "partial": 0, None: -1}
_TOLD = ("report_id", "report_year", "division_code", "division_name", "publisher", "grade", "url")


@dataclass(slots=True)
class Changes:
    """The differences between two nights; a `baseline` is a first night, which has nothing to be held against."""

    baseline: bool = False
    new: list[Row] = field(default_factory=list)
    revised: list[Row] = field(default_factory=list)
    read_again: list[Row] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    kept: list[Row] = field(default_factory=list)
    returned: list[Row] = field(default_factory=list)
    worse: list[Row] = field(default_factory=list)
    broken: list[Row] = field(default_factory=list)
    mended: list[Row] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    layouts: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return how many there are of each."""
        return {name: len(value) for name, value in asdict(self).items() if name != "baseline"}


def compare(before: Snapshot | None, now: Snapshot) -> Changes:
    """Return what changed from one night to the next."""
    changes = Changes(baseline=before is None)
    old = before if before is not None else Snapshot()
    _compare_sites(changes, old, now)
    _compare_reports(changes, old, now)
    _compare_kept(changes, old, now)
    changes.layouts = {name: url for name, url in sorted(now.layouts.items()) if name not in old.layouts}
    changes.labels = {name: url for name, url in sorted(now.labels.items()) if name not in old.labels}
    return changes


def _compare_sites(changes: Changes, old: Snapshot, now: Snapshot) -> None:
    for key, site in sorted(now.sites.items()):
        before = old.sites.get(key)
        was_broken = before is not None and before.is_broken
        if site.is_broken and not was_broken:
            changes.broken.append(asdict(site))
        elif before is not None and was_broken and not site.is_broken and site.visited_at != before.visited_at:
            changes.mended.append(_mended(site, before))
    changes.added = sorted(now.sites.keys() - old.sites.keys()) if not changes.baseline else []
    changes.dropped = sorted(old.sites.keys() - now.sites.keys())


def _mended(site: SiteState, before: SiteState) -> Row:
    past = {"was": before.outcome, "failed_visits": before.failing, "since": before.failing_since}
    return {**asdict(site), **past}


def _compare_reports(changes: Changes, old: Snapshot, now: Snapshot) -> None:
    for identifier, row in sorted(now.reports.items()):
        before = old.reports.get(identifier)
        if before is None:
            changes.new.append(_told(row))
            continue
        if (before["version"], before["content"]) != (row["version"], row["content"]):
            reasons = set(_reasons(now, identifier, before["version"], row["version"]))
            place = changes.revised if "revised" in reasons else changes.read_again
            place.append({**_told(row), "grade_before": before["grade"]})
        if _RANK[row["grade"]] < _RANK[before["grade"]]:
            changes.worse.append({**_told(row), "grade_before": before["grade"]})
    changes.retired = sorted(old.reports.keys() - now.reports.keys())


def _reasons(now: Snapshot, identifier: str, since: int, until: int) -> Iterator[str]:
    """Yield why the versions from the one known before to the current one were superseded."""
    past = now.superseded.get(identifier, {})
    for version in range(since, until):
        if str(version) in past:
            yield past[str(version)]


def _compare_kept(changes: Changes, old: Snapshot, now: Snapshot) -> None:
    by_url = {row["url"]: row for row in now.reports.values()}
    for url, kept in sorted(now.kept.items()):
        if url not in old.kept:
            changes.kept.append({**_told(by_url.get(url, {"url": url})), "why": kept["reason"]})
    for identifier, gone in sorted(now.gone.items()):
        if identifier not in old.gone:
            changes.kept.append({**_told(now.reports[identifier]), "why": gone["reason"]})
    back: Iterable[Row] = [by_url[url] for url in sorted(old.kept.keys() - now.kept.keys()) if url in by_url]
    shown = [now.reports[each] for each in sorted(old.gone.keys() - now.gone.keys()) if each in now.reports]
    changes.returned = [_told(row) for row in (*back, *shown)]


def _told(row: Row) -> Row:
    return {name: row.get(name) for name in _TOLD}
