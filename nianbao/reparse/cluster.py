"""The workers of a Dask scheduler: each unit goes there as Arrow and its readings come back as Arrow.

The workers need this program in the same version, and the archive under the same folder or address. A unit that kills
worker after worker is cut into single documents, and the one that goes on killing is set aside.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing
from functools import partial
from itertools import pairwise
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nianbao.exits import defect
from nianbao.reparse.plan import Unit
from nianbao.reparse.spill import write
from nianbao.reparse.unit import read_pages
from parsers.errors import NianbaoError

CONNECT_SECONDS = 10.0
UNITS_A_THREAD = 2
"""Units that wait on the scheduler for each thread of a worker: enough that none is idle, few enough for memory."""

_NO_EXTRA = '--scheduler needs nianbao[cluster]; install it with: pip install "nianbao[cluster]"'
_GONE = "went away; start it and run the same command again, which goes on with what is read"
_LOOK_SECONDS = 1.0

_Take = Callable[[Any], str | None]


def read_on_cluster(units: Iterator[Unit], folder: Path, *, address: str) -> Iterator[str]:
    """Read units on the workers of a scheduler, `tcp://host:port`, and write the readings into a folder.

    Yields each unit's name when it is done. Raises NianbaoError where the scheduler cannot be reached or goes away, and
    where the extra is missing.
    """
    try:
        from distributed import Client
    except ImportError:
        raise NianbaoError(_NO_EXTRA) from None
    try:
        client: Any = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise NianbaoError(f"{address}: no scheduler answers ({error}); start it, then run again") from None
    with closing(client):
        try:
            yield from _Cluster(client, address, folder).run(units)
        except (OSError, CancelledError) as error:
            raise NianbaoError(f"{address}: the scheduler {_GONE}") from error


def read_packed(pages: bytes, set_aside: frozenset[int]) -> bytes:
    """Read pages that come as an Arrow stream, and return the readings as one; this runs on a worker."""
    with pa.ipc.open_stream(pages) as reader:
        table = reader.read_all()
    return _packed(read_pages(table, set_aside=set_aside))


class _Cluster:
    def __init__(self, client: Any, address: str, folder: Path) -> None:
        self._client = client
        self._address = address
        self._folder = folder
        self._ended: SimpleQueue[tuple[Any, _Take]] = SimpleQueue()
        self._suspects: deque[Callable[[], None]] = deque()
        self._under_way = 0
        self._tries: Counter[str] = Counter()

    def run(self, units: Iterator[Unit]) -> Iterator[str]:
        while self._feed(units):
            name = self._next()
            if name is not None:
                yield name

    def _next(self) -> str | None:
        """Wait for whatever ends next, a while; return the name of the unit that is done with it."""
        try:
            future, take = self._ended.get(timeout=_LOOK_SECONDS)
        except Empty:
            self._look()
            return None
        self._under_way -= 1
        return take(future)

    def _feed(self, units: Iterator[Unit]) -> bool:
        """Hand out units while there is room; say whether any is under way.

        What was lost with a worker may have died of its neighbours there: it is tried again while nothing else runs.
        """
        if self._suspects:
            if self._under_way == 0:
                self._suspects.popleft()()
            return True
        while self._under_way < self._room():
            unit = next(units, None)
            if unit is None:
                break
            self._submit(unit.name, unit.pages, frozenset(), partial(self._whole, unit))
        return self._under_way > 0

    def _room(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return UNITS_A_THREAD * max(1, threads)

    def _submit(self, name: str, pages: pa.Table, set_aside: frozenset[int], take: _Take) -> None:
        self._tries[name] += 1
        key = f"nianbao-{name}-{self._tries[name]}"
        future = self._client.submit(read_packed, _packed(pages), set_aside, key=key, pure=False)
        self._under_way += 1
        future.add_done_callback(lambda ended: self._ended.put((ended, take)))

    def _whole(self, unit: Unit, future: Any) -> str | None:
        """Take in a unit; where it killed its workers, have its addresses read one by one."""
        readings = self._readings(future)
        if readings is not None:
            write(self._folder, unit.name, readings)
            return unit.name
        parts = _Parts(unit)
        for number, pages in enumerate(parts.pages):
            self._submit(f"{unit.name}.{number}", pages, frozenset(), partial(self._part, parts, number))
        return None

    def _part(self, parts: "_Parts", number: int, future: Any, *, alone: bool = False) -> str | None:
        """Take in one address of a unit that killed its workers; if it does so alone, set it aside."""
        readings, pages = self._readings(future), parts.pages[number]
        if readings is None:
            aside = frozenset(range(pages.num_rows)) if alone else frozenset()
            name, take = f"{parts.unit.name}.{number}", partial(self._part, parts, number, alone=True)
            self._suspects.append(partial(self._submit, name, pages, aside, take))
            return None
        parts.found[number] = readings
        if len(parts.found) < len(parts.pages):
            return None
        write(self._folder, parts.unit.name, parts.joined())
        return parts.unit.name

    def _readings(self, future: Any) -> pa.Table | None:
        """Return what a worker read, None where it killed one worker after another, or was lost with one."""
        self._look()
        try:
            packed = future.result()
        except NianbaoError:
            raise
        except Exception as error:
            if not _is_lost(error):
                raise NianbaoError(f"{self._address}: a worker failed: {defect(error)}") from error
            self._look()
            return None
        with pa.ipc.open_stream(packed) as reader:
            return reader.read_all()

    def _look(self) -> None:
        """Raise NianbaoError where the scheduler is gone."""
        if self._client.status not in ("running", "newly-created"):
            raise NianbaoError(f"{self._address}: the scheduler {_GONE}")


def _is_lost(error: Exception) -> bool:
    return isinstance(error, CancelledError) or type(error).__name__ in ("KilledWorker", "FutureCancelledError")


class _Parts:
    """A unit cut into its addresses."""

    def __init__(self, unit: Unit) -> None:
        urls = unit.pages.column("url").to_pylist()
        starts = [row for row, url in enumerate(urls) if row == 0 or url != urls[row - 1]]
        self.unit = unit
        self.starts = starts
        self.pages = [unit.pages[start:end] for start, end in pairwise([*starts, len(urls)])]
        self.found: dict[int, pa.Table] = {}

    def joined(self) -> pa.Table:
        """Return the readings of all parts as those of the unit."""
        tables = []
        for number, start in enumerate(self.starts):
            table = self.found[number]
            place = table.schema.get_field_index("document")
            shifted = pc.add(table.column(place), pa.scalar(start, pa.int32()))
            tables.append(table.set_column(place, table.schema.field(place), shifted))
        return pa.concat_tables(tables).combine_chunks()


def _packed(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema, options=pa.ipc.IpcWriteOptions(compression="zstd")) as writer:
        writer.write_table(table)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed
