"""The parser with divisions: what `nianbao.parse` gives beyond `parsers`."""

from collections.abc import Mapping

from parsers.reading import read_reports
from parsers.report import Report


def parse(
    body: bytes, *, url: str | None = None, content_type: str | None = None, resources: Mapping[str, bytes] | None = None
) -> Report:
    """Read a document and return the report that its title names.

    `content_type` is the declared Content-Type, `resources` are bodies by URL that the page refers to. Raises
    `DocumentError` for a body that cannot be opened; a document that is no such report gives a Report without tables and
    a warning that names what it seems to be.
    """
    return parse_all(body, url=url, content_type=content_type, resources=resources)[0]


def parse_all(
    body: bytes, *, url: str | None = None, content_type: str | None = None, resources: Mapping[str, bytes] | None = None
) -> list[Report]:
    """Read a document and return every report in it, the one that the title names first. Raises like `parse`."""
    return read_reports(body, content_type=content_type, resources=resources)
