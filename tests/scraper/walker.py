"""A small walker for tests of the engine: it follows `<a class=KIND href=…>text</a>`, in the order of the page."""

import re
from urllib.parse import urljoin

from scraper.messages import Request, Response, Site, Skipped, Step

LINK = re.compile(r'<a class="(\w+)" href="([^"]*)">([^<]*)</a>')


def link(kind: str, url: str, text: str = "政府信息公开工作年度报告") -> str:
    return f'<a class="{kind}" href="{url}">{text}</a>'


def joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return href


class LinkWalker:
    def __init__(self, site: Site, remembered: str | None) -> None:
        self.site = site
        self.column = remembered

    def start(self) -> Step:
        return Step((Request(self.column or self.site.site_url, "column" if self.column else "home"),))

    def receive(self, request: Request, response: Response | None) -> Step:
        if response is None:
            return Step(notes=(f"without {request.url}",))
        if request.kind == "column":
            self.column = request.url
        requests, skipped = [], []
        for kind, href, text in LINK.findall(response.body.decode("utf-8", "replace")):
            url = joined(response.url, href)
            if kind == "skip":
                skipped.append(Skipped(url, text, "decoy", response.url))
            else:
                requests.append(Request(url, kind, response.url, text, request.depth + 1))
        return Step(tuple(requests), tuple(skipped))
