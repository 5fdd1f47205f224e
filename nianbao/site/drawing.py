"""Draws pages of a PDF file, or a picture, as PNG: `python -m nianbao.site.drawing`, bounded in time and memory.

Input: a line of JSON with the numbers of the pages, then the body. Output: one object of JSON.
"""

import base64
import io
import json
import sys
from typing import Any

from parsers.ocr.raster import sheets_of

_SCALE = 1.5
_WIDEST = 1_400
_SECONDS = 60
_MEGABYTES = 3_000
_COLOURS = 16


def _limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "darwin":
        size = _MEGABYTES * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _of_pdf(body: bytes, numbers: list[int]) -> list[dict[str, Any]]:
    import pypdfium2  # type: ignore[import-untyped]

    document = pypdfium2.PdfDocument(body)
    found = []
    for number in (number for number in numbers if 1 <= number <= len(document)):
        page = document[number - 1]
        width, height = page.get_size()
        image = page.render(scale=min(_SCALE, _WIDEST / max(width, 1)), grayscale=True).to_pil()
        found.append({"number": number, "picture": _png(image), "width": width, "height": height})
    return found


def _of_picture(body: bytes, numbers: list[int]) -> list[dict[str, Any]]:
    from PIL import Image

    found = []
    for sheet in sheets_of(body):
        if sheet.page in numbers:
            image = Image.fromarray(sheet.grey)
            image.thumbnail((_WIDEST, 2 * _WIDEST))
            found.append({"number": sheet.page, "picture": _png(image), "width": sheet.width, "height": sheet.height})
    return found


def _png(image: Any) -> str:
    out = io.BytesIO()
    image.convert("L").quantize(_COLOURS).save(out, "PNG", optimize=True)
    return base64.b64encode(out.getvalue()).decode()


def main() -> None:
    """Answer one request."""
    order = json.loads(sys.stdin.buffer.readline())
    body = sys.stdin.buffer.read()
    _limit()
    try:
        pages = _of_pdf(body, order["pages"]) if b"%PDF-" in body[:1024] else _of_picture(body, order["pages"])
        answer: dict[str, Any] = {"pages": pages}
    except ImportError:
        answer = {"missing": True}
    except Exception as error:  # noqa: BLE001 - a library's error on a hostile file, of any class
        answer = {"error": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
