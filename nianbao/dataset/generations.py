"""Generations of the dataset: a new one is built beside the old and takes its place by one rename.

STORE/generations/N holds a complete dataset and is never changed once it stands; STORE/dataset is a symbolic link to
the newest. A file that did not change is hard-linked into the next generation.
"""

import fcntl
import filecmp
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from nianbao.dataset.whole_files import flush
from parsers.errors import DatasetError

LINK = "dataset"
FOLDER = "generations"
KEPT = 2


def current(store: Path) -> Path | None:
    """Return the folder of the newest generation, None where there is none yet.

    Read all of a query's files below this one path: it stays whole until the next generation but one takes over.
    """
    link = store / LINK
    if not link.is_symlink():
        return None
    folder = link.resolve()
    return folder if folder.is_dir() else None


@contextmanager
def next_generation(store: Path) -> Iterator["Draft"]:
    """Build the next generation; it takes the old one's place when `publish` is called, else nothing happened.

    Raises DatasetError if the store cannot be written or another run is writing to it.
    """
    with _sole_writer(store):
        with _writing(store):
            draft = _new_draft(store)
        try:
            yield draft
        finally:
            shutil.rmtree(draft.folder, ignore_errors=True)


def adopt(store: Path, folder: Path) -> Path:
    """Make the files of a folder the next generation of a store, and return where it stands.

    Raises DatasetError if the store cannot be written or another run is writing to it.
    """
    with next_generation(store) as draft:
        for name in sorted(_files(folder)):
            draft.write(name, partial(shutil.copyfile, folder / name))
        return draft.publish()


@contextmanager
def _sole_writer(store: Path) -> Iterator[None]:
    with _writing(store):
        (store / FOLDER).mkdir(parents=True, exist_ok=True)
        lock = (store / FOLDER / ".lock").open("w")
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DatasetError(f"{store}: another run is writing this dataset; wait until it has ended") from None
        yield


def _new_draft(store: Path) -> "Draft":
    for left_over in (store / FOLDER).glob("*.partial"):
        shutil.rmtree(left_over)
    draft = Draft(store, max(_numbers(store), default=0) + 1)
    draft.folder.mkdir()
    return draft


@contextmanager
def _writing(store: Path) -> Iterator[None]:
    """Turn what the operating system refuses into one line that says how to go on."""
    try:
        yield
    except OSError as error:
        raise DatasetError(
            f"{error.filename or store}: cannot be written ({error.strerror or error}); the dataset in place stands as "
            "it was; make room or give access, then run again"
        ) from error


class Draft:
    """A generation in the making: files are written or kept, then the whole is published."""

    def __init__(self, store: Path, number: int) -> None:
        self.store = store
        self.previous = current(store)
        self.written: list[str] = []
        self._final = store / FOLDER / str(number)
        self.folder = self._final.with_suffix(".partial")

    def write(self, name: str, write: Callable[[Path], object]) -> None:
        """Write the file `name` with `write(path)`; one that equals the old in every byte becomes a link to it."""
        old = self.previous / name if self.previous else None
        with _writing(self.store):
            path = self._place(name)
            write(path)
            if old is not None and old.is_file() and filecmp.cmp(path, old, shallow=False):
                path.unlink()
                _link(old, path)
            else:
                flush(path)
                self.written.append(name)

    def keep(self, name: str) -> None:
        """Take the file `name` over from the old generation as it is."""
        if self.previous is None:
            raise DatasetError(f"{self.store}: {name} is to be kept, but there is no dataset yet")
        with _writing(self.store):
            _link(self.previous / name, self._place(name))

    def publish(self) -> Path:
        """Make this the dataset and return its folder; if nothing differs from the old one, that one stays."""
        if self.previous is not None and not self.written and _files(self.previous) == _files(self.folder):
            return self.previous
        with _writing(self.store):
            for folder in [self.folder, *(path for path in self.folder.rglob("*") if path.is_dir())]:
                flush(folder)
            self.folder.rename(self._final)
            _switch(self.store, self._final)
        _prune(self.store)
        return self._final

    def _place(self, name: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def _switch(store: Path, folder: Path) -> None:
    link = store / LINK
    if link.exists() and not link.is_symlink():
        raise DatasetError(f"{link}: is no link to a generation; move it away and run again")
    new = store / f".{LINK}.new"
    new.unlink(missing_ok=True)
    new.symlink_to(folder.relative_to(store), target_is_directory=True)
    new.replace(link)
    flush(store)


def _prune(store: Path) -> None:
    for number in sorted(_numbers(store))[:-KEPT]:
        shutil.rmtree(store / FOLDER / str(number), ignore_errors=True)


def _numbers(store: Path) -> list[int]:
    return [int(path.name) for path in (store / FOLDER).iterdir() if path.name.isdecimal()]


def _files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def _link(old: Path, new: Path) -> None:
    try:
        new.hardlink_to(old)
    except OSError:  # a file system without hard links, or with none left for this file
        shutil.copy2(old, new)
