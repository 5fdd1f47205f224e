"""How often a host is asked: one request at a time, and a pause after each response that grows with latency and errors.

`Pace` decides when, from times that it is given; `Lanes` does the waiting. A host that waits holds no connection slot.
"""

import asyncio
import time
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from scraper.options import Options
from scraper.outcomes import Failure, Outcome

LATENCY_FACTOR = 2.0  # the pause is at least so many times what the host took to answer
STRIKING = frozenset({Outcome.BLOCKED, Outcome.DNS, Outcome.REFUSED, Outcome.TLS, Outcome.TIMEOUT, Outcome.HTTP_ERROR})
PAGE_STATUSES = frozenset({404, 410})  # about the page, not about the host


class Pace:
    """When a host may be asked next; all times are seconds of one monotonic clock."""

    def __init__(self, host: str, options: Options) -> None:
        self._host = host
        self._options = options
        self._delay = options.delay
        self._crawl_delay = 0.0
        self._errors = 0
        self.ready_at = 0.0

    @property
    def delay(self) -> float:
        """The pause in force after a response that is no error."""
        return max(self._delay, self._crawl_delay)

    def set_crawl_delay(self, seconds: float) -> None:
        """Take over the Crawl-delay of robots.txt, for the pause now running too."""
        self.ready_at += max(0.0, seconds - self.delay) if self.ready_at else 0.0
        self._crawl_delay = max(0.0, seconds)

    def answered(self, at: float, latency: float) -> None:
        """Take note of a response, complete at `at`, `latency` seconds after it was asked for."""
        self._errors = 0
        if self._options.delay > 0:
            wanted = max(self._options.delay, latency * LATENCY_FACTOR)
            self._delay = min(self._options.max_delay, max(wanted, (self._delay + wanted) / 2))
        self.ready_at = at + self.delay

    def failed(self, at: float, latency: float, *, retry_after: float | None) -> None:
        """Take note of a failure: the pause grows exponentially, and is at least what the host asks for."""
        self._errors += 1
        if self._options.delay > 0:
            self._delay = min(self._options.max_delay, max(self._delay, latency * LATENCY_FACTOR))
        pause = self._options.backoff * 2 ** (self._errors - 1) * (1 + self._jitter())
        self.ready_at = at + max(self.delay, min(pause, self._options.patience), retry_after or 0.0)

    def _jitter(self) -> float:
        """Return 0 to 0.5, another for each host and attempt and always the same: hosts do not come back in step."""
        return zlib.crc32(f"{self._host} {self._errors}".encode()) / 2**33


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds that Retry-After asks for in either form (RFC 9110 §10.2.3); None where it does not.

    A date is counted from the Date of the same response, so that the server's clock need not agree with ours.
    """
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    until = _http_date(text)
    if until is None:
        return None
    return max(0.0, (until - (_http_date(headers.get("date", "")) or now)).total_seconds())


def _http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


class Lane:
    """The one way to a host: who holds it may send one request."""

    def __init__(self, host: str, options: Options) -> None:
        self.pace = Pace(host, options)
        self.closed: Failure | None = None
        self._lock = asyncio.Lock()
        self._limit = options.strikes
        self._strikes: list[Outcome] = []

    @asynccontextmanager
    async def hold(self) -> AsyncIterator[None]:
        """Wait for the lane in the order of asking."""
        async with self._lock:
            yield

    def judge(self, result: Failure | None) -> None:
        """Note how a page of the host ended (None: well); pages lost in a row to one cause close the lane."""
        if result is None or result.status in PAGE_STATUSES or result.outcome not in STRIKING:
            self._strikes.clear()
            return
        if self._strikes[-1:] != [result.outcome]:
            self._strikes.clear()
        self._strikes.append(result.outcome)
        if len(self._strikes) >= self._limit and self.closed is None:
            detail = f"left alone after {len(self._strikes)} pages in a row: {result.detail}"
            self.closed = Failure(result.outcome, detail, result.status)


class Lanes:
    """The lanes of all hosts, and the slots that bound requests at once, in all and to one address."""

    def __init__(self, options: Options, *, in_flight: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._options = options
        self.clock = clock
        self._lanes: dict[str, Lane] = {}
        self._addresses: dict[str, asyncio.Semaphore] = {}
        self._slots = asyncio.Semaphore(in_flight)

    def of(self, host: str) -> Lane:
        """Return the lane of a host, whatever the scheme and the port."""
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = Lane(host, self._options)
        return lane

    def wait_needed(self, lane: Lane) -> float:
        """Return the seconds until the lane's host may be asked."""
        return max(0.0, lane.pace.ready_at - self.clock())

    async def wait(self, lane: Lane) -> None:
        """Wait until the lane's host may be asked; called by the holder of the lane."""
        while (seconds := self.wait_needed(lane)) > 0:
            await asyncio.sleep(seconds)

    @asynccontextmanager
    async def slot(self, address: str | None) -> AsyncIterator[None]:
        """Hold one of the slots of an address (None: the proxy's affair) and one of those of the run."""
        if address is None:
            async with self._slots:
                yield
            return
        shared = self._addresses.setdefault(address, asyncio.Semaphore(self._options.per_address))
        async with shared, self._slots:
            yield
