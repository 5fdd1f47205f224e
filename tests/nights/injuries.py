"""The faults: each does one night that something is done to, and says how the night ended."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from nianbao.exits import Exit
from tests.nights.cutter import cutting

REPOSITORY = Path(__file__).resolve().parents[2]
ROOM = 512 << 20  # of the file system that a store lies on
KILLED = -signal.SIGKILL


@dataclass
class Ground:
    """Where the nights of a runner happen: `folder` is a file system of its own where `mounted`."""

    folder: Path
    proxy: str
    rng: random.Random
    mounted: bool

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def sites(self) -> Path:
        return self.folder.parent / f"{self.folder.name}.csv"

    def config(self, proxy: str) -> Path:
        """Write a configuration; nights follow one another by seconds here."""
        path = self.folder.parent / f"{self.folder.name}.toml"
        times = "".join(f'{name} = "1s"\n' for name in ("in_season", "off_season", "after_failure"))
        path.write_text(
            f'sites = "{self.sites.name}"\n[schedule]\n{times}after_failure_at_most = "1s"\n'
            f'[harvest]\nproxy = "{proxy}"\ndelay = 0\nretries = 0\nbackoff = 0.0\ntimeout = 5\n[site]\nwrite = false\n'
            '[log]\nformat = "json"\n',
            encoding="utf-8",
        )
        return path

    def command(self, proxy: str | None = None) -> list[str]:
        config = self.config(self.proxy if proxy is None else proxy)
        return [sys.executable, "-m", "nianbao", "nightly", "--store", str(self.store), "--config", str(config)]

    def start(self, command: list[str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def night(self, proxy: str | None = None) -> tuple[int, str]:
        """Do a night to its end; returns its status and what it said."""
        process = self.start(self.command(proxy))
        _, said = process.communicate(timeout=120)
        return process.returncode, said

    def resize(self, size: int | None = None, *, read_only: bool = False) -> None:
        """Change the size of the file system, or whether it can be written."""
        options = f"remount,size={size or ROOM},{'ro' if read_only else 'rw'}"
        subprocess.run(["mount", "-o", options, str(self.folder)], check=True)


Fault = Callable[[Ground], tuple[list[int], str]]


def _struck(ground: Ground, number: signal.Signals) -> tuple[list[int], str]:
    """Send a signal after a random line of the log, or a moment later."""
    process = ground.start(ground.command())
    after, said = ground.rng.randrange(0, 60), []
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line)
        if len(said) > after:
            break
    time.sleep(ground.rng.choice((0.0, 0.0, ground.rng.random() * 0.3)))
    with suppress(ProcessLookupError):
        process.send_signal(number)
    said.append(process.stderr.read())
    process.wait(60)
    return [process.returncode], f"after line {len(said)}"


def kill(ground: Ground) -> tuple[list[int], str]:
    return _struck(ground, signal.SIGKILL)


def terminate(ground: Ground) -> tuple[list[int], str]:
    return _struck(ground, signal.SIGTERM)


def disk_full(ground: Ground) -> tuple[list[int], str]:
    """Leave little room on the file system of the store."""
    used = ROOM - shutil.disk_usage(ground.folder).free
    room = ground.rng.choice((0, 4, 16, 48, 120, 250, 500, 900)) << 10
    ground.resize(used + room)
    try:
        return [ground.night()[0]], f"{room >> 10} KiB left"
    finally:
        ground.resize()


def read_only(ground: Ground) -> tuple[list[int], str]:
    ground.resize(read_only=True)
    try:
        return [ground.night()[0]], ""
    finally:
        ground.resize()


def clock(ground: Ground) -> tuple[list[int], str]:
    """Let the clock jump by up to more than a year, for one night."""
    days = ground.rng.choice((-400, -30, -1, -0.01, 0.5, 2, 45, 400)) * (0.5 + ground.rng.random())
    command = [sys.executable, "-m", "tests.nights.cutter", str(ground.store)]
    process = ground.start([*command, str(ground.config(ground.proxy)), f"{days:.3f}"])
    process.communicate(timeout=120)
    return [process.returncode], f"{days:+.1f} days"


def no_names(ground: Ground) -> tuple[list[int], str]:
    """Let no name be resolved: a network without interfaces."""
    process = ground.start(["unshare", "-n", *ground.command("")])
    process.communicate(timeout=120)
    return [process.returncode], ""


def cut(ground: Ground) -> tuple[list[int], str]:
    with cutting(ground.proxy, ground.rng) as proxy:
        return [ground.night(proxy)[0]], ""


def two_at_once(ground: Ground) -> tuple[list[int], str]:
    command = ground.command()
    processes = [ground.start(command) for _ in range(2)]
    for process in processes:
        process.communicate(timeout=120)
    return sorted(process.returncode for process in processes), ""


def locked(ground: Ground) -> tuple[list[int], str]:
    """Hold the state's file for a while, now and then for longer than a night waits."""
    seconds = ground.rng.choice((0.5, 1, 2, 3, 5, 5, 5, 45))
    connection = sqlite3.connect(ground.store / "state.sqlite", isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(seconds, lambda: connection.execute("ROLLBACK"))
    release.start()
    status, _ = ground.night()
    release.join()
    connection.close()
    return [status], f"for {seconds} s"


FAULTS: dict[str, tuple[Fault, frozenset[int], int]] = {
    "kill -9": (kill, frozenset({KILLED, Exit.DONE}), 12),
    "SIGTERM": (terminate, frozenset({Exit.INTERRUPTED, -signal.SIGTERM, Exit.DONE}), 6),
    "disk full": (disk_full, frozenset({Exit.DISK, Exit.PARTIAL, Exit.DONE}), 6),
    "read-only": (read_only, frozenset({Exit.DISK}), 3),
    "clock jump": (clock, frozenset({Exit.DONE}), 4),
    "no DNS": (no_names, frozenset({Exit.PARTIAL}), 2),
    "proxy cuts": (cut, frozenset({Exit.DONE, Exit.PARTIAL}), 3),
    "two at once": (two_at_once, frozenset({Exit.DONE, Exit.LOCKED}), 2),
    "state locked": (locked, frozenset({Exit.DONE, Exit.LOCKED}), 2),
}
"""Each with the statuses that a night may end with under it, and how often it is drawn out of 40."""

NEEDS_MOUNT = frozenset({"disk full", "read-only"})
NEEDS_ROOT = frozenset({"no DNS"})


def may_mount() -> bool:
    """Whether this process may mount file systems and leave the network."""
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "-n", "true"], capture_output=True).returncode == 0
