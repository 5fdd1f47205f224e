"""Tables without rules: a row is the cells on one line and the label around it, whose lines stand above and below.

Only what stands together on paper is brought together; which label is which row's is for later. Where the cells of many
rows stand under each other in as many columns as the table of requests has, empty cells are known too.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.characters import clean
from parsers.labels import section_of
from parsers.pdf.glyphs import Box, TextLine, around
from parsers.pdf.ruled import PrintedCell, PrintedTable
from parsers.pdf.words import NUMBERED, Words, is_label, words_of

_LABEL_GAP = 1.0
_BESIDE = 1.2
"""Lines of a label of two stand so far from its cells, in sizes of the type, where the lines are set widely."""
_COLUMNS = 7
_LONG_ROW = 4
"""Cells that no row of another table has beside its label."""
_ENOUGH_ROWS = 5
_APART = 2.0
_MOST_LINES = 6
_NOTE_LINES = 1.55
_AMOUNT = re.compile(r"[+-]?\d+(?![\d.、．])")
"""The head of a number with a note behind it; a label's own number has a point."""
_NOTE = re.compile(r"[()（）\d]")
_LONGEST_LINE = 40
_LEVEL = 0.95


@dataclass(slots=True)
class _Row:
    """A row being gathered: its cells, the words of its label on its own line, and those above and below."""

    cells: list[Words]
    label: list[Words] = field(default_factory=list)
    above: list[Words] = field(default_factory=list)
    below: list[Words] = field(default_factory=list)

    @property
    def words(self) -> list[Words]:
        """The words of the label in reading order."""
        return sorted([*self.above, *self.label, *self.below], key=lambda each: (round(each.base), each.box[0]))

    @property
    def all_words(self) -> list[Words]:
        """The words of the label and of the cells."""
        return [*self.words, *self.cells, *(rest for cell in self.cells for rest in cell.rest)]

    @property
    def text(self) -> str:
        """The label."""
        return "".join(word.text for word in self.words)

    @property
    def base(self) -> float:
        """The baseline of the cells."""
        return self.cells[0].base

    @property
    def box(self) -> Box:
        """The rectangle around all of it."""
        return around(word.box for word in (*self.words, *self.cells))


def unruled_rows(page: int, lines: Sequence[TextLine]) -> tuple[list[PrintedTable], list[TextLine]]:
    """Find the rows of tables among lines; return each as a table of one row, and the lines that are left."""
    lines = _levelled(lines)
    words = [words_of(line) for line in lines]
    rows = [row for each in words if (row := _row(each)) is not None]
    loose = [word for each in words for word in each if not word.is_cell and not _AMOUNT.match(word.text)]
    for row in rows:
        row.label = _label(row, loose, row.cells[0].box[0])
    rows = _each_label_once([row for row in rows if row.label])
    if not rows:
        return [], list(lines)
    block = _block(rows)
    if block is not None:
        _give_back(rows, block, loose)
    _share_out(rows, loose)
    _gather_notes(rows, [word for each in words for word in each], block)
    used = {id(glyph) for row in rows for word in row.all_words for glyph in word.glyphs}
    left = [TextLine([glyph for glyph in line.glyphs if id(glyph) not in used]) for line in lines]
    return [_table(page, row, block) for row in rows], [line for line in left if line.glyphs and line.text.strip()]


def _levelled(lines: Sequence[TextLine]) -> list[TextLine]:
    """Bring lines of cells alone to one, where they stand closer than lines do and none over another."""
    found: list[TextLine] = []
    for line in lines:
        last = found[-1] if found else None
        if last is not None and _are_level(last, line):
            found[-1] = TextLine(sorted([*last.glyphs, *line.glyphs], key=lambda glyph: glyph.x0))
        else:
            found.append(line)
    return found


def _are_level(above: TextLine, below: TextLine) -> bool:
    if below.glyphs[0].base - above.glyphs[0].base > _LEVEL * below.size:
        return False
    words, more = words_of(above), words_of(below)
    if len(words) + len(more) < _LONG_ROW or not all(word.is_cell for word in (*words, *more)):
        return False
    return not any(min(a.box[2], b.box[2]) > max(a.box[0], b.box[0]) for a in words for b in more)


def _row(words: Sequence[Words]) -> _Row | None:
    """Return the cells at the end of a line: several, or one that stands alone, well apart, or behind a row's label.

    Among several cells can be words, such as the middle of a note, where all stand well apart.
    """
    for start, first in enumerate(words):
        if first.is_cell and all(words[i].is_cell or _is_apart(words, i) for i in range(start + 1, len(words))):
            cells = list(words[start:])
            alone = len(cells) == 1 and start and not _is_apart(words, start)
            return None if alone and not is_label(_text(words[:start])) else _Row(cells)
    return None


