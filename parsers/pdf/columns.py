"""Tables with rules across and none down: the borders between their columns, found by the strips that nothing crosses.

The borders found are added to a page's rules as if they were drawn, so that such a table is read as a ruled one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf

from parsers.characters import clean
from parsers.labels import key, labels_of, section_of
from parsers.page import Kind
from parsers.pdf.glyphs import Box, Glyph, TextLine
from parsers.pdf.rows import OpenTable, open_tables
from parsers.pdf.rules import Rule, Rules, connected
from parsers.pdf.words import Words, is_label, words_of
from parsers.pieces import is_caption, kind_of

_SAME = 4.5
_LABEL = 3
"""Characters of the text of a label at least: shorter ones among the cells are pieces of a blank mark."""
_MOST_LINES = 12
_MARGIN = 1.0
_SIDE = 2.0
_EMPTY = 20.0
_ENOUGH_CELLS = 2
_LONGEST = 40
_COUNTS = frozenset({1, 2, 3, 7, 15})
"""How many columns of cells the tables of the forms have."""

Span = tuple[float, float]


@dataclass(slots=True)
class _Stack:
    """The rules across of a table, and the words in each band between two of them."""

    rules: list[Rule]
    tops: list[float]
    bands: list[list[Words]]

    @property
    def left(self) -> float:
        """Where the table begins."""
        return min(rule.start for rule in self.rules)

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(rule.end for rule in self.rules)


def completed(rules: Rules, lines: Sequence[TextLine]) -> tuple[Rules, list[Glyph]]:
    """Return a page's rules with the borders that are not drawn, and glyphs that stand in no row of a table there.

    `lines` are all lines of the page.
    """
    parts = connected(rules)
    drawn = [part for part in parts if _has_columns(part)]
    words = [word for line in _without_number(lines) for word in words_of(line)]
    stacks = _stacks(sorted(rule for part in parts if not _has_columns(part) for rule in part.across), words)
    added: list[Rule] = []
    for stack in stacks:
        borders = _borders(stack, words, is_first=stack is stacks[0], is_last=stack is stacks[-1])
        added += borders
        drawn += [Rules(stack.rules, borders)] if borders else []
    heights = [(rule.at, rule.at) for part in drawn for rule in part.across]
    heights += [(rule.start, rule.end) for part in drawn for rule in part.down if part.across]
    across: list[Rule] = []
    aside: list[Glyph] = []
    for table in open_tables(words):
        if any(start < table.tops[-1] and end > table.tops[0] for start, end in heights):
            continue
        is_empty = not any(map(_cells, table.rows))
        stack = _stack_of(table)
        borders = _empty_column(stack) if is_empty else _borders(stack, words, heads=table.heads)
        if borders:
            across += stack.rules
            added += borders
            aside += [glyph for word in table.groups for glyph in word.glyphs]
    return Rules([*rules.across, *across], [*rules.down, *added]), aside


def _without_number(lines: Sequence[TextLine]) -> list[TextLine]:
    """Return lines without page numbers: marked as such, or alone and apart at the page's foot."""
    found = [line for line in lines if kind_of(clean(line.text)) is not Kind.FURNITURE]
    if len(found) > 1 and found[-1].text.isdecimal() and found[-1].box[1] - found[-2].box[3] > 2 * found[-1].size:
        found.pop()
    return found


def _stack_of(table: OpenTable) -> _Stack:
    """Return the rules across that a table without any would have."""
    words = [word for row in table.rows for word in row]
    left, right = min(word.box[0] for word in words) - _SIDE, max(word.box[2] for word in words) + _SIDE
    whole = [any(word.box[0] < table.inner - _SAME for word in row) for row in table.rows]
    whole = [True, *(a or b for a, b in pairwise(whole)), True]
    rules = [
        Rule(top, left if is_whole else table.inner - _SIDE, right)
        for top, is_whole in zip(table.tops, whole, strict=True)
    ]
    return _Stack(rules, table.tops, table.rows)


def _empty_column(stack: _Stack) -> list[Rule]:
    """Widen a table of labels alone by a column of empty cells."""
    right, top, bottom = stack.right, stack.tops[0], stack.tops[-1]
    stack.rules = [rule._replace(end=right + _EMPTY) for rule in stack.rules]
    return [Rule(x, top, bottom, drawn=False) for x in (stack.left, right, right + _EMPTY)]


