"""PDF pages that are pictures: each drawn as one and handed to the reader of scans; the others read as ever."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

import pypdfium2  # type: ignore[import-untyped]

from parsers.ocr.reader import Raster, read_scan
from parsers.page import Page
from parsers.pdf.reader import assembled_pages, printed_pages
from parsers.pictures import insert

_DPI = 200
_POINTS = 72
_MOST_PIXELS = 40_000_000


def read_scanned(body: bytes, *numbers: str) -> list[Page]:
    """Read a PDF file whose pages of those numbers, counted from 1, are scans.

    Raises `DocumentError` for what the readers of PDF files and of scans refuse.
    """
    scans = set(map(int, numbers))
    printed = {page.number: page for page in printed_pages(body)}
    whole = Page(blocks=[], pictures=len(scans))
    for is_scan, group in groupby(sorted({*printed, *scans}), key=lambda number: number in scans):
        pages = list(group)
        part = read_scan(list(_rasters(body, pages))) if is_scan else assembled_pages([printed[n] for n in pages])
        insert(whole, len(whole.blocks), part)
    return [whole]


def _rasters(body: bytes, numbers: Sequence[int]) -> Iterator[Raster]:
    """Draw pages at 200 dots an inch, or fewer where a page is very large."""
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        for number in numbers:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(_DPI / _POINTS, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
            png = io.BytesIO()
            page.render(scale=scale, grayscale=True).to_pil().save(png, "PNG")
            page.close()
            yield Raster(png.getvalue(), number, width, height)
