"""A night with nothing new over all counties of the country, and whether thirty nights take more memory than three.

`python -m benchmarks.nights`: sites of benchmarks.loopback, no delay, each night a process of its own, as a scheduler
starts it. The first night, which fetches and parses everything, is told apart from the measured second one.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.loopback import YEARS, Loopback, home_page, serving

COUNTIES = 2846
MINUTES = 5.0
NIGHTS = 30
FLAT = 1.1  # of the memory of the first nights that the last ones may take
FEW_SITES = 60
_CONFIG = """\
sites = "sites.csv"
[schedule]
in_season = "1s"
off_season = "1s"
after_failure = "1s"
[harvest]
proxy = "{proxy}"
delay = 0
"""


@dataclass(frozen=True)
class Measured:
    """One night: its exit status, seconds, the most memory in megabytes."""

    status: int
    seconds: float
    megabytes: float


def prepare(folder: Path, web: Loopback, sites: int) -> Path:
    """Write the list of sites and the configuration; returns the latter."""
    rows = "".join(f"{100000 + number},某某县{number},{home_page(number)},\n" for number in range(sites))
    (folder / "sites.csv").write_text(f"code,name,site_url,column_url\n{rows}", encoding="utf-8")
    config = folder / "nianbao.toml"
    config.write_text(_CONFIG.format(proxy=web.url), encoding="utf-8")
    return config


def night(folder: Path, config: Path) -> Measured:
    """Do one night in a process of its own."""
    command = [sys.executable, "-m", "nianbao", "nightly", "--store", str(folder / "store"), "--config", str(config)]
    begun = time.perf_counter()
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begun
    code = process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024
    return Measured(code, seconds, usage.ru_maxrss * unit / 1e6)


def all_counties(web: Loopback, sites: int) -> bool:
    """Measure the night with nothing new; True where it is quick enough."""
    with tempfile.TemporaryDirectory(prefix="nianbao-nights-") as name:
        folder = Path(name)
        config = prepare(folder, web, sites)
        first = night(folder, config)
        web.counts()
        second = night(folder, config)
        asked = web.counts()
        said = (folder / "log").read_text(encoding="utf-8").splitlines()[-2:]
    print(f"first night, {sites} sites: {first.seconds:.0f} s, {first.megabytes:.0f} MB, status {first.status}")
    print(f"nothing new: {second.seconds:.0f} s, {second.megabytes:.0f} MB, status {second.status}, asked {asked}")
    print("\n".join(said))
    whole = asked["pages"] == sites * (1 + len(YEARS))  # the column that is known, and its reports
    return whole and second.status == 0 and second.seconds < MINUTES * 60


def thirty(web: Loopback) -> bool:
    """Measure the memory of thirty nights; True where the last three take no more than the first ones."""
    with tempfile.TemporaryDirectory(prefix="nianbao-nights-") as name:
        folder = Path(name)
        config = prepare(folder, web, FEW_SITES)
        nights = []
        for _ in range(NIGHTS):
            nights.append(night(folder, config))
            time.sleep(0.6)  # until every site is due again
    early, late = (max(each.megabytes for each in part) for part in (nights[1:4], nights[-3:]))
    print(f"{NIGHTS} nights, {FEW_SITES} sites: {early:.0f} MB in the 2nd to 4th, {late:.0f} MB in the last three")
    return all(each.status == 0 for each in nights) and late <= early * FLAT


def main() -> int:
    """Measure and print; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nights", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sites", type=int, default=COUNTIES, help="of the night with nothing new")
    sites = parser.parse_args().sites
    with serving() as web:
        met = [all_counties(web, sites), thirty(web)]
    return 0 if all(met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
