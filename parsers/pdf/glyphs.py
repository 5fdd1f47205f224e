"""The glyphs of a printed page, upright and each once, and how they stand together as lines of text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import inf
from typing import Any, NamedTuple

Box = tuple[float, float, float, float]
"""(x0, top, x1, bottom) in points from the page's top left corner."""

_SAME_LINE = 0.35
_WORD_GAP = 0.25
_HAN_GAP = 0.7
_NARROW = 0.1
_SAME_PLACE = 0.15
_NEAR_EDGE = 0.9
_NO_GAP = 0.1
CUT = "\ufffd"
"""Stands at the paper's edge, beyond which a number can go on."""


class Glyph(NamedTuple):
    """One character: its text, its extent, its baseline and its size, in points."""

    text: str
    x0: float
    x1: float
    base: float
    size: float

    @property
    def x(self) -> float:
        """Its middle."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> float:
        """A height inside every character of its line."""
        return self.base - 0.35 * self.size

    @property
    def box(self) -> Box:
        """The rectangle that it covers."""
        return self.x0, self.base - 0.88 * self.size, self.x1, self.base + 0.12 * self.size


@dataclass(slots=True)
class TextLine:
    """Glyphs on one baseline, from left to right; `is_caption` says that it was brought to the table under it."""

    glyphs: list[Glyph]
    is_caption: bool = False

    @property
    def box(self) -> Box:
        """The rectangle that they cover together."""
        return around(glyph.box for glyph in self.glyphs)

    @property
    def size(self) -> float:
        """The size of its largest glyph."""
        return max(glyph.size for glyph in self.glyphs)

    @property
    def text(self) -> str:
        """What the line says, with a blank where glyphs stand apart."""
        return joined(self.glyphs)


def around(boxes: Iterable[Box]) -> Box:
    """Return the smallest box around boxes, at least one."""
    x0s, tops, x1s, bottoms = zip(*boxes, strict=True)
    return min(x0s), min(tops), max(x1s), max(bottoms)


def glyphs_of(chars: Sequence[dict[str, Any]], height: float) -> list[Glyph]:
    """Return pdfplumber's characters as glyphs; one drawn twice in a place, to look bold, counts once."""
    found: list[Glyph] = []
    seen: dict[tuple[str, int, int], list[Glyph]] = {}
    for char in chars:
        size = char["size"]
        if size <= 0:
            continue
        glyph = Glyph(char["text"], char["x0"], char["x1"], height - char["matrix"][5], size)
        key = (glyph.text, round(glyph.x0 / 4), round(glyph.base / 4))
        if any(_same_place(glyph, other) for near in _around(key) for other in seen.get(near, ())):
            continue
        seen.setdefault(key, []).append(glyph)
        found.append(glyph)
    return found


def marked_at_edges(glyphs: Sequence[Glyph], left: float, right: float) -> list[Glyph]:
    """Return glyphs with `CUT` at numbers that reach an edge of the paper: a table too wide for it is cut there.

    What a printer draws beyond the edge is written to the file or not, as it likes.
    """
    found: list[Glyph] = []
    for glyph, following in zip_longest(glyphs, glyphs[1:]):
        wide = (glyph.x1 - glyph.x0) * _NEAR_EDGE if is_digit(glyph) else -inf
        if glyph.x0 < left + wide and not (found and goes_on(found[-1], glyph)):
            found.append(glyph._replace(text=CUT, x1=glyph.x0))
        found.append(glyph)
        if glyph.x1 > right - wide and not (following and goes_on(glyph, following)):
            found.append(glyph._replace(text=CUT, x0=glyph.x1))
    return found


def is_digit(glyph: Glyph) -> bool:
    """Say whether a glyph is part of a number."""
    return glyph.text.isdecimal() or glyph.text in (".", ",", CUT)


def goes_on(left: Glyph, right: Glyph) -> bool:
    """Say whether two glyphs are of one number, the second right behind the first."""
    if not (is_digit(left) and is_digit(right)):
        return False
    return abs(left.base - right.base) < 1 and abs(right.x0 - left.x1) < _NO_GAP * right.size


def _around(key: tuple[str, int, int]) -> Iterable[tuple[str, int, int]]:
    text, x, y = key
    return ((text, x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))


def _same_place(one: Glyph, other: Glyph) -> bool:
    most = _SAME_PLACE * one.size
    return abs(one.x0 - other.x0) < most and abs(one.base - other.base) < most


def lines_of(glyphs: Iterable[Glyph]) -> list[TextLine]:
    """Gather glyphs into lines by their baselines, from top to bottom."""
    lines: list[TextLine] = []
    base = 0.0
    for glyph in sorted(glyphs, key=lambda each: each.base):
        if not lines or glyph.base - base > _SAME_LINE * glyph.size:
            lines.append(TextLine([]))
        lines[-1].glyphs.append(glyph)
        base = glyph.base
    for line in lines:
        line.glyphs.sort(key=lambda each: each.x0)
    return [line for line in lines if line.text.strip()]


def joined(glyphs: Sequence[Glyph]) -> str:
    """Return the text of glyphs on one line, with a blank where a word ends."""
    words: list[str] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.text.isspace():
            if glyph.x1 - glyph.x0 > _NARROW * glyph.size:
                words.append(" ")
            continue
        if last is not None and glyph.x0 - last.x1 > _gap(last, glyph):
            words.append(" ")
        words.append(glyph.text)
        last = glyph
    return " ".join("".join(words).split(" ")) if "  " not in "".join(words) else " ".join("".join(words).split())


def _gap(one: Glyph, other: Glyph) -> float:
    """Return how far apart two glyphs of one word can stand: letters less than characters set to fill a line."""
    size = max(one.size, other.size)
    return (_HAN_GAP if ord(one.text[-1]) > 0x2E7F and ord(other.text[0]) > 0x2E7F else _WORD_GAP) * size
