"""How fast an archive is parsed again: `python -m benchmarks.reparse [--pages 50000]`.

A made-up archive (tests.scale.archives: distinct pages of every layout) is read by `nianbao reparse` with one worker
and with two, each a fresh dataset; the limit is a plain lexbor parse of the same bodies. The share of the parse is the
processor time that `parse_archived` takes over the records of a sample, against the processor time of the whole run.
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
from resource import RUSAGE_CHILDREN, getrusage
from statistics import median

from nianbao.parse_stage import ParseTally, parse_archived
from scraper.archive import ArchiveReader
from scraper.documents import Archived
from scraper.places import archived, places
from tests.scale.archives import contents, make_store

SAMPLE = 1500
MOST_MEGABYTES = 600.0
FASTER = 1.8
OVERHEAD = 0.25
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Ran:
    """A run: seconds of the wall, processor seconds of all its processes, their most memory together in megabytes."""

    workers: int
    seconds: float
    processor: float
    megabytes: float


def run(source: Path, store: Path, workers: int) -> Ran:
    """Reparse a store into another one, in processes of their own."""
    command = [sys.executable, "-m", "nianbao", "reparse", "--store", str(store), "--from", str(source)]
    before = getrusage(RUSAGE_CHILDREN)
    begun = time.perf_counter()
    process = subprocess.Popen([*command, "--workers", str(workers)], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with memory(process.pid) as most:
        _, said = process.communicate()
    seconds = time.perf_counter() - begun
    if process.returncode not in (0, 1):
        raise SystemExit(said.decode())
    after = getrusage(RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Ran(workers, seconds, processor, most[0])


@contextmanager
def memory(pid: int) -> Iterator[list[float]]:
    """Watch the memory of a process and its children: proportional set sizes, twice a second, the most of the sums."""
    most = [0.0]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            most[0] = max(most[0], sum(map(_megabytes, [pid, *_children(pid)])))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _megabytes(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) * 1024 / MEGABYTE for line in lines if line.startswith("Pss:")), 0.0)


def per_page(store: Path) -> dict[str, float]:
    """Return processor milliseconds a page over a sample: reading the record, parsing, and lexbor alone."""
    from selectolax.lexbor import LexborHTMLParser

    found = list(places(store))
    step = max(1, len(found) // SAMPLE)
    sample = found[::step][:SAMPLE]
    records = ArchiveReader(store / "archive")
    start = time.process_time()
    items = [archived(place, records) for place in sample]
    read = time.process_time() - start
    parsing = _parse(items)
    start = time.process_time()
    for item in items:
        LexborHTMLParser(item.body).body  # noqa: B018 - the tree is built when it is asked for
    lexbor = time.process_time() - start
    return {
        name: 1e3 * seconds / len(sample) for name, seconds in (("read", read), ("parse", parsing), ("lexbor", lexbor))
    }


def _parse(items: list[Archived]) -> float:
    for _ in parse_archived(items[:200], ParseTally()):  # what the parser remembers of labels counts
        pass
    start = time.process_time()
    for _ in parse_archived(items, ParseTally()):
        pass
    return time.process_time() - start


def told(runs: list[Ran], pages: int, each: dict[str, float]) -> bool:
    """Print the table; return whether every goal is met."""
    print(f"{pages} pages; a page: read {each['read']:.2f} ms, parse {each['parse']:.2f}, lexbor {each['lexbor']:.2f}")
    print(f"{'workers':>8} {'s':>8} {'pages/s':>9} {'a core':>8} {'CPU s':>8} {'parse':>7} {'MB':>6}")
    medians: dict[int, float] = {}
    shares = []
    for workers in sorted({ran.workers for ran in runs}):
        same = [ran for ran in runs if ran.workers == workers]
        seconds, processor = median(ran.seconds for ran in same), median(ran.processor for ran in same)
        medians[workers] = seconds
        share = pages * each["parse"] / 1e3 / processor
        shares.append(share)
        most = max(ran.megabytes for ran in same)
        print(
            f"{workers:>8} {seconds:>8.1f} {pages / seconds:>9.0f} {pages / seconds / workers:>8.0f} {processor:>8.1f} "
            f"{share:>7.0%} {most:>6.0f}"
        )
    faster = medians[1] / medians[2]
    print(f"two workers are {faster:.2f} times as fast as one (goal {FASTER})")
    most = max(ran.megabytes for ran in runs)
    print(f"most memory {most:.0f} MB (goal {MOST_MEGABYTES:.0f}); parse {shares[0]:.0%} (goal {1 - OVERHEAD:.0%})")
    return faster >= FASTER and most < MOST_MEGABYTES and shares[0] >= 1 - OVERHEAD


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
    return told(runs, pages, per_page(source))


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
