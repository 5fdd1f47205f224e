"""The cells of a ruled table read: labels as text, numbers by two readers that know nothing of each other."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from parsers.ocr.digits import DigitReading, read_digits
from parsers.ocr.grids import Box, RuledTable
from parsers.ocr.recogniser import Reading, recognise
from parsers.ocr.shapes import sign_of
from parsers.ocr.straighten import Image
from parsers.ocr.strokes import Strip, bar_before, cut, faintly_marked, marked, strips
from parsers.ocr.wording import mended
from parsers.values import ungrouped

_HAN = re.compile(r"[㐀-鿿]")
_USUAL_HIGH = 22.0
_LOWEST = 8
_LOWEST_DIGIT, _USUAL_DIGIT = 0.5, 0.75
"""Shares of the height of words: of the lowest digits, and of most."""
_ROOM = 1.35
_FILL = 0.66
_WIDER = 1.75
_LEAST_FIRST = 0.80
_LEAST = 0.80
_LEAST_EACH = 0.5
_LEAST_MARK = 0.98
_TOLERATED = 0.8
_MOST_READINGS = 4
_FAINT_HIGH = 0.45
_PADDED = re.compile(r"[+-]?0\d")
_GROUPED = re.compile(r"-?[1-9]\d{0,2}([.,]\d{3})*\.\d{3}")
"""A number whose point can as well be the comma of its thousands, of which little is left on a coarse scan."""
_GROUPED_AMOUNT = re.compile(r"-?[1-9]\d{0,2}([.,]\d{3})*\.\d{3}\.(\d\d?|\d{4,})")
"""An amount with two points or more: only the last can be that of its decimals."""
UNREAD = "?"
"""Stands for print that neither reader makes sense of."""


@dataclass(frozen=True, slots=True)
class CellText:
    """A cell as read: its best text, how sure both readers are of it, and where in doubt what else it can say."""

    box: Box
    text: str
    sure: float
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    """A cell with its lines of print and what the first reader makes of them."""

    box: Box
    lines: tuple[Strip, ...]
    readings: tuple[Reading, ...]
    barred: bool = False

    @property
    def is_label(self) -> bool:
        """Say whether words stand in the cell: Han characters, more than the one that a sign can be taken for."""
        return sum(len(_HAN.findall(reading.text)) for reading in self.readings) >= 2

    @property
    def is_number(self) -> bool:
        """Say whether one line stands in the cell that is no words."""
        return len(self.lines) == 1 and not self.is_label


def read_cells(ink: Image, tables: Sequence[RuledTable]) -> list[list[CellText]]:
    """Read the cells of the tables of a sheet, table by table, in reading order."""
    mask = marked(ink)
    boxes = [(box, tuple(strips(mask, box.left, box.top, box.right, box.bottom))) for t in tables for box in t.cells]
    usual = _usual_height([line for _, lines in boxes for line in lines])
    crops = [_crop(ink, line, usual) for _, lines in boxes for line in lines]
    readings = iter(recognise(crops))
    found = [_Found(box, lines, tuple(next(readings) for _ in lines)) for box, lines in boxes]
    texts = iter(_texts(ink, mask, _with_bars(ink, found, usual)))
    return [[next(texts) for _ in table.cells] for table in tables]


def _with_bars(ink: Image, found: Sequence[_Found], usual: float) -> list[_Found]:
    """Read numbers again together with what may be a minus sign too faint for the first look."""
    bars = [bar_before(ink, each.lines[0], each.box.left) if each.is_number else None for each in found]
    readings = iter(recognise([_crop(ink, bar, usual) for bar in bars if bar]))
    return [
        replace(each, lines=(bar,), readings=(next(readings),), barred=True) if bar else each
        for each, bar in zip(found, bars, strict=True)
    ]


def _usual_height(lines: Sequence[Strip]) -> float:
    heights = [line.height for line in lines if line.height >= _LOWEST]
    return median(heights) if heights else _USUAL_HIGH


def _crop(ink: Image, line: Strip, usual: float) -> Image:
    high = max(line.height * _ROOM, usual * 1.15)
    return cut(ink, line, high, high * 0.3)


def _texts(ink: Image, mask: Image, found: Sequence[_Found]) -> list[CellText]:
    """Give each cell its text; cells that hold one line and no words are read again, as digits and by their outline."""
    numbers = [each for each in found if each.is_number]
    high = _digit_height(found, numbers)
    seconds = read_digits([_digit_crop(ink, each.lines[0], high) for each in numbers])
    signs = [sign_of(ink, mask, each.lines[0], high) for each in numbers]
    again = _again(ink, numbers, seconds, high)
    texts = iter(
        _held_open(_number(each.box, firsts, second, sign), barred=each.barred)
        for each, firsts, second, sign in zip(numbers, again, seconds, signs, strict=True)
    )
    faint = faintly_marked(ink)
    return [
        next(texts) if each.is_number else _words(each) if each.lines else _empty(faint, each, high) for each in found
    ]


def _again(
    ink: Image, numbers: Sequence[_Found], seconds: Sequence[DigitReading], high: float
) -> list[tuple[Reading, ...]]:
    """Let the first reader look again, at another cut, where it does not clearly say what the second one says."""
    unsure = [
        index
        for index, (each, second) in enumerate(zip(numbers, seconds, strict=True))
        if each.readings[0].likelihood(second.digits()) < _LEAST_FIRST
    ]
    crops = [cut(ink, numbers[index].lines[0], high * _WIDER, high * 0.6) for index in unsure]
    more = dict(zip(unsure, recognise(crops), strict=True))
    return [(each.readings[0], *((more[index],) if index in more else ())) for index, each in enumerate(numbers)]


def _digit_height(found: Sequence[_Found], numbers: Sequence[_Found]) -> float:
    """Return how high digits are on a sheet; bars and dots, which can be many, are lower than half a character."""
    words = _usual_height([line for each in found if each.is_label for line in each.lines])
    heights = [
        each.lines[0].height
        for each in numbers
        if each.lines[0].height >= words * _LOWEST_DIGIT and "," not in each.readings[0].digits()
    ]
    return median(heights) if heights else words * _USUAL_DIGIT


def _digit_crop(ink: Image, line: Strip, usual: float) -> Image:
    high = max(line.height if line.height > usual * 0.75 else 0, usual) / _FILL
    return cut(ink, line, high, high * 0.25)


def _empty(faint: Image, each: _Found, digit_height: float) -> CellText:
    """Take a cell without print for blank, unless something as high as a sign shows faintly in it."""
    box = each.box
    shades = strips(faint, box.left, box.top, box.right, box.bottom)
    if any(shade.height >= _FAINT_HIGH * digit_height for shade in shades):
        return CellText(box, UNREAD, 0.0, (UNREAD,))
    return CellText(box, "", 1.0)


def _words(each: _Found) -> CellText:
    text = "".join(reading.text for reading in each.readings)
    sure = min(reading.sure for reading in each.readings)
    if each.is_label:
        return CellText(each.box, mended(text), sure)
    return CellText(each.box, UNREAD, 0.0, (UNREAD,))


def _joint(first: float, second: float) -> float:
    """Return how sure two readers are together: the geometric mean of their doubts is left, where neither has many."""
    return 1.0 - ((1.0 - first) * (1.0 - second)) ** 0.5 if min(first, second) >= _LEAST_EACH else min(first, second)


def _held_open(cell: CellText, *, barred: bool) -> CellText:
    """Doubt a number where a minus sign shows faintly before it, or where its point may be a comma of thousands.

    The second leaves it as sure as it was: no digit of it is in doubt.
    """
    if barred and cell.text[:1].isdigit():
        texts = dict.fromkeys((cell.text, f"-{cell.text}", *cell.doubts))
        return CellText(cell.box, cell.text, min(cell.sure, _LEAST / 2), tuple(texts)[:_MOST_READINGS])
    if _GROUPED.fullmatch(cell.text):
        texts = dict.fromkeys((cell.text, ungrouped(cell.text), *cell.doubts))
        return CellText(cell.box, cell.text, cell.sure, tuple(texts)[:_MOST_READINGS])
    if _GROUPED_AMOUNT.fullmatch(cell.text) and not cell.doubts:
        whole, _, fraction = cell.text.rpartition(".")
        return CellText(cell.box, f"{whole.replace('.', ',')}.{fraction}", cell.sure)
    return cell


def _alike(text: str) -> tuple[str, ...]:
    """Return how else two readers can write a number of the same digits, where it is parted at its thousands."""
    if not _GROUPED.fullmatch(text.replace(",", ".")):
        return (text,)
    return tuple(dict.fromkeys((text, text.replace(".", ","), text.replace(",", "."))))


def _number(box: Box, firsts: Sequence[Reading], second: DigitReading, sign: str | None) -> CellText:
    """Hold the readings of a number against each other: sure only where two agree and none clearly says otherwise."""
    if firsts[0].text == "无" and firsts[0].sure >= _LEAST_MARK:
        return CellText(box, "无", firsts[0].sure)
    ours = second.digits()
    alike = _alike(ours)
    sure = _joint(max(sum(map(first.likelihood, alike)) for first in firsts), sum(map(second.likelihood, alike)))
    if sign == ours and ours != "":
        opposed = max((first.likelihood(first.digits()) for first in firsts if first.digits() != ours), default=0.0)
        sure = max(sure, min(second.likelihood(ours), 1 - max(0.0, opposed - _TOLERATED)))
    elif sign in ("/", "-") and ours != sign:
        sure = min(sure, _LEAST / 2)
    if ours and sure >= _LEAST and not _PADDED.match(ours):
        return CellText(box, ours, sure)
    texts = list(dict.fromkeys((ours, *(first.digits() for first in firsts), *([sign] if sign else []))))
    return CellText(box, ours or UNREAD, min(sure, _LEAST), tuple(text or UNREAD for text in texts)[:_MOST_READINGS])
