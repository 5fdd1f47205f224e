"""PDF pages written anew as OFD (GB/T 33190): every character and rule where it stood, a text object for each line."""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import groupby, pairwise
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pdfplumber

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
MILLIMETRES = 25.4 / 72
Char = dict[str, Any]


def as_ofd(pdf: bytes) -> bytes:
    """Return the pages of a PDF file as an OFD document."""
    with pdfplumber.open(BytesIO(pdf)) as opened:
        pages = [
            "".join([*_texts(page.chars), *_paths([*page.rects, *page.lines, *page.curves])]) for page in opened.pages
        ]
        size = (opened.pages[0].width, opened.pages[0].height)
    return package(pages, size)


def package(pages: list[str], size: tuple[float, float] = (595.0, 842.0)) -> bytes:
    """Return an OFD document whose pages hold these objects; `size` in points."""
    box = f"0 0 {size[0] * MILLIMETRES:.3f} {size[1] * MILLIMETRES:.3f}"
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": f"<ofd:OFD {NAMESPACE} Version='1.0'><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>"
        "</ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{box}"
        f"</ofd:PhysicalBox></ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }
    for number, objects in enumerate(pages):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer ID='1'>{objects}</ofd:Layer></ofd:Content></ofd:Page>"
        )
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return stream.getvalue()


def _texts(chars: list[Char]) -> Iterator[str]:
    for (base, size), found in groupby(chars, key=lambda char: (char["matrix"][5], char["size"])):
        line = list(found)
        height = line[0]["top"] + line[0]["y1"]
        x, y = line[0]["x0"] * MILLIMETRES, line[0]["top"] * MILLIMETRES
        steps = [(b["x0"] - a["x0"]) * MILLIMETRES for a, b in pairwise(line)]
        text = "".join(char["text"] for char in line)
        yield text_object(text, (x, y), size * MILLIMETRES, (height - base) * MILLIMETRES - y, steps)


def text_object(text: str, at: tuple[float, float], size: float, base: float, steps: list[float]) -> str:
    """Return a line of text whose upper left corner is at a place, in millimetres, and its characters so far apart."""
    deltas = " ".join(_deltas(steps))
    return (
        f'<ofd:TextObject ID="2" Boundary="{at[0]:.3f} {at[1]:.3f} {sum(steps) + size:.3f} {size:.3f}" Font="1" '
        f'Size="{size:.3f}"><ofd:TextCode X="0" Y="{base:.3f}" DeltaX={quoteattr(deltas)}>{escape(text)}'
        "</ofd:TextCode></ofd:TextObject>"
    )


def _deltas(steps: list[float]) -> Iterator[str]:
    for step, found in groupby(f"{step:.3f}" for step in steps):
        count = len(list(found))
        yield f"g {count} {step}" if count > 1 else step


def _paths(shapes: list[dict[str, Any]]) -> Iterator[str]:
    for shape in shapes:
        x, y = shape["x0"] * MILLIMETRES, shape["top"] * MILLIMETRES
        yield rule((x, y), (shape["x1"] - shape["x0"]) * MILLIMETRES, (shape["bottom"] - shape["top"]) * MILLIMETRES)


def rule(at: tuple[float, float], wide: float, high: float) -> str:
    """Return a filled rectangle, or a line where it has no height or no width."""
    x, y = at
    is_line = min(wide, high) == 0
    data = f"M 0 0 L {wide:.3f} {high:.3f}"
    if not is_line:
        data = f"M 0 0 L {wide:.3f} 0 L {wide:.3f} {high:.3f} L 0 {high:.3f} C"
    paint = 'Stroke="true" LineWidth="0.18"' if is_line else 'Stroke="false" Fill="true"'
    return (
        f'<ofd:PathObject ID="3" Boundary="{x:.3f} {y:.3f} {wide:.3f} {high:.3f}" {paint}>'
        f"<ofd:AbbreviatedData>{data}</ofd:AbbreviatedData></ofd:PathObject>"
    )
