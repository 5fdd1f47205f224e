"""The lines of print outside of the tables: titles, headings, narrative, put together as paragraphs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np

from parsers.labels import section_of
from parsers.ocr.grids import RuledTable
from parsers.ocr.recogniser import recognise
from parsers.ocr.straighten import Image
from parsers.ocr.strokes import Strip, cut, marked

_LOWEST, _HIGHEST = 9, 110
_NARROWEST = 6
_REACH = 45
_AROUND = 8
_MOST_LINES = 120
_SQUEEZED = 0.75
_LONG = 12
_LEAST_SURE = 0.3


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Print outside of the tables: its text, its box in pixels of the sheet."""

    text: str
    left: int
    top: int
    right: int
    bottom: int


def read_paragraphs(ink: Image, tables: Sequence[RuledTable]) -> list[Paragraph]:
    """Read what stands outside of the tables of a sheet, from top to bottom."""
    lines = _lines(ink, tables)[:_MOST_LINES]
    readings = recognise([_crop(ink, line) for line in lines])
    pairs = zip(lines, readings, strict=True)
    kept = [
        Paragraph(reading.text, line.left, line.top, line.right, line.bottom)
        for line, reading in pairs
        if reading.text and reading.sure >= _LEAST_SURE
    ]
    return _joined(kept, tables)


def _lines(ink: Image, tables: Sequence[RuledTable]) -> list[Strip]:
    mask = marked(ink)
    for table in tables:
        inside = (
            slice(max(0, table.top - _AROUND), table.bottom + _AROUND),
            slice(max(0, table.left - _AROUND), table.right + _AROUND),
        )
        mask[inside] = 0
    closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, _REACH), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    found = [
        Strip(left, top, left + wide, top + high)
        for left, top, wide, high, _ in stats[1:count].tolist()
        if _LOWEST <= high <= _HIGHEST and wide >= _NARROWEST
    ]
    return _rows(found)


def _rows(strips: list[Strip]) -> list[Strip]:
    """Put together what stands on one line."""
    rows: list[Strip] = []
    for strip in sorted(strips, key=lambda strip: (strip.top + strip.bottom, strip.left)):
        at = next((i for i, row in enumerate(rows[-4:], max(0, len(rows) - 4)) if _beside(row, strip)), None)
        if at is None:
            rows.append(strip)
        else:
            row = rows[at]
            rows[at] = Strip(
                min(row.left, strip.left),
                min(row.top, strip.top),
                max(row.right, strip.right),
                max(row.bottom, strip.bottom),
            )
    return sorted(rows, key=lambda row: (row.top, row.left))


def _beside(row: Strip, strip: Strip) -> bool:
    shared = min(row.bottom, strip.bottom) - max(row.top, strip.top)
    return shared > 0.5 * min(row.height, strip.height)


def _crop(ink: Image, line: Strip) -> Image:
    image = cut(ink, line, line.height * 1.25, line.height * 0.3)
    if image.shape[1] < _LONG * image.shape[0]:
        return image
    return cv2.resize(image, (round(image.shape[1] * _SQUEEZED), image.shape[0]), interpolation=cv2.INTER_AREA)


_BEGINS = re.compile(r"[一二三四五六七八九十]{1,2}、|[(（][一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.、]")


def _goes_on(before: str, text: str) -> bool:
    """Say whether a text can go on where another ends its line."""
    return (
        not before.endswith(("。", "：", ":", "；", "报告", "年报"))
        and section_of(before) is None
        and not _BEGINS.match(text)
    )


def _joined(lines: Sequence[Paragraph], tables: Sequence[RuledTable]) -> list[Paragraph]:
    """Join the lines of a paragraph: one that reaches the right margin goes on where the next is not set in."""
    if not lines:
        return []
    high = median(line.bottom - line.top for line in lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    paragraphs: list[Paragraph] = []
    last: Paragraph | None = None
    for line in lines:
        full = last is not None and last.right > right - 2.2 * high and line.left < left + 1.2 * high
        if last and full and _alike(last, line, high, tables) and _goes_on(paragraphs[-1].text, line.text):
            before = paragraphs.pop()
            end = max(before.right, line.right)
            paragraphs.append(Paragraph(before.text + line.text, left, before.top, end, line.bottom))
        else:
            paragraphs.append(line)
        last = line
    return paragraphs


def _alike(last: Paragraph, line: Paragraph, high: float, tables: Sequence[RuledTable]) -> bool:
    """Say whether two lines are printed alike and no table stands between them."""
    parted = any(last.bottom <= table.top + 1 <= line.bottom for table in tables)
    return not parted and abs((last.bottom - last.top) - (line.bottom - line.top)) < 0.25 * high
