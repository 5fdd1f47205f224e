"""What the outline of a lone sign says, held against drawn bars, strokes and rings."""

import cv2
import numpy as np
import pytest

from parsers.ocr.shapes import sign_of
from parsers.ocr.strokes import marked, strips

DIGIT = 20


def said(draw: str, tilt: int = 8) -> str | None:
    canvas = np.zeros((60, 80), np.float32)
    if draw == "bar":
        cv2.rectangle(canvas, (34, 28), (45, 30), 1.0, -1)
    elif draw == "dot":
        cv2.rectangle(canvas, (38, 36), (40, 38), 1.0, -1)
    elif draw == "stroke":
        cv2.line(canvas, (36 + tilt, 20), (36, 40), 1.0, 2)
    elif draw == "ring":
        cv2.ellipse(canvas, (40, 30), (6, 10), 0, 0, 360, 1.0, 2)
    elif draw == "eight":
        cv2.ellipse(canvas, (40, 25), (5, 5), 0, 0, 360, 1.0, 2)
        cv2.ellipse(canvas, (40, 35), (6, 5), 0, 0, 360, 1.0, 2)
    elif draw == "six":
        cv2.ellipse(canvas, (40, 35), (6, 5), 0, 0, 360, 1.0, 2)
        cv2.line(canvas, (34, 34), (42, 20), 1.0, 2)
    elif draw == "two rings":
        cv2.ellipse(canvas, (32, 30), (6, 10), 0, 0, 360, 1.0, 2)
        cv2.ellipse(canvas, (50, 30), (6, 10), 0, 0, 360, 1.0, 2)
    ink = cv2.GaussianBlur(canvas, (0, 0), 0.7)
    mask = marked(ink)
    (strip,) = strips(mask, 0, 0, 80, 60)
    return sign_of(ink, mask, strip, DIGIT)


@pytest.mark.parametrize(
    ("draw", "sign"),
    [
        ("bar", "-"),
        ("stroke", "/"),
        ("ring", "0"),
        ("dot", None),
        ("eight", None),
        ("six", None),
        ("two rings", None),
    ],
)
def test_signs_are_told_by_their_outline(draw: str, sign: str | None) -> None:
    assert said(draw) == sign


def test_an_upright_stroke_may_be_a_digit() -> None:
    assert said("stroke", tilt=0) is None
    assert said("stroke", tilt=-8) is None
