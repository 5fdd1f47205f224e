"""Parses bodies in a process of its own under a limit of memory: `python -m tests.fuzz.confined NAME…` for monsters.

Prints one JSON object a document: its name, the seconds of processor time it took, and what was wrong with it.
"""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from parsers.errors import DocumentError
from parsers.reading import read_reports
from tests.fuzz.contract import faults

MEMORY = 500_000_000
ROOT = Path(__file__).resolve().parents[2]


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


def confined(name: str, seconds: float = 60) -> dict[str, Any]:
    """Examine a monster in another process that may use `MEMORY` bytes of address space."""
    command = [sys.executable, "-m", "tests.fuzz.confined", name]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return {"name": name, "seconds": None, "wrong": [f"exit status {done.returncode}: {last}"]}
    return dict(json.loads(done.stdout))


def main(name: str) -> None:
    """Make a monster, set the limit, examine it and print what came of it."""
    from tests.fuzz.monsters import MONSTERS

    body = next(monster for monster in MONSTERS if monster.__name__ == name)()
    examine("预热 1".encode())
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    seconds, wrong = examine(body)
    print(json.dumps({"name": name, "seconds": round(seconds, 3), "wrong": wrong[:5]}))  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
