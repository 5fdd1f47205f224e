"""A number before which a bar shows faintly is not given as positive."""

from parsers.ocr.cells import CellText, _signed
from parsers.ocr.grids import Box

BOX = Box(0, 0, 90, 40, 0, 0, 1, 1)


def test_a_positive_reading_is_doubted_where_a_bar_shows() -> None:
    cell = _signed(CellText(BOX, "12", 0.99), barred=True)
    assert cell.sure < 0.8
    assert cell.doubts == ("12", "-12")


def test_a_negative_reading_stays_and_so_does_one_without_a_bar() -> None:
    for text, barred in (("-12", True), ("12", False), ("/", True)):
        cell = CellText(BOX, text, 0.99)
        assert _signed(cell, barred=barred) == cell
