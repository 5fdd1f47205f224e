"""Which sites are due in a night: often in the season of the reports, seldom after failures, none ever forgotten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from nianbao.nightly.settings import Settings
from scraper import Site
from scraper.schema import FILE_NAME
from scraper.state import State

_SLACK = timedelta(hours=12)  # nights do not begin, nor reach a site, at the same minute
_DOUBLINGS = 30
_VISITED = "SELECT code, site_url, visited_at, failing, unfinished_since FROM sites"


@dataclass(frozen=True, slots=True)
class Visited:
    """What the schedule needs to know of a site: when its last visit ended, failures in a row, whether it was cut."""

    at: datetime | None
    failing: int
    unfinished: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The sites to visit, those that wait longest first, and how many of the list are not due."""

    sites: tuple[Site, ...]
    resting: int


def visited(store: Path) -> dict[tuple[str, str], Visited]:
    """Return what a store knows of the visits to each site, by code and home page; raises StoreError."""
    if not (store / FILE_NAME).is_file():
        return {}
    state = State(store)
    try:
        return {
            (row["code"], row["site_url"]): Visited(
                datetime.fromisoformat(row["visited_at"]) if row["visited_at"] else None,
                row["failing"],
                row["unfinished_since"] is not None,
            )
            for row in state.select(_VISITED)
        }
    finally:
        state.close()


def due_sites(
    sites: Sequence[Site], known: Mapping[tuple[str, str], Visited], settings: Settings, now: datetime
) -> Due:
    """Return the sites that are due: never visited, cut off, or visited longer ago than the season and failures say.

    A visit that lies in the future is one of a clock that was wrong: such a site is due.
    """
    waiting: list[tuple[float, int, Site]] = []
    for place, site in enumerate(sites):
        last = known.get((site.code, site.site_url))
        if last is None or last.at is None or last.unfinished or last.at > now:
            waiting.append((float("-inf"), place, site))
            continue
        since = now - last.at
        wanted = interval(last.failing, settings, now)
        if since >= wanted - min(_SLACK, wanted / 2):
            waiting.append((-since.total_seconds(), place, site))
    waiting.sort(key=lambda entry: entry[:2])
    return Due(tuple(site for _, _, site in waiting), len(sites) - len(waiting))


def interval(failing: int, settings: Settings, now: datetime) -> timedelta:
    """Return the time from visit to visit of a site that has failed so many times in a row."""
    if not failing:
        in_season = now.month in settings.values["schedule.season"]  # type: ignore[operator]
        return timedelta(seconds=settings.seconds("schedule.in_season" if in_season else "schedule.off_season"))
    first = settings.seconds("schedule.after_failure")
    doubled = first * 2 ** min(failing - 1, _DOUBLINGS)
    return timedelta(seconds=min(doubled, max(first, settings.seconds("schedule.after_failure_at_most"))))
