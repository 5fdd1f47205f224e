"""The lock of a night: one night a store; it ends with its process, so that a dead one never stands in the way."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from scraper.archive import naming
from scraper.runs import StoreLockedError

FILE_NAME = ".night.lock"


@contextmanager
def sole_night(store: Path, at: str) -> Iterator[None]:
    """Hold the lock of a store's night; `at` is the time that others are told.

    Raises StoreLockedError where another night holds it, StoreError where the store cannot be written.
    """
    path = store / FILE_NAME
    with naming(path):
        store.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+", encoding="utf-8")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            held = _holder(handle)
            raise StoreLockedError(f"{store}: another night is under way{held}; wait for it to end") from error
        with naming(path):
            handle.truncate(0)
            handle.write(json.dumps({"process": os.getpid(), "since": at}))
            handle.flush()
        yield
        handle.truncate(0)


def _holder(handle: IO[str]) -> str:
    handle.seek(0)
    try:
        held = json.loads(handle.read())
        return f" (process {int(held['process'])}, since {held['since']})"
    except (ValueError, KeyError, TypeError):
        return ""
