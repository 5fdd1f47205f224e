"""How fast many hosts are harvested, beside Scrapy on the same sites, and in how much memory.

`python -m benchmarks.harvest`: no delay, loopback only, each run a process of its own with a new store, the kinds of
runs by turns so that a busy machine slows all alike, medians. Pages are counted by the server, robots.txt left out.
"""

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from importlib.util import find_spec
from statistics import median

from benchmarks.loopback import PAGES_OF_SITE, YEARS, Loopback, serving

FEW, MANY, MOST = 50, 1000, 3000
SCALING, PEER, MEGABYTES = 0.75, 1.0, 500
HARVEST, SCRAPY = "benchmarks.harvest_once", "benchmarks.scrapy_once"
FEW_A_ROUND = 3  # a run of few hosts is short
BUDGET = 110.0  # seconds after which no further round is begun
LONGEST_RUN = 150.0
NO_SCRAPY = "Scrapy is not installed: make bench installs it and makes the comparison"


@dataclass
class Rates:
    """Pages per second of each run."""

    few: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    scrapy: list[float] = field(default_factory=list)


def run(web: Loopback, module: str, sites: int) -> dict[str, float]:
    """Run one crawl in a process of its own; ends the benchmark where it did not fetch every page of every site."""
    command = [sys.executable, "-m", module, web.url, str(sites)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_RUN, check=False)
    counts = web.counts()
    told: dict[str, float] = json.loads(done.stdout) if done.returncode == 0 else {}
    expected = {"pages": sites * PAGES_OF_SITE, "robots": sites, "missing": 0}
    if counts != expected or told.get("reports") != sites * len(YEARS):
        raise SystemExit(f"{module} {sites}: {counts}, expected {expected}; {told} {done.stderr[-500:]}")
    return told


def measured(web: Loopback, rounds: int, *, with_scrapy: bool) -> Rates:
    """Run the kinds of crawls by turns, at least one round and no further one when the budget is spent."""
    rates, begun = Rates(), time.monotonic()
    for number in range(rounds):
        if number and time.monotonic() - begun > BUDGET * number / (number + 1):
            break
        for _ in range(FEW_A_ROUND):
            rates.few.append(FEW * PAGES_OF_SITE / run(web, HARVEST, FEW)["visiting"])
        many = run(web, HARVEST, MANY)
        rates.many.append(MANY * PAGES_OF_SITE / many["visiting"])
        rates.whole.append(MANY * PAGES_OF_SITE / many["seconds"])
        if with_scrapy:
            rates.scrapy.append(MANY * PAGES_OF_SITE / run(web, SCRAPY, MANY)["seconds"])
    return rates


def line(what: str, value: float, unit: str, runs: int, goal: str = "") -> None:
    """Print one line of the table."""
    print(f"{what:<52} {value:>8.2f} {unit:<8} {runs:>4}   {goal}".rstrip())


def report(rates: Rates, megabytes: float) -> bool:
    """Print the table; True where every goal is met."""
    few, many = median(rates.few), median(rates.many)
    print(f"{'':52} {'median':>8} {'':8} {'runs':>4}   goal")
    line(f"harvest, {FEW} hosts", few, "pages/s", len(rates.few))
    line(f"harvest, {MANY} hosts", many, "pages/s", len(rates.many))
    line(f"  of the rate at {FEW} hosts", many / few, "", len(rates.many), f"at least {SCALING:g}")
    line(f"harvest, {MANY} hosts, with the setting up", median(rates.whole), "pages/s", len(rates.whole))
    met = many / few >= SCALING and megabytes < MEGABYTES
    if rates.scrapy:
        scrapy = median(rates.scrapy)
        line(f"Scrapy, {MANY} hosts, with the setting up", scrapy, "pages/s", len(rates.scrapy))
        line("  harvest to Scrapy", median(rates.whole) / scrapy, "", len(rates.scrapy), f"at least {PEER:g}")
        met = met and median(rates.whole) / scrapy >= PEER
    else:
        print(NO_SCRAPY)
    line(f"most memory, harvest of {MOST} hosts", megabytes, "MB", 1, f"under {MEGABYTES}")
    return met


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.harvest", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rounds", type=int, default=3, help="of the runs that are compared; at least 1")
    rounds = parser.parse_args().rounds
    with serving() as web:
        rates = measured(web, rounds, with_scrapy=find_spec("scrapy") is not None)
        megabytes = run(web, HARVEST, MOST)["peak"] / 1e6
    return 0 if report(rates, megabytes) else 1


if __name__ == "__main__":
    raise SystemExit(main())
