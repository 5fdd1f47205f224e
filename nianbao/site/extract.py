"""The statutory tables of an archived page as they were published: text alone, spans, and where each number stands."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.bounds import bounded_markup, bounded_text
from parsers.decode import decode
from parsers.html import read_html
from parsers.opening import open_pages
from parsers.page import Grid, Line, Page, Piece, where
from parsers.sniff import format_of, is_markup
from parsers.text import read_text

Places = Mapping[str, Sequence[str]]
"""For each place of a document the names of the cells that stand there, such as `requests.new.person`."""

_AROUND = 3
_NEAR = 24
_LONGEST_TABLE = 400
_LONGEST_TEXT = 2_000
_LARGEST_SPAN = 100
_BLANKS = re.compile(r"\s+")


class Printed(NamedTuple):
    """A cell of a published table, or a piece of a line; `names` are the cells of the form that stand there."""

    text: str
    names: tuple[str, ...] = ()
    columns: int = 1
    rows: int = 1


class PrintedLine(NamedTuple):
    """A line of the page with its number; `after_gap` says that lines were left out before it."""

    number: int
    pieces: tuple[Printed, ...]
    after_gap: bool = False


@dataclass(slots=True)
class Extract:
    """What stands around the numbers of a report, in the order of the page; `placed` are the cells found in it."""

    blocks: list[list[list[Printed]] | list[PrintedLine]] = field(default_factory=list)
    placed: set[str] = field(default_factory=set)


def extract(body: bytes, content_type: str | None, places: Places, raws: Mapping[str, str | None]) -> Extract:
    """Return the parts of a document in which the cells of a report stand; `raws` is what each cell reads there.

    Raises DocumentError for a document that cannot be opened.
    """
    text = decode(body, content_type) if format_of(body) is None else None
    page = _page_of(_pages(body, text), places, raws)
    spans = _Spans(text) if text and any(isinstance(block, Grid) for block in page.blocks) else None
    found = Extract()
    lines = _lines_wanted(page, places)
    run: list[PrintedLine] = []
    for block in page.blocks:
        if isinstance(block, Line):
            if block.place[0] in lines:
                gap = bool(run) and run[-1].number != block.place[0] - 1
                run.append(PrintedLine(block.place[0], _pieces(block, places, raws), gap))
            continue
        rows = _rows(block, places, spans)
        if rows:
            _close(run, found)
            found.blocks.append(rows)
    _close(run, found)
    found.placed = {name for names in _names_in(found) for name in names}
    return found


def _pages(body: bytes, text: str | None) -> list[Page]:
    """Read a document as the parser does, without the cleaning that comes after: what was printed is to be shown."""
    if text is None:
        return open_pages(body)
    return [read_html(bounded_markup(text)) if is_markup(text) else read_text(bounded_text(text))]


def _close(run: list[PrintedLine], found: Extract) -> None:
    if any(piece.names for line in run for piece in line.pieces):
        found.blocks.append(list(run))
    run.clear()


def _names_in(found: Extract) -> Iterable[tuple[str, ...]]:
    for block in found.blocks:
        for row in block:
            yield from (piece.names for piece in (row.pieces if isinstance(row, PrintedLine) else row))


def _page_of(pages: list[Page], places: Places, raws: Mapping[str, str | None]) -> Page:
    """Return the one of a body's documents that has the cells where they are said to stand."""
    if len(pages) == 1:
        return pages[0]

    def agreeing(page: Page) -> int:
        texts = {
            where(cell.place): cell.raw
            for grid in page.blocks
            if isinstance(grid, Grid)
            for row in grid.rows
            for cell in row
        }
        texts |= {where(line.place): line.text for line in page.lines()}
        return sum((raws[name] or "") in texts[place] for place in places if place in texts for name in places[place])

    return max(pages, key=agreeing)


