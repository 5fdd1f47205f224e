"""How the time of a night is shared out: what the later stages took last time is kept for them."""

from collections.abc import Callable
from datetime import datetime

from nianbao.nightly.record import Night
from nianbao.nightly.settings import Settings
from nianbao.nightly.times import clock_time_of, seconds_until

_MARGIN = 1.5  # of what the later stages took the night before
_SHARE = 0.1  # of the night kept for parsing, and for what follows it, where nobody knows yet how long they take
_MOST_KEPT = 0.5
_LEAST = 1.0


class TimeTable:
    """When the harvest and the parse stage of a night must end; `clock` gives seconds, from whatever moment."""

    def __init__(self, settings: Settings, now: datetime, clock: Callable[[], float], last: Night | None) -> None:
        limits = []
        if settings.text("time.budget"):
            limits.append(settings.seconds("time.budget"))
        if settings.text("time.until"):
            limits.append(seconds_until(clock_time_of(settings.text("time.until")), now))
        self._clock = clock
        self._begun = clock()
        self._budget = min(limits) if limits else None
        self._last = last

    def harvest(self) -> float | None:
        """Return the seconds that the harvest has from now on, None without a limit."""
        return self._left("parse", "dataset", "checks", "site", "report")

    def parse_is_over(self) -> bool:
        """Whether the parse stage must end now, so that the dataset and what follows are written in time."""
        left = self._left("dataset", "checks", "site", "report")
        return left is not None and left <= 0

    def _left(self, *stages: str) -> float | None:
        if self._budget is None:
            return None
        kept = self._last.seconds(*stages) * _MARGIN if self._last is not None else 0.0
        if self._last is None or self._last.status == "partial":
            kept = max(kept, self._budget * _SHARE * (2 if "parse" in stages else 1))
        until = self._begun + self._budget - min(kept, self._budget * _MOST_KEPT)
        return max(until - self._clock(), _LEAST if "parse" in stages else 0.0)
