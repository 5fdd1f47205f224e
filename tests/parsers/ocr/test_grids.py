"""Ruled tables found again: turned, in perspective, with faint, broken and missing rules."""

import cv2
import numpy as np
import pytest

from parsers.ocr.grids import RuledTable, find_tables
from parsers.ocr.straighten import lay_flat
from tests.parsers.ocr.drawn import noisy, rule, sheet, table, turned, wiped

XS = [150, 400, 560, 720, 880, 1040, 1200]
YS = [200, 260, 310, 370, 420, 480, 540]


def spans(found: RuledTable) -> list[tuple[int, int, int, int]]:
    return [(cell.row, cell.column, cell.rows, cell.columns) for cell in found.cells]


def plain(rows: int = len(YS) - 1, columns: int = len(XS) - 1) -> list[tuple[int, int, int, int]]:
    return [(row, column, 1, 1) for row in range(rows) for column in range(columns)]


def found(image: np.ndarray) -> list[RuledTable]:
    return find_tables(lay_flat(image).ink)


def test_cells_are_where_the_rules_are() -> None:
    image = sheet()
    table(image, XS, YS)
    (one,) = found(image)
    assert spans(one) == plain()
    assert one.whole
    first = one.cells[0]
    assert (first.left, first.top, first.right, first.bottom) == pytest.approx((150, 200, 400, 260), abs=3)


@pytest.mark.parametrize("degrees", [-3.0, -1.2, 0.4, 2.9])
@pytest.mark.parametrize("lean", [0.0, 0.012])
def test_turned_and_leaning_sheets_are_laid_flat(degrees: float, lean: float) -> None:
    image = sheet()
    table(image, XS, YS)
    (one,) = found(noisy(cv2.GaussianBlur(turned(image, degrees, lean), (0, 0), 0.7), 6))
    assert spans(one) == plain()


def test_boxes_lead_back_to_the_sheet_as_it_came() -> None:
    image = sheet()
    table(image, XS, YS)
    view = turned(image, 2.0)
    turn = cv2.getRotationMatrix2D((700, 950), 2.0, 1.0)
    flat = lay_flat(view)
    (one,) = find_tables(flat.ink)
    cell = one.cells[8]
    box = flat.box(cell.left, cell.top, cell.right, cell.bottom)
    middle = turn @ np.array([(XS[2] + XS[3]) / 2, (YS[1] + YS[2]) / 2, 1])
    assert ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) == pytest.approx(tuple(middle), abs=4)


def test_faint_and_thin_rules_are_found() -> None:
    image = sheet()
    table(image, XS, YS, shade=190, thick=1)
    cv2.rectangle(image, (300, 1000), (1000, 1200), 20, -1)
    (one,) = found(noisy(image, 4))
    assert spans(one) == plain()


def test_small_gaps_part_no_cells() -> None:
    image = sheet()
    table(image, XS, YS)
    for x in range(180, 1200, 90):
        wiped(image, x, 195, x + 6, 545)
    for x in XS:
        rule(image, (x, YS[0]), (x, YS[-1]))
    (one,) = found(image)
    assert spans(one) == plain()


def test_missing_rules_make_spans() -> None:
    image = sheet()
    table(image, XS, YS)
    wiped(image, XS[1] + 4, YS[1] - 4, XS[3] - 4, YS[1] + 5)
    wiped(image, XS[2] - 4, YS[0] + 4, XS[2] + 5, YS[2] - 4)
    (one,) = found(image)
    assert (0, 1, 2, 2) in spans(one)
    assert len(one.cells) == len(plain()) - 3
    assert one.whole


def test_a_shape_that_is_no_rectangle_makes_a_table_not_whole() -> None:
    image = sheet()
    table(image, XS, YS)
    wiped(image, XS[1] + 4, YS[1] - 4, XS[2] - 4, YS[1] + 5)
    wiped(image, XS[2] - 4, YS[0] + 4, XS[2] + 5, YS[1] - 4)
    (one,) = found(image)
    assert not one.whole


def test_a_lone_row_is_a_table() -> None:
    image = sheet()
    table(image, XS, [900, 938])
    (one,) = found(image)
    assert spans(one) == plain(rows=1)


def test_tables_come_from_top_to_bottom() -> None:
    image = sheet()
    table(image, XS, [y + 800 for y in YS])
    table(image, XS[:4], YS[:3])
    assert [len(one.cells) for one in found(image)] == [6, 36]


def test_strokes_of_print_are_no_rules() -> None:
    image = sheet()
    table(image, XS, YS)
    for x in range(170, 380, 30):
        rule(image, (x, 290), (x + 22, 290))
        rule(image, (x + 10, 275), (x + 10, 300))
    (one,) = found(image)
    assert spans(one) == plain()


@pytest.mark.parametrize("shade", [255, 128, 0])
def test_an_empty_sheet_has_none(shade: int) -> None:
    assert found(np.full((600, 500), shade, np.uint8)) == []


def test_noise_alone_is_no_table() -> None:
    assert found(noisy(sheet(), 25)) == []
