"""How long a night over the country takes, in virtual time: `python -m benchmarks.national [--figure SVG]`.

A discrete-event simulation of 2,846 hosts with the harvest's own pace (scraper.politeness.Pace, scraper.options) and
bounds: one request at a time to a host, two to an address, a pause after each response that grows with the latency,
backoff after errors, hosts left alone after three lost pages in a row, four hours a site. What is drawn, and from what:

  latency of a host      lognormal, median 0.6 s, sigma 1.0; of a request another factor, sigma 0.4
  failures of a host     2 % dead (each request times out), 10 % poor (one request in ten fails), the others 1 in 200
  size of an answer      lognormal, median 40 KB, sigma 1.0, at 250 KB/s; with --store the sizes that its archive holds
  requests of a site     4 pages to the column, a list page for 15 items, an item a year with 1.4 pages and attachments;
                         with --store the requests a site that its last run made
  sharing of addresses   one host of three stands on a cloud of its province with 30 hosts an address

The latency is not kept in a store and stays as above. An ordinary night asks for the pages to the column, the lists and
the items of the last two years; the first night for everything.
"""

import argparse
import heapq
import math
import sqlite3
from collections import defaultdict, deque
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from scraper.harvest import SITES_AT_ONCE
from scraper.options import Options
from scraper.outcomes import Failure, Outcome
from scraper.politeness import Lane

HOSTS, YEARS = 2846, 7
HOUR = 3600.0
BYTES_A_SECOND = 250_000
LEADING, ITEMS_A_LIST, PAGES_AN_ITEM, RECENT = 4, 15, 1.4, 2


@dataclass(frozen=True)
class Draws:
    """What is drawn: parameters, and where a store is given its own requests a site and sizes in bytes."""

    latency: float = 0.6
    spread: float = 1.0
    dead: float = 0.02
    poor: float = 0.10
    requests: tuple[int, ...] = ()
    sizes: tuple[int, ...] = ()


SPENT = ("answer", "pause", "backoff", "address")
"""Where a host's time goes: the answers, the pauses after them, those after failures, waiting for the address."""


@dataclass
class Host:
    """A site: what it still has to be asked, and where its time went in seconds."""

    address: str
    latency: float
    failing: float
    requests: int
    lane: Lane
    begun: float = 0.0
    ended: float = 0.0
    attempts: int = 0
    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True)
class Night:
    """How a night went: the ends of all hosts in seconds, the requests, and where the last hosts' time went."""

    ends: list[float]
    requests: int
    shares: dict[str, float]

    def hours(self, share: float) -> float:
        return sorted(self.ends)[math.ceil(share * len(self.ends)) - 1] / HOUR


def hosts(count: int, requests: int, draws: Draws, rng: Random, options: Options) -> list[Host]:
    found = []
    for number in range(count):
        kind = rng.random()
        failing = 1.0 if kind < draws.dead else 0.1 if kind < draws.dead + draws.poor else 0.005
        address = f"cloud{rng.randrange(max(1, count // 90))}" if rng.random() < 1 / 3 else f"own{number}"
        drawn = max(3, round(rng.lognormvariate(math.log(requests), 0.5)))
        asked = rng.choice(draws.requests) if draws.requests else drawn
        latency = rng.lognormvariate(math.log(draws.latency), draws.spread)
        found.append(Host(address, latency, failing, asked, Lane(f"host{number}", options)))
    return found


