"""Single files that take their place whole: whoever opens one sees the old text or the new."""

import os
from collections.abc import Callable
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a file of text in UTF-8; OSError where it cannot be written."""
    path.write_text(text, encoding="utf-8")


def replace_file(path: Path, write: Callable[[Path], None]) -> bool:
    """Write a file with `write(draft)` beside its place, then rename it; one that stays equal is left untouched.

    Return whether it changed. Raises OSError where it cannot be written; what stood there then still stands.
    """
    draft = path.with_name(f".{path.name}.partial")
    try:
        write(draft)
        content = draft.read_bytes()
        if path.is_file() and path.read_bytes() == content:
            return False
        draft.replace(path)
        return True
    finally:
        draft.unlink(missing_ok=True)


def flush(path: Path) -> None:
    """Wait until a file, or the list of a folder's names, lies on the disk; OSError where it cannot."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
