"""`nianbao reparse` with a stopwatch in its workers: `python -m benchmarks.reparse_once SOURCE STORE WORKERS TIMES`.

What runs is what the command runs; each worker appends to a file of its own in the folder TIMES, after every unit, the
processor seconds of reading its records and of parsing them (`parse_archived`). The stopwatch costs microseconds.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa

from nianbao.parse_stage import parse_archived
from nianbao.reparse import unit
from nianbao.reparse.pool import read_in_processes
from nianbao.reparse.progress import watching
from nianbao.reparse.stores import reparse_into
from scraper.places import archived


class Stopwatch:
    """Adds up the processor seconds of this process that pass inside a function or between the items it yields."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function on the clock."""
        begun = time.process_time()
        try:
            return function(*arguments)
        finally:
            self.seconds += time.process_time() - begun

    def items(self, function: Callable[..., Iterator[Any]], *arguments: Any) -> Iterator[Any]:
        """Yield what a function yields, all of it made on the clock."""
        yield from self.call(lambda: list(function(*arguments)))


def timed_pages(pages: pa.Table, *, times: Path, told: Callable[[int], None], set_aside: frozenset[int]) -> pa.Table:
    """Read pages as a worker does, and note how long that took."""
    reading, parsing = Stopwatch(), Stopwatch()
    with (
        patch.object(unit, "archived", partial(reading.call, archived)),
        patch.object(unit, "parse_archived", partial(parsing.items, parse_archived)),
    ):
        found = unit.read_pages(pages, told=told, set_aside=set_aside)
    with (times / f"{os.getpid()}.txt").open("a") as file:
        print(reading.seconds, parsing.seconds, file=file)
    return found


def main(source: Path, store: Path, workers: int, times: Path) -> None:
    """Reparse the archive of one store into another."""
    read = partial(read_in_processes, workers=workers, read=partial(timed_pages, times=times))
    with watching() as watch:
        reparse_into(str(store), [source], read, watch)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
