"""Where the records of a unit are read from: archives on disk or on object storage, told apart by their roots."""

from pathlib import Path

from nianbao.remote.addresses import is_remote
from parsers.errors import StoreError
from scraper.archive import ArchiveReader, Position, Records
from scraper.places import Place
from scraper.warc import Page


class Reader:
    """Reads the records of some documents; what object storage holds of them is fetched at once."""

    def __init__(self, rooted: list[tuple[str, Place]]) -> None:
        self._rooted = rooted
        self._opened: dict[str, _Noting] = {}

    def of(self, root: str) -> Records:
        """Return the records below a root."""
        if root not in self._opened:
            self._opened[root] = _Noting(self._open(root))
        return self._opened[root]

    def take_damage(self) -> str | None:
        """Say what could not be read since the last call, whoever caught the error in between."""
        found = [records.damage for records in self._opened.values() if records.damage is not None]
        for records in self._opened.values():
            records.damage = None
        return found[0] if found else None

    def _open(self, root: str) -> Records:
        if not is_remote(root):
            return ArchiveReader(Path(root))
        from nianbao.remote.records import RemoteRecords

        positions = [position for at, place in self._rooted if at == root for position in _positions(place)]
        return RemoteRecords(root, positions)


class _Noting:
    def __init__(self, records: Records) -> None:
        self._records = records
        self.damage: str | None = None

    def read(self, position: Position) -> Page:
        try:
            return self._records.read(position)
        except StoreError as error:
            self.damage = str(error)
            raise


def _positions(place: Place) -> list[Position]:
    page = [place.page.position] if place.page else []
    return [place.position, *page, *(position for _, position in place.pictures)]
