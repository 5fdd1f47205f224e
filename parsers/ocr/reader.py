"""Scans to pages: each sheet is laid flat, its tables are found and read cell by cell, its other print as text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.boxes import box_text
from parsers.errors import DocumentError
from parsers.ocr.cells import CellText
from parsers.ocr.prose import Paragraph
from parsers.ocr.raster import Raster, Sheet, rasters_as_sheets, sheets_of
from parsers.ocr.sheets import read_sheet
from parsers.ocr.straighten import Flat
from parsers.page import Grid, Line, Page, Piece, where

__all__ = ["Raster", "read_image", "read_scan"]


def read_image(body: bytes) -> list[Page]:
    """Read a picture file (PNG, JPEG, GIF, BMP, TIFF of several pages, WebP) as one document.

    Raises `DocumentError` for a file that is damaged or larger than any scan.
    """
    return [_page(sheets_of(body))]


def read_scan(pages: Sequence[Raster]) -> Page:
    """Read the pictures of a document's pages as one document; boxes are in points of those pages.

    Raises `DocumentError` for a picture that is damaged or larger than any scan.
    """
    return _page(rasters_as_sheets(pages))


def _page(sheets: Iterable[Sheet]) -> Page:
    build = _Build()
    seen = False
    for sheet in sheets:
        seen = True
        build.sheet(sheet)
    if not seen:
        raise DocumentError("the picture is too small to hold a report")
    return build.page


@dataclass(slots=True)
class _Build:
    """The page being put together; `_tables` and `_lines` count what it has so far."""

    page: Page = field(default_factory=lambda: Page(blocks=[], scanned=True))
    _tables: int = 0
    _lines: int = 0

    def sheet(self, sheet: Sheet) -> None:
        """Add what stands on a sheet, from top to bottom."""
        read = read_sheet(sheet.grey)
        paper = _Paper(sheet, read.flat)
        pieces: list[tuple[int, Paragraph | list[CellText]]] = [(each.top, each) for each in read.paragraphs]
        pieces += [(table.top, texts) for table, texts in zip(read.tables, read.cells, strict=True)]
        for _, piece in sorted(pieces, key=lambda piece: piece[0]):
            if isinstance(piece, Paragraph):
                self._line(piece, paper)
            else:
                self._grid(piece, paper)

    def _line(self, paragraph: Paragraph, paper: "_Paper") -> None:
        self._lines += 1
        place = (self._lines,)
        self.page.blocks.append(Line(paragraph.text, place))
        box = (paragraph.left, paragraph.top, paragraph.right, paragraph.bottom)
        self.page.boxes[where(place)] = paper.where(*box)

    def _grid(self, texts: Sequence[CellText], paper: "_Paper") -> None:
        self._tables += 1
        rows: list[list[Piece]] = [[] for _ in range(max(text.box.row for text in texts) + 1)]
        for text in texts:
            row = rows[text.box.row]
            place = (self._tables, text.box.row + 1, len(row) + 1)
            row.append(Piece(text.text, place, columns=text.box.columns, rows=text.box.rows))
            name = where(place)
            self.page.boxes[name] = paper.where(text.box.left, text.box.top, text.box.right, text.box.bottom)
            self.page.confidence[name] = round(text.sure, 3)
            if text.doubts:
                self.page.doubts[name] = list(text.doubts)
        self.page.blocks.append(Grid(rows))


@dataclass(frozen=True, slots=True)
class _Paper:
    """A sheet as it came and as it lies flat, to tell where on the paper something stands."""

    sheet: Sheet
    flat: Flat

    def where(self, left: float, top: float, right: float, bottom: float) -> str:
        """Write a box of the flat sheet as a box on the page, in points."""
        rows, columns = self.sheet.grey.shape
        across, down = self.sheet.width / columns, self.sheet.height / rows
        x0, y0, x1, y1 = self.flat.box(left, top, right, bottom)
        return box_text(self.sheet.page, (x0 * across, y0 * down, x1 * across, y1 * down))
