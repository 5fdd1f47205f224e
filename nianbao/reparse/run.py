"""A whole reparse: the plan, whoever reads the units, and the dataset that is written from what they read."""

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from nianbao.dataset.documents import Visit
from nianbao.dataset.packed import ROW, packed_schema
from nianbao.dataset.write import Update, update_packed
from nianbao.pipeline import parser_version, visits
from nianbao.reparse.accounts import Accounts
from nianbao.reparse.plan import Unit, count, units
from nianbao.reparse.spill import Spill
from nianbao.reparse.thrift import put_by, thrifty
from nianbao.unparsed import RECORD, Mark, write_record
from parsers.errors import NianbaoError
from scraper.places import last_run, results
from scraper.runs import locked

Readers = Callable[[Iterator[Unit], Path], Iterator[str]]
"""Whoever reads units: takes them and a folder, writes the readings there, yields the name of each that is done."""


class Watch(Protocol):
    """Whoever wants to know how far a reparse is."""

    def planned(self, documents: int) -> None:
        """Tell how many documents there are."""

    def read(self, documents: int) -> None:
        """Tell that so many more documents are read."""

    def writing(self) -> None:
        """Tell that all are read and the dataset is being written."""


@dataclass(frozen=True, slots=True)
class Source:
    """A store whose archive is read: the folder with its state, and the root of its archive (folder or address)."""

    state: Path
    root: str


def reparse(store: Path, sources: Sequence[Source], read: Readers, watch: Watch) -> tuple[Accounts, Update]:
    """Parse every archived document of the sources again and bring the dataset of a store up to date with that.

    What was read before a kill is kept in the store and not read again. Reports of documents that cannot be read any
    more stay as they are. Raises StoreError, DatasetError and NianbaoError.
    """
    with locked(store), thrifty():
        archives = [(source.state, source.root) for source in sources]
        watch.planned(count(archives))
        accounts, version = Accounts(), parser_version()
        spill = Spill(store, version)
        seen = [visit for source in sources for visit in visits_of(source.state)]
        packed = _packed(units(archives), spill, read, accounts, watch)
        done = update_packed(store, packed, silent=accounts.silent, visits=seen)
        for source in sources:
            if source.state == store:
                _record(store, version)
        spill.forget()
        return accounts, done


def take_in(store: Path, readings: Iterable[pa.Table], *, visited: Iterable[Visit] = ()) -> tuple[Accounts, Update]:
    """Bring the dataset of a store up to date with readings that any engine made, in the order of their addresses.

    Raises DatasetError, and NianbaoError where another version of the parser made them.
    """
    accounts = Accounts()
    packed = (_reports(table, accounts, None) for table in readings)
    return accounts, update_packed(store, packed, silent=accounts.silent, visits=visited)


def visits_of(store: Path) -> list[Visit]:
    """Return what the coverage needs to know of the sites of a store, as of the last visit of each."""
    return visits(results(store))


def _packed(
    planned: Iterator[Unit], spill: Spill, read: Readers, accounts: Accounts, watch: Watch
) -> Iterator[pa.Table]:
    """Yield the reports of every unit in the order of the plan, while later units are being read."""
    order: deque[tuple[str, int]] = deque()
    done: set[str] = set()

    def missing() -> Iterator[Unit]:
        for unit in planned:
            order.append((unit.name, unit.pages.num_rows))
            if spill.has(unit.name):
                done.add(unit.name)
                watch.read(unit.pages.num_rows)
            else:
                yield unit

    for name in read(missing(), spill.folder):
        done.add(name)
        watch.read(next(pages for unit, pages in order if unit == name))
        while order and order[0][0] in done:
            yield _entered(*order.popleft(), spill, accounts)
            put_by()
    for unit, pages in order:
        yield _entered(unit, pages, spill, accounts)
    watch.writing()


def _entered(unit: str, pages: int, spill: Spill, accounts: Accounts) -> pa.Table:
    return _reports(spill.read(unit), accounts, pages)


def _reports(readings: pa.Table, accounts: Accounts, pages: int | None) -> pa.Table:
    """Enter readings in the accounts and return their reports."""
    others = set(readings.column("parser").unique().to_pylist()) - {parser_version()}
    if others:
        raise NianbaoError(
            f"the archive was read by the parser {others.pop()}, this is {parser_version()}; install the same version "
            "everywhere and run again"
        )
    accounts.enter(pages, readings)
    reports = readings.select(packed_schema().names)
    return reports.filter(reports.column(ROW).is_valid())


def _record(store: Path, version: str) -> None:
    """Note in the record of the store's last run that this parser has read all of it."""
    run = last_run(store)
    if run is None:
        return
    path = store / "runs" / run.name / RECORD
    path.parent.mkdir(parents=True, exist_ok=True)
    mark = Mark(run.id if run.is_finished else run.id - 1)
    write_record(store, run.name, mark, {**_fields(path), "parser_version": version})


def _fields(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
