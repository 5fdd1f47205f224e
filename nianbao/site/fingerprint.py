"""What a site is made of, as one hash: equal hashes, equal pages, so that nothing need be written again."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_MADE_BY = (Path(__file__).parent, Path(__file__).parents[1] / "dataset", Path(__file__).parents[2] / "parsers")
_LIBRARIES = ("jinja2", "vl-convert-python", "pypdfium2")


def fingerprint(dataset: Path, archive_is_there: bool) -> str:  # noqa: FBT001 - half of what is hashed
    """Return the hash of a generation of the dataset and of the program that turns it into pages."""
    digest = hashlib.sha256(f"{_program()} {archive_is_there}".encode())
    for path in _files(dataset):
        digest.update(f"{path.relative_to(dataset).as_posix()} {path.stat().st_size}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def _program() -> str:
    digest = hashlib.sha256()
    for folder in _MADE_BY:
        for path in _files(folder):
            if path.suffix != ".pyc":
                digest.update(path.read_bytes())
    for library in _LIBRARIES:
        try:
            digest.update(f"{library} {version(library)}".encode())
        except PackageNotFoundError:
            digest.update(library.encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
