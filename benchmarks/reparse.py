"""How fast an archive is parsed again: `python -m benchmarks.reparse [--pages 50000] [--folder DIR]`.

A made-up archive (tests.scale.archives: distinct pages of every layout) is read by `nianbao reparse` with one worker
and with two, each a fresh dataset; the limit is a plain lexbor parse of a sample of the same bodies. The share of the
parse is the processor time that the workers spend in `parse_archived`, by a stopwatch there (benchmarks.reparse_once),
against that of all processes of the run from start to end. Memory is the sum of the proportional set sizes (PSS) of all
processes: a page that two of them share counts once.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from scraper.archive import ArchiveReader
from scraper.places import archived, places
from tests.scale.archives import contents, make_store

SAMPLE = 1500
MOST_MEGABYTES = 600.0
FASTER = 1.8
OVERHEAD = 0.25
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Ran:
    """A run: seconds of the wall; processor seconds of all its processes, and of reading records and parsing in them.

    `megabytes` is the most memory of all of them together.
    """

    workers: int
    seconds: float
    processor: float
    read: float
    parse: float
    megabytes: float


def run(source: Path, store: Path, workers: int) -> Ran:
    """Reparse a store into another one, in processes of their own."""
    times = store.with_suffix(".times")
    shutil.rmtree(times, ignore_errors=True)
    times.mkdir()
    command = [sys.executable, "-m", "benchmarks.reparse_once", *map(str, (source, store, workers, times))]
    before = getrusage(RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with memory(process.pid) as most:
        _, said = process.communicate()
    seconds = time.perf_counter() - begun
    if process.returncode != 0:
        raise SystemExit(said.decode())
    after = getrusage(RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    lines = [line.split() for path in times.iterdir() for line in path.read_text().splitlines()]
    read, parse = (sum(float(line[column]) for line in lines) for column in (0, 1))
    shutil.rmtree(times)
    return Ran(workers, seconds, processor, read, parse, most[0])


@contextmanager
def memory(pid: int) -> Iterator[list[float]]:
    """Watch the memory of a process and what it started: proportional set sizes, five times a second, the most."""
    most = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.2):
            most[0] = max(most[0], sum(map(_megabytes, [pid, *_started(pid)])))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _started(pid: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*children, *(each for child in children for each in _started(child))]


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / MEGABYTE for line in lines if line.startswith("Pss:")), 0.0)


def lexbor_milliseconds(store: Path) -> float:
    """Return processor milliseconds of a plain lexbor parse a page, over a sample."""
    from selectolax.lexbor import LexborHTMLParser

    found = list(places(store))
    records = ArchiveReader(store / "archive")
    bodies = [archived(place, records).body for place in Random(1).sample(found, min(SAMPLE, len(found)))]
    start = time.process_time()
    for body in bodies:
        LexborHTMLParser(body).body  # noqa: B018 - the tree is built when it is asked for
    return 1e3 * (time.process_time() - start) / len(bodies)


def told(runs: list[Ran], pages: int, lexbor: float) -> bool:
    """Print the table; return whether every goal is met."""
    print(f"{pages} pages; milliseconds a page: a plain lexbor parse {lexbor:.2f}")
    print(
        f"{'workers':>8} {'s':>8} {'pages/s':>9} {'a core':>8} {'CPU ms':>8} {'read':>6} {'parse':>6} {'':>5} {'MB':>6}"
    )
    medians = {}
    for workers in sorted({ran.workers for ran in runs}):
        same = [ran for ran in runs if ran.workers == workers]
        seconds, processor, read, parse, share = (median(column) for column in zip(*map(_figures, same), strict=True))
        medians[workers] = seconds, share
        print(
            f"{workers:>8} {seconds:>8.1f} {pages / seconds:>9.0f} {pages / seconds / workers:>8.0f} "
            f"{1e3 * processor / pages:>8.2f} {1e3 * read / pages:>6.2f} {1e3 * parse / pages:>6.2f} {share:>5.0%} "
            f"{max(ran.megabytes for ran in same):>6.0f}"
        )
    faster, share = medians[1][0] / medians[2][0], medians[1][1]
    print(f"two workers are {faster:.2f} times as fast as one (goal {FASTER})")
    most = max(ran.megabytes for ran in runs)
    print(f"most memory {most:.0f} MB (goal {MOST_MEGABYTES:.0f}); parse {share:.0%} (goal {1 - OVERHEAD:.0%})")
    return faster >= FASTER and most < MOST_MEGABYTES and share >= 1 - OVERHEAD


def _figures(ran: Ran) -> tuple[float, ...]:
    return ran.seconds, ran.processor, ran.read, ran.parse, ran.parse / ran.processor


def measure(folder: Path, pages: int, rounds: int) -> bool:
    source = folder / f"archive-{pages}"
    if not source.exists():
        print(f"making {pages} pages …", flush=True)
        make_store(source.with_suffix(".part"), pages, workers=2)
        source.with_suffix(".part").rename(source)
    runs, found = [], []
    for _ in range(rounds):
        for workers in (1, 2):
            store = folder / f"store-{workers}"
            shutil.rmtree(store, ignore_errors=True)
            runs.append(run(source, store, workers))
            found.append(contents(store / "dataset" / "."))
            print(json.dumps(runs[-1].__dict__), flush=True)
    if any(each != found[0] for each in found) or not found[0]:
        raise SystemExit("the datasets differ")
    return told(runs, pages, lexbor_milliseconds(source))


def main() -> int:
    """Print the table; return 1 if a goal is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reparse", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--folder", type=Path, help="where to work and keep the archive; a temporary folder if not given"
    )
    given = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    folder = given.folder or Path(tempfile.mkdtemp(prefix="nianbao-reparse-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return 0 if measure(folder, given.pages, given.rounds) else 1
    finally:
        if given.folder is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    raise SystemExit(main())
