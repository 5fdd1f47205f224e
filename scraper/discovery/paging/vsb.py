"""VSB (博达): articles under `/info/`, pages `list.htm`, `list/4.htm`, `list/3.htm` … that count down."""

import re
from urllib.parse import urlsplit

from scraper.discovery.links import absolute
from scraper.discovery.page import Page
from scraper.discovery.paging.listing import Listing, System, following
from scraper.discovery.paging.plain import next_page
from scraper.messages import Request

_ARTICLE = re.compile(r"/info/\d+/\d+\.htm$")
_SIGN = re.compile(r"vsbscreen|_sitegray|VSB_|vsb_")
_COUNTED = re.compile(r"^(?P<stem>.+)/(?P<number>\d{1,4})\.htm$")
_TOTAL = re.compile(r"共\s*(\d{1,4})\s*页|\b1\s*/\s*(\d{1,4})\b")


def recognise(page: Page) -> bool:
    """Say whether a page has VSB's own marks, or a list of articles under `/info/`."""
    if not urlsplit(page.url).path.endswith((".htm", "/")):
        return False
    articles = sum(1 for link in page.links if _ARTICLE.search(urlsplit(link.url).path))
    return articles > 0 and (bool(_SIGN.search(page.text)) or articles >= 2)


def read(page: Page, request: Request) -> Listing:
    """Read a list page: all of its links, and the page after it."""
    url = next_page(page) or _counted_down(page)
    more = (following(request, url, SYSTEM.name),) if url and url != page.url else ()
    return Listing(page.links, more)


def _counted_down(page: Page) -> str | None:
    """Return the page after this one by number: on page N of a stem it is N-1, on the first the highest there is."""
    path = urlsplit(page.url).path
    here = _COUNTED.match(path)
    if here:
        number = int(here["number"]) - 1
        return absolute(f"{here['stem']}/{number}.htm", page.url) if number > 0 else None
    stem = path.removesuffix(".htm") if path.endswith(".htm") else path.rstrip("/") + "/index"
    linked = [urlsplit(link.url).path for link in page.links]
    numbers = [int(match["number"]) for other in linked if (match := _COUNTED.match(other)) and match["stem"] == stem]
    total = _TOTAL.search(page.tree.body.text() if page.tree.body else "")
    if total:
        numbers.append(int(total[1] or total[2]) - 1)
    return absolute(f"{stem}/{max(numbers)}.htm", page.url) if numbers and max(numbers) > 0 else None


SYSTEM = System("vsb", recognise, read)
