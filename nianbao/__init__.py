"""Reads the yearly open-government-information reports of Chinese governments into a dataset."""

__version__ = "0.1.0"
