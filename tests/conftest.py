"""What every test stands on: folders in memory, and no authorities of the real internet."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the file system in memory that every Linux has
ROOM = 2 << 30  # the tests leave about a sixth of that
NO_AUTHORITIES = Path(__file__).parent


def pytest_configure() -> None:
    """Put the folders of the tests in memory, and let TLS know no authority.

    The tests write and flush thousands of files, and a busy disk takes its time; PYTEST_DEBUG_TEMPROOT and --basetemp
    name another place. Each client would load some hundred certificates, and no test speaks to a host outside.
    """
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    os.environ.pop("SSL_CERT_FILE", None)
    os.environ["SSL_CERT_DIR"] = str(NO_AUTHORITIES)
