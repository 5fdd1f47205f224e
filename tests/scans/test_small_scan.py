"""One small scan from picture to report, and what no picture of a report leads to."""

import io
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pytest
from PIL import Image

import nianbao
from parsers.errors import DocumentError
from tests.scans.fonts import TUNING, Faces
from tests.scans.paper import Look, printed
from tests.scans.wear import Wear, scanned
from tests.zoo.flow import Table, Text, table_items
from tests.zoo.style import Style
from tests.zoo.truths import Truth, truth

pytest.importorskip("onnxruntime")
pytest.importorskip("rapidocr")
FACES = [face for face in TUNING if face[0].exists()]
needs_fonts = pytest.mark.skipif(not FACES, reason="no Chinese font is installed to print with")
DPI = 150


@cache
def report() -> Truth:
    return truth(Random(8), profile="busy", forms=dict.fromkeys(("disclosure", "requests", "appeals"), "2021"))


@cache
def sheet() -> bytes:
    """Return the report's first and last table as a scanned sheet: turned, leaning, noisy, compressed."""
    own, style, rng = report(), Style(blank="/"), Random(3)
    items = table_items(own, style, rng)
    flow = (
        Text("沭阳县2023年政府信息公开工作年度报告", "title"),
        Text("二、主动公开政府信息情况", "heading"),
        *(item for item in items["disclosure"] if isinstance(item, Table)),
        Text("四、政府信息公开行政复议、行政诉讼情况", "heading"),
        *(item for item in items["appeals"] if isinstance(item, Table)),
    )
    (page,) = printed(flow, Faces(FACES[0], FACES[0]), Look(58, 40, 3, 5, 0, 14))
    seen = scanned(np.asarray(page), Wear(DPI, 1.3, 0.004, 0.3, 4, 240, 30, 0.1, 70), rng)
    out = io.BytesIO()
    Image.fromarray(seen).save(out, "JPEG", quality=80, dpi=(DPI, DPI))
    return out.getvalue()


@cache
def read() -> dict[str, Any]:
    return nianbao.parse(sheet()).as_json()


def cells(code: str) -> dict[str, dict[str, Any]]:
    table = next(table for table in read()["tables"] if table["table"] == code)
    return {f"{code}.{cell['row']}.{cell['column']}": cell for cell in table["cells"]}


@needs_fonts
def test_every_number_of_a_scan_is_read() -> None:
    for code in ("disclosure", "appeals"):
        found = {key: cell["value"] for key, cell in cells(code).items()}
        assert found == {key: value for key, value in report().cells.items() if key.startswith(f"{code}.")}
    assert {table["table"]: table["grade"] for table in read()["tables"]} == {
        "disclosure": "consistent",
        "appeals": "verified",
    }


@needs_fonts
def test_title_and_year_are_read() -> None:
    assert read()["title"] == "沭阳县2023年政府信息公开工作年度报告"
    assert (read()["publisher"], read()["report_year"]) == ("沭阳县", 2023)


@needs_fonts
def test_each_cell_says_where_it_stands_and_how_sure_it_is() -> None:
    boxes = {}
    for key, cell in cells("appeals").items():
        page, _, box = cell["where"].partition("/box:")
        assert page == "page:1"
        boxes[key] = left, top, right, bottom = tuple(map(float, box.split(",")))
        assert 0 < left < right < 595
        assert 0 < top < bottom < 842
        assert 0.5 < cell["confidence"] <= 1
    lefts = [box[0] for box in boxes.values()]
    assert lefts == sorted(lefts)


@needs_fonts
def test_the_same_scan_gives_the_same_report() -> None:
    assert nianbao.parse(sheet()).as_json() == read()


@needs_fonts
@pytest.mark.slow
@pytest.mark.parametrize("quarters", [1, 2])
def test_a_sheet_scanned_sideways_is_turned(quarters: int) -> None:
    image = Image.open(io.BytesIO(sheet())).rotate(90 * quarters, expand=True)
    out = io.BytesIO()
    image.save(out, "PNG", dpi=(DPI, DPI))
    found = nianbao.parse(out.getvalue())
    assert {cell.value for table in found.tables for cell in table.cells} >= {
        cell["value"] for cell in cells("appeals").values()
    }
    assert found.report_year == 2023
    box = next(cell.where for table in found.tables for cell in table.cells if cell.where)
    x0, y0, x1, y1 = map(float, box.partition("/box:")[2].split(","))
    assert (y1 - y0 > x1 - x0) is (quarters == 1)


def test_a_picture_of_nothing_has_no_tables() -> None:
    out = io.BytesIO()
    Image.new("L", (900, 1200), 250).save(out, "PNG")
    found = nianbao.parse(out.getvalue())
    assert found.tables == ()
    assert found.warnings


def test_a_tiny_picture_is_named_so() -> None:
    out = io.BytesIO()
    Image.new("L", (1, 1)).save(out, "PNG")
    with pytest.raises(DocumentError, match="too small"):
        nianbao.parse(out.getvalue())


@needs_fonts
def test_a_truncated_scan_is_named_so() -> None:
    with pytest.raises(DocumentError, match="cannot be decoded"):
        nianbao.parse(sheet()[:20_000])
