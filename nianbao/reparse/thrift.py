"""Memory and garbage of a process that parses an archive: little is held back, and little time goes into looking.

Python's search for garbage in cycles would take a fifth of the time: the parser's memory of labels and numbers and the
rows of a dataset live as long as the run, and each full search goes through all of them to find next to nothing.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.abc import MetaPathFinder

import pyarrow as pa

_YOUNG = 20_000
_MIDDLE_AGED = 20


class WithoutPandas(MetaPathFinder):
    """Keeps pandas out of a process: Arrow would load it (25 MB) with its first array, and does without as well."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: object = None) -> None:
        """Refuse pandas and leave everything else to the next finder."""
        if fullname == "pandas":
            raise ModuleNotFoundError(f"No module named {fullname!r} in a process that only parses", name=fullname)


@contextmanager
def thrifty() -> Iterator[None]:
    """Have garbage looked for more seldom, and not at all in what is there by now; what was set before comes back.

    Arrow takes its memory from the system's allocator, which gives freed memory back: its own keeps some 60 MB.
    """
    threshold, pool = gc.get_threshold(), pa.default_memory_pool()
    gc.set_threshold(_YOUNG, _MIDDLE_AGED, threshold[2])
    gc.freeze()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(pool)
        gc.set_threshold(*threshold)
        gc.unfreeze()


def put_by() -> None:
    """Clear away the garbage, leave what still lives out of later searches, give freed memory back."""
    gc.collect()
    gc.freeze()
    pa.default_memory_pool().release_unused()
