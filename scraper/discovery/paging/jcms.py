"""Hanweb jcms: records in a datastore inside the page, the rest from `dataproxy.jsp`.

The page names the next group of records itself (`<nextgroup>`), or its `jpage` call has the fields from which the
address is built. Static `index_1.html` does not exist there.
"""

import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from scraper.discovery.links import Link, absolute, links_of
from scraper.discovery.page import Page
from scraper.discovery.paging.jpage import PAGES_PER_CALL, calls
from scraper.discovery.paging.listing import Listing, System, following
from scraper.discovery.paging.plain import next_page
from scraper.messages import Request

_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</record>", re.DOTALL | re.IGNORECASE)
_NEXT_GROUP = re.compile(r"<nextgroup>(.*?)</nextgroup>", re.DOTALL | re.IGNORECASE)
_ADDRESS = re.compile(r"[\"']([^\"']*dataproxy\.jsp\?[^\"']*)[\"']", re.IGNORECASE)
_TOTAL = re.compile(r"<totalrecord>\s*(\d+)", re.IGNORECASE)
_TOTAL_PAGES = re.compile(r"<totalpage>\s*(\d+)", re.IGNORECASE)


def recognise(page: Page) -> bool:
    """Say whether a page holds a datastore or a call of the paging component."""
    return "<datastore" in page.text or "dataproxy.jsp" in page.text or any(True for _ in calls(page.text, page.url))


def read(page: Page, request: Request) -> Listing:
    """Read a column page, or an answer of dataproxy.jsp."""
    if "base" in request.context:
        return _read_answer(page, request)
    records = _records(page.text, page.url)
    items = tuple(dict.fromkeys(page.links + records))
    held = len(_RECORD.findall(page.text))
    more = tuple(_named_groups(page, request, page.url)) or tuple(_first_spans(page, request, held))
    url = None if more else next_page(page)
    return Listing(items, (following(request, url, SYSTEM.name),) if url else more)


def _read_answer(page: Page, request: Request) -> Listing:
    base = request.context["base"]
    records = _records(page.text, base)
    pages = _TOTAL_PAGES.search(page.text)
    if "span" in request.context:
        more = _next_span(page, request, records)
    else:
        more = tuple(_named_groups(page, request, base)) or _counted_group(page, request)
    return Listing(records, more, int(pages[1]) if pages else None)


def _records(text: str, base: str) -> tuple[Link, ...]:
    """Return the links of the records, which stand as markup inside a script or an XML answer."""
    markup = "\n".join(unescape(record) if "<" not in record else record for record in _RECORD.findall(text))
    return links_of(markup, base) if markup else ()


def _named_groups(page: Page, request: Request, base: str) -> Iterator[Request]:
    """Yield the requests for the groups of records that the page or answer names."""
    for group in _NEXT_GROUP.findall(page.text):
        for address in _ADDRESS.findall(unescape(group)):
            url = absolute(address, page.url)
            if url:
                yield following(request, url, SYSTEM.name, headers={"Referer": base}, base=base)


def _counted_group(page: Page, request: Request) -> tuple[Request, ...]:
    """Return the request for the group after this answer where only the number of pages says that there is one."""
    parts = urlsplit(request.url)
    fields = parse_qsl(parts.query, keep_blank_values=True)
    number = dict(fields).get("page", "")
    pages = _TOTAL_PAGES.search(page.text)
    if not number.isdecimal() or not pages or int(number) >= int(pages[1]):
        return ()
    query = urlencode([(name, str(int(number) + 1) if name == "page" else value) for name, value in fields])
    base = request.context["base"]
    url = urlunsplit(parts._replace(query=query))
    return (following(request, url, SYSTEM.name, headers={"Referer": base}, base=base),)


def _first_spans(page: Page, request: Request, held: int) -> Iterator[Request]:
    """Yield the requests for the records beyond the `held` ones of the page's own datastore."""
    found = list(calls(page.text, page.url))
    if len(found) > 1:
        held = 0
    for call in found:
        if held < call.total:
            yield _span(request, page.url, call.span(held + 1), call.total)


def _next_span(page: Page, request: Request, records: tuple[Link, ...]) -> tuple[Request, ...]:
    """Return the request for the span after an answered one, none at the end or after an empty answer."""
    context = request.context
    stated = _TOTAL.search(page.text)
    total = int(stated[1]) if stated else int(context["total"])
    parts = urlsplit(request.url)
    fields = dict(parse_qsl(parts.query, keep_blank_values=True))
    end, size = int(fields["endrecord"]), int(fields["perpage"])
    if not records or end >= total:
        return ()
    fields |= {"startrecord": str(end + 1), "endrecord": str(end + PAGES_PER_CALL * size)}
    url = urlunsplit(parts._replace(query=urlencode(fields)))
    return (_span(request, context["base"], url, total),)


def _span(request: Request, base: str, url: str, total: int) -> Request:
    headers = {"Referer": base}
    return following(request, url, SYSTEM.name, headers=headers, base=base, span="yes", total=str(total))


SYSTEM = System("jcms", recognise, read)
