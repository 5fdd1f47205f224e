"""Stores on object storage: the archive as it grows, the crawl's state as a snapshot, the dataset by generations.

PREFIX/archive/*.warc.gz   PREFIX/state.sqlite   PREFIX/generations/N/…   PREFIX/dataset.json

`dataset.json` names the current generation with the size and the hash of each of its files, and is written last: who
reads it sees the old generation or the new one, whole, whenever the writer is stopped. The state is written after the
archive, so it never counts further than that. One writer at a time: there is no lock.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from nianbao.dataset.generations import FOLDER, KEPT, LINK, adopt, current
from nianbao.remote.filesystem import Storage
from parsers.errors import DatasetError, StoreError
from scraper.archive import naming
from scraper.journal import ARCHIVE_FOLDER
from scraper.schema import FILE_NAME

MANIFEST = "dataset.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What `dataset.json` says: the number of the generation, and its files with size and SHA-256."""

    generation: int
    files: dict[str, tuple[int, str]]


def read_manifest(storage: Storage) -> Manifest | None:
    """Return the manifest of a store, None where no dataset was published; raises StoreError, DatasetError."""
    content = storage.read(MANIFEST)
    if content is None:
        return None
    place = f"{storage.address}/{MANIFEST}"
    try:
        found = json.loads(content)
        if found["format"] > _FORMAT:
            raise DatasetError(
                f"{place}: a later version wrote it (format {found['format']}); update nianbao to use it"
            )
        files = {name: (int(size), str(digest)) for name, (size, digest) in found["files"].items()}
        return Manifest(int(found["generation"]), files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{place}: is damaged ({error}); publish the dataset again") from error


def publish(store: Path, address: str) -> Iterator[str]:
    """Publish archive, state and dataset of a local store, and say in a line each what was done.

    Raises StoreError, DatasetError.
    """
    storage = Storage(address)
    yield f"{address}/{ARCHIVE_FOLDER}: {publish_archive(store, storage)} files written"
    if current(store) is not None:
        done = "published" if publish_dataset(store, storage) else "published already"
        yield f"{address}/{MANIFEST}: {done}"


def publish_dataset(store: Path, storage: Storage) -> bool:
    """Publish the current generation of a local store; False where that very one is published already.

    Files that the generation before has too are copied where they lie. Raises StoreError, DatasetError.
    """
    folder = current(store)
    if folder is None:
        raise DatasetError(f"{store / LINK}: there is no dataset to publish; parse this store first")
    before = read_manifest(storage)
    files = {name: _described(folder / name) for name in _names(folder)}
    if before is not None and before.files == files:
        return False
    number = before.generation + 1 if before else 1
    storage.remove(f"{FOLDER}/{number}")  # what a writer left that was stopped before it wrote the manifest
    for name, described in files.items():
        new = f"{FOLDER}/{number}/{name}"
        if before is not None and before.files.get(name) == described:
            storage.copy(f"{FOLDER}/{before.generation}/{name}", new)
        else:
            storage.upload(str(folder / name), new)
    said = {"format": _FORMAT, "generation": number, "files": files}
    storage.write(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1).encode())
    if number > KEPT:
        storage.remove(f"{FOLDER}/{number - KEPT}")
    return True


def fetch_dataset(storage: Storage, store: Path) -> Path:
    """Make the published generation the current one of a local store, and return its folder.

    Every file is held against the manifest. Raises StoreError, DatasetError.
    """
    manifest = read_manifest(storage)
    if manifest is None:
        raise DatasetError(f"{storage.address}/{MANIFEST}: there is no dataset; publish one there first")
    here = current(store)
    if here is not None and {name: _described(here / name) for name in _names(here)} == manifest.files:
        return here
    with naming(store):
        store.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=store, prefix=".fetched-") as temporary:
        for name, described in manifest.files.items():
            path = Path(temporary) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            storage.download(f"{FOLDER}/{manifest.generation}/{name}", str(path))
            if _described(path) != described:
                place = f"{storage.address}/{FOLDER}/{manifest.generation}/{name}"
                raise DatasetError(f"{place}: is not what the manifest says; fetch again, or publish the dataset again")
        return adopt(store, Path(temporary))


def publish_archive(store: Path, storage: Storage) -> int:
    """Upload what has grown of a local store's archive, then a snapshot of its state; returns how many files went.

    Raises StoreError.
    """
    there = storage.sizes(ARCHIVE_FOLDER)
    with TemporaryDirectory() as temporary:
        snapshot = Path(temporary) / FILE_NAME
        _snapshot(store / FILE_NAME, snapshot)
        lengths = _lengths(snapshot)
        grown = [name for name, length in sorted(lengths.items()) if there.get(name, -1) < length]
        for name in grown:
            storage.upload(str(store / ARCHIVE_FOLDER / name), f"{ARCHIVE_FOLDER}/{name}")
        storage.upload(str(snapshot), FILE_NAME)
    return len(grown)


def fetch_state(storage: Storage, store: Path) -> None:
    """Fetch the snapshot of the crawl's state into a local folder; raises StoreError."""
    with naming(store):
        store.mkdir(parents=True, exist_ok=True)
    part = store / f".{FILE_NAME}.part"
    storage.download(FILE_NAME, str(part))
    part.replace(store / FILE_NAME)


def _names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def _described(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _snapshot(state: Path, copy: Path) -> None:
    if not state.is_file():
        raise StoreError(f"{state}: no such file; harvest into this store first")
    with closing(sqlite3.connect(state)) as here, closing(sqlite3.connect(copy)) as there:
        here.backup(there)


def _lengths(snapshot: Path) -> dict[str, int]:
    with closing(sqlite3.connect(snapshot)) as state:
        return dict(state.execute("SELECT file, length FROM archives").fetchall())
