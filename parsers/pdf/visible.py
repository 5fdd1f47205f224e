"""What of a page's text a reader of the paper sees: text drawn without ink, or under a picture, is not printed.

A scanner's own recognition lies invisible over its picture (ISO 32000-1, 9.3.6, mode 3), and nobody has checked it:
such a page is taken for the picture it is.
"""

import io
from collections.abc import Sequence

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

_INVISIBLE = (3, 7)
_LARGE = 0.5


def hidden_pages(body: bytes, pages: Sequence[int]) -> set[int]:
    """Return those of some pages, counted from 1, on which more text is invisible or under a large picture than not."""
    with pypdfium2.PdfDocument(io.BytesIO(body)) as document:
        return {page for page in pages if _is_hidden(document, page)}


def _is_hidden(document: pypdfium2.PdfDocument, number: int) -> bool:
    page = document[number - 1]
    seen = hidden = 0
    width, height = page.get_size()
    for item in page.get_objects(max_depth=4):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            invisible = pdfium.FPDFTextObj_GetTextRenderMode(item.raw) in _INVISIBLE
            seen, hidden = (seen, hidden + 1) if invisible else (seen + 1, hidden)
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE and not pdfium.FPDFPageObj_HasTransparency(item.raw):
            try:
                left, bottom, right, top = item.get_bounds()
            except pypdfium2.PdfiumError:
                continue
            if (right - left) * (top - bottom) >= _LARGE * width * height:
                seen, hidden = 0, hidden + seen
    page.close()
    return hidden > seen
