"""A clock for a store that never runs backwards: what is recorded later is later, whatever the system's clock does."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from scraper.schema import FILE_NAME
from scraper.state import State

_SECOND = timedelta(seconds=1)
_NEWEST = """
SELECT max(moment) AS moment FROM (
    SELECT max(started_at) AS moment FROM runs UNION ALL SELECT max(finished_at) FROM runs
    UNION ALL SELECT max(fetched_at) FROM records UNION ALL SELECT max(visited_at) FROM sites
)
"""


def newest_moment(store: Path) -> datetime | None:
    """Return the newest time that the state of a store records, None where it records none; raises StoreError."""
    if not (store / FILE_NAME).is_file():
        return None
    state = State(store)
    try:
        (row,) = state.select(_NEWEST)
        return datetime.fromisoformat(row["moment"]) if row["moment"] else None
    finally:
        state.close()


class SteadyClock:
    """Gives the time of `now`, or the second after the newest in the store for as long as `now` lags behind it.

    `behind` is by how much it lagged at first: a clock that was set back, or one that had run ahead before.
    """

    def __init__(self, now: Callable[[], datetime], newest: datetime | None) -> None:
        self._now = now
        self._least = newest + _SECOND if newest is not None else None
        lag = newest - now() if newest is not None else timedelta()
        self.behind = max(timedelta(), lag)

    def __call__(self) -> datetime:
        """Return the time to record."""
        moment = self._now()
        return max(moment, self._least) if self._least is not None else moment
