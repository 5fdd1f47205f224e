"""Stores made by hand for the tests of the pages, and the links of a site followed."""

import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

from nianbao.dataset.documents import Visit
from nianbao.dataset.write import update
from parsers.report import Division
from tests.nianbao.dataset.made import made_document, made_report

JINGZHOU = Division("431229", "靖州苗族侗族自治县")
TONGDAO = Division("431230", "通道侗族自治县")
HONGJIANG = Division("431281", "洪江市")
YOUXIAN = Division("430223", "攸县")
PARTS = ("person", "business", "research", "nonprofit", "legal", "other")


def requests(**rows):
    """Return the cells of the requests table, all asked by persons: `new=17` gives requests.new.person and total."""
    return {f"requests.{row}.{column}": value for row, value in rows.items() for column in ("person", "total")}


def sound(new, granted, **rows):
    """Return requests that balance: what was not granted was unavailable."""
    rest = new - granted - sum(rows.values())
    return requests(new=new, granted=granted, handled=new, unavail_not_held=rest, **rows)


def document(division, year, values, *, url=None, fetched_at="2025-03-01T08:00:00Z", **changes):
    url = url or f"http://www.{division.code}.gov.cn/{year}.html"
    return made_document(
        made_report(division=division, year=year, values=values, **changes), url=url, fetched_at=fetched_at
    )


def store_of(folder: Path, *documents, visits=()) -> Path:
    update(folder, list(documents), parser_version="1", visits=list(visits))
    return folder


def visit(division, year=None, reason=None):
    return Visit(division.code, division.name, year, reason)


class Links(HTMLParser):
    """The ids of a page and what it refers to, links and loaded files apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids, self.links, self.loaded, self.tags = [], [], [], []
        self.texts = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        if tag == "a":
            self.links.append(given["href"])
        elif tag in ("script", "link", "img", "image", "iframe", "object", "embed", "source"):
            self.loaded += [given[name] for name in ("src", "href") if name in given]

    def handle_data(self, data):
        self.texts.append(data)


def broken_links(site: Path):
    """Yield every link and loaded file of a site that leads nowhere within it, fragments included."""
    pages = {path: Links(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    indicators = set(re.findall(r'"id":"(\w+)"', (site / "d" / "indicators.js").read_text(encoding="utf-8")))
    for path, page in pages.items():
        for href in page.links + page.loaded:
            if re.match(r"https?://", href) and href in page.links:
                continue
            address, fragment = urldefrag(href)
            target = (path.parent / unquote(address)).resolve() if address else path
            if (
                not target.is_file()
                or (fragment and "." in fragment and target in pages and fragment not in pages[target].ids)
                or (
                    fragment
                    and "." not in fragment
                    and "=" not in fragment
                    and fragment not in {*indicators, *pages[target].ids}
                )
            ):
                yield path.name, href
