"""The parser with divisions: what `nianbao.parse` gives beyond `parsers`."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from urllib.parse import urlsplit

from nianbao.dataset.divisions import resolve
from parsers.reading import read_reports
from parsers.report import Report

_NO_RESOURCES: Mapping[str, bytes] = {}


def parse(
    body: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    resources: Mapping[str, bytes] = _NO_RESOURCES,
) -> Report:
    """Read a document and return the report that its title names.

    `url` is where the document stands: its host can decide between places of one name. `content_type` is the declared
    Content-Type, `resources` are bodies by URL that the page refers to, such as pictures. Raises `DocumentError` for a
    body that cannot be opened; a document that is no such report gives a Report without tables and a warning that names
    what it seems to be.
    """
    return parse_all(body, url=url, content_type=content_type, resources=resources)[0]


def parse_all(
    body: bytes,
    *,
    url: str | None = None,
    content_type: str | None = None,
    resources: Mapping[str, bytes] = _NO_RESOURCES,
) -> list[Report]:
    """Read a document and return every report in it, the one that the title names first. Raises like `parse`."""
    site_code = _code_of_host(url) if url else None
    found = read_reports(body, content_type=content_type, resources=resources)
    return [with_division(report, site_code=site_code) for report in found]


def with_division(report: Report, *, site_code: str | None = None, site_name: str = "") -> Report:
    """Return the report with the division of its publisher, None where the name is ambiguous or unknown.

    `site_code` is the GB/T 2260 code of the site that led to the report, `site_name` its name.
    """
    context = f"{report.title or ''} {site_name}"
    division = resolve(report.publisher, year=report.report_year, context=context, site_code=site_code)
    return replace(report, division=division)


def _code_of_host(url: str) -> str | None:
    """Return the code of the one known site on the host of an address."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    codes = _known_hosts().get(host or "", set())
    return next(iter(codes)) if len(codes) == 1 else None


@cache
def _known_hosts() -> dict[str, set[str]]:
    from scraper.sites import known_sites  # imports httpx, of no use to whoever gives no address

    hosts: defaultdict[str, set[str]] = defaultdict(set)
    for site in known_sites().sites:
        hosts[urlsplit(site.site_url).hostname or ""].add(site.code)
    return dict(hosts)
