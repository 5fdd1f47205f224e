"""Parses monsters in a process of its own under a limit of memory: `python -m tests.fuzz.confined SIZE NAME…`.

Prints one JSON object a document: its name, the seconds of processor time it took, and what was wrong with it.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import TypedDict

from parsers.errors import DocumentError
from parsers.reading import read_reports
from tests.fuzz.contract import faults

MEMORY = 500_000_000
ROOT = Path(__file__).resolve().parents[2]


class Result(TypedDict):
    """What came of a monster: seconds of processor time, and what was wrong."""

    name: str
    seconds: float
    wrong: list[str]


def examine(body: bytes) -> tuple[float, list[str]]:
    """Parse a body; return the seconds of processor time and what is wrong."""
    start = time.process_time()
    try:
        reports = read_reports(body)
    except DocumentError as error:
        wrong = [] if str(error) and "\n" not in str(error) else [f"error of several lines: {error}"]
        return time.process_time() - start, wrong
    except Exception as error:  # noqa: BLE001 - whatever else is raised is the finding
        return time.process_time() - start, [f"{type(error).__name__}: {error}"]
    seconds = time.process_time() - start
    return seconds, [fault for report in reports for fault in faults(report.as_json())]


def confined(*names: str, size: int, seconds: float = 60) -> list[Result]:
    """Examine monsters of a size in another process that may use `MEMORY` bytes of address space."""
    command = [sys.executable, "-m", "tests.fuzz.confined", str(size), *names]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds * len(names), check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        results.append({"name": names[len(results)], "seconds": 0.0, "wrong": [f"exit {done.returncode}: {last}"]})
    return results


def main(size: int, names: list[str]) -> None:
    """Set the limit, then make each monster, examine it and print what came of it."""
    from tests.fuzz.monsters import MONSTERS

    chosen = [monster for monster in MONSTERS if monster.__name__ in names]
    examine("预热 1".encode())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for monster in chosen:
        seconds, wrong = examine(monster(size))
        sys.stdout.write(
            json.dumps({"name": monster.__name__, "seconds": round(seconds, 3), "wrong": wrong[:5]}) + "\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
