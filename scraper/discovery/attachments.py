"""The attachments of a report page: documents linked, embedded or shown in a viewer, and pictures of tables."""

import re
from urllib.parse import parse_qs, urlsplit

from parsers.titles import read_title
from scraper.discovery.items import is_document
from scraper.discovery.links import Link, absolute
from scraper.discovery.page import Page

_VIEWED = ("file", "url", "src", "path", "furl", "pdf")
_QUOTED = re.compile(r"[\"']([^\"'\s<>]{1,400}\.(?:pdf|docx?|wps|xlsx?|ofd))[\"']", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_FORM = re.compile(r"申请表|申请书|办事指南|流程图|操作手册|使用说明")
_ARTICLE = (
    "#zoom, #Zoom, #zoomcon, #UCAP-CONTENT, .TRS_Editor, .trs_editor_view, #vsb_content, .v_news_content, "
    ".article-content, .article_content, .news_content, .wz_content, .xxgk_content, ucapcontent, article"
)
_DECOYS = {
    "explainer",
    "website_report",
    "rule_of_law",
    "work_report",
    "budget",
    "notice",
    "template",
    "half_year",
    "guide",
    "system",
}
"""Decoys that an attachment's name settles; `2023年年报.pdf` names no other document than the report."""
_PICTURE = re.compile(r"\.(?:jpe?g|png|bmp|gif|tiff?)$", re.IGNORECASE)
_TABLE_WORD = "自然人"
"""Stands in the head of the table of requests in both forms: a page without it has no such table in its text."""


def attachments_of(page: Page) -> tuple[tuple[Link, ...], tuple[tuple[Link, str], ...]]:
    """Return the attachments of a report page in reading order, and those left alone with the decoy's name.

    Pictures of the article count only where the table of requests does not stand in the text.
    """
    wanted: dict[str, Link] = {}
    left: dict[str, tuple[Link, str]] = {}
    for link in (*_documents(page), *_pictures(page)):
        if link.url == page.url or link.url in wanted or _FORM.search(link.text):
            continue
        title = read_title(link.text)
        if title and title.decoy in _DECOYS:
            left[link.url] = (link, title.decoy)
        else:
            wanted[link.url] = link
    return tuple(wanted.values()), tuple(each for url, each in left.items() if url not in wanted)


def _documents(page: Page) -> list[Link]:
    """Return the documents that a page links, embeds, shows in a viewer or opens by script."""
    found = []
    for link in page.links:
        if is_document(link.url):
            found.append(link)
        elif viewed := _viewed(link.url):
            found.append(Link(viewed, link.text, link.date, link.embedded))
    known = {link.url for link in found}
    for script in _SCRIPT.findall(page.text):
        for reference in _QUOTED.findall(script):
            url = absolute(reference, page.url)
            if url and url not in known:
                found.append(Link(url, "", None, embedded=True))
    return found


def _viewed(url: str) -> str | None:
    """Return the document that a viewer shows, as in `viewer.html?file=/x/y.pdf`."""
    query = parse_qs(urlsplit(url).query)
    for name in _VIEWED:
        for value in query.get(name, ()):
            target = absolute(value, url)
            if target and is_document(target):
                return target
    return None


def _pictures(page: Page) -> list[Link]:
    """Return the pictures inside the article of a page whose text lacks the table of requests."""
    if _TABLE_WORD in page.prose:
        return []
    found = []
    for article in page.tree.css(_ARTICLE):
        for image in article.css("img[src]"):
            url = absolute(image.attributes.get("src") or "", page.url)
            if url and _PICTURE.search(urlsplit(url).path):
                found.append(Link(url, (image.attributes.get("alt") or "").strip(), None, embedded=True))
    return found
