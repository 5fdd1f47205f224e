"""Numbers of a scan that a faint sign leaves open are not given as read."""

import pytest

from parsers.ocr.cells import CellText, _held_open
from parsers.ocr.grids import Box

BOX = Box(0, 0, 90, 40, 0, 0, 1, 1)


def test_a_positive_reading_is_doubted_where_a_bar_shows() -> None:
    cell = _held_open(CellText(BOX, "12", 0.99), barred=True)
    assert cell.sure < 0.8
    assert cell.doubts == ("12", "-12")


def test_what_nothing_leaves_open_stays_as_read() -> None:
    for text, barred in (("-12", True), ("12", False), ("/", True), ("1.5", False), ("0.125", False)):
        cell = CellText(BOX, text, 0.99)
        assert _held_open(cell, barred=barred) == cell


@pytest.mark.parametrize("text", ["54.653", "1.234.567", "2,174.001"])
def test_a_point_that_can_be_a_comma_of_thousands_is_held_open(text: str) -> None:
    cell = _held_open(CellText(BOX, text, 0.99), barred=False)
    assert cell.doubts == (text, text.replace(".", "").replace(",", ""))
    assert cell.sure == 0.99


def test_only_the_last_of_several_points_is_that_of_decimals() -> None:
    cell = _held_open(CellText(BOX, "2.206.159.3551", 0.99), barred=False)
    assert (cell.text, cell.doubts) == ("2,206,159.3551", ())
