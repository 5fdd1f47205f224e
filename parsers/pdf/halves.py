"""Two pages printed beside each other on one sheet: found by the empty strip between them, read one after the other."""

from collections.abc import Sequence
from itertools import pairwise

from parsers.characters import clean
from parsers.labels import is_row_label
from parsers.pdf.glyphs import Glyph, TextLine, lines_of
from parsers.pdf.layout import PrintedPage
from parsers.pdf.rules import Rules
from parsers.pdf.words import words_of
from parsers.titles import read_title

_NARROWEST = 12.0
_MIDDLE = (0.4, 0.6)
_MARGIN = 0.08
_ENOUGH_LINES = 3
_LINE_OF_TEXT = 8
_FIRST_LINES = 4


def gutter(glyphs: Sequence[Glyph], rules: Rules, size: tuple[float, float]) -> float | None:
    """Return where the strip between two pages on one sheet stands, None where the sheet is one page.

    The sheet is wider than high, nothing but what stands in its margins crosses the strip, and both sides hold lines of
    text: the cells of a table without rules are none.
    """
    width, height = size
    if width <= height:
        return None
    spans = [(each.x0, each.x1) for each in glyphs if _MARGIN * height < each.base < (1 - _MARGIN) * height]
    spans += [(rule.start, rule.end) for rule in rules.across] + [(rule.at, rule.at) for rule in rules.down]
    right = 0.0
    for start, end in sorted(spans):
        middle = (right + start) / 2
        is_middle = _MIDDLE[0] * width < middle < _MIDDLE[1] * width
        if right and start - right >= _NARROWEST and is_middle and _both_read(glyphs, middle):
            return middle
        right = max(right, end)
    return None


def _both_read(glyphs: Sequence[Glyph], middle: float) -> bool:
    sides = [[each for each in glyphs if (each.x < middle) == is_left] for is_left in (True, False)]
    left, right = (lines_of(side) for side in sides)
    labels = sum(map(_is_bare_label, left))
    if labels >= _ENOUGH_LINES <= sum(map(_has_cells, right)) and not any(map(_is_bare_label, right)):
        return False  # a table whose cells stand far from their labels
    return all(sum(map(_is_text, lines)) >= _ENOUGH_LINES for lines in (left, right))


def _is_bare_label(line: TextLine) -> bool:
    return is_row_label(clean(line.text))


def _has_cells(line: TextLine) -> bool:
    return all(word.is_cell for word in words_of(line))


def _is_text(line: TextLine) -> bool:
    """Say whether a line begins with enough characters that stand close together."""
    glyphs = [each for each in line.glyphs if not each.text.isspace()][:_LINE_OF_TEXT]
    close = all(right.x0 - left.x1 < left.size for left, right in pairwise(glyphs))
    return len(glyphs) == _LINE_OF_TEXT and close and sum(ord(each.text[0]) > 0x2E7F for each in glyphs) > 4


def in_order(pages: Sequence[tuple[PrintedPage, ...]]) -> list[PrintedPage]:
    """Return the pages of all sheets in reading order.

    Where the right half of the first divided sheet begins with a title of its own, the halves are two documents, and
    the left ones come first; else each sheet is read from left to right.
    """
    divided = next((halves for halves in pages if len(halves) > 1), None)
    if divided is None or not all(map(_has_title, divided)):
        return [half for halves in pages for half in halves]
    return [halves[0] for halves in pages] + [halves[1] for halves in pages if len(halves) > 1]


def _has_title(page: PrintedPage) -> bool:
    lines = [block.text for block in page.blocks if isinstance(block, TextLine)][:_FIRST_LINES]
    titles = [read_title(clean(text)) for text in (*lines, "".join(lines[:2]))]
    return any(title is not None and title.year is not None and title.decoy is None for title in titles)
