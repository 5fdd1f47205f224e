"""What stands in a cell before it is read: its ink, cut into lines of print; the remains of rules are left out."""

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from parsers.ocr.straighten import Image

_INKED = 0.33
_FAINT = 0.17
_SPECK = 5
_INSET = 5
_EDGE = 2
_HAIR = 3
_SPAN = 0.6
_BREAK = 6
_ONE_LINE = 30
_SHADE = 0.15
_REACH = 1.2
_BAR_LONG = 0.3
_BAR_HIGH = 0.3
_BAR_TOUCHING = 0.5


@dataclass(frozen=True, slots=True)
class Strip:
    """A line of print: its box in pixels of the sheet."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def height(self) -> int:
        """How high the print is."""
        return self.bottom - self.top


def marked(ink: Image) -> Image:
    """Return where there is print (8 bits, 1 or 0), single dark pixels left out."""
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.8) > _INKED, dtype=np.uint8)


def faintly_marked(ink: Image) -> Image:
    """Return where there may be print, however faint (8 bits, 1 or 0)."""
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 1.3) > _FAINT, dtype=np.uint8)


def strips(mask: Image, left: int, top: int, right: int, bottom: int) -> list[Strip]:
    """Return the lines of print in a cell, from top to bottom; its box is the one between its rules."""
    x, y = left + _INSET, top + _INSET
    inner = mask[y : bottom - _INSET, x : right - _INSET]
    if inner.size == 0:
        return []
    boxes = _strokes(inner)
    lines: list[list[int]] = []
    for box in sorted(boxes, key=lambda box: box[1]):
        if lines and box[1] < lines[-1][3] - min(box[3] - box[1], lines[-1][3] - lines[-1][1]) * 0.25:
            last = lines[-1]
            last[:] = [min(last[0], box[0]), min(last[1], box[1]), max(last[2], box[2]), max(last[3], box[3])]
        else:
            lines.append(list(box))
    return _mended([Strip(x + box[0], y + box[1], x + box[2], y + box[3]) for box in lines])


def bar_before(ink: Image, line: Strip, left: int) -> Strip | None:
    """Return where something as flat as a minus sign may stand before a line of print, too faint to be print itself.

    A bar is thinner than the strokes of digits: at a low resolution it can be lighter than all of them. One that
    touches the print must be longer, since the faint edge of a 4 is not one. `left` is the left end of the cell, in
    pixels of the sheet.
    """
    high = line.height
    middle = (line.top + line.bottom) / 2
    rows = slice(round(middle - _BAR_HIGH * high), round(middle + _BAR_HIGH * high) + 1)
    start = max(left + _INSET, round(line.left - _REACH * high))
    if line.left - start < 3:
        return None
    shades = cv2.blur(ink[rows, start : line.left], (3, 1)) - np.median(ink[line.top : line.bottom, start : line.left])
    for row in shades > _SHADE:
        runs = np.flatnonzero(np.diff(row, prepend=False, append=False)).reshape(-1, 2)
        for begin, end in runs.tolist():
            least = _BAR_LONG if end < row.size else _BAR_TOUCHING
            if end - begin >= max(3, least * high):
                return Strip(start + begin, line.top, line.right, line.bottom)
    return None


def _mended(lines: list[Strip]) -> list[Strip]:
    """Put together what is one line of print broken by faint strokes: parts too low and too near to be two."""
    kept: list[Strip] = []
    for line in lines:
        last = kept[-1] if kept else None
        if last and line.top - last.bottom <= _BREAK and line.bottom - last.top <= _ONE_LINE:
            kept[-1] = Strip(min(last.left, line.left), last.top, max(last.right, line.right), line.bottom)
        else:
            kept.append(line)
    return kept


def _strokes(inner: Any) -> list[tuple[int, int, int, int]]:
    """Return the boxes of the strokes of a cell, without specks and what is left of its rules."""
    height, width = inner.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(inner, connectivity=8)
    boxes = []
    for left, top, wide, high, area in stats[1:count].tolist():
        at_side = left <= _EDGE or left + wide >= width - _EDGE
        at_end = top <= _EDGE or top + high >= height - _EDGE
        along_end = at_end and high <= _HAIR and wide > 3 * high
        along_side = at_side and wide <= _HAIR and (high > _SPAN * height or top == 0 or top + high == height)
        if area >= _SPECK and not along_end and not along_side:
            boxes.append((left, top, left + wide, top + high))
    return boxes


def cut(ink: Image, strip: Strip, high: float, side: float) -> Image:
    """Cut a line out of a sheet, `high` pixels around its middle, with `side` pixels at its ends."""
    middle = (strip.top + strip.bottom) / 2
    top, bottom = round(middle - high / 2), round(middle + high / 2)
    left, right = round(strip.left - side), round(strip.right + side)
    rows, columns = ink.shape
    inside = ink[max(0, top) : min(rows, bottom), max(0, left) : min(columns, right)]
    spare = ((max(0, -top), max(0, bottom - rows)), (max(0, -left), max(0, right - columns)))
    return np.pad(inside, spare)
