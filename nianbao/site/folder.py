"""The folder of a site: written beside the old one and put in its place whole, so that nobody sees half of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from parsers.errors import StoreError

MARK = "nianbao-site.txt"
"""In every folder that this program wrote: no other folder is ever replaced."""

_TEXT = "Pages written by `nianbao site`. The next run replaces this folder.\nMade of: {}\n"


class Folder:
    """A site in the making; counts its files and their bytes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = 0
        self.bytes = 0
        self._made: set[Path] = set()

    def write(self, name: str, content: str | bytes) -> None:
        """Write one file; `name` is its path below the root. Raises OSError."""
        path = self.root / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        body = content.encode() if isinstance(content, str) else content
        path.write_bytes(body)
        self.files += 1
        self.bytes += len(body)


@contextmanager
def replacing(out: Path, made_of: str) -> Iterator[Folder]:
    """Give a new folder that takes the place of `out` when all went well; else `out` stays as it was.

    `made_of` is the fingerprint of what it is made of.

    Raises StoreError where `out` holds anything that this program did not write, or cannot be written.
    """
    partial, former = (out.with_name(f".{out.name}.{state}") for state in ("partial", "former"))
    with _writing(out):
        _refuse_what_is_not_ours(out)
        for left_over in (partial, former):
            shutil.rmtree(left_over, ignore_errors=True)
        partial.mkdir(parents=True)
    try:
        with _writing(out):
            folder = Folder(partial)
            folder.write(MARK, _TEXT.format(made_of))
            yield folder
            if out.exists():
                out.rename(former)
            partial.rename(out)
    finally:
        if former.exists() and not out.exists():
            former.rename(out)
        shutil.rmtree(partial, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def is_site(out: Path) -> bool:
    """Say whether a folder holds a site of this program."""
    return (out / MARK).is_file()


def is_made_of(out: Path, fingerprint: str) -> bool:
    """Say whether the site in a folder was made of the same things."""
    try:
        return (out / MARK).read_text(encoding="utf-8") == _TEXT.format(fingerprint)
    except (OSError, ValueError):
        return False


def _refuse_what_is_not_ours(out: Path) -> None:
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise StoreError(f"{out}: is no folder; name another with --out")
    if out.is_dir() and any(out.iterdir()) and not is_site(out):
        raise StoreError(f"{out}: holds files that are no site of this program; name another folder with --out")


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{error.filename or out}: cannot be written ({error.strerror or error}); make room or give access, then "
            "run again"
        ) from error
