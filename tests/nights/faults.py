"""Nights with faults: `python -m tests.nights.faults --runs 200 --seed 1 [--journal FILE]`.

Each run changes the web, does a night that something is done to, then a night in peace, and holds the store against the
web. A store lives through twenty runs. With a journal a broken-off runner goes on where it was. Disk and network faults
need root; where they cannot be made they are left out, and the table says so.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.nights.injuries import FAULTS, NEEDS_MOUNT, NEEDS_ROOT, ROOM, Ground, may_mount
from tests.nights.verifying import nights, problems
from tests.nights.world import County, counties
from tests.scraper.web import serving

LIVES = 20  # runs of one store
YEARS = range(2022, 2026)
LETTERS = "abcdef"


def drawn(seed: int, runs: int, *, mount: bool) -> list[str]:
    """Return the faults of a series: each as often as its weight says, in random order."""
    possible = {
        name: weight for name, (_, _, weight) in FAULTS.items() if mount or name not in NEEDS_MOUNT | NEEDS_ROOT
    }
    deck = [name for name, weight in possible.items() for _ in range(weight)]
    names = (deck * (runs // len(deck) + 1))[:runs] if runs >= len(deck) else random.Random(seed).sample(deck, runs)
    random.Random(seed).shuffle(names)
    return names


def life(seed: int, number: int, faults: list[str], *, mount: bool) -> Iterator[dict[str, Any]]:
    """Live through the faults of one store; yields how each run ended."""
    rng = random.Random(f"{seed} {number}")
    with serving() as web, _file_system(mount=mount) as folder:
        world = {letter: county for letter, county in counties(web).items() if letter in LETTERS}
        for county in world.values():
            county.publish(2022)
        ground = Ground(folder, web.url, rng, mount)
        rows = "".join(f"{c.site.code},{c.site.name},{c.site.site_url},\n" for c in world.values())
        ground.sites.write_text(f"code,name,site_url,column_url\n{rows}", encoding="utf-8")
        status, said = ground.night()
        if status:
            raise SystemExit(f"the first night ended with {status}: {said[-800:]}")
        for place, name in enumerate(faults):
            yield {"fault": name, "run": number * LIVES + place, **one_run(ground, world, name, place)}


def one_run(ground: Ground, world: dict[str, County], name: str, seed: int) -> dict[str, Any]:
    """Change the web, do a night with a fault, then one in peace, and look at what they left."""
    since = nights(ground.store)[-1]["run"]
    changed = _change(world, ground.rng, seed)
    inflict, allowed, _ = FAULTS[name]
    begun = time.monotonic()
    ended = inflict(ground)
    middle = time.monotonic()
    time.sleep(0.6)  # until every site is due again
    status, said = ground.night()
    ground.lines = max(1, said.count("\n"))
    wrong = [f"the night in peace ended with {status}: {said[-300:]}"] if status else []
    wrong += [f"the night ended with {each}" for each in ended.statuses if each not in allowed]
    try:
        wrong += problems(ground.store, world, since, changed)
    except Exception as error:  # noqa: BLE001 - whatever cannot be read is the finding
        wrong.append(f"{type(error).__name__}: {error}")
    seconds = [round(middle - begun, 1), round(time.monotonic() - middle, 1)]
    return {**asdict(ended), "seconds": seconds, "problems": wrong}


def _change(world: dict[str, County], rng: random.Random, seed: int) -> str:
    county = world[rng.choice(LETTERS)]
    year = next((year for year in YEARS if year not in county.reports), None)
    if year is None or rng.random() < 0.3:
        year = rng.choice(sorted(county.reports))
        county.publish(year, seed=1000 + seed)
    else:
        county.publish(year)
    return county.report_id(year)


@contextmanager
def _file_system(*, mount: bool) -> Iterator[Path]:
    above = Path(tempfile.mkdtemp(prefix="nianbao-faults-"))
    folder = above / "disk"
    folder.mkdir()
    if mount:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        if mount:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        shutil.rmtree(above, ignore_errors=True)


def table(results: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines of the table: a fault, how often, how often in time, how its nights ended, what went wrong."""
    by_fault = defaultdict(list)
    for result in results:
        by_fault[result["fault"]].append(result)
    yield f"{'fault':<14}{'runs':>5}{'struck':>8}{'problems':>10}   statuses of the nights with a fault"
    for name in FAULTS:
        found = by_fault.get(name, [])
        wrong = sum(bool(result["problems"]) for result in found)
        statuses = Counter(status for result in found for status in result["statuses"])
        told = ", ".join(f"{count} × {status}" for status, count in sorted(statuses.items()))
        struck = sum(result["struck"] for result in found)
        yield f"{name:<14}{len(found):>5}{struck:>8}{wrong:>10}   {told or 'not possible here, or not drawn'}"
    struck, wrong = (sum(bool(result[name]) for result in results) for name in ("struck", "problems"))
    yield f"{'all':<14}{len(results):>5}{struck:>8}{wrong:>10}"


def run(runs: int, seed: int, journal: Path | None = None) -> list[dict[str, Any]]:
    """Do all runs, those of the journal excepted; a store that was not finished is lived through again."""
    results = [json.loads(line) for line in journal.read_text().splitlines()] if journal and journal.exists() else []
    results = results[: len(results) // LIVES * LIVES]
    mount = may_mount()
    faults = drawn(seed, runs, mount=mount)
    for number in range(len(results) // LIVES, -(-runs // LIVES)):
        for result in life(seed, number, faults[number * LIVES : (number + 1) * LIVES], mount=mount):
            results.append(result)
            sys.stderr.write(json.dumps(result, ensure_ascii=False) + "\n")
        if journal:
            journal.write_text("".join(json.dumps(result) + "\n" for result in results))
    return results


def main() -> int:
    """Run, print the table; 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.nights.faults", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--journal", type=Path, help="file in which results are kept")
    given = parser.parse_args()
    results = run(given.runs, given.seed, given.journal)
    sys.stdout.write("\n".join(table(results)) + "\n")
    return int(any(result["problems"] for result in results))


if __name__ == "__main__":
    raise SystemExit(main())