def _has_columns(part: Rules) -> bool:
    if not part.across:
        return True
    left, right = min(rule.start for rule in part.across), max(rule.end for rule in part.across)
    return any(left + _SAME < rule.at < right - _SAME for rule in part.down)


def _stacks(rules: Sequence[Rule], words: Sequence[Words]) -> list[_Stack]:
    """Gather the rules of each table, from top to bottom."""
    found: list[_Stack] = []
    for rule in rules:
        stack = next((each for each in reversed(found) if _shared(each, rule) > 0), None)
        if stack is None or not _goes_on(stack, rule):
            found.append(_Stack([rule], [rule.at], []))
        elif rule.at - stack.tops[-1] < _SAME:
            stack.rules.append(rule)
        else:
            start = max((other.end for other in rules if other.end < min(rule.start, stack.left)), default=-inf)
            band = [word for word in words if stack.tops[-1] < word.y < rule.at and start < word.box[0] < stack.right]
            if _is_band(band, stack):
                stack.rules.append(rule)
                stack.tops.append(rule.at)
                stack.bands.append(band)
            else:
                found.append(_Stack([rule], [rule.at], []))
    real = [stack for stack in found if len(stack.bands) > 1 or any(map(_is_row, stack.bands))]
    return [stack for stack in real if not any(_are_beside(stack, other) for other in real)]


def _are_beside(one: _Stack, other: _Stack) -> bool:
    """Say whether tables stand side by side, as last year's beside this year's."""
    return one is not other and min(one.tops[-1], other.tops[-1]) > max(one.tops[0], other.tops[0])


def _shared(stack: _Stack, rule: Rule) -> float:
    return min(stack.right, rule.end) - max(stack.left, rule.start)


def _is_row(words: Sequence[Words]) -> bool:
    """Say whether words can be one row alone, and not what a frame is drawn around: no heading over a cell."""
    cells = [word for word in words if word.is_cell]
    spans = [(word.box[0], word.box[2]) for word in cells]
    return bool(cells) and not any(_under(word, spans) for word in words if not word.is_cell)


def _goes_on(stack: _Stack, rule: Rule) -> bool:
    """Say whether a rule can be of the table above: it ends at one of its sides, or within."""
    beyond = stack.left - rule.start, rule.end - stack.right
    return min(map(abs, beyond)) <= _SAME or max(beyond) <= _SAME


def _is_band(words: Sequence[Words], stack: _Stack) -> bool:
    """Say whether words can be a row of a table: some, within its sides, and no heading or prose."""
    if not words or len({round(word.base) for word in words}) > _MOST_LINES:
        return False
    if any(len(word.text) > _LONGEST or word.text.endswith("。") or section_of(clean(word.text)) for word in words):
        return False
    is_line = len({round(word.base) for word in words}) == 1
    if is_line and is_caption(clean(" ".join(word.text for word in words))):
        return False
    return all(word.box[2] < stack.right + _MARGIN for word in words)


def _borders(
    stack: _Stack,
    words: Sequence[Words],
    *,
    is_first: bool = False,
    is_last: bool = False,
    heads: Sequence[Words] = (),
) -> list[Rule]:
    """Return the borders of a table's columns, and its sides."""
    tops, bands = _with_cut_rows(stack, words, is_first=is_first, is_last=is_last)
    spans = _columns([heads, *bands], stack.left, stack.right)
    if len(spans) < 2:
        return []
    ends = [end for rule in stack.rules for end in rule[1:3] if stack.left + _SAME < end < stack.right - _SAME]
    places = [_border(left[1], right[0], ends) for left, right in pairwise(spans)]
    for end in ends:
        if end < places[0] - _SAME and not any(abs(end - x) < _SAME for x in places):
            places.append(end)
    found = [Rule(x, tops[0], tops[-1], drawn=False) for x in (stack.left, stack.right)]
    for x in places:
        for (top, bottom), band in zip(pairwise(tops), bands, strict=True):
            if not any(word.box[0] < x - _MARGIN and x + _MARGIN < word.box[2] for word in band):
                found.append(Rule(x, top, bottom, drawn=False))
    return found


