"""The archive of a store: WARC files that grow by one writer, and never count further than the state says.

What is appended counts once its place is committed in the state, which happens after the bytes are on the disk.
Opening cuts off whatever follows the last commit, so a record torn by a crash never stands before the next one.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from parsers.errors import StoreError
from scraper.warc import Page, read_page, write_info, write_page

FILE_NAME = re.compile(r"nianbao-(\d{5,})\.warc\.gz")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a record stands: the file's name, and offset and length in bytes."""

    file: str
    offset: int
    length: int


class Records(Protocol):
    """Whatever gives archived records by their places."""

    def read(self, position: Position) -> Page:
        """Return the page of a record; raises StoreError when it cannot be read or is damaged."""


class ArchiveReader:
    """Reads records by their places; holds no file open between two reads."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, position: Position) -> Page:
        """Return the page of a record; raises StoreError when it cannot be read or is damaged."""
        try:
            with (self._folder / position.file).open("rb") as file:
                file.seek(position.offset)
                return read_page(file.read(position.length))
        except (OSError, ValueError) as error:
            place = f"{self._folder / position.file}, byte {position.offset}"
            raise StoreError(f"{place}: {error}; restore the file from a copy") from error


class ArchiveWriter:
    """Appends records.

    `committed` gives for each known file the length up to which it counts. `announce` is called with the name of a file
    before it is made, and must note it in the state with length 0: no other file is ever touched.
    """

    def __init__(
        self,
        folder: Path,
        committed: Mapping[str, int],
        announce: Callable[[str], None],
        *,
        software: str,
        max_bytes: int,
    ) -> None:
        self._folder = folder
        self._announce = announce
        self._software = software
        self._max_bytes = max_bytes
        self._name = max(committed, default="")
        self._file: BinaryIO | None = None
        self._grown: dict[str, int] = {}
        with naming(folder):
            folder.mkdir(parents=True, exist_ok=True)
            self._cut_to(committed)

    def append(self, page: Page) -> Position:
        """Write one response record, which is not on the disk before `sync`; raises StoreError."""
        with naming(self._folder):
            if self._file is not None and self._file.tell() >= self._max_bytes:
                self._finish_file()
            file = self._file or self._open(page.fetched_at)
            offset = file.tell()
            write_page(file, page, f"{self._name}:{offset}")
            return Position(self._name, offset, file.tell() - offset)

    def sync(self) -> dict[str, int]:
        """Bring everything appended to the disk; returns the lengths to commit; raises StoreError."""
        with naming(self._folder):
            self._sync_file()
        grown, self._grown = self._grown, {}
        return grown

    def close(self) -> None:
        """Close the file being written, whatever became of it."""
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _cut_to(self, committed: Mapping[str, int]) -> None:
        sizes = {path.name: path.stat().st_size for path in self._folder.iterdir() if FILE_NAME.fullmatch(path.name)}
        for name, length in committed.items():
            if sizes.get(name, 0) < length:
                found = f"{sizes[name]} bytes" if name in sizes else "no file"
                raise StoreError(f"{self._folder / name}: {found} where {length} bytes belong; restore it from a copy")
        for name, size in sorted(sizes.items()):
            if name not in committed:
                raise StoreError(
                    f"{self._folder / name}: not known to the state; move it away, or restore its state.sqlite"
                )
            if size > committed[name]:
                os.truncate(self._folder / name, committed[name])

    def _open(self, at: str) -> BinaryIO:
        path = self._folder / self._name
        if not self._name or (path.exists() and path.stat().st_size >= self._max_bytes):
            match = FILE_NAME.fullmatch(self._name)
            self._name = f"nianbao-{int(match[1]) + 1 if match else 1:05d}.warc.gz"
            self._announce(self._name)
            path = self._folder / self._name
        file = self._file = path.open("ab")
        if file.tell() == 0:
            write_info(file, self._name, self._software, at)
            _sync_folder(self._folder)
        return file

    def _finish_file(self) -> None:
        self._sync_file()
        self.close()

    def _sync_file(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._grown[self._name] = self._file.tell()


@contextmanager
def naming(place: Path) -> Iterator[None]:
    """Turn an error of the operating system into one that names the place and what to do."""
    try:
        yield
    except OSError as error:
        reason = f"cannot be written: {error.strerror or error}; free or change the place and run again"
        raise StoreError(f"{error.filename or place}: {reason}") from error


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
