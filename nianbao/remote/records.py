"""Archived records on object storage: those of a unit are fetched at once, by their byte ranges."""

from collections.abc import Sequence
from functools import cache

from nianbao.remote.filesystem import Storage
from parsers.errors import StoreError
from scraper.archive import Position
from scraper.warc import Page, read_page


class RemoteRecords:
    """The records of an archive at an address; `positions` are those that will be asked for."""

    def __init__(self, root: str, positions: Sequence[Position]) -> None:
        self._root = root
        wanted = list(dict.fromkeys(positions))
        ranges = [(position.file, position.offset, position.length) for position in wanted]
        self._found = dict(zip(wanted, _storage(root).read_ranges(ranges), strict=True))

    def read(self, position: Position) -> Page:
        """Return the page of a record; raises StoreError when it cannot be read or is damaged."""
        place = f"{self._root}/{position.file}, byte {position.offset}"
        found = self._found[position]
        if isinstance(found, Exception):
            raise StoreError(f"{place}: {found or type(found).__name__}; restore the object from a copy")
        try:
            return read_page(bytes(found))
        except ValueError as error:
            raise StoreError(f"{place}: {error}; restore the object from a copy") from error


@cache
def _storage(root: str) -> Storage:
    """Return the storage of an archive; a process connects to it once."""
    return Storage(root)
