"""A page as a reader delivers it, cleaned: every line, cell and title in simplified Chinese, every cell's kind told."""

from functools import lru_cache
from typing import cast

from parsers.characters import clean, simplified, telling, tidy
from parsers.page import Grid, Kind, Line, Page, Piece
from parsers.pieces import kind_of

_ENOUGH_TELLING = 3
_REMEMBERED = 16_384
"""Texts of cells and lines that recur from page to page; what is longer than these is not worth remembering."""


def clean_page(page: Page) -> None:
    """Clean every line and cell of a page, and its titles."""
    page.grids = [(index, block) for index, block in enumerate(page.blocks) if isinstance(block, Grid)]
    lines = page.lines() if page.grids else cast("list[Line]", page.blocks)
    cells = [cell for _, grid in page.grids for row in grid.rows for cell in row]
    found: set[str] = set()
    for line in lines:
        line.clean, signs = _line(line.text)
        found |= signs
    for cell in cells:
        cell.text, cell.kind, signs = _cell(cell.raw)
        if signs:
            found |= signs
    page.traditional = len(found) >= _ENOUGH_TELLING
    if page.traditional:
        _clean_traditional(lines, cells)
    page.titles = [tidy(simplified(title)) if page.traditional else clean(title) for title in page.titles]
    page.texts = [
        (index, text)
        for index, block in enumerate(page.blocks)
        if isinstance(block, Line) and len(text := block.clean.strip()) > 1 and not text.isdecimal()
    ]


@lru_cache(maxsize=_REMEMBERED)
def _line(text: str) -> tuple[str, frozenset[str]]:
    """Return a text tidied, and the characters in it that tell traditional script."""
    return tidy(text), telling(text)


@lru_cache(maxsize=_REMEMBERED)
def _cell(raw: str) -> tuple[str, Kind, frozenset[str]]:
    """Return a cell's text tidied, what it is, and the characters in it that tell traditional script."""
    text = tidy(raw)
    return text, kind_of(text), telling(raw)


def _clean_traditional(lines: list[Line], cells: list[Piece]) -> None:
    """Convert and clean all texts together: the converter is made for long ones."""
    joined = "\n".join([line.text for line in lines] + [cell.raw for cell in cells])
    cleaned = iter(tidy(simplified(joined)).split("\n"))
    for line, text in zip(lines, cleaned, strict=False):
        line.clean = text
    for cell, text in zip(cells, cleaned, strict=False):
        cell.text, cell.kind = text, kind_of(text)
