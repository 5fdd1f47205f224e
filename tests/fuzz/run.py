"""Spoils good documents and parses them: `python -m tests.fuzz.run --seconds 300`.

First the monsters, each in a process with a limit of memory, then mutants until the time is over. A mutant has a
number, by which `--mutant` parses it again. Exit status 1 if a document raises, takes too long, or gives a report
against the contract.
"""

import argparse
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from types import FrameType

from tests.fuzz.confined import MEMORY, confined, examine
from tests.fuzz.monsters import MONSTERS, SIZES
from tests.fuzz.mutations import mutant
from tests.fuzz.seeds import seeds

SLOW = 2.0
HANG = 20.0
BATCH = 50


def say(*lines: str) -> None:
    """Write lines to the terminal."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


class HangError(Exception):
    """A document was still being parsed after `HANG` seconds of processor time."""


@dataclass
class Tally:
    """How many mutants were parsed, the slowest, and what went wrong with which."""

    documents: int = 0
    slowest: tuple[float, int] = (0.0, -1)
    faults: dict[str, list[int]] = field(default_factory=dict)

    def add(self, number: int, seconds: float, wrong: list[str]) -> None:
        self.documents += 1
        self.slowest = max(self.slowest, (seconds, number))
        late = [f"slow: over {SLOW} s"] if seconds > SLOW else []
        for fault in {*wrong, *late}:
            self.faults.setdefault(fault, []).append(number)


def _hang(_signal: int, _frame: FrameType | None) -> None:
    raise HangError(f"over {HANG} s")


def parsed(first: int) -> list[tuple[int, float, list[str]]]:
    """Parse a batch of mutants; return for each its number, the seconds and what is wrong."""
    signal.signal(signal.SIGVTALRM, _hang)
    done = []
    for number in range(first, first + BATCH):
        body = mutant(seeds(), number)
        signal.setitimer(signal.ITIMER_VIRTUAL, HANG)
        done.append((number, *examine(body)))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return done


def _batches(start: int, seconds: float) -> Iterator[int]:
    end = time.monotonic() + seconds
    for number in count(start, BATCH):
        if time.monotonic() >= end:
            return
        yield number


def fuzz(start: int, seconds: float, workers: int) -> Tally:
    """Parse mutants from number `start` on until the time is over."""
    tally = Tally()
    with ProcessPoolExecutor(workers) as pool:
        waiting = []
        for first in _batches(start, seconds):
            waiting.append(pool.submit(parsed, first))
            if len(waiting) > 2 * workers:
                for result in waiting.pop(0).result():
                    tally.add(*result)
        for batch in waiting:
            for result in batch.result():
                tally.add(*result)
    return tally


def monsters() -> int:
    """Examine every monster in every size; return how many went wrong."""
    bad = 0
    for size in SIZES:
        for monster in MONSTERS:
            (result,) = confined(monster.__name__, size=size)
            wrong = result["wrong"] + ([f"over {SLOW} s"] if result["seconds"] > SLOW else [])
            bad += bool(wrong)
            say(f"{monster.__name__:32} {size:>10,} {result['seconds']:>8} s {' '.join(wrong)}")
    say(f"{bad} of {len(MONSTERS) * len(SIZES)} went wrong, within {MEMORY // 1_000_000} MB", "")
    return bad


def show(tally: Tally, seconds: float) -> None:
    """Print what came of the mutants."""
    say(f"{tally.documents} mutants in {seconds:.0f} s; slowest {tally.slowest[0]:.3f} s, mutant {tally.slowest[1]}")
    for fault, numbers in sorted(tally.faults.items(), key=lambda item: -len(item[1])):
        say(f"{len(numbers):>6}  {fault[:140]}  mutants {numbers[:5]}")


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.run", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seconds", type=float, default=60, help="how long to parse mutants")
    parser.add_argument("--start", type=int, default=0, help="number of the first mutant")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    parser.add_argument("--no-monsters", action="store_true", help="mutants only")
    parser.add_argument("--mutant", type=int, help="parse this one and say what is wrong")
    parser.add_argument("--save", type=Path, metavar="FILE", help="with --mutant, write its body there")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = arguments(argv)
    if options.mutant is not None:
        body = mutant(seeds(), options.mutant)
        if options.save:
            options.save.write_bytes(body)
        seconds, wrong = examine(body)
        say(f"mutant {options.mutant}: {len(body)} bytes, {seconds:.3f} s", *wrong)
        return 1 if wrong else 0
    bad = 0 if options.no_monsters else monsters()
    tally = fuzz(options.start, options.seconds, options.workers)
    show(tally, options.seconds)
    return 1 if bad or tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
