"""Datasets by the names that people give them: the folder of a store, or an address on object storage."""

from pathlib import Path

from nianbao.dataset import reader
from nianbao.dataset.reader import Dataset
from nianbao.remote.addresses import is_remote


def open_dataset(store: Path | str) -> Dataset:
    """Open the dataset of a store as it is now: a folder, or an address such as `s3://bucket/prefix`.

    What stands at an address is fetched into the user's cache first, each file held against its hash. Raises
    DatasetError if there is none, it is damaged, or a later version of this program wrote it; StoreError if the address
    cannot be read.
    """
    if isinstance(store, str) and is_remote(store):
        from nianbao.remote.cache import fetched

        return reader.open_dataset(fetched(store))
    return reader.open_dataset(store)
