"""Reads the yearly open-government-information reports of Chinese governments into a dataset."""

from nianbao.reports import parse, parse_all

__all__ = ["parse", "parse_all"]
__version__ = "0.1.0"
