"""Any other system: the link to the next page, by its words or by its number.

Serves `下一页` links, `rel=next`, `?page=N`, `?pageNo=N`, `index_N.html` and the like where the page links them.
"""

import re
from urllib.parse import urlsplit

from scraper.discovery.hosts import host_of
from scraper.discovery.links import Link
from scraper.discovery.page import Page
from scraper.discovery.paging.listing import Listing, System, following
from scraper.messages import Request

_NEXT = re.compile(
    r"(?:\[|<|〈)?\s*(?:下一?页|后一?页|下页|下一頁|next(?:\s*page)?)\s*(?:[>»›\]〉]*)|[>›»]{1,2}|&gt;", re.IGNORECASE
)
_NUMBER = re.compile(
    r"(?:[?&](?:page|pageno|pagenum|pageindex|pagenumber|currentpage|curpage|cur_page|pn|p)=|[/_-](?:index|list|page|default|node)?[_-])(\d{1,4})"
    r"(?=[&.]|$)",
    re.IGNORECASE,
)
_MANY = re.compile(r"共\s*(?:<[^>]*>\s*)*(\d{1,4})\s*(?:</[^>]*>\s*)*页|第\s*\d+\s*页\s*[/／]\s*共?\s*(\d{1,4})")


def next_page(page: Page) -> str | None:
    """Return the URL of the next page, by the words of its link, else by the number after this page's own."""
    here = [link for link in page.links if _same_list(link.url, page.url)]
    worded = next((link.url for link in here if _NEXT.fullmatch(link.text)), None)
    return worded or _numbered(here, page.url)


def _numbered(links: list[Link], url: str) -> str | None:
    """Return the link whose text and URL both carry the number after that of `url`."""
    match = _NUMBER.search(url)
    number = int(match[1]) if match else 1
    for link in links:
        other = _NUMBER.search(link.url)
        if link.text in {str(number + 1), f"[{number + 1}]"} and other and int(other[1]) in {number, number + 1}:
            return link.url
    return None


def _same_list(url: str, other: str) -> bool:
    """Say whether a URL is another page of the list at `other`: same host, another address, near by."""
    if host_of(url) != host_of(other) or url == other:
        return False
    one, two = urlsplit(url), urlsplit(other)
    shared = two.path.rsplit("/", 1)[0]
    return one.path.startswith(shared) or one.path == two.path or shared.startswith(one.path.rsplit("/", 1)[0])


def says_more(page: Page) -> bool:
    """Say whether a page states that it is one of several."""
    return any(int(match[1] or match[2]) > 1 for match in _MANY.finditer(page.text))


def recognise(page: Page) -> bool:
    """Accept every page."""
    return bool(page.text)


def read(page: Page, request: Request) -> Listing:
    """Read a page of an unknown system: all of its links, and the next page if it links one."""
    url = next_page(page)
    notes = [f"{page.url}: no content system recognised, following the links to the next page"] if url else []
    if url is None and says_more(page):
        notes.append(f"{page.url}: the list has more pages, and none of them is linked; they are not read")
    more = (following(request, url, SYSTEM.name),) if url else ()
    return Listing(page.links, more, notes=tuple(notes))


SYSTEM = System("plain", recognise, read)
