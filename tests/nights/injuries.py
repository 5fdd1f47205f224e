"""The faults: each does one night that something is done to, and says how the night ended."""

import os
import random
import shutil
import signal
import subprocess
import sys
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
    lines: int = 40  # that the last night in peace wrote

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

    def finish(self, command: list[str]) -> tuple[int, str]:
        """Run a command to its end; returns its status and what it said."""
        process = self.start(command)
        _, said = process.communicate(timeout=120)
        return process.returncode, said

    def night(self, proxy: str | None = None) -> tuple[int, str]:
        """Do a night to its end; returns its status and what it said."""
        return self.finish(self.command(proxy))

    def resize(self, size: int | None = None, *, read_only: bool = False) -> None:
        """Change the size of the file system, or whether it can be written."""
        options = f"remount,size={size or ROOM},{'ro' if read_only else 'rw'}"
        subprocess.run(["mount", "-o", options, str(self.folder)], check=True)


@dataclass(frozen=True)
class Ended:
    """How the night with the fault ended, what was done to it, and whether that reached it before its end."""

    statuses: list[int]
    detail: str = ""
    struck: bool = True


Fault = Callable[[Ground], Ended]


def _struck(ground: Ground, number: signal.Signals) -> Ended:
    """Send a signal after a random line of the log, or a moment later."""
    after, said = ground.rng.randrange(ground.lines), 0
    with ground.start(ground.command()) as process:
        assert process.stderr is not None
        for _ in process.stderr:
            said += 1
            if said > after:
                break
        time.sleep(ground.rng.choice((0.0, 0.0, ground.rng.random() * 0.3)))
        with suppress(ProcessLookupError):
            process.send_signal(number)
        process.communicate(timeout=60)
    return Ended([process.returncode], f"after line {said} of about {ground.lines}", process.returncode != Exit.DONE)


def kill(ground: Ground) -> Ended:
    return _struck(ground, signal.SIGKILL)


def terminate(ground: Ground) -> Ended:
    return _struck(ground, signal.SIGTERM)


def disk_full(ground: Ground) -> Ended:
    """Leave little room on the file system of the store."""
    used = ROOM - shutil.disk_usage(ground.folder).free
    room = ground.rng.choice((0, 4, 8, 16, 32, 48, 120, 250, 500)) << 10
    ground.resize(used + room)
    try:
        status, _ = ground.night()
    finally:
        ground.resize()
    return Ended([status], f"{room >> 10} KiB left", status != Exit.DONE)


def read_only(ground: Ground) -> Ended:
    ground.resize(read_only=True)
    try:
        return Ended([ground.night()[0]])
    finally:
        ground.resize()


def clock(ground: Ground) -> Ended:
    """Let the clock jump by up to more than a year, for one night."""
    days = ground.rng.choice((-400, -30, -1, -0.01, 0.5, 2, 45, 400)) * (0.5 + ground.rng.random())
    command = [sys.executable, "-m", "tests.nights.cutter", str(ground.store)]
    status, _ = ground.finish([*command, str(ground.config(ground.proxy)), f"{days:.3f}"])
    return Ended([status], f"{days:+.1f} days")


def no_names(ground: Ground) -> Ended:
    """Let no name be resolved: a network without interfaces."""
    return Ended([ground.finish(["unshare", "-n", *ground.command("")])[0]])


def cut(ground: Ground) -> Ended:
    """Cut connections at the proxy, after some bytes of the answer."""
    with cutting(ground.proxy, ground.rng) as cutter:
        status, _ = ground.night(cutter.url)
    return Ended([status], f"{cutter.cut} of {cutter.accepted} connections", cutter.cut > 0)


def two_at_once(ground: Ground) -> Ended:
    command = ground.command()
    processes = [ground.start(command) for _ in range(2)]
    for process in processes:
        process.communicate(timeout=120)
    statuses = sorted(process.returncode for process in processes)
    return Ended(statuses, struck=Exit.LOCKED in statuses)


def locked(ground: Ground) -> Ended:
    """Let another process hold the state's file for a while, now and then for longer than a night waits."""
    seconds = ground.rng.choice((0.5, 1, 2, 3, 5, 5, 5, 45))
    command = [sys.executable, "-c", HOLD, str(ground.store / "state.sqlite"), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        status, _ = ground.night()
    return Ended([status], f"for {seconds} s", holder.returncode == 0)


HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


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
