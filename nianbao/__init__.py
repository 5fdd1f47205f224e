"""Reads the yearly open-government-information reports of Chinese governments into a dataset."""

from typing import TYPE_CHECKING, Any

from nianbao.reports import parse, parse_all

if TYPE_CHECKING:
    from nianbao.datasets import open_dataset

__all__ = ["open_dataset", "parse", "parse_all"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import `open_dataset` when it is first asked for: pandas and pyarrow take longer to load than a page to parse."""
    if name == "open_dataset":
        from nianbao.datasets import open_dataset

        return open_dataset
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
