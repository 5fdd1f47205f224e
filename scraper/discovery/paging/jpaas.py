"""Hanweb jpaas: the list comes as JSON from the publishing gateway, with the fields that the column page carries."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.discovery.links import absolute, links_of
from scraper.discovery.page import Page
from scraper.discovery.paging.listing import Listing, System, following
from scraper.messages import Request

PAGE_SIZE = 50
UNITS = 5
_GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_ADDRESS = re.compile(r"[\"']([^\"'\s]*jpaas-publish-server/front/page/build/unit)[^\"']*[\"']")
_DATA = re.compile(r"queryData\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|(\{[^{}]*\}))", re.IGNORECASE)
_FIELD = re.compile(r"[\"']?\b(\w+)[\"']?\s*[:=]\s*(?:\"([^\"]*)\"|'([^']*)')")
_NAMES = ("parseType", "webId", "tplSetId", "pageType", "tagId", "editType", "pageId")
_DEFAULTS = {"parseType": "bulidstatic", "pageType": "column", "editType": "null"}
_COUNT = re.compile(r"\b(?:count|total)[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
_ROWS = re.compile(r"\b(?:rows|pageSize)[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)


def recognise(page: Page) -> bool:
    """Say whether a page carries the fields of the publishing gateway."""
    return ("jpaas-publish-server" in page.text or "queryData" in page.text) and bool(_units(page.text))


def read(page: Page, request: Request) -> Listing:
    """Read a column page, or an answer of the gateway."""
    if "base" in request.context:
        return _read_answer(page, request)
    address = _ADDRESS.search(page.text)
    gateway = absolute(address[1] if address else _GATEWAY, page.url)
    if gateway is None:
        return Listing(page.links)
    more = [_ask(request, f"{gateway}?{urlencode(_numbered(unit, 1))}", page.url, 1) for unit in _units(page.text)]
    return Listing(page.links, tuple(more))


def _units(text: str) -> list[dict[str, str]]:
    """Return the blocks of the page that the gateway builds: the fields of each, at most `UNITS`."""
    blocks = [unescape(next(filter(None, match.groups()), "")) for match in _DATA.finditer(text)] or [text]
    units = [unit for block in blocks if (unit := _fields(block))]
    return list({tuple(unit.items()): unit for unit in units}.values())[:UNITS]


def _fields(block: str) -> dict[str, str]:
    """Return the fields of one block in the gateway's order, empty unless site, page and block are named."""
    found = {name: double or single for name, double, single in _FIELD.findall(block)}
    unit = {name: found.get(name) or _DEFAULTS.get(name, "") for name in _NAMES}
    return unit if unit["webId"] and unit["pageId"] and unit["tagId"] else {}


def _numbered(fields: dict[str, str], number: int) -> dict[str, str]:
    return fields | {"paramJson": json.dumps({"pageNo": number, "pageSize": PAGE_SIZE}, separators=(",", ":"))}


def _ask(request: Request, url: str, base: str, number: int, shown: int = 0) -> Request:
    position = {"base": base, "page": str(number), "shown": str(shown)}
    return following(request, url, SYSTEM.name, headers={"Referer": base}, **position)


def _read_answer(page: Page, request: Request) -> Listing:
    base, number = request.context["base"], int(request.context["page"])
    try:
        data = json.loads(page.text)["data"]
        markup = data["html"]
        items = links_of(markup, base)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return Listing((), notes=(f"{request.url}: not an answer of the jpaas gateway ({type(error).__name__})",))
    rows = _ROWS.search(markup)
    shown = number * int(rows[1]) if rows else int(request.context["shown"]) + len({item.url for item in items})
    total = next(_totals(data, markup), None)
    if not items or (total is not None and shown >= total):
        return Listing(items)
    parts = urlsplit(request.url)
    fields = _numbered(dict(parse_qsl(parts.query, keep_blank_values=True)), number + 1)
    url = urlunsplit(parts._replace(query=urlencode(fields)))
    return Listing(items, (_ask(request, url, base, number + 1, shown),))


def _totals(data: dict[str, object], markup: str) -> Iterator[int]:
    """Yield the number of records, as the answer or the pager in its markup states it."""
    for name in ("count", "total", "totalCount"):
        value = str(data.get(name, ""))
        if value.isdecimal():
            yield int(value)
    match = _COUNT.search(markup)
    if match:
        yield int(match[1])


SYSTEM = System("jpaas", recognise, read)
