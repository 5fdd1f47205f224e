"""Reparses in this very process, and stores with a few pages whose records can be hurt."""

from collections.abc import Iterator
from pathlib import Path

from nianbao.dataset.write import Update
from nianbao.reparse.accounts import Accounts
from nianbao.reparse.plan import Unit, archive_root
from nianbao.reparse.run import Readers, Source, reparse
from nianbao.reparse.spill import write
from nianbao.reparse.unit import read_pages


class Deaf:
    def planned(self, documents: int) -> None:
        self.total = documents

    def read(self, documents: int) -> None:
        self.done = getattr(self, "done", 0) + documents

    def writing(self) -> None: ...


def here(units: Iterator[Unit], folder: Path) -> Iterator[str]:
    """Read units in this process."""
    for unit in units:
        write(folder, unit.name, read_pages(unit.pages))
        yield unit.name


def source(store: Path) -> Source:
    return Source(store, archive_root(store))


def again(store: Path, *sources: Path, read: Readers = here) -> tuple[Accounts, Update]:
    """Reparse a store from its own archive, or from those of others."""
    return reparse(store, [source(each) for each in sources or (store,)], read, Deaf())
