"""The DOCX reader: paragraphs and tables in the document's order, as they show and print.

Read without a library: python-docx leaves out changes, content controls, text boxes and generated numbers, and opens no
file with a broken reference. Macros, templates, links and embedded objects are never opened.
"""

import contextlib
import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from parsers.errors import DocumentError
from parsers.office.container import Container
from parsers.office.inline import Inline, first_choice
from parsers.office.numbering import Numbering
from parsers.page import Grid, Line, Page, Piece

_NAME = "the Word document"
_MAIN = "word/document.xml"
_DELETED = frozenset({"del", "moveFrom"})
_LONG_CELL = 600
_MAX_SPAN = 100
_MOST_PICTURES = 100
_MAX_DEPTH = 100
_MOST_CELLS = 40_000
_MOST_PARAGRAPHS = 60_000
_JOINED_DIGITS = re.compile(r"(?<=[\d.,，．])\x1f+(?=[\d.,，．+-])")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SPLIT = "\x1f"


def read_docx(body: bytes) -> list[Page]:
    """Read a Word document (DOCX, DOCM, DOTX) into one page.

    A paragraph's place is its number among those outside of tables, a cell's its table, row and cell as in the markup.
    Deleted text, hidden text, headers and footers are left out; text boxes follow their paragraph, notes the text.
    Pictures stand in the page's `sources` by the names of their parts; `embedded` gives their bodies.
    Raises `DocumentError` for a file that is damaged, encrypted, or larger than any report.
    """
    package = Container(body, _NAME)
    main = next((member for kind, member in package.related("").values() if kind == "officeDocument"), _MAIN)
    related = {name: part for name, part in package.related(main).items() if part[1] in package}
    parts = dict(related.values())
    content = package.xml(main).find("body")
    if content is None:
        raise DocumentError("the Word document has no body; it is damaged or cut off, fetch it again")
    styles, numbering = (package.xml(parts[kind]) if kind in parts else None for kind in ("styles", "numbering"))
    images = {name: member for name, (kind, member) in related.items() if kind == "image"}
    reader = _Reader(Numbering(numbering, styles), images)
    reader.blocks(content, 0)
    for kind in ("footnotes", "endnotes"):
        for note in package.xml(parts[kind]) if kind in parts else ():
            if note.get("type", "normal") == "normal":
                reader.blocks(note, 0)
    return [reader.page]


def embedded(body: bytes, page: Page) -> dict[str, bytes]:
    """Return the pictures of a page that `read_docx` read, by their addresses in `page.sources`.

    Those that are damaged or too large are left out. Raises `DocumentError` where the document cannot be opened.
    """
    package = Container(body, _NAME)
    found = {}
    for source in dict.fromkeys(source for _, source in page.sources[:_MOST_PICTURES]):
        with contextlib.suppress(DocumentError):
            found[source] = package.read(source)
    return found


