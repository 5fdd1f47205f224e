"""gkmlpt, the disclosure platform of Guangdong: categories in the page, articles as JSON."""

import json
import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from scraper.discovery.links import LONGEST_TEXT, Link, absolute
from scraper.discovery.page import Page
from scraper.discovery.paging.listing import Listing, System, following
from scraper.messages import Request

_SITE = re.compile(r"\bSID[\"']?\s*[:=]\s*[\"']?(\d+)", re.IGNORECASE)
_CATEGORY = re.compile(
    r"[\"']?\bid[\"']?\s*:\s*[\"']?(\d+)[\"']?\s*,(?:(?![{}]).)*?[\"']?\bname[\"']?\s*:\s*[\"']((?:[^\"'\\]|\\.)*)[\"']"
    r"|[\"']?\bname[\"']?\s*:\s*[\"']((?:[^\"'\\]|\\.)*)[\"']\s*,(?:(?![{}]).)*?[\"']?\bid[\"']?\s*:\s*[\"']?(\d+)"
)
_REPORTS = re.compile(r"年报|年度报告")
_OTHERS = re.compile(r"法治|网站|预算|决算|企业|统计|绩效")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_CATEGORIES = 20


def recognise(page: Page) -> bool:
    """Say whether a page is one of the platform: its address or its scripts name it, and the site's number is given."""
    return ("gkmlpt" in page.url or "gkmlpt" in page.text) and _SITE.search(page.text) is not None


def read(page: Page, request: Request) -> Listing:
    """Read a page of the platform, or an answer of its interface."""
    if "shown" in request.context:
        return _read_answer(page, request)
    site = _SITE.search(page.text)
    categories = _asked(page, request) or list(_of_reports(page.text))[:_CATEGORIES]
    if site is None or not categories:
        return Listing(page.links, notes=(f"{page.url}: the platform names no category of yearly reports",))
    start = _root(page.url)
    more = [_ask(request, f"{start}/gkmlpt/api/all/{category}?page=1&sid={site[1]}", 0) for category in categories]
    return Listing(page.links, tuple(more))


def _asked(page: Page, request: Request) -> list[str]:
    """Return the category in the fragment of the address, as `/gkmlpt/annualreport#2629` has it."""
    fragment = request.context.get("fragment") or urlsplit(page.url).fragment
    return [fragment] if fragment.isdecimal() else []


def _of_reports(text: str) -> Iterator[str]:
    """Yield the numbers of the categories that are named after yearly reports."""
    for match in _CATEGORY.finditer(text):
        number, name = (match[1], match[2]) if match[1] else (match[4], match[3])
        name = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), name)
        if _REPORTS.search(name) and not _OTHERS.search(name):
            yield number


def _root(url: str) -> str:
    """Return what stands before `/gkmlpt`: the host, and the folder of the agency where there is one."""
    parts = urlsplit(url)
    folder = parts.path.split("/gkmlpt", 1)[0] if "/gkmlpt" in parts.path else ""
    return urlunsplit((parts.scheme, parts.netloc, folder, "", ""))


def _ask(request: Request, url: str, shown: int) -> Request:
    headers = {"Referer": request.context.get("base") or request.url}
    return following(request, url, SYSTEM.name, headers=headers, shown=str(shown), base=headers["Referer"])


def _read_answer(page: Page, request: Request) -> Listing:
    try:
        data = json.loads(page.text)
        articles = [article for article in data["articles"] if isinstance(article, dict)]
    except (ValueError, KeyError, TypeError) as error:
        return Listing((), notes=(f"{request.url}: not an answer of gkmlpt ({type(error).__name__})",))
    shown = int(request.context["shown"]) + len(articles)
    total = int(data["total"]) if str(data.get("total", "")).isdecimal() else None
    items = tuple(link for article in articles if (link := _link(article, request.url)))
    pages = -(-total // len(articles)) if total is not None and articles else None
    if not articles or (total is not None and shown >= total):
        return Listing(items, pages=pages)
    return Listing(items, (_ask(request, _next(request.url), shown),), pages)


def _link(article: dict[str, object], base: str) -> Link | None:
    """Return the link of an article: its own address, not the interface's."""
    address = str(article.get("url") or article.get("post_url") or "")
    url = absolute(address, urljoin(base, "/")) if address else None
    title = " ".join(str(article.get("title") or "").split())[:LONGEST_TEXT]
    return Link(url, title) if url and title else None


def _next(url: str) -> str:
    parts = urlsplit(url)
    fields = dict(parse_qsl(parts.query))
    fields["page"] = str(int(fields["page"]) + 1)
    return urlunsplit(parts._replace(query=urlencode(fields)))


SYSTEM = System("gkmlpt", recognise, read)
