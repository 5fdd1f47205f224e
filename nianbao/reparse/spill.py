"""Readings on disk while a reparse is under way: one file a unit, so that a run that was killed goes on."""

import os
import shutil
from pathlib import Path

import pyarrow as pa

from nianbao.reparse.unit import READINGS
from parsers.errors import StoreError
from scraper.archive import naming

FOLDER = "reparse"


class Spill:
    """The folder of one parser version below a store; those of other versions are removed."""

    def __init__(self, store: Path, version: str) -> None:
        self._all = store / FOLDER
        self.folder = self._all / version
        with naming(self.folder):
            for other in self._all.iterdir() if self._all.is_dir() else ():
                if other.name != version:
                    shutil.rmtree(other)
            self.folder.mkdir(parents=True, exist_ok=True)

    def has(self, unit: str) -> bool:
        """Say whether the readings of a unit are there and whole."""
        path = self._path(unit)
        if not path.is_file():
            return False
        try:
            self.read(unit)
        except StoreError:
            path.unlink()
            return False
        return True

    def read(self, unit: str) -> pa.Table:
        """Return the readings of a unit; raises StoreError."""
        path = self._path(unit)
        try:
            with pa.ipc.open_file(path) as reader:
                table = reader.read_all()
        except (OSError, pa.ArrowException) as error:
            raise StoreError(f"{path}: cannot be read ({error}); remove it and run again") from error
        if table.schema != READINGS:
            raise StoreError(f"{path}: is of another version; remove it and run again")
        return table

    def forget(self) -> None:
        """Remove everything: the dataset has it."""
        shutil.rmtree(self._all, ignore_errors=True)

    def _path(self, unit: str) -> Path:
        return path_of(self.folder, unit)


def path_of(folder: Path, unit: str) -> Path:
    """Return the file of a unit's readings."""
    return folder / f"{unit}.arrow"


def write(folder: Path, unit: str, readings: pa.Table) -> None:
    """Write the readings of a unit, whole or not at all; raises StoreError."""
    path = path_of(folder, unit)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with naming(path):
        with pa.OSFile(str(unfinished), "wb") as sink, pa.ipc.new_file(sink, READINGS, options=options) as writer:
            writer.write_table(readings)
        unfinished.replace(path)