def _lines_wanted(page: Page, places: Places) -> set[int]:
    """Return the numbers of the lines with cells on them, and of those close around."""
    wanted: set[int] = set()
    last = -_NEAR
    for line in page.lines():
        number = line.place[0]
        if where(line.place) in places:
            wanted.update(range(last + 1 if number - last <= _NEAR else number - _AROUND, number + 2))
            last = number
    return wanted


def _pieces(line: Line, places: Places, raws: Mapping[str, str | None]) -> tuple[Printed, ...]:
    """Cut a line at the numbers that stand on it, in their order; where one is not found the line stays whole."""
    names = places.get(where(line.place), ())
    text = line.text
    pieces: list[Printed] = []
    start = 0
    for name in names:
        raw = raws[name] or ""
        at = text.find(raw, start) if raw else -1
        if at < 0:
            continue
        pieces += [Printed(_short(text[start:at])), Printed(raw, (name,))]
        start = at + len(raw)
    rest = tuple(name for name in names if not any(name in piece.names for piece in pieces))
    tail = Printed(_short(text[start:]), rest)
    return (*(piece for piece in pieces if piece.text), *((tail,) if tail.text or rest or not pieces else ()))


def _rows(grid: Grid, places: Places, spans: "_Spans | None") -> list[list[Printed]]:
    """Return the rows of a table that holds cells of the report; [] for any other table."""
    marked = [any(where(cell.place) in places for cell in row) for row in grid.rows]
    if True not in marked:
        return []
    first, last = marked.index(True), len(marked) - marked[::-1].index(True)
    begin = 0 if last <= _LONGEST_TABLE else max(0, first - _AROUND)
    end = len(marked) if len(marked) <= _LONGEST_TABLE else min(last + _AROUND, begin + _LONGEST_TABLE)
    sizes = spans.of(grid) if spans else None
    return [
        [_printed(cell, places, sizes[number][index] if sizes else (cell.columns, cell.rows))
         for index, cell in enumerate(row)]
        for number, row in enumerate(grid.rows[begin:end], begin)
    ]  # fmt: skip


def _printed(cell: Piece, places: Places, size: tuple[int, int]) -> Printed:
    return Printed(_short(cell.raw), tuple(places.get(where(cell.place), ())), *size)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"


class _Spans:
    """The spans of every row of a document's tables, which its page keeps of the first rows alone."""

    def __init__(self, text: str) -> None:
        self._by_texts: defaultdict[tuple[int, ...], list[LexborNode]] = defaultdict(list)
        self._parser = LexborHTMLParser(text)
        if "span=" in text.lower():
            for table in self._parser.css("table"):
                self._by_texts[tuple(len(_cells(row)) for row in table.css("tr"))].append(table)

    def of(self, grid: Grid) -> list[list[tuple[int, int]]] | None:
        """Return (columns, rows) of each cell of a table, None where the markup has no table with these texts."""
        for table in self._by_texts.get(tuple(len(row) for row in grid.rows), ()):
            rows = [_cells(row) for row in table.css("tr")]
            if all(_same(node, cell) for nodes, row in zip(rows, grid.rows, strict=True)
                   for node, cell in zip(nodes[:1], row[:1], strict=True)):  # fmt: skip
                return [[_spans_of(node) for node in nodes] for nodes in rows]
        return None


def _cells(row: LexborNode) -> list[LexborNode]:
    return [node for node in row.iter() if node.tag in ("td", "th")]


def _same(node: LexborNode, cell: Piece) -> bool:
    return _BLANKS.sub("", node.text()) == _BLANKS.sub("", cell.raw)


def _spans_of(node: LexborNode) -> tuple[int, int]:
    attributes = node.attributes
    return _span(attributes.get("colspan")), _span(attributes.get("rowspan"))


def _span(value: str | None) -> int:
    if value is None:
        return 1
    digits = value.strip()
    return min(max(int(digits), 1), _LARGEST_SPAN) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else 1
