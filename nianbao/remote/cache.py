"""Where remote stores are worked on: a folder for each address below the user's cache."""

import hashlib
import os
from pathlib import Path

from nianbao.remote.filesystem import Storage
from nianbao.remote.publishing import fetch_dataset


def cache_folder(address: str) -> Path:
    """Return the folder of an address below XDG_CACHE_HOME, else ~/.cache."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "nianbao" / hashlib.sha256(address.rstrip("/").encode()).hexdigest()[:16]


def fetched(address: str) -> Path:
    """Fetch the published dataset of an address and return the local store that holds it.

    Raises StoreError, DatasetError.
    """
    folder = cache_folder(address)
    fetch_dataset(Storage(address), folder)
    return folder
