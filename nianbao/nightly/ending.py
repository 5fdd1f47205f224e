"""How a night that could not go on ends: the exit status that belongs to what went wrong."""

import errno
import sqlite3

from nianbao.exits import Exit
from nianbao.nightly.config import ConfigError
from parsers.errors import DatasetError, NianbaoError, SitesError, StoreError
from scraper.runs import StoreLockedError

_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
_DISK_WORDS = ("full", "disk I/O", "readonly")
_LOCK_WORDS = ("database is locked", "another program holds it", "another run is writing this dataset")


def status_of(error: BaseException) -> Exit:
    """Return the exit status of an error: by its kind, and by what the operating system said below it."""
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, (ConfigError, SitesError)):
        return Exit.CONFIG
    if isinstance(error, StoreLockedError) or any(word in str(error) for word in _LOCK_WORDS):
        return Exit.LOCKED
    if any(_is_of_the_disk(cause) for cause in _causes(error)):
        return Exit.DISK
    if isinstance(error, (StoreError, DatasetError, OSError)):
        return Exit.STORE
    return Exit.INPUT if isinstance(error, NianbaoError) else Exit.PARTIAL


def _causes(error: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        error = error.__cause__ or error.__context__
    return found


def _is_of_the_disk(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _DISK
    return isinstance(error, sqlite3.Error) and any(word in str(error) for word in _DISK_WORDS)
