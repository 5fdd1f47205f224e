"""Worker processes of one machine: each reads units and writes the readings; one that dies costs a second try.

A worker notes in shared memory which document it is about to read. The document on which workers have died twice is set
aside by name, and the rest of its unit is read.
"""

import signal
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from ctypes import c_long
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.sharedctypes import RawValue
from pathlib import Path

import pyarrow as pa

from nianbao.exits import defect
from nianbao.reparse.plan import Unit
from nianbao.reparse.spill import write
from nianbao.reparse.thrift import WithoutPandas, put_by, thrifty
from nianbao.reparse.unit import read_pages
from parsers.errors import NianbaoError

TRIES = 2
DOCUMENT_SECONDS = 600.0
"""How long one document may take before its worker is ended; the parser's own limits are far below."""

_BAD_STARTS = 3
_NONE_YET = -1


Read = Callable[..., pa.Table]
"""`read_pages`, or what does as it does."""


@dataclass(slots=True)
class _Task:
    unit: Unit
    deaths: Counter[int] = field(default_factory=Counter)

    @property
    def set_aside(self) -> frozenset[int]:
        return frozenset(document for document, count in self.deaths.items() if count >= TRIES)


@dataclass(slots=True)
class _Worker:
    """A worker; `document` is the row it reads, which it writes itself, `seen` what that was at the time `since`."""

    process: SpawnProcess
    pipe: Connection
    document: "c_long"
    task: _Task | None = None
    seen: int = _NONE_YET
    since: float = 0.0

    def give(self, task: _Task) -> None:
        """Give it a unit to read."""
        self.task, self.seen, self.since = task, _NONE_YET, time.monotonic()
        self.document.value = _NONE_YET
        with suppress(OSError):  # it died in its sleep: the pipe's end says so in the next turn
            self.pipe.send((task.unit, task.set_aside))

    def is_stuck(self) -> bool:
        """Say whether it reads one document for too long, as far as it was looked at."""
        if self.task is None or self.document.value != self.seen:
            self.seen, self.since = self.document.value, time.monotonic()
        return self.seen != _NONE_YET and time.monotonic() - self.since > DOCUMENT_SECONDS


def read_in_processes(units: Iterator[Unit], folder: Path, *, workers: int, read: Read = read_pages) -> Iterator[str]:
    """Read units in worker processes, which write the readings into a folder; yield each unit's name when it is done.

    No more units are taken than there are workers; `read` is what each of them calls. Raises StoreError where the
    folder cannot be written, NianbaoError where workers die before they have read anything.
    """
    pool = _Pool(units, folder, workers, read)
    try:
        yield from pool.run()
    finally:
        pool.end()


class _Pool:
    def __init__(self, units: Iterator[Unit], folder: Path, workers: int, read: Read) -> None:
        self._read = read
        self._units = units
        self._folder = folder
        self._again: deque[_Task] = deque()
        self._bad_starts = 0
        self._wanted = workers
        self._workers: list[_Worker] = []

    def run(self) -> Iterator[str]:
        while self._feed():
            pipes = {worker.pipe: worker for worker in self._workers}
            for pipe in wait(list(pipes), timeout=1.0):
                done = self._hear(pipes[pipe])  # type: ignore[index]
                if done is not None:
                    yield done
            self._end_stuck()

    def end(self) -> None:
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.pipe.close()
        self._workers.clear()

    def _feed(self) -> bool:
        """Give work to whoever is idle; say whether any work is under way."""
        while True:
            idle = next((worker for worker in self._workers if worker.task is None), None)
            if idle is None and len(self._workers) >= self._wanted:
                break
            task = self._next()
            if task is None:
                break
            (idle or self._start()).give(task)
        return any(worker.task is not None for worker in self._workers)

    def _next(self) -> _Task | None:
        if self._again:
            return self._again.popleft()
        unit = next(self._units, None)
        return None if unit is None else _Task(unit)

    def _start(self) -> _Worker:
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        document = RawValue(c_long, _NONE_YET)
        process = context.Process(target=_work, args=(theirs, document, self._folder, self._read), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours, document)
        self._workers.append(worker)
        return worker

    def _hear(self, worker: _Worker) -> str | None:
        """Take in what a worker says; return the name of the unit that it is done with."""
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            self._mourn(worker)
            return None
        if isinstance(said, Exception):
            raise said
        task, worker.task = worker.task, None
        self._bad_starts = 0
        return task.unit.name if task else None

    def _mourn(self, worker: _Worker) -> None:
        worker.process.join()
        worker.pipe.close()
        self._workers.remove(worker)
        if worker.task is None:
            return
        if worker.document.value == _NONE_YET:
            self._bad_starts += 1
            if self._bad_starts >= _BAD_STARTS:
                status = worker.process.exitcode
                raise NianbaoError(f"workers die before they read anything (exit status {status}); check memory")
        else:
            worker.task.deaths[worker.document.value] += 1
        self._again.append(worker.task)

    def _end_stuck(self) -> None:
        for worker in self._workers:
            if worker.is_stuck():
                worker.process.kill()


def _work(pipe: Connection, document: "c_long", folder: Path, read: Read) -> None:
    """Read the units that come through the pipe until its other end is gone, noting the document under way."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears Ctrl-C, and ends its workers
    sys.meta_path.insert(0, WithoutPandas())
    _die_first()
    told = partial(setattr, document, "value")
    with suppress(EOFError, BrokenPipeError, ConnectionResetError), thrifty():
        while True:
            unit, set_aside = pipe.recv()
            try:
                write(folder, unit.name, read(unit.pages, told=told, set_aside=set_aside))
            except Exception as error:  # noqa: BLE001 - the parent says it and ends the run
                pipe.send(error if isinstance(error, NianbaoError) else NianbaoError(defect(error)))
                return
            pipe.send(None)
            put_by()


def _die_first() -> None:
    """Ask Linux to take a worker rather than its parent when memory runs out."""
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text("500")
