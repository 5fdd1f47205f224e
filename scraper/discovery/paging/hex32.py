"""Sites whose articles are named by 32 hexadecimal digits: page 2 is `index_2.shtml` or `column-index-2.shtml`."""

import re
from urllib.parse import urlsplit

from scraper.discovery.links import absolute
from scraper.discovery.page import Page
from scraper.discovery.paging.listing import Listing, System, following
from scraper.discovery.paging.plain import next_page
from scraper.messages import Request

SHOWN_AT_ONCE = 50
_ARTICLE = re.compile(r"/\d{6}/(?:[0-9a-f]{32}|c\d+_\d+)\.s?html$", re.IGNORECASE)
_COLUMN_INDEX = re.compile(r"column-index-(\d{1,4})\.s?html")
_NUMBERED = re.compile(r"(?:index_|column-index-)(\d{1,4})\.(s?html)$")
_TOTAL = re.compile(
    r"\b(?:page_?count|total_?pages?|count_?page|pages)[\"']?\s*[:=]\s*[\"']?(\d{1,4})\b|共\s*(\d{1,4})\s*页",
    re.IGNORECASE,
)


def recognise(page: Page) -> bool:
    """Say whether a page lists such articles, or shows its items fifty at a time."""
    if "pagedContent" in page.text or _COLUMN_INDEX.search(page.url) or _COLUMN_INDEX.search(page.text):
        return True
    return any(_ARTICLE.search(urlsplit(link.url).path) for link in page.links)


def read(page: Page, request: Request) -> Listing:
    """Read a list page: all of its links, and the page after it."""
    total = _total(page.text)
    url = next_page(page) or _computed(page, total)
    return Listing(page.links, (following(request, url, SYSTEM.name),) if url else (), total)


def _total(text: str) -> int | None:
    match = _TOTAL.search(text)
    return int(match[1] or match[2]) if match else None


def _computed(page: Page, total: int | None) -> str | None:
    """Return the next page by number, where a stated total or a full batch of shown items says that there is one."""
    here = _NUMBERED.search(urlsplit(page.url).path)
    number = int(here[1]) if here else 1
    shown = len(page.tree.css("li.pagedContent"))
    full_batch = shown > 0 and shown % SHOWN_AT_ONCE == 0
    if not (total is not None and number < total) and not full_batch:
        return None
    stem = "column-index-" if _COLUMN_INDEX.search(page.url) or _COLUMN_INDEX.search(page.text) else "index_"
    extension = here[2] if here else "shtml"
    return absolute(f"{stem}{number + 1}.{extension}", page.url)


SYSTEM = System("hex32", recognise, read)
