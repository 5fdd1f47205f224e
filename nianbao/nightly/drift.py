"""Drift: what goes wrong slowly or without a word, held against the store's own history, each with what to look at."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nianbao.dataset.generations import current
from nianbao.dataset.reader import open_dataset
from nianbao.nightly.changes import Changes
from nianbao.nightly.settings import Settings
from nianbao.nightly.snapshot import Snapshot
from scraper.state import State

_PREFIXES = {"disclosure": "dis_", "requests": "req_", "appeals": "app_"}
_FEWEST_BROKEN = 5
_FEWEST_UNREAD = 20
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning: its name, what it is about, what is the matter, and what to look at (addresses, commands)."""

    name: str
    about: str
    what: str
    look_at: tuple[str, ...]

    @property
    def key(self) -> str:
        """What makes it the same warning on another night."""
        return f"{self.name} {self.about}".strip()

    def as_dict(self) -> dict[str, Any]:
        """Return the warning as it stands in `summary.json`."""
        return asdict(self) | {"look_at": list(self.look_at)}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a night knows when it looks for drift: the store, the night before, itself, the sites that it visited."""

    store: Path
    before: Snapshot | None
    now: Snapshot
    changes: Changes
    visited: int
    moment: datetime


def warnings(seen: Seen, settings: Settings) -> list[Warned]:
    """Return every warning in force; raises StoreError and DatasetError."""
    return [warned for look in _LOOKS for warned in look(seen, settings)]


def _fewer_reports(seen: Seen, settings: Settings) -> Iterator[Warned]:
    """Count the reports of the year that is due against those of the year before on the same day a year ago."""
    year = seen.moment.year - 1
    if current(seen.store) is None or not _watched_since(seen.store, datetime(year, 1, 1, tzinfo=UTC)):
        return
    first = first_seen(seen.store)
    a_year_ago = _a_year_before(seen.moment).strftime("%Y-%m-%dT%H:%M:%SZ")
    now = sum(1 for identifier, row in seen.now.reports.items() if row["report_year"] == year and identifier in first)
    rows = seen.now.reports.items()
    then = sum(1 for identifier, row in rows if row["report_year"] == year - 1 and first[identifier] <= a_year_ago)
    if then >= settings.number("drift.fewer_reports_of") and now < then * (1 - settings.number("drift.fewer_reports")):
        missing = sorted(_of_year(seen.now, year - 1) - _of_year(seen.now, year))
        what = f"{now} reports for {year}; by this date last year there were {then} for {year - 1}"
        yield Warned("fewer_reports", str(year), what, (f"nianbao status --store {seen.store}", *missing[:_SHOWN]))


def _silent_site(seen: Seen, settings: Settings) -> Iterator[Warned]:
    """Find sites that answer and on which nothing is found, though something was before."""
    for site in seen.now.sites.values():
        if site.outcome == "nothing_found" and site.last_success is not None:
            what = f"it answers, and no report is found on it any more; the last success was {site.last_success}"
            yield Warned("nothing_found", f"{site.code} {site.name}", what, (site.site_url,))


def _many_broken(seen: Seen, settings: Settings) -> Iterator[Warned]:
    """Find many sites that break in one night: they are one trouble of ours, not many of theirs."""
    broken = [] if seen.changes.baseline else seen.changes.broken
    most = max(_FEWEST_BROKEN, seen.visited * settings.number("drift.broken_share"))
    if len(broken) >= most:
        classes: defaultdict[str, int] = defaultdict(int)
        for site in broken:
            classes[site["outcome"]] += 1
        told = ", ".join(f"{count} {outcome}" for outcome, count in sorted(classes.items()))
        what = f"{len(broken)} of {seen.visited} visited sites broke in one night ({told})"
        yield Warned("many_broken", "", what, ("the network, the name server and the proxy of this machine",))


def _unreadable(seen: Seen, settings: Settings) -> Iterator[Warned]:
    """Find a rise in unreadable cells: of the reports that came or changed, against all that were there before."""
    if seen.before is None or not seen.before.reports:
        return
    fresh = [seen.now.reports[row["report_id"]] for row in _fresh(seen.changes)]
    unread = sum(row["unread_cells"] or 0 for row in fresh)
    usual = sum(row["unread_cells"] or 0 for row in seen.before.reports.values()) / len(seen.before.reports)
    share = unread / (_CELLS * len(fresh)) if fresh else 0.0
    if (
        unread >= _FEWEST_UNREAD
        and share > settings.number("drift.unreadable_share")
        and unread > 2 * usual * len(fresh)
    ):
        worst = sorted(fresh, key=lambda row: -(row["unread_cells"] or 0))
        what = f"{unread} cells of {len(fresh)} new or changed reports are unreadable; usual are {usual:.1f} a report"
        yield Warned("unreadable", "", what, tuple(row["url"] for row in worst[:_SHOWN] if row["unread_cells"]))


def _new_label(seen: Seen, settings: Settings) -> Iterator[Warned]:
    """Find labels of no form in the statutory tables, never seen before: a change of the form begins so."""
    if not seen.changes.baseline:
        for label, url in seen.changes.labels.items():
            yield Warned("new_label", label, "a row of a statutory table has a label that no form knows", (url,))


def _all_zeros(seen: Seen, settings: Settings) -> Iterator[Warned]:
    """Find tables of new or changed reports that are all zeros where those of other years are not."""
    wanted = {row["report_id"] for row in _fresh(seen.changes)} if not seen.changes.baseline else set()
    if not wanted:
        return
    sums = _sums(seen.store)
    series: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for identifier, row in seen.now.reports.items():
        series[_series(row)].append(identifier)
    for identifier in sorted(wanted & sums.keys()):
        row = seen.now.reports[identifier]
        others = [each for each in series[_series(row)] if each != identifier and each in sums]
        for table in _PREFIXES:
            if sums[identifier][table] == 0 and any(sums[each][table] for each in others):
                what = f"the {table} table is all zeros; that of another year is not"
                others_urls = tuple(seen.now.reports[each]["url"] for each in sorted(others)[-1:])
                yield Warned("all_zeros", f"{identifier} {table}", what, (row["url"], *others_urls))


_LOOKS: tuple[Callable[[Seen, Settings], Iterator[Warned]], ...] = (
    _fewer_reports,
    _silent_site,
    _many_broken,
    _unreadable,
    _new_label,
    _all_zeros,
)
_CELLS = 200  # of the three tables of either form, about


def first_seen(store: Path) -> dict[str, str]:
    """Return when each report was first fetched in any version: ISO 8601 in UTC, by identifier."""
    dataset = open_dataset(store)
    first: dict[str, str] = {}
    for name in ("reports", "history/reports"):
        table = dataset.arrow(name).select(["report_id", "fetched_at"])
        for identifier, at in zip(*(column.to_pylist() for column in table.columns), strict=True):
            first[identifier] = min(at, first.get(identifier, at))
    return first


def _sums(store: Path) -> dict[str, dict[str, float | None]]:
    """Return what the numbers of each table of each report add up to in size, None where the table has none."""
    panel = open_dataset(store).panel().set_index("report_id")
    found = {}
    for table, prefix in _PREFIXES.items():
        columns = [name for name in panel.columns if name.startswith(prefix)]
        found[table] = panel[columns].astype("float64").abs().sum(axis=1, min_count=1)
    return {
        identifier: {
            table: None if (value := series.loc[identifier]) != value else float(value)
            for table, series in found.items()
        }
        for identifier in panel.index
    }


def _watched_since(store: Path, moment: datetime) -> bool:
    """Whether the store was harvested before a moment: else the dates of its first fetches say nothing of that time."""
    state = State(store)
    try:
        (row,) = state.select("SELECT min(started_at) AS first FROM runs")
        return bool(row["first"]) and datetime.fromisoformat(row["first"]) < moment
    finally:
        state.close()


def _a_year_before(moment: datetime) -> datetime:
    try:
        return moment.replace(year=moment.year - 1)
    except ValueError:  # 29 February
        return moment.replace(year=moment.year - 1, day=28)


def _of_year(snapshot: Snapshot, year: int) -> set[str]:
    return {
        f"{row['division_code']} {row['division_name']}"
        for row in snapshot.reports.values()
        if row["report_year"] == year and row["division_code"] and row["scope"] == "jurisdiction"
    }


def _fresh(changes: Changes) -> list[dict[str, Any]]:
    return [*changes.new, *changes.revised]


def _series(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["division_code"], row["scope"], None if row["scope"] == "jurisdiction" else row["publisher"]
