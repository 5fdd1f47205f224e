"""TRS WCM and its kin: a script call `createPageHTML` writes the links to the pages.

`createPageHTML(COUNT, CURRENT, "index", "html")` counts from 0 and page 2 is `index_1.html`;
`createPageHTML('DIV', COUNT, CURRENT, 'NAME', 'shtml', TOTAL)` counts from 1 and page 2 is `NAME_2.shtml`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scraper.discovery.links import absolute
from scraper.discovery.page import Page
from scraper.discovery.paging.listing import Listing, System, following
from scraper.messages import Request

_CALL = re.compile(r"(?<!function )\bcreatePageHTML\s*\(([^()]*)\)")
_VARIABLE = re.compile(r"\bvar\s+([\w$]+)\s*=\s*[\"']?([\w./-]+)[\"']?")


@dataclass(frozen=True, slots=True)
class Pager:
    """One call: how many pages, which number the next has, and whether there is a next."""

    count: int
    following: int
    exists: bool
    name: str
    extension: str


def _pagers(text: str) -> Iterator[Pager]:
    """Yield the calls of a page; variables are looked up in the page's own scripts."""
    if "createPageHTML" not in text:
        return
    variables = dict(_VARIABLE.findall(text))
    for call in _CALL.finditer(text):
        words = [word.strip() for word in call[1].split(",")]
        values = [word.strip("\"'") if word[:1] in "\"'" else variables.get(word, word) for word in words]
        if len(values) >= 4 and values[0].isdecimal() and values[1].isdecimal():
            count, current = int(values[0]), int(values[1])
            yield Pager(count, current + 1, current + 1 < count, values[2], values[3])
        elif len(values) >= 5 and values[1].isdecimal() and values[2].isdecimal():
            count, current = int(values[1]), int(values[2])
            yield Pager(count, current + 1, current < count, values[3], values[4])


def recognise(page: Page) -> bool:
    """Say whether a page calls createPageHTML with numbers."""
    return any(True for _ in _pagers(page.text))


def read(page: Page, request: Request) -> Listing:
    """Read a list page: all of its links, and the next page of every list on it."""
    more, pages = [], 0
    for pager in _pagers(page.text):
        pages = max(pages, pager.count)
        url = absolute(f"{pager.name}_{pager.following}.{pager.extension.lstrip('.')}", page.url)
        if pager.exists and url:
            more.append(following(request, url, SYSTEM.name))
    return Listing(page.links, tuple(more), pages)


SYSTEM = System("trs", recognise, read)
