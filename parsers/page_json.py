"""A page as JSON and back, for the way from a reader's own process; what `clean_page` adds comes after it."""

from dataclasses import fields
from typing import Any

from parsers.page import Grid, Line, Page, Piece

_MADE_LATER = frozenset({"blocks", "texts", "grids"})


def page_to_json(page: Page) -> dict[str, Any]:
    """Return a page before cleaning as plain values that `json` writes."""
    found = {field.name: getattr(page, field.name) for field in fields(Page) if field.name not in _MADE_LATER}
    plain = {name: sorted(value) if isinstance(value, set) else value for name, value in found.items()}
    return plain | {"blocks": [_line(block) if isinstance(block, Line) else _grid(block) for block in page.blocks]}


def page_from_json(found: dict[str, Any]) -> Page:
    """Return the page of such an object. Raises KeyError, TypeError or ValueError where it is none."""
    page = Page(blocks=[_block(block) for block in found["blocks"]])
    for field in fields(Page):
        if field.name not in _MADE_LATER and field.name in found:
            kind = type(getattr(page, field.name))
            setattr(page, field.name, kind(found[field.name]))
    page.sources = [(int(index), str(source)) for index, source in page.sources]
    return page


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "place": line.place, "holder": line.holder}


def _grid(grid: Grid) -> dict[str, Any]:
    rows = [[(cell.raw, cell.place, cell.columns, cell.rows) for cell in row] for row in grid.rows]
    return {"rows": rows, "holder": grid.holder}


def _block(found: dict[str, Any]) -> Line | Grid:
    if "rows" not in found:
        return Line(found["text"], tuple(found["place"]), found["holder"])
    rows = [
        [Piece(raw, tuple(place), columns=columns, rows=spanned) for raw, place, columns, spanned in row]
        for row in found["rows"]
    ]
    return Grid(rows, found["holder"])