def _is_apart(words: Sequence[Words], index: int) -> bool:
    """Say whether words stand well apart from those before them."""
    return words[index].box[0] - words[index - 1].box[2] >= _LABEL_GAP * words[index].size


def _label(row: _Row, loose: Sequence[Words], left: float) -> list[Words]:
    """Return the words left of the cells: on their line, or on the two lines between which they stand."""
    size = row.cells[0].size
    near = [word for word in loose if word.box[2] < left and abs(word.base - row.base) <= _BESIDE * size]
    if not near:
        return []
    own = max(near, key=lambda word: (word.box[2], -abs(word.base - row.base)))
    on_line = [word for word in near if abs(word.base - row.base) <= 0.35 * size]
    if any(own is word for word in on_line):
        return _joined_to(own, on_line)
    return [word for word in near if _overlap(word, own)]


def _each_label_once(rows: Sequence[_Row]) -> list[_Row]:
    """Make one row of those beside the same words: numbers that a narrow column cut over lines."""
    found: list[_Row] = []
    for row in rows:
        last = found[-1] if found else None
        if last is None or not any(word is other for word in row.label for other in last.label):
            found.append(row)
            continue
        row, last = (row, last) if len(row.cells) > len(last.cells) else (last, row)
        found[-1] = row
        for cell in last.cells:
            under = next((each for each in row.cells if _overlap(each, cell)), None)
            if under is None:
                row.cells.append(cell)
            else:
                under.rest.append(cell)
        row.cells.sort(key=lambda each: each.box[0])
    return found


def _joined_to(own: Words, words: Sequence[Words]) -> list[Words]:
    """Return the words of a label that a blank divides, up to the gap before another column."""
    found = [own]
    if is_label(own.text):
        return found
    for word in sorted(words, key=lambda each: -each.box[2]):
        if word is not own and 0 <= found[-1].box[0] - word.box[2] < _LABEL_GAP * own.size:
            found.append(word)
    return found[::-1]


def _overlap(one: Words, other: Words) -> bool:
    shared = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    return shared > 0.3 * min(one.box[2] - one.box[0], other.box[2] - other.box[0])


def _share_out(rows: Sequence[_Row], loose: Sequence[Words]) -> None:
    """Give each row the lines of its label above and below its cells.

    Where a heading stands between two rows, and at the page's ends, a row takes only what makes its label whole.
    """
    taken = {id(word) for row in rows for word in row.label}
    free = [word for word in loose if id(word) not in taken]
    first, last = rows[0], rows[-1]
    _take_above(first, [word for word in free if word.base < first.base and _is_beside(word, first, loose)])
    for row, after in pairwise(rows):
        near = [word for word in free if row.base < word.base < after.base]
        between = [word for word in near if _is_beside(word, row, loose) or _is_beside(word, after, loose)]
        stops = [index for index, word in enumerate(between) if _is_stop(word)]
        if stops:
            _take_below(row, between[: stops[0]])
            _take_above(after, between[stops[-1] + 1 :])
        else:
            _divide(row, between, after)
    _take_below(last, [word for word in free if word.base > last.base and _is_beside(word, last, loose)])


def _divide(row: _Row, between: Sequence[Words], after: _Row) -> None:
    """Share the lines between two rows; a numbered one begins a label, and a label with its number begins there."""
    starts = [index for index, word in enumerate(between) if NUMBERED.match(word.text)]
    if NUMBERED.match(after.text):
        starts.append(len(between))
    if starts:
        whole = _whole_cuts(row, between[: starts[0]])
        row.below += between[: whole[-1] if whole else starts[0]]
        after.above += between[starts[-1] :]
    else:
        cut = _cut(row, between, after)
        row.below += between[:cut]
        after.above += between[cut:]


def _is_stop(word: Words) -> bool:
    return section_of(clean(word.text)) is not None or len(word.text) > _LONGEST_LINE


def _take_above(row: _Row, words: Sequence[Words]) -> None:
    near = words[-_MOST_LINES:]
    starts = [start for start in range(len(near) + 1) if is_label(_text(near[start:]) + row.text)]
    row.above += near[max(starts, default=len(near)) :]


def _take_below(row: _Row, words: Sequence[Words]) -> None:
    near = words[:_MOST_LINES]
    row.below += near[: max(_whole_cuts(row, near), default=0)]


