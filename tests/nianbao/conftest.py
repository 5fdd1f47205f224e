"""The command line as a process of its own, and one demo for all tests that only look at what it left."""

import fcntl
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SAMPLES = REPOSITORY / "data" / "samples"
NIANBAO = [sys.executable, "-m", "nianbao"]

Run = Callable[..., subprocess.CompletedProcess[str]]


def environment(**extra: str) -> dict[str, str]:
    """Return the environment without what steers colours and widths."""
    steering = ("COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "CLICOLOR_FORCE")
    kept = {name: value for name, value in os.environ.items() if name not in steering}
    return {**kept, "PYTHONPATH": str(REPOSITORY), "PYTHONWARNINGS": "error", **extra}


@pytest.fixture(scope="session")
def nianbao() -> Run:
    """Return a function that runs `nianbao` with some arguments as a user would."""

    def run(*arguments: object, columns: int = 80, **settings: object) -> subprocess.CompletedProcess[str]:
        command = [*NIANBAO, *map(str, arguments)]
        given = {"env": environment(COLUMNS=str(columns)), "capture_output": True, "encoding": "utf-8", **settings}
        return subprocess.run(command, timeout=60, check=False, **given)  # type: ignore[call-overload,no-any-return]

    return run


@dataclass(frozen=True)
class Demo:
    """A folder in which `nianbao demo --store data/harvest` was run once, and how that ended."""

    folder: Path
    result: subprocess.CompletedProcess[str]

    @property
    def store(self) -> Path:
        return self.folder / "data" / "harvest"


@pytest.fixture(scope="session")
def demo(nianbao: Run, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Run the demo in a folder that looks like a checkout after `make demo`; nobody may write there.

    It is one for all processes of a test run: the first that needs it makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    above = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, said = above / "checkout", above / "checkout.json"
    with (above / "checkout.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            folder.mkdir()
            done = nianbao("demo", "--store", "data/harvest", cwd=folder)
            said.write_text(json.dumps([done.args, done.returncode, done.stdout, done.stderr]), encoding="utf-8")
    return Demo(folder, subprocess.CompletedProcess(*json.loads(said.read_text(encoding="utf-8"))))