class _Reader:
    """Walks a document once, in reading order."""

    def __init__(self, numbering: Numbering, images: Mapping[str, str]) -> None:
        self.page = Page(blocks=[])
        self._numbering = numbering
        self._images = images
        self._paragraphs = 0
        self._tables = 0
        self._cells = 0
        self._carried = ""

    def blocks(self, parent: Element, depth: int) -> None:
        """Read the paragraphs and tables under an element."""
        for child in _content(parent, ("p", "tbl"), 0):
            if child.tag == "p":
                self._paragraph(child, depth)
            else:
                self._table(child, depth)

    def _paragraph(self, node: Element, depth: int) -> None:
        self._paragraphs += 1
        if self._paragraphs > _MOST_PARAGRAPHS:
            raise DocumentError(f"the Word document has more than {_MOST_PARAGRAPHS:,} paragraphs")
        text, boxes = self._text(node)
        if _mark_deleted(node):
            self._carried = text
        else:
            self.page.blocks += [Line(line.strip(" "), (self._paragraphs,)) for line in text.split("\n")]
        for box in boxes if depth < _MAX_DEPTH else ():
            self.blocks(box, depth + 1)

    def _text(self, node: Element) -> tuple[str, list[Element]]:
        """Return a paragraph's text with its number before it, and the text boxes anchored in it."""
        found = Inline(node)
        self.page.pictures += found.pictures
        here = len(self.page.blocks)
        self.page.sources += [(here, self._images[name]) for name in found.images if name in self._images]
        number = self._numbering.label(node.find("pPr"))
        text = self._carried + found.text
        self._carried = ""
        gap = " " if number and text[:1].isdecimal() else ""
        return (f"{number}{gap}{text}" if text.strip() else text), found.boxes

    def _table(self, node: Element, depth: int) -> None:
        self._tables += 1
        number = self._tables
        rows = [_cells_of(row) for row in _content(node, ("tr",), 0) if not _changed(row, "trPr", "del")]
        nests = any(cell.find(".//tbl") is not None for row in rows for cell in row)
        if depth >= _MAX_DEPTH:
            raise DocumentError(f"the Word document nests its tables more than {_MAX_DEPTH} levels deep")
        if nests or sum(map(len, rows)) <= 1:
            self._flat(rows, depth)
            return
        grid = self._grid(rows, number)
        if max(len(cell.raw) for row in grid for cell in row) > _LONG_CELL:
            self._flat(rows, depth)
        else:
            self.page.blocks.append(Grid(grid))

    def _flat(self, rows: list[list[Element]], depth: int) -> None:
        """Read a table that only lays out the page as what stands in it."""
        for row in rows:
            for cell in row:
                self.blocks(cell, depth + 1)

    def _grid(self, rows: list[list[Element]], table: int) -> list[list[Piece]]:
        self._cells += sum(map(len, rows))
        if self._cells > _MOST_CELLS:
            raise DocumentError(f"the Word document has more than {_MOST_CELLS:,} cells")
        grid: list[list[Piece]] = []
        above: dict[int, Piece] = {}
        for number, cells in enumerate(rows, 1):
            pieces: list[Piece] = []
            below: dict[int, Piece] = {}
            column = 0
            for index, cell in enumerate(cells, 1):
                properties = cell.find("tcPr")
                width, merge = _width(properties), _merge(properties, "vMerge")
                if _merge(properties, "hMerge") == "continue" and pieces:
                    pieces[-1].columns = min(pieces[-1].columns + width, _MAX_SPAN)
                elif merge == "continue" and column in above:
                    below[column] = above[column]
                    below[column].rows += 1
                else:
                    pieces.append(Piece(self._cell_text(cell), (table, number, index), columns=width))
                    if merge:
                        below[column] = pieces[-1]
                column += width
            grid.append(pieces)
            above = below
        return grid

    def _cell_text(self, cell: Element) -> str:
        """Return the text of a cell: its paragraphs joined as a cut label needs it, digits of two of them apart."""
        words, waiting = [], [cell]
        while waiting:
            for paragraph in _content(waiting.pop(0), ("p",), 0):
                text, boxes = self._text(paragraph)
                words.append(text.strip(" ").replace("\n", _SPLIT))
                waiting += boxes
        return _BLANKS.sub(" ", _JOINED_DIGITS.sub(" ", _SPLIT.join(words)).replace(_SPLIT, "")).strip(" ")


def _content(parent: Element, wanted: tuple[str, ...], depth: int) -> Iterator[Element]:
    """Yield the elements of some names under a parent, through content controls and insertions, without deletions."""
    for child in parent if depth < _MAX_DEPTH else ():
        if child.tag in wanted:
            yield child
        elif child.tag == "AlternateContent":
            yield from _content(first_choice(child), wanted, depth + 1)
        elif child.tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"):
            yield from _content(child, wanted, depth + 1)


def _cells_of(row: Element) -> list[Element]:
    return [cell for cell in _content(row, ("tc",), 0) if not _changed(cell, "tcPr", "cellDel")]


def _changed(node: Element, properties: str, change: str) -> bool:
    """Say whether a change is tracked in the properties of a row or cell."""
    found = node.find(properties)
    return found is not None and found.find(change) is not None


def _mark_deleted(paragraph: Element) -> bool:
    """Say whether a paragraph's end is deleted, so that the next paragraph goes on with its line."""
    mark = paragraph.find("pPr/rPr")
    return mark is not None and any(child.tag in _DELETED for child in mark)


def _width(properties: Element | None) -> int:
    span = properties.find("gridSpan") if properties is not None else None
    digits = span.get("val", "") if span is not None else ""
    return min(max(int(digits), 1), _MAX_SPAN) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else 1


def _merge(properties: Element | None, name: str) -> str:
    """Return "restart", "continue" or "" as a cell is the first of merged ones, a further one, or none."""
    merge = properties.find(name) if properties is not None else None
    return merge.get("val", "continue") if merge is not None else ""