def _is_beside(word: Words, row: _Row, loose: Sequence[Words]) -> bool:
    """Say whether words can be of a row's label: in its column, and nothing over the cells on their line."""
    if is_label(word.text) or not any(_overlap(word, own) for own in row.label):
        return False
    left = row.cells[0].box[0]
    return not any(abs(each.base - word.base) < 1 and each.box[2] > left and each is not word for each in loose)


def _cut(row: _Row, between: Sequence[Words], after: _Row) -> int:
    """Return how many of the lines between two rows are the upper one's: as complete its label, else up to the gap."""
    whole = _whole_cuts(row, between)
    if whole:
        return whole[-1]
    bases = [
        row.words[-1].base if row.words else row.base,
        *(word.base for word in between),
        after.words[0].base if after.words else after.base,
    ]
    gaps = [below - above for above, below in pairwise(bases)]
    return gaps.index(max(gaps))


def _whole_cuts(row: _Row, lines: Sequence[Words]) -> list[int]:
    """Return with how many of the lines below a row's label is whole."""
    return [cut for cut in range(len(lines) + 1) if is_label(row.text + _text(lines[:cut]))]


def _gather_notes(rows: Sequence[_Row], words: Sequence[Words], block: "_Block | None") -> None:
    """Add to a cell what stands above and below it: the rest of a number, or of the note behind it.

    Within a table of requests no digit is left over: what is nobody's makes the nearest cell of its column unreadable.
    """
    taken = {id(word) for row in rows for word in (*row.words, *row.cells)}
    for word in words:
        if id(word) in taken or not _NOTE.search(word.text):
            continue
        row = min(rows, key=lambda each: abs(each.base - word.base))
        cell = next((cell for cell in row.cells if _overlap(cell, word)), None)
        if cell is not None and (abs(row.base - word.base) <= _NOTE_LINES * word.size or _within(word.base, block)):
            cell.rest.append(word)
        elif cell is None and block is not None and _within(word.base, block) and word.box[2] > block.columns[0][0]:
            row.cells = sorted([*row.cells, word], key=lambda each: each.box[0])


def _give_back(rows: Sequence[_Row], block: "_Block", loose: Sequence[Words]) -> None:
    """Take from labels what stands among the cells: the head of a note is none."""
    left = block.columns[0][0]
    for row in rows:
        if not _within(row.base, block) or all(word.box[2] < left + _APART for word in row.label):
            continue
        row.label = _label(row, [word for word in loose if word.box[2] < left], left)


def _within(base: float, block: "_Block | None") -> bool:
    return block is not None and block.top <= base <= block.bottom


def _text(words: Sequence[Words]) -> str:
    return "".join(word.text for word in words)


Column = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Block:
    """The part of a page that a table of requests fills, and its columns."""

    top: float
    bottom: float
    columns: tuple[Column, ...]


def _block(rows: Sequence[_Row]) -> _Block | None:
    """Return the columns of a table of requests, where the cells of enough rows stand in exactly as many."""
    long = [row for row in rows if len(row.cells) >= _LONG_ROW]
    columns: list[list[float]] = []
    for left, right in sorted((cell.box[0], cell.box[2]) for row in long for cell in row.cells):
        if columns and left <= columns[-1][1] + _APART:
            columns[-1][1] = max(columns[-1][1], right)
        else:
            columns.append([left, right])
    if len(columns) != _COLUMNS or sum(len(row.cells) == _COLUMNS for row in long) < _ENOUGH_ROWS:
        return None
    return _Block(long[0].base, long[-1].base, tuple((left, right) for left, right in columns))


def _table(page: int, row: _Row, block: _Block | None) -> PrintedTable:
    label = PrintedCell(row.text, page, around(word.box for word in row.words) if row.words else row.box)
    cells = [PrintedCell(word.whole, page, word.box) for word in row.cells]
    if block is not None and _within(row.base, block):
        columns = block.columns
        if all(any(_stands_in(cell, column) for column in columns) for cell in cells):
            cells = [_in_column(page, cells, column, row.box) for column in columns]
    return PrintedTable(row.box, [[label, *cells]], on_line=True)


def _stands_in(cell: PrintedCell, column: Column) -> bool:
    return column[0] <= cell.box[0] and cell.box[2] <= column[1]


def _in_column(page: int, cells: Sequence[PrintedCell], column: Column, box: Box) -> PrintedCell:
    empty = PrintedCell("", page, (column[0], box[1], column[1], box[3]))
    return next((cell for cell in cells if _stands_in(cell, column)), empty)
