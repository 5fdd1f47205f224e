"""The stores of a reparse by their names on the command line: which archives are read, which dataset is written."""

from collections.abc import Sequence
from pathlib import Path

from nianbao.dataset.write import Update
from nianbao.remote.addresses import is_remote
from nianbao.reparse.accounts import Accounts
from nianbao.reparse.plan import archive_root
from nianbao.reparse.run import Readers, Source, Watch, reparse
from nianbao.stores import MARK, prepare
from parsers.errors import StoreError


def reparse_into(store: str, sources: Sequence[Path], read: Readers, watch: Watch) -> tuple[Accounts, Update]:
    """Reparse a store named as on the command line, or other stores into it; a remote one is published at the end.

    Raises StoreError, DatasetError and NianbaoError.
    """
    read_from = [Source(source, archive_root(source)) for source in sources]
    if is_remote(store):
        from nianbao.remote.reparse import reparse_remote

        return reparse_remote(store, read_from, read, watch)
    folder = Path(store)
    if sources:
        prepare(folder, for_demo=_are_demos(sources))
    return reparse(folder, read_from or [Source(folder, archive_root(folder))], read, watch)


def _are_demos(sources: Sequence[Path]) -> bool:
    """Say whether the sources are stores of the demo; raises StoreError where some are and some are not."""
    demos = [source for source in sources if (source / MARK).exists()]
    if demos and len(demos) < len(sources):
        raise StoreError(f"{demos[0]}: holds the made-up numbers of the demo; leave it out")
    return bool(demos)
