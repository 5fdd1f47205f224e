"""What the outline alone says of a lone sign: a bar, a stroke or a ring is told by geometry, without any model."""

from typing import Any

import cv2
import numpy as np

from parsers.ocr.straighten import Image
from parsers.ocr.strokes import Strip

_FLAT = 0.36
_LONG = 1.3
_TALL = 0.75
_HOLE = 0.12
_HOLE_HIGH = 0.45
_OFF_CENTRE = 0.12
_LIGHT = 0.45
_LEAN = (0.22, 1.0)
_STRAIGHT = 0.11


def sign_of(ink: Image, mask: Image, strip: Strip, digit_height: float) -> str | None:
    """Return the sign that one connected piece of print is by its outline: - / 0, None for any other."""
    inside = (slice(strip.top, strip.bottom), slice(strip.left, strip.right))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask[inside], connectivity=8)
    if count < 2:
        return None
    largest = 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
    if stats[1:, cv2.CC_STAT_AREA].sum() > stats[largest, cv2.CC_STAT_AREA] * 1.1:
        return None
    left, top, wide, high = stats[largest, :4].tolist()
    box = (slice(top, top + high), slice(left, left + wide))
    piece, grey = (labels == largest)[box], ink[inside][box]
    if high <= _FLAT * digit_height and wide >= _LONG * high and wide >= 0.2 * digit_height:
        return "-"
    if high < _TALL * digit_height:
        return None
    if _is_ring(piece, grey):
        return "0"
    return "/" if _is_stroke(piece) else None


def _is_ring(piece: Any, grey: Any) -> bool:
    """Say whether a piece has one hole alone, large and in the middle, with nothing in it."""
    high, wide = piece.shape
    holes = np.pad((~piece).astype(np.uint8), 1, constant_values=1)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(holes, connectivity=4)
    inner = [index for index in range(1, count) if index != labels[0, 0] and stats[index, cv2.CC_STAT_AREA] > 1]
    if len(inner) != 1 or not 0.35 * high <= wide <= 1.1 * high:
        return False
    index = inner[0]
    middle = (centres[index][1] - 1) / high
    large = stats[index, cv2.CC_STAT_AREA] >= _HOLE * high * wide
    tall = stats[index, cv2.CC_STAT_HEIGHT] >= _HOLE_HIGH * high
    light = float(grey[(labels == index)[1:-1, 1:-1]].max()) < _LIGHT
    return bool(large and tall and light and abs(middle - 0.5 + 0.5 / high) < _OFF_CENTRE)


def _is_stroke(piece: Any) -> bool:
    """Say whether a piece is one straight stroke that leans to the right."""
    ys, xs = np.nonzero(piece)
    slope, start = np.polyfit(ys, xs, 1)
    high = piece.shape[0]
    rest = float(np.std(xs - slope * ys - start))
    return bool(_LEAN[0] <= -slope <= _LEAN[1] and rest <= _STRAIGHT * high)
