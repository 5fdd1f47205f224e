"""The Openness platforms of Anhui and Inner Mongolia: lists of a branch and column, a page of reports a year."""

import re

from scraper.discovery.page import Page
from scraper.discovery.paging.listing import Listing, System, following
from scraper.discovery.paging.plain import next_page
from scraper.messages import Request

_MARK = re.compile(
    r"/(?:OpennessContent|OpennessAnnualReport|XxgkAnnualReport|Xxgknb)/|/public/(?:column|content)/", re.IGNORECASE
)
_PAGED = re.compile(r"(?P<list>/OpennessContent/showList/\d+/\d+/)page_(?P<number>\d{1,4})\.html", re.IGNORECASE)


def recognise(page: Page) -> bool:
    """Say whether a page, or most of what it links, belongs to such a platform."""
    if _MARK.search(page.url):
        return True
    return sum(1 for link in page.links if _MARK.search(link.url)) >= 3


def read(page: Page, request: Request) -> Listing:
    """Read a list page: all of its links, and the page after it."""
    url = next_page(page) or _numbered(page)
    return Listing(page.links, (following(request, url, SYSTEM.name),) if url else ())


def _numbered(page: Page) -> str | None:
    """Return the linked `page_N.html` of this list whose number is the next; the first page can do without a number."""
    here = _PAGED.search(page.url)
    number = int(here["number"]) if here else 1
    for link in page.links:
        there = _PAGED.search(link.url)
        same = there and (here is None or there["list"].lower() == here["list"].lower())
        if there and same and int(there["number"]) == number + 1:
            return link.url
    return None


SYSTEM = System("openness", recognise, read)
