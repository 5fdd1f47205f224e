"""What stands on every page beside the document: page numbers and running heads, left out so that tables can go on."""

import re
from collections import Counter
from collections.abc import Sequence

from parsers.labels import key
from parsers.pdf.glyphs import TextLine
from parsers.pdf.layout import PrintedPage

_DASH = "[-—–―－一·•~]"
_NUMBERED = re.compile(
    rf"{_DASH}{{1,2}}\s?\d{{1,3}}\s?{_DASH}{{1,2}}|第\s?\d{{1,3}}\s?页(?:[,，/]?\s?共\s?\d{{1,3}}\s?页)?"
    r"|\d{1,3}\s?/\s?\d{1,3}"
)
_MARGIN = 0.12
_SAME_HEIGHT = 3.0
_ENOUGH_PAGES = 3
_NEARLY_ALL = 0.75
_SHORTEST_HEAD = 6
"""Characters of a running head: a shorter text that repeats can be a cell, or the end of a label."""


def without_furniture(pages: Sequence[PrintedPage]) -> None:
    """Remove page numbers and running heads from the pages of a document.

    A number alone can be a cell: it is a page's only where nearly every page has one in the same place and they count
    on. A running head stays where it stands first, since it can be the title.
    """
    edges = [(page, line) for page in pages for line in _edges(page)]
    numbers = _page_numbers(edges, len(pages))
    heads = Counter(map(_head, edges))
    seen: set[tuple[str, int]] = set()
    for page, line in edges:
        head = _head((page, line))
        is_repeated = head in seen and heads[head] >= _ENOUGH_PAGES and len(key(line.text)) >= _SHORTEST_HEAD
        seen.add(head)
        if _NUMBERED.fullmatch(line.text) or is_repeated or _number((page, line)) in numbers:
            page.blocks = [block for block in page.blocks if block is not line]


Edge = tuple[PrintedPage, TextLine]


def _edges(page: PrintedPage) -> list[TextLine]:
    """Return the first and the last block of a page where they are lines in its margins."""
    top, bottom = page.height * _MARGIN, page.height * (1 - _MARGIN)
    first, last = page.blocks[:1], page.blocks[1:][-1:]
    return [
        block
        for block in (*first, *last)
        if isinstance(block, TextLine) and (block.box[3] < top or block.box[1] > bottom)
    ]


def _head(edge: Edge) -> tuple[str, int]:
    return edge[1].text, round(edge[1].box[1] / _SAME_HEIGHT)


def _number(edge: Edge) -> tuple[int, int] | None:
    """Return by how much a bare number differs from the page's place in the file, and its height on the page."""
    page, line = edge
    if not line.text.isdecimal() or len(line.text) > 3:
        return None
    return int(line.text) - page.number, round(line.box[1] / _SAME_HEIGHT)


def _page_numbers(edges: Sequence[Edge], pages: int) -> set[tuple[int, int] | None]:
    counts = Counter(number for edge in edges if (number := _number(edge)) is not None)
    return {number for number, count in counts.items() if count >= max(_ENOUGH_PAGES, _NEARLY_ALL * pages)}
