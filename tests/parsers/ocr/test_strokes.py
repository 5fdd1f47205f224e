"""Print in a cell: lines from top to bottom, the remains of rules and dust left out."""

import cv2
import numpy as np

from parsers.ocr.strokes import Strip, cut, marked, strips


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