def _with_cut_rows(
    stack: _Stack, words: Sequence[Words], *, is_first: bool, is_last: bool
) -> tuple[list[float], list[list[Words]]]:
    """Return the borders and bands of a table with the rows that the page's ends left without a rule."""
    tops, bands = list(stack.tops), list(stack.bands)
    above = [word for word in words if word.y < tops[0]]
    if is_first and _is_band(above, stack) and (_is_cut(above) or _is_end(above)):
        tops, bands = [min(word.box[1] for word in above) - _MARGIN, *tops], [above, *bands]
    below = [word for word in words if word.y > tops[-1]]
    if is_last and _is_band(below, stack) and (_is_cut(below) or _is_beginning(below, bands)):
        tops, bands = [*tops, max(word.box[3] for word in below) + _MARGIN], [*bands, below]
    return tops, bands


def _is_cut(words: Sequence[Words]) -> bool:
    return len(_cells(words)) >= _ENOUGH_CELLS


def _is_end(words: Sequence[Words]) -> bool:
    """Say whether words are the end of a row's label alone."""
    text = key(clean("".join(word.text for word in words)))
    labels = (
        label for table in ("disclosure", "requests") for full in labels_of(table).full.values() for label in full
    )
    return bool(text) and any(label.endswith(text) and label != text for label in labels)


def _is_beginning(words: Sequence[Words], bands: Sequence[Sequence[Words]]) -> bool:
    """Say whether words stand under the labels of a table alone."""
    cells = [word.box[0] for band in bands for word in _cells(band)]
    return bool(cells) and not _cells(words) and max(word.box[2] for word in words) < min(cells)


def _border(left: float, right: float, ends: Iterable[float]) -> float:
    """Return where the border between two columns is: at the end of a rule, else in the middle."""
    return next((end for end in ends if left - _MARGIN < end < right + _MARGIN), (left + right) / 2)


def _columns(bands: Sequence[Sequence[Words]], left: float, right: float) -> list[Span]:
    """Return what the text of each column covers, that of the labels first, where the table has labels.

    Rows of many cells come first: what stands over several of their columns spans them.
    """
    rows = sorted((band for band in bands if _cells(band)), key=lambda band: -len(_cells(band)))
    cells = _with((word for band in rows for word in _cells(band)), [])
    if not cells:
        ends = [word.box for band in bands for word in band if is_label(word.text)]
        if ends:
            return [(left, max(box[2] for box in ends)), (right - _SIDE, right)]
        heads = _with(sorted((word for band in bands for word in band), key=lambda word: -word.base), [])
        return heads if len(heads) in _COUNTS else []
    labels = [
        word.box
        for band in rows
        for word in band
        if not word.is_cell and len(word.text) >= _LABEL and word.box[0] < cells[0][0] and not _under(word, cells)
    ]
    start = max((box[2] for box in labels), default=left)
    behind = [[word for word in band if word.box[0] >= start - _MARGIN and not word.is_cell] for band in bands]
    for band, words in zip(bands, behind, strict=True):
        if _cells(band):
            cells = _with((word for word in words if len(word.text) < _LABEL), cells)
    headed = cells
    for band, words in zip(reversed(bands), reversed(behind), strict=True):
        if not _cells(band) and len(_merged(word.box for word in words)) > 1:
            headed = _with(sorted(words, key=lambda word: -word.base), headed)
    cells = headed if len(headed) in _COUNTS else cells
    return [(min(box[0] for box in labels), start), *cells] if labels else cells


def _cells(band: Sequence[Words]) -> list[Words]:
    return [word for word in band if word.is_cell]


def _with(words: Iterable[Words], spans: list[Span]) -> list[Span]:
    """Return columns with words added that stand over no more than one of them."""
    for word in words:
        if len(_under(word, spans)) < 2:
            spans = _merged([word.box], spans)
    return spans


def _under(word: Words, spans: Sequence[Span]) -> list[Span]:
    return [span for span in spans if min(span[1], word.box[2]) > max(span[0], word.box[0])]


def _merged(boxes: Iterable[Box], spans: Sequence[Span] = ()) -> list[Span]:
    """Return what boxes and spans cover across the page."""
    found: list[Span] = []
    for left, right in sorted([*spans, *((box[0], box[2]) for box in boxes)]):
        if found and left < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    return found
