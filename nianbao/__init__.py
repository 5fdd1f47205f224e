"""Reads the yearly open-government-information reports of Chinese governments into a dataset."""

from collections.abc import Mapping

from parsers.reading import read_reports
from parsers.report import Report

__version__ = "0.1.0"


def parse(
    body: bytes, *, url: str | None = None, content_type: str | None = None, resources: Mapping[str, bytes] | None = None
) -> Report:
    """Parse."""
    return read_reports(body, content_type=content_type, resources=resources)[0]
