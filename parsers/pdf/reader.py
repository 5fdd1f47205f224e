"""The PDF reader: each page's glyphs and rules by pdfplumber, then lines and tables, then one `Page`."""

import io
import logging
from collections.abc import Sequence
from math import inf

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as Sheet
from pdfplumber.utils.exceptions import PdfminerException

from parsers.errors import DocumentError
from parsers.page import Page
from parsers.pdf.assembly import assembled
from parsers.pdf.captions import share_captions
from parsers.pdf.furniture import without_furniture
from parsers.pdf.glyphs import Glyph, glyphs_of, marked_at_edges
from parsers.pdf.halves import gutter, in_order
from parsers.pdf.joining import join_tables
from parsers.pdf.layout import PrintedPage, lay_out
from parsers.pdf.rules import clipped, rules_of
from parsers.pdf.visible import hidden_pages
from parsers.pictures import lacks_tables

_MOST_PAGES = 400
_LARGE_PICTURE = 0.5
_TABLE_PICTURE = 0.08
_MOST_PICTURES = 200
_UNMAPPED = "(cid:"
_MOST_UNMAPPED = 0.2
_DRAWN_TEXT = 300
"""Shapes of a page without text that are taken for text drawn as outlines."""


def read_pdf(body: bytes) -> list[Page]:
    """Read a PDF file with a text layer (ISO 32000-1); one encrypted with an empty password is read too.

    `scans` of the page that it returns numbers the pages that are pictures, or hold one where tables are missing.
    Raises `DocumentError` for a file that needs a password, has no page or too many, or is damaged.
    """
    pages = printed_pages(body)
    page = assembled_pages([each for each in pages if not each.is_scan])
    page.scans = [each.number for each in pages if each.is_scan]
    page.pictures = len(page.scans)
    if any(each.beside_text >= _TABLE_PICTURE for each in pages) and lacks_tables(page):
        page.scans = [each.number for each in pages if each.is_scan or each.beside_text >= _TABLE_PICTURE]
        page.pictures = len(page.scans)
    return [page]


def assembled_pages(pages: Sequence[PrintedPage]) -> Page:
    """Bring printed pages together: without page numbers, tables joined where they go on."""
    without_furniture(pages)
    join_tables(pages)
    share_captions(pages)
    return assembled(pages)


def printed_pages(body: bytes) -> list[PrintedPage]:
    """Lay out every page of a PDF file. Raises `DocumentError` as `read_pdf` does."""
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    try:
        with pdfplumber.open(io.BytesIO(body)) as pdf:
            count = len(pdf.pages)
            if not 0 < count <= _MOST_PAGES:
                raise DocumentError(f"the PDF file has {count} pages; between 1 and {_MOST_PAGES} are read")
            pages = in_order([_sides(sheet) for sheet in pdf.pages])
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise DocumentError("the PDF file is encrypted; remove its password to have it read") from error
        said = " ".join(str(error).split()) or "unreadable"
        raise DocumentError(f"the PDF file is damaged ({said}); fetch it again") from error
    suspects = [page.number for page in pages if page.pictured >= _LARGE_PICTURE and page.blocks]
    hidden = hidden_pages(body, suspects) if suspects else set()
    for page in pages:
        page.is_scan = page.is_scan or page.number in hidden
    return pages


def _sides(sheet: Sheet) -> tuple[PrintedPage, ...]:
    """Lay out a sheet: one page, or the two that are printed on it beside each other."""
    size = float(sheet.width), float(sheet.height)
    glyphs = marked_at_edges(glyphs_of(sheet.chars, size[1]), sheet.bbox[0], sheet.bbox[2])
    shapes = [*sheet.lines, *sheet.rects, *sheet.curves]
    rules = rules_of(shapes)
    between = gutter(glyphs, rules, size)
    ends = [(-inf, inf)] if between is None else [(-inf, between), (between, inf)]
    pages = tuple(
        lay_out(sheet.page_number, size, [each for each in glyphs if start <= each.x < end], clipped(rules, start, end))
        for start, end in ends
    )
    pages[0].pictured = _pictured(sheet, ())
    pages[0].beside_text = _pictured(sheet, glyphs)
    pages[0].is_scan = _is_scan(sheet, pages[0].pictured, len(shapes))
    sheet.close()
    return pages


def _is_scan(sheet: Sheet, pictured: float, shapes: int) -> bool:
    """Say whether what a page says is a picture: no text but a picture or outlines, or text in an unknown encoding."""
    chars: list[str] = [char["text"] for char in sheet.chars if not char["text"].isspace()]
    if not chars:
        return pictured >= _TABLE_PICTURE or shapes > _DRAWN_TEXT
    return sum(text.startswith(_UNMAPPED) for text in chars) > _MOST_UNMAPPED * len(chars)


def _pictured(sheet: Sheet, glyphs: Sequence[Glyph]) -> float:
    """Return the share of the page that pictures cover, without those on which glyphs stand."""
    covered = 0.0
    for image in sheet.images[:_MOST_PICTURES]:
        x0, top, x1, bottom = (float(image[side]) for side in ("x0", "top", "x1", "bottom"))
        if not any(x0 < glyph.x < x1 and top < glyph.y < bottom for glyph in glyphs):
            covered += abs((x1 - x0) * (bottom - top))
    return min(1.0, covered / (float(sheet.width * sheet.height) or 1.0))
