"""The archived bodies of a store by their hashes, for the pages that show where numbers come from."""

from pathlib import Path
from typing import NamedTuple

from parsers.errors import StoreError
from scraper.archive import ArchiveReader, Position
from scraper.journal import ARCHIVE_FOLDER
from scraper.schema import FILE_NAME
from scraper.state import State


class Body(NamedTuple):
    """An archived body and its declared type."""

    content: bytes
    content_type: str | None


class Bodies:
    """Finds bodies by the SHA-256 of their bytes; a store without an archive has none."""

    def __init__(self, store: Path) -> None:
        self._reader = ArchiveReader(store / ARCHIVE_FOLDER)
        self._places: dict[str, tuple[Position, str | None]] = {}
        if not (store / FILE_NAME).is_file():
            return
        state = State(store)
        try:
            for row in state.select("SELECT sha256, file, offset, length, content_type FROM records ORDER BY id"):
                place = Position(row["file"], row["offset"], row["length"])
                self._places[row["sha256"]] = (place, row["content_type"])
        finally:
            state.close()

    def of(self, sha256: str) -> Body | None:
        """Return the body with this hash, None where the archive has none or its record is damaged."""
        found = self._places.get(sha256)
        if found is None:
            return None
        try:
            return Body(self._reader.read(found[0]).response.body, found[1])
        except StoreError:
            return None
