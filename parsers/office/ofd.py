"""The OFD reader (GB/T 33190-2016): the glyphs and rules of each page, laid out as those of a printed page are.

Only what stands on the pages is read: text, paths, the templates under them. Signatures, annotations, actions and
attachments are left alone. Lengths are millimetres in the file and points here.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

from parsers.errors import DocumentError
from parsers.office.container import Container
from parsers.page import Page
from parsers.pdf.assembly import assembled
from parsers.pdf.furniture import without_furniture
from parsers.pdf.glyphs import Glyph
from parsers.pdf.joining import join_tables
from parsers.pdf.layout import PrintedPage, lay_out
from parsers.pdf.rules import rules_of

Matrix = tuple[float, float, float, float, float, float]
Point = tuple[float, float]
_POINTS = 72 / 25.4
_UPRIGHT: Matrix = (1, 0, 0, 1, 0, 0)
_A4 = (0.0, 0.0, 210.0, 297.0)
_MOST_PAGES = 400
_MOST_GLYPHS = 200_000
_HALF = 0.5
_FIRST_WIDE = 0x2E80
_PATH = re.compile(r"([SMLQBACZ])|(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_OPERANDS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7}


def read_ofd(body: bytes) -> list[Page]:
    """Read an OFD document into one page for each document in it, with the box of each line and cell.

    Raises `DocumentError` for a file that is damaged, encrypted or without pages.
    """
    package = Container(body, "the OFD document")
    roots = [root.text or "" for root in package.xml("OFD.xml").iter("DocRoot")]
    if not roots:
        raise DocumentError("the OFD document has no pages; it is damaged or cut off, fetch it again")
    return [_document(package, root.lstrip("/")) for root in roots[:_MOST_PAGES]]


def _document(package: Container, root: str) -> Page:
    document, folder = package.xml(root), posixpath.dirname(root)
    listed = list(document.iterfind("Pages/Page"))
    if not 0 < len(listed) <= _MOST_PAGES:
        raise DocumentError(f"the OFD document has {len(listed)} pages; between 1 and {_MOST_PAGES} are read")
    usual = _numbers(document.findtext("CommonData/PageArea/PhysicalBox")) or _A4
    templates = {
        item.get("ID", ""): _located(folder, item.get("BaseLoc", "")) for item in document.iter("TemplatePage")
    }
    pictures = 0
    pages: list[PrintedPage] = []
    for number, item in enumerate(listed, 1):
        content = package.xml(_located(folder, item.get("BaseLoc", "")))
        under = [
            templates[name] for one in content.iter("Template") if (name := one.get("TemplateID", "")) in templates
        ]
        layers = [*map(package.xml, under), content]
        box = _numbers(content.findtext("Area/PhysicalBox")) or usual
        pages.append(_page(number, box, layers))
        pictures += sum(1 for layer in layers for _ in layer.iter("ImageObject"))
    without_furniture(pages)
    join_tables(pages)
    page = assembled(pages)
    page.pictures = pictures
    return page


def _page(number: int, box: Sequence[float], layers: Sequence[Element]) -> PrintedPage:
    glyphs = [glyph for layer in layers for item in layer.iter("TextObject") for glyph in _glyphs(item)]
    if len(glyphs) > _MOST_GLYPHS:
        raise DocumentError(f"a page of the OFD document has more than {_MOST_GLYPHS:,} characters")
    shapes = [shape for layer in layers for item in layer.iter("PathObject") for shape in _shapes(item)]
    return lay_out(number, (box[2] * _POINTS, box[3] * _POINTS), glyphs, rules_of(shapes))


def _located(folder: str, name: str) -> str:
    """Return the member that a location names, absolute or from the folder of what refers to it (7.9)."""
    return posixpath.normpath(posixpath.join("/", folder, name)).lstrip("/")


def _numbers(text: str | None) -> tuple[float, ...]:
    try:
        return tuple(float(each) for each in (text or "").split())
    except ValueError:
        return ()


def _placed(item: Element) -> tuple[Matrix, Point]:
    """Return the transformation of an object and the corner that it is counted from."""
    box, matrix = _numbers(item.get("Boundary")), _numbers(item.get("CTM"))
    corner = (box[0], box[1]) if len(box) == 4 else (0.0, 0.0)
    if len(matrix) != 6:
        return _UPRIGHT, corner
    a, b, c, d, e, f = matrix
    return (a, b, c, d, e, f), corner


def _on_page(matrix: Matrix, corner: Point, x: float, y: float) -> Point:
    a, b, c, d, e, f = matrix
    return (a * x + c * y + e + corner[0]) * _POINTS, (b * x + d * y + f + corner[1]) * _POINTS


def _glyphs(item: Element) -> Iterator[Glyph]:
    """Yield the characters of a text object with their places (11.3); invisible ones are left out."""
    if item.get("Visible", "true") == "false":
        return
    matrix, corner = _placed(item)
    size = (_numbers(item.get("Size")) or (0.0,))[0]
    height = size * (abs(matrix[3]) or abs(matrix[1])) * _POINTS
    x = y = 0.0
    for code in item.iter("TextCode"):
        text = (code.text or "").strip("\r\n")
        x, y = (_numbers(code.get("X")) or (x,))[0], (_numbers(code.get("Y")) or (y,))[0]
        steps, drops = _deltas(code.get("DeltaX", "")), _deltas(code.get("DeltaY", ""))
        for index, sign in enumerate(text):
            width = size * (1 if ord(sign) >= _FIRST_WIDE else _HALF)
            left, base = _on_page(matrix, corner, x, y)
            right, _ = _on_page(matrix, corner, x + width, y)
            yield Glyph(sign, min(left, right), max(left, right), base, height)
            x += steps[index] if index < len(steps) else width if not drops else 0.0
            y += drops[index] if index < len(drops) else 0.0


def _deltas(text: str) -> list[float]:
    """Read the distances between characters; `g 3 5.5` stands for 5.5 three times (11.3)."""
    found: list[float] = []
    words = iter(text.split())
    try:
        for word in words:
            if word == "g":
                count = min(int(next(words)), _MOST_GLYPHS)
                found += [float(next(words))] * count
            else:
                found.append(float(word))
    except (ValueError, StopIteration):
        return found
    return found


def _shapes(item: Element) -> Iterator[dict[str, Any]]:
    """Yield the straight parts of a path (9.3) as lines and rectangles."""
    if item.get("Visible", "true") == "false":
        return
    matrix, corner = _placed(item)
    look = {
        "stroke": item.get("Stroke", "true") != "false",
        "fill": item.get("Fill", "false") == "true",
        "stroking_color": _color(item.find("StrokeColor")),
        "non_stroking_color": _color(item.find("FillColor")),
    }
    for points in _subpaths(item.findtext("AbbreviatedData") or ""):
        on_page = [_on_page(matrix, corner, x, y) for x, y in points]
        if _is_rectangle(on_page):
            yield _shape("rect", on_page, look)
        elif look["stroke"]:
            for pair in pairwise(on_page):
                yield _shape("line", pair, look)


def _color(element: Element | None) -> tuple[float, ...]:
    values = _numbers(element.get("Value")) if element is not None else ()
    return tuple(value / 255 for value in values) if len(values) in (1, 3) else (0.0,)


def _shape(kind: str, points: Sequence[Point], look: dict[str, Any]) -> dict[str, Any]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return {"object_type": kind, "x0": min(xs), "x1": max(xs), "top": min(ys), "bottom": max(ys), **look}


def _is_rectangle(points: Sequence[Point]) -> bool:
    """Say whether points go around an upright rectangle."""
    corners = set(points)
    return len(points) >= 4 and len(corners) == 4 and len({x for x, _ in corners}) == len({y for _, y in corners}) == 2


def _subpaths(data: str) -> Iterator[list[Point]]:
    """Yield the points of each subpath; of a curve its end alone counts."""
    points: list[Point] = []
    operator, operands = "", []
    for found in _PATH.finditer(data):
        if found[1] is None:
            operands.append(float(found[2]))
            if len(operands) < _OPERANDS.get(operator, 1):
                continue
            if operator in _OPERANDS:
                points.append((operands[-2], operands[-1]))
            operands = []
            continue
        operator, operands = found[1], []
        if operator in "SM":
            if len(points) > 1:
                yield points
            points = []
        elif operator in "CZ" and points:
            points.append(points[0])
    if len(points) > 1:
        yield points
