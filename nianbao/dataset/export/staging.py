"""Files and folders that take their place when they are complete, and not before."""

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nianbao.dataset.generations import FOLDER, LINK
from nianbao.dataset.whole_files import flush
from parsers.errors import DatasetError

_PARTIAL = ".nianbao.partial"


@dataclass(frozen=True, slots=True)
class Stage:
    """A folder beside the place that its content is for: `folder` is written, then moved below `out`."""

    out: Path
    folder: Path

    def publish(self, names: Iterable[str]) -> None:
        """Move files from the stage into `out`, each over an earlier one of its name."""
        names = list(names)
        for name in names:
            flush(self.folder / name)
        for name in names:
            (self.folder / name).replace(self.out / name)
        flush(self.out)

    def publish_folder(self, name: str) -> None:
        """Make the whole stage the folder `name` of `out`, by one rename; there must be none of that name."""
        for path in self.folder.rglob("*"):
            flush(path)
        flush(self.folder)
        self.folder.rename(self.out / name)
        flush(self.out)


@contextmanager
def staged(out: Path) -> Iterator[Stage]:
    """Make `out` and a stage in it that is gone at the end, whatever happens.

    Raises DatasetError if the folder cannot be made or written, or another run is writing to it.
    """
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
        with _sole_writer(out):
            folder = out / _PARTIAL
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            try:
                yield Stage(out, folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)


def keep_out_of_generations(store: Path, out: Path) -> None:
    """Raise DatasetError if `out` lies where the store keeps its own dataset, which only grows by generations."""
    place = out.resolve()
    for own in (store / LINK, store / FOLDER):
        if place == own.resolve() or own.resolve() in place.parents:
            raise DatasetError(f"{out}: lies inside the store's own dataset; choose a folder outside of it")


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(
            f"{out}: cannot be written ({error.strerror or error}); what was there stands as it was; make room or give "
            "access, then run again"
        ) from error


@contextmanager
def _sole_writer(out: Path) -> Iterator[None]:
    folder = os.open(out, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise DatasetError(f"{out}: another run is writing here; wait until it has ended") from None
    finally:
        os.close(folder)
