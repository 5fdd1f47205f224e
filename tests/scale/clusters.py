"""A Dask scheduler with workers on loopback, each a process of its own that can be killed."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nianbao.reparse.cluster import read_packed

REPOSITORY = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
POISON = "NIANBAO_TEST_POISON"


class Cluster:
    """A scheduler on a port of its own, and its workers."""

    def __init__(self, folder: Path, workers: int = 2, **settings: str) -> None:
        self._environment = {**ENVIRONMENT, "DASK_TEMPORARY_DIRECTORY": str(folder), **settings}
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        self.address = self._address()
        options = ["--nthreads", "1", "--no-dashboard", "--memory-limit", "0", "--death-timeout", "60"]
        self.workers = [self._start("worker", self.address, *options) for _ in range(workers)]

    def _start(self, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "dask", *arguments]
        return subprocess.Popen(
            command, env=self._environment, stderr=subprocess.PIPE, text=True, start_new_session=True
        )

    def _address(self) -> str:
        assert self.scheduler.stderr is not None
        for line in self.scheduler.stderr:
            found = re.search(r"tcp://127\.0\.0\.1:\d+", line)
            if found:
                return found[0]
        raise AssertionError("the scheduler ended")

    def end(self) -> None:
        for process in (self.scheduler, *self.workers):
            kill_group(process)


@contextmanager
def cluster(folder: Path, workers: int = 2, **settings: str) -> Iterator[Cluster]:
    started = Cluster(folder, workers, **settings)
    try:
        yield started
    finally:
        started.end()


def kill_group(process: "subprocess.Popen[str]") -> None:
    """Kill a process that leads a group, and the group, without a warning."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, 9)
    process.wait()
    if process.stderr is not None:
        process.stderr.close()


def reparsing(store: Path, *options: object) -> "subprocess.Popen[str]":
    """Start `nianbao reparse` as the leader of a group."""
    command = [sys.executable, "-m", "nianbao", "reparse", "--store", *map(str, (store, *options))]
    return subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True, start_new_session=True)


def wait_for_units(store: Path, count: int, process: "subprocess.Popen[str]") -> None:
    """Return when so many units are read, and more are to come."""
    while len(list(store.glob("reparse/*/*.arrow"))) < count:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.02)


def poisoned(pages: bytes, set_aside: frozenset[int]) -> bytes:
    """Read pages as a worker does that the document of a certain address kills."""
    import pyarrow as pa

    urls = pa.ipc.open_stream(pages).read_all().column("url").to_pylist()
    if os.environ.get(POISON) in {url for row, url in enumerate(urls) if row not in set_aside}:
        os.kill(os.getpid(), 9)
    return read_packed(pages, set_aside)
