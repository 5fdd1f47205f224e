"""Print in a cell: lines from top to bottom, the remains of rules and dust left out."""

import cv2
import numpy as np

from parsers.ocr.strokes import Strip, bar_before, cut, marked, strips


def cell() -> np.ndarray:
    ink = np.zeros((80, 120), np.float32)
    ink[0:3] = ink[-3:] = 1
    ink[:, 0:3] = ink[:, -3:] = 1
    return ink


def lines(ink: np.ndarray) -> list[Strip]:
    return strips(marked(ink), 1, 1, ink.shape[1] - 1, ink.shape[0] - 1)


def test_an_empty_cell_has_no_print() -> None:
    assert lines(cell()) == []


def test_remains_of_rules_and_dust_are_no_print() -> None:
    ink = cell()
    ink[6:8, 10:60] = 0.9
    ink[10:78, 6:8] = 0.9
    ink[40, 60] = 1.0
    assert lines(ink) == []


def test_a_digit_beside_a_rule_stays() -> None:
    ink = cell()
    ink[30:46, 9:11] = 1.0
    (line,) = lines(ink)
    assert (line.top, line.bottom) == (29, 47) or line.height in (16, 17, 18)


def test_lines_are_told_apart() -> None:
    ink = cell()
    cv2.rectangle(ink, (20, 12), (90, 30), 1.0, 2)
    cv2.rectangle(ink, (20, 44), (60, 62), 1.0, 2)
    first, second = lines(ink)
    assert first.bottom < second.top
    assert first.right > second.right


def test_a_digit_broken_by_a_faint_stroke_is_one_line() -> None:
    ink = cell()
    ink[30:38, 50:60] = 1.0
    ink[41:48, 50:60] = 1.0
    assert len(lines(ink)) == 1


def test_cuts_reach_beyond_the_sheet() -> None:
    ink = np.ones((20, 20), np.float32)
    piece = cut(ink, Strip(0, 0, 10, 10), 30, 5)
    assert piece.shape == (30, 20)
    assert piece[0, 0] == 0
    assert piece[15, 10] == 1


def printed_number(bar: tuple[int, int], tint: float) -> np.ndarray:
    """Draw two digits as high as twelve pixels from 60 on, and before them a bar from one column to another."""
    ink = cell()
    ink[34:46, 60:64] = ink[34:46, 70:74] = 1.0
    ink[39:41, bar[0] : bar[1]] = tint
    return ink


def test_a_bar_too_faint_to_be_print_is_found_before_a_number() -> None:
    ink = printed_number((51, 57), 0.3)
    (line,) = lines(ink)
    assert line.left >= 59, "the faint bar is no print"
    bar = bar_before(ink, line, 1)
    assert bar is not None
    assert (bar.left, bar.top, bar.bottom) == (51, line.top, line.bottom)


def test_the_faint_edge_of_a_digit_is_no_bar() -> None:
    ink = printed_number((55, 60), 0.3)
    (line,) = lines(ink)
    assert bar_before(ink, line, 1) is None


def test_a_bar_that_touches_the_number_is_found() -> None:
    ink = printed_number((48, 60), 0.3)
    (line,) = lines(ink)
    assert bar_before(ink, line, 1) is not None


def test_paper_and_the_rule_before_a_number_are_no_bar() -> None:
    ink = printed_number((0, 0), 0.0) + np.float32(0.08)
    (line,) = lines(ink)
    assert bar_before(ink, line, 1) is None
    near = np.roll(ink, -52, axis=1)
    near[:, 0:3] = 1.0
    (line,) = lines(near)
    assert bar_before(near, line, 1) is None