class Simulation:
    """One night in virtual time; an event is (time, number, how it ends, the seconds it took, host)."""

    def __init__(self, found: list[Host], draws: Draws, rng: Random, options: Options) -> None:
        self._draws, self._rng, self._options = draws, rng, options
        self._events: list[tuple[float, int, str, float, Host]] = []
        self._waiting: defaultdict[str, deque[tuple[float, Host]]] = defaultdict(deque)
        self._busy: defaultdict[str, int] = defaultdict(int)
        self._queue = deque(found)
        self._hosts = found
        self._number = self._requests = 0

    def run(self) -> Night:
        for _ in range(min(SITES_AT_ONCE, len(self._queue))):
            self._begin(0.0)
        while self._events:
            at, _, what, seconds, host = heapq.heappop(self._events)
            if what == "ready":
                self._ready(at, host)
            else:
                self._ended(at, what, seconds, host)
        last = sorted(self._hosts, key=lambda host: host.ended)[-max(1, len(self._hosts) // 100) :]
        total = sum(sum(host.spent.values()) for host in last)
        shares = {name: sum(host.spent[name] for host in last) / total for name in SPENT}
        return Night([host.ended for host in self._hosts], self._requests, shares)

    def _push(self, at: float, what: str, seconds: float, host: Host) -> None:
        self._number += 1
        heapq.heappush(self._events, (at, self._number, what, seconds, host))

    def _begin(self, at: float) -> None:
        host = self._queue.popleft()
        host.begun = at
        self._push(at, "ready", 0.0, host)

    def _ready(self, at: float, host: Host) -> None:
        if self._busy[host.address] >= self._options.per_address:
            self._waiting[host.address].append((at, host))
        else:
            self._ask(at, host)

    def _ask(self, at: float, host: Host) -> None:
        self._busy[host.address] += 1
        self._requests += 1
        fails = self._rng.random() < host.failing
        seconds = self._options.timeout if fails else self._answer(host)
        host.spent["answer"] += seconds
        self._push(at + seconds, "failed" if fails else "answered", seconds, host)

    def _answer(self, host: Host) -> float:
        sizes = self._draws.sizes
        size = self._rng.choice(sizes) if sizes else self._rng.lognormvariate(math.log(40_000), 1.0)
        seconds = host.latency * self._rng.lognormvariate(0.0, 0.4) + size / BYTES_A_SECOND
        return min(seconds, self._options.total_timeout)

    def _ended(self, at: float, what: str, seconds: float, host: Host) -> None:
        self._busy[host.address] -= 1
        if self._waiting[host.address]:
            since, next_ = self._waiting[host.address].popleft()
            next_.spent["address"] += at - since
            self._ask(at, next_)
        pace = host.lane.pace
        if what == "answered":
            pace.answered(at, seconds)
            self._page_done(host, None)
            host.spent["pause"] += pace.ready_at - at
        else:
            pace.failed(at, seconds, retry_after=None)
            host.attempts += 1
            if host.attempts > self._options.retries:
                self._page_done(host, Failure(Outcome.TIMEOUT, "no answer"))
            host.spent["backoff"] += pace.ready_at - at
        is_over = host.requests == 0 or host.lane.closed is not None
        if is_over or pace.ready_at - host.begun > self._options.max_site_time:
            host.ended = at
            if self._queue:
                self._begin(at)
        else:
            self._push(pace.ready_at, "ready", 0.0, host)

    @staticmethod
    def _page_done(host: Host, failure: Failure | None) -> None:
        host.lane.judge(failure)
        host.requests -= 1
        host.attempts = 0


def requests_of(years: int, *, first: bool) -> int:
    """Return how many requests a site takes, about, in the first night or in an ordinary one."""
    items = years if first else min(RECENT, years)
    return LEADING + -(-years // ITEMS_A_LIST) + round(items * PAGES_AN_ITEM)


def night(count: int, years: int, draws: Draws, *, first: bool, seed: int = 1) -> Night:
    options, rng = Options(user_agent="simulated"), Random(seed)
    found = hosts(count, requests_of(years, first=first), draws, rng, options)
    return Simulation(found, draws, rng, options).run()


def recorded(store: Path) -> Draws:
    """Return the draws with the requests a site and the sizes that a store holds."""
    with closing(sqlite3.connect(f"file:{store / 'state.sqlite'}?mode=ro", uri=True)) as state:
        asked = state.execute("SELECT count(*) FROM pages GROUP BY code, site_url, run").fetchall()
        sizes = state.execute("SELECT length FROM records").fetchall()
    return Draws(requests=tuple(row[0] for row in asked), sizes=tuple(row[0] for row in sizes))


def told(name: str, one: Night) -> str:
    shares = ", ".join(f"{share_name} {share:.0%}" for share_name, share in one.shares.items())
    hours = " ".join(f"{one.hours(share):>7.2f}" for share in (0.5, 0.9, 0.99, 1.0))
    return f"{name:34} {one.requests:>9} {hours}   {shares}"


def figure(path: Path, nights: dict[str, Night], growth: list[dict[str, Any]]) -> None:
    """Draw the share of hosts that are done by the hour, and the growth, as SVG."""
    import vl_convert

    done = [
        {"night": name, "hours": one.hours(share / 100), "share": share / 100}
        for name, one in nights.items()
        for share in range(1, 101)
    ]
    curves = {
        "title": "Hosts done",
        "data": {"values": done},
        "mark": {"type": "line", "interpolate": "step-after"},
        "encoding": {
            "x": {"field": "hours", "type": "quantitative", "title": "hours since the start", "scale": {"type": "log"}},
            "y": {"field": "share", "type": "quantitative", "axis": {"format": "%"}, "title": None},
            "color": {"field": "night", "type": "nominal", "title": None, "legend": {"orient": "bottom"}},
        },
    }
    lines = {
        "title": "Until the last host is done",
        "data": {"values": growth},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "times", "type": "quantitative", "title": "times as many", "scale": {"type": "log"}},
            "y": {"field": "hours", "type": "quantitative", "title": "hours"},
            "color": {"field": "of", "type": "nominal", "title": None, "legend": {"orient": "bottom"}},
        },
    }
    spec = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "hconcat": [curves, lines]}
    path.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")


def grown(draws: Draws) -> list[dict[str, Any]]:
    """Run first nights with more hosts and with more years; print and return the hours."""
    rows = []
    for times in (1, 2, 5, 10):
        for of, count, years in (("hosts", HOSTS * times, YEARS), ("years", HOSTS, YEARS * times)):
            one = night(count, years, draws, first=True)
            print(told(f"first night, {count} hosts, {years} years", one), flush=True)
            rows.append({"of": of, "times": times, "hours": one.hours(1.0)})
    return rows


def main() -> int:
    """Print the table and draw the figure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.national", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--store", type=Path, help="take requests a site and sizes from this store")
    parser.add_argument("--figure", type=Path, help="write an SVG there")
    given = parser.parse_args()
    draws = recorded(given.store) if given.store else Draws()
    print(f"{'':34} {'requests':>9} {'50 %':>7} {'90 %':>7} {'99 %':>7} {'all h':>7}   of the last 1 % of hosts' time")
    nights = {
        name: night(HOSTS, YEARS, draws, first=name == "first night") for name in ("first night", "ordinary night")
    }
    for name, one in nights.items():
        print(told(name, one))
    quick = night(HOSTS, YEARS, replace(draws, latency=draws.latency / 2), first=True)
    print(told("first night, latencies halved", quick))
    growth = grown(draws)
    if given.figure:
        figure(given.figure, nights, growth)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
