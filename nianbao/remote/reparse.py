"""A reparse of a store on object storage: records are read there, and the dataset is published there at the end."""

from collections.abc import Sequence

from nianbao.dataset.write import Update
from nianbao.remote.cache import cache_folder
from nianbao.remote.filesystem import Storage
from nianbao.remote.publishing import fetch_dataset, fetch_state, publish_dataset, read_manifest
from nianbao.reparse.accounts import Accounts
from nianbao.reparse.run import Readers, Source, Watch, reparse
from scraper.journal import ARCHIVE_FOLDER


def reparse_remote(address: str, sources: Sequence[Source], read: Readers, watch: Watch) -> tuple[Accounts, Update]:
    """Reparse the archive at an address, or the sources, and publish the dataset there.

    The plan comes from the state that was handed over with the archive. Raises StoreError, DatasetError, NianbaoError.
    """
    storage, folder = Storage(address), cache_folder(address)
    if read_manifest(storage) is not None:
        fetch_dataset(storage, folder)
    if not sources:
        fetch_state(storage, folder)
    own = Source(folder, f"{storage.address}/{ARCHIVE_FOLDER}")
    done = reparse(folder, sources or [own], read, watch)
    publish_dataset(folder, storage)
    return done
