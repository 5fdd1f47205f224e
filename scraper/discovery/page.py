"""A fetched page as discovery reads it: its text and its links; parsed once, and only when asked."""

import re
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.decode import decode
from parsers.sniff import binary_kind
from scraper.discovery.links import MOST_LINKS, Link, absolute, links_of
from scraper.messages import Response

LONGEST_MARKUP = 4 * 1024 * 1024
DEEPEST = 3000
"""Levels of nested blocks up to which a page is read: the time to parse them grows with the square of the depth."""
_SPACE = re.compile(r"\s+")
_BLOCK = re.compile(
    r"<(/?)(?:div|ul|ol|dl|section|article|form|center|blockquote|fieldset|main|nav|header|footer|aside|details|figure|pre|address)\b",
    re.IGNORECASE,
)
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'>\s]+)", re.IGNORECASE)
_LOCATION = re.compile(r"\blocation(?:\.href)?\s*=\s*[\"']([^\"']+)[\"']|\blocation\.replace\(\s*[\"']([^\"']+)[\"']")
_LINKS_OF_A_STUB = 3
_PARTS_OF_A_REPORT = (
    "总体情况",
    "主动公开政府信息",
    "收到和处理政府信息公开申请",
    "行政复议",
    "主要问题",
    "其他需要报告",
)
_TRADITIONAL_PARTS = (
    "總體情況",
    "主動公開政府信息",
    "收到和處理政府信息公開申請",
    "行政複議",
    "主要問題",
    "其他需要報告",
)


class Page:
    """A page: its final URL, its decoded text (empty for a file that is no text), and what is derived from it."""

    def __init__(self, url: str, text: str) -> None:
        self.url = url
        self.text = _shallow(text[:LONGEST_MARKUP])
        self._whole = len(self.text) == len(text)

    @classmethod
    def of(cls, response: Response) -> "Page":
        """Decode a response; PDF files and the like become a page without text."""
        text = "" if binary_kind(response.body) else decode(response.body, response.content_type)
        return cls(response.url, text)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The parsed markup."""
        return LexborHTMLParser(self.text)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link of the page, in reading order."""
        return links_of(self.tree, self.url)

    @property
    def is_cut(self) -> bool:
        """Whether the page holds more than is read of it."""
        return not self._whole or len(self.tree.css("a")) > MOST_LINKS

    @cached_property
    def prose(self) -> str:
        """The visible text without any white space."""
        body = self.tree.body
        return _SPACE.sub("", body.text(separator=" ")) if body is not None else ""

    @cached_property
    def holds_report(self) -> bool:
        """Whether the text has the sections of a report: at least three of the six."""
        return any(sum(part in self.prose for part in parts) >= 3 for parts in (_PARTS_OF_A_REPORT, _TRADITIONAL_PARTS))

    @cached_property
    def redirect(self) -> str | None:
        """Where a page that has nothing else sends the reader on, by a refresh or a script."""
        if len(self.links) > _LINKS_OF_A_STUB:
            return None
        node = next((n for n in self.tree.css("meta[http-equiv][content]") if _is_refresh(n)), None)
        refresh = _REFRESH.search(node.attributes.get("content") or "") if node is not None else None
        match = refresh or _LOCATION.search(self.text)
        target = absolute(next(group for group in match.groups() if group), self.url) if match else None
        return target if target != self.url else None


def _shallow(text: str) -> str:
    """Return the text up to where its blocks nest too deep to be read."""
    if text.count("<") - 2 * text.count("</") <= DEEPEST:
        return text
    depth = 0
    for tag in _BLOCK.finditer(text):
        depth += -1 if tag[1] else 1
        if depth > DEEPEST:
            return text[: tag.start()]
    return text


def _is_refresh(node: LexborNode) -> bool:
    return (node.attributes.get("http-equiv") or "").lower() == "refresh"
