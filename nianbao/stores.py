"""The folder of a store before a run: made where it is missing, and the demo's kept apart from real harvests."""

import os
from pathlib import Path

from parsers.errors import StoreError
from scraper.schema import FILE_NAME

MARK = "DEMO.txt"
_TEXT = "What is kept here comes from the sample sites of the demo; most of its numbers are made up.\n"


def prepare(store: Path, *, for_demo: bool) -> None:
    """Make the folder of a store and, for the demo, mark it: made-up and real numbers never get into one dataset.

    Raises StoreError where the folder cannot be made or written, or holds what belongs into another.
    """
    try:
        marked = (store / MARK).exists()
        if marked and not for_demo:
            raise StoreError(f"{store}: holds the made-up numbers of the demo; choose another folder with --store")
        if for_demo and not marked and (store / FILE_NAME).exists():
            raise StoreError(f"{store}: holds a harvest of real sites; give the demo another folder with --store")
        store.mkdir(parents=True, exist_ok=True)
        if for_demo and not marked:
            (store / MARK).write_text(_TEXT, encoding="utf-8")
    except OSError as error:
        raise _refused(store, error.strerror or str(error)) from error
    if not os.access(store, os.W_OK | os.X_OK):
        raise _refused(store, "Permission denied")


def _refused(store: Path, reason: str) -> StoreError:
    return StoreError(f"{store}: cannot be written ({reason}); choose another folder with --store, or give access")
