"""The command line as a process of its own, and one demo for all tests that only look at what it left."""

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
    """Run the demo in a folder that looks like a checkout after `make demo`; nobody may write there."""
    folder = tmp_path_factory.mktemp("checkout")
    return Demo(folder, nianbao("demo", "--store", "data/harvest", cwd=folder))
