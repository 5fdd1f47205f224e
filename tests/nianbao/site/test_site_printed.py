"""Pages of PDF files and scans: the picture of the page with the box of each number."""

import io
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from nianbao.site.printed import Box, boxes_of, sheets
from nianbao.site.source_pages import SourcePages
from parsers.errors import DocumentError


def pdf(*sizes: tuple[int, int]) -> bytes:
    document = pypdfium2.PdfDocument.new()
    for width, height in sizes:
        document.new_page(width, height)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_places_that_are_boxes_and_others() -> None:
    places = {
        "requests.new.total": "page:2/box:10,20.5,30,40",
        "requests.new.person": "line:4",
        "x.y.z": "page:x/box:1",
    }
    assert boxes_of(places) == [Box("requests.new.total", 2, 10, 20.5, 30, 40)]


def test_only_the_pages_with_boxes_are_drawn() -> None:
    drawn = sheets(pdf((600, 800), (400, 300), (10, 10)), [Box("a.b.c", 2, 10, 20, 30, 40)])
    (sheet,) = drawn
    assert (sheet.number, sheet.width, sheet.height) == (2, 400, 300)
    image = Image.open(io.BytesIO(sheet.picture))
    assert image.format == "PNG"
    assert image.width / image.height == pytest.approx(400 / 300, rel=0.01)


def test_a_scan_is_drawn_anew() -> None:
    out = io.BytesIO()
    scan = Image.new("RGB", (900, 600), "white")
    scan.putpixel((5, 5), (0, 0, 0))
    scan.save(out, "PNG", pnginfo=None)
    (sheet,) = sheets(out.getvalue() + b"<script>alert(1)</script>", [Box("a.b.c", 1, 1, 2, 3, 4)])
    assert b"script" not in sheet.picture
    assert (sheet.width, sheet.height) == (900 * 72 / 150, 600 * 72 / 150)  # points, at the usual 150 dots an inch


def test_pictures_inside_of_another_document_are_named() -> None:
    with pytest.raises(DocumentError, match="pictures inside of the document"):
        sheets(b"<html><img src=a.png></html>", [Box("a.b.c", 1, 1, 2, 3, 4)])


@pytest.mark.parametrize("body", [b"%PDF-1.7 nothing", b"\x89PNG\r\n\x1a\n damaged"])
def test_what_cannot_be_drawn_is_one_line(body: bytes) -> None:
    with pytest.raises(DocumentError, match="cannot be drawn; the file is damaged"):
        sheets(body, [Box("a.b.c", 1, 1, 2, 3, 4)])


def test_the_page_of_a_report_shows_the_picture_with_its_boxes(tmp_path: Path) -> None:
    from nianbao.dataset.reader import open_dataset
    from nianbao.site.bodies import Body
    from nianbao.site.pages import Pages
    from nianbao.site.series import read_atlas
    from tests.nianbao.site.stores import JINGZHOU, Links, document, sound, store_of

    class OneBody:
        def of(self, sha256: str) -> Body:
            return Body(pdf((600, 800)), "application/pdf")

    atlas = read_atlas(open_dataset(store_of(tmp_path, document(JINGZHOU, 2024, sound(17, 9)))))
    common = {
        "table": "requests",
        "form": "2021",
        "column": "total",
        "value": 17.0,
        "status": "printed",
        "raw": "17",
        "unit": None,
    }
    cells = [
        {**common, "row": "new", "where": "page:1/box:100,200,150,220"},
        {**common, "row": "handled", "where": None},
    ]
    made = SourcePages(Pages((2024,)), OneBody(), {}).page(atlas.rows[0], cells)  # type: ignore[arg-type]
    (name,) = made.pictures
    assert name == "s/2024/431229-2024-jurisdiction-1.png"
    page = Links(made.html)
    assert f"../../{name}" in page.loaded
    (rect,) = [given for tag, given in page.tags if tag == "rect"]
    assert rect == {
        "data-raw": "17",
        "id": "requests.new.total",
        "class": "n",
        "x": "100.0",
        "y": "200.0",
        "width": "50.0",
        "height": "20.0",
    }
    assert "requests.handled.total" in page.ids  # listed, since it has no place
