"""Pictures decoded within bounds: how large one may be is decided from its header, before any pixel is unpacked."""

import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parsers.errors import DocumentError

if TYPE_CHECKING:
    import numpy as np

MOST_PIXELS = 60_000_000
"""An A3 page at 400 dots an inch holds 31 million."""
MOST_PAGES = 40
SMALLEST_SIDE = 100
"""Pixels below which a picture cannot hold a table."""
_POINTS = 72.0
_USUAL_DPI = 150.0
_LIKELY_DPI = range(50, 1201)
_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")


@dataclass(frozen=True, slots=True)
class Raster:
    """One page as a picture: PNG or another encoded picture, its page number from 1, the page's size in points."""

    body: bytes
    page: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as grey values (rows × columns, 8 bits), its page number from 1, its size in points."""

    grey: "np.ndarray[Any, Any]"
    page: int
    width: float
    height: float


def sheets_of(body: bytes) -> Iterator[Sheet]:
    """Yield the pages of a picture file, turned as its EXIF orientation says; small pictures are left out.

    Raises `DocumentError` for a file that is damaged, of another kind, or larger than any scanned page.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of size this module decides, and odd metadata are no matter
            with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
                yield from _sheets(image)
    except DocumentError:
        raise
    except Image.DecompressionBombError as error:
        raise DocumentError(f"the picture has more than the {MOST_PIXELS:,} pixels of any scan") from error
    except Exception as error:
        kind = type(error).__name__  # its text can hold an address in memory, which differs from run to run
        raise DocumentError(f"the picture cannot be decoded ({kind}); it is damaged or of another kind") from error


def _sheets(image: Any) -> Iterator[Sheet]:
    """Yield the pages of an opened picture; of an animation the first."""
    page = 1
    while True:
        yield from _sheet(image, page)
        if image.format != "TIFF":
            return
        try:
            image.seek(page)
        except EOFError:
            return
        page += 1
        if page > MOST_PAGES:
            raise DocumentError(f"the picture has more than the {MOST_PAGES} pages that are read")


def _sheet(image: Any, page: int) -> Iterator[Sheet]:
    from PIL import ImageOps

    wide, high = image.size
    if wide * high > MOST_PIXELS:
        raise DocumentError(f"the picture has {wide:,} × {high:,} pixels, more than the {MOST_PIXELS:,} of any scan")
    if min(wide, high) < SMALLEST_SIDE:
        return
    dpi = _dpi(image)
    grey = _grey(ImageOps.exif_transpose(image))
    yield Sheet(grey, page, grey.shape[1] * _POINTS / dpi, grey.shape[0] * _POINTS / dpi)


def _dpi(image: Any) -> float:
    try:
        found = float(image.info.get("dpi", (_USUAL_DPI,))[0])
    except (TypeError, ValueError, IndexError, ZeroDivisionError):
        return _USUAL_DPI
    return found if int(found) in _LIKELY_DPI else _USUAL_DPI


def _grey(image: Any) -> "np.ndarray[Any, Any]":
    """Return grey values; what is transparent is paper."""
    import numpy as np
    from PIL import Image

    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        paper = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(paper, image)
    if image.mode.startswith("I;16") or image.mode in ("I", "F"):
        values = np.asarray(image, dtype=np.float64)
        top = float(values.max()) or 1.0
        return np.asarray(values * (255.0 / top), dtype=np.uint8)
    return np.asarray(image.convert("L"), dtype=np.uint8)


def rasters_as_sheets(rasters: Sequence[Raster]) -> Iterator[Sheet]:
    """Yield the sheets of pictures of a document's pages, with the pages' own numbers and sizes."""
    for raster in rasters:
        for sheet in sheets_of(raster.body):
            yield Sheet(sheet.grey, raster.page, raster.width, raster.height)
