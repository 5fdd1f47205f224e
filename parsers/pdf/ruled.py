"""Ruled tables of a page: which glyphs stand in which cell, and the cells as the rows of a grid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.characters import clean
from parsers.labels import is_row_label, key, section_of
from parsers.pdf.glyphs import Box, Glyph, TextLine, around, goes_on, lines_of
from parsers.pdf.rules import Cell, RuledTable, split_at

_ROW_COLUMNS = 4
_ENOUGH_LABELS = 2
_ONCE = frozenset({"行政复议", "行政诉讼", "未经复议直接起诉", "复议后起诉"})
"""Headings that stand once in a table of appeals, which has no labels of rows."""
_PADDING = 2.5
_NEARLY_ALL = 0.7
_PROSE_LINES = 3
_BETWEEN_RULES = 4.0
"""Points; no line of print has room in a lower cell: it is what lies between the two lines of a double rule."""


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell as printed: its text, the number of its page, its box there, its spans."""

    text: str
    page: int
    box: Box
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class PrintedTable:
    """A table as printed: its box and its rows, each of the cells that begin there.

    Of an `is_open` one the columns were found by what stands in them; one `on_line` is a row told by its line alone.
    """

    box: Box
    rows: list[list[PrintedCell]]
    is_open: bool = False
    on_line: bool = False


def printed_tables(
    page: int, tables: Sequence[RuledTable], glyphs: Iterable[Glyph]
) -> tuple[list[PrintedTable], list[Glyph]]:
    """Put glyphs in the cells of a page's tables; return the tables, and the glyphs that stand in none.

    What has one row or one column is a frame around text, and so is a cell as wide as its table that holds more than a
    heading: their glyphs are given back, and the table is cut there. Of tables one in another the inner takes a glyph.
    """
    real = [table for table in tables if _is_table(table)]
    held, outside = _held(real, glyphs)
    divided = [part for table in real for part in _divided(table, held[id(table)])]
    if len(divided) > len(real):
        real = divided
        held, outside = _held(real, glyphs)
    printed: list[PrintedTable] = []
    for table in real:
        printed += _printed(page, table, held[id(table)], outside)
    return printed, outside


def _is_table(table: RuledTable) -> bool:
    rows, columns = len(table.tops) - 1, len(table.lefts) - 1
    return (rows > 1 and columns > 1) or columns >= _ROW_COLUMNS


Held = dict[int, list[Glyph]]
"""The glyphs of each cell, by its index."""


def _held(tables: Sequence[RuledTable], glyphs: Iterable[Glyph]) -> tuple[dict[int, Held], list[Glyph]]:
    """Return for each table, by its identity, what its cells hold, and the glyphs that stand in no table."""
    inner_first = sorted(tables, key=lambda table: _area(table.box))
    held: dict[int, Held] = {id(table): {} for table in tables}
    outside: list[Glyph] = []
    for run in _runs(glyphs):
        for table in inner_first:
            cell = _cell_of(run, table)
            if cell is not None:
                held[id(table)].setdefault(cell, []).extend(run)
                break
        else:
            outside += run
    return held, outside


def _runs(glyphs: Iterable[Glyph]) -> list[list[Glyph]]:
    """Group the digits that follow each other without a gap: a number wider than its cell is one number."""
    runs: list[list[Glyph]] = []
    for glyph in glyphs:
        last = runs[-1][-1] if runs else None
        if last is None or not goes_on(last, glyph):
            runs.append([])
        runs[-1].append(glyph)
    return runs


def _cell_of(run: Sequence[Glyph], table: RuledTable) -> int | None:
    """Return the cell of a run: of those that it reaches into the one at whose side or in whose middle it was set."""
    cells = {cell for glyph in run if (cell := table.cell_at(glyph.x, glyph.y)) is not None}
    if len(cells) < 2:
        return next(iter(cells), None)
    start, end = run[0].x0, run[-1].x1

    def misfit(cell: int) -> float:
        left, _, right, _ = table.cells[cell].box
        return min(abs(start - left), abs(end - right), abs(start + end - left - right) / 2)

    return min(sorted(cells), key=misfit)


def _divided(table: RuledTable, held: Held) -> list[RuledTable]:
    """Divide what is two tables side by side, told by labels of rows that stand in it twice."""
    texts = {index: cell_text(lines_of(glyphs), table.cells[index].box) for index, glyphs in held.items()}
    plain = clean("\n".join(texts.values())).split("\n")
    labels: dict[str, list[int]] = {}
    for index, text in zip(texts, plain, strict=False):
        if is_row_label(text) or key(text) in _ONCE:
            labels.setdefault(key(text), []).append(table.cells[index].column)
    twice = [(min(columns), max(columns)) for columns in labels.values() if len(columns) > 1]
    starts = [last - first for first, last in twice if last > first]  # where the second begins, its groups among it
    if len(starts) < _ENOUGH_LABELS:
        return [table]
    ends = {cell.column + cell.columns for cell in table.cells}
    border = max((end for end in ends if end <= min(starts)), default=0)
    return split_at(table, table.lefts[border]) if border else [table]


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _printed(page: int, table: RuledTable, held: Held, outside: list[Glyph]) -> list[PrintedTable]:
    """Return a table as printed, in parts where text stands between its rows; that text goes to `outside`."""
    rows: list[list[PrintedCell]] = [[] for _ in table.tops[1:]]
    texts: list[float] = []
    for index, cell in enumerate(table.cells):
        lines = lines_of(held.get(index, ()))
        if not lines and cell.box[3] - cell.box[1] < _BETWEEN_RULES:
            continue
        if _is_text(cell, lines, table.box):
            outside += held[index]
            texts += [line.box[1] for line in lines]
        elif lines or cell.is_whole:
            rows[cell.row].append(PrintedCell(cell_text(lines, cell.box), page, cell.box, cell.columns, cell.rows))
    parts: dict[int, list[list[PrintedCell]]] = {}
    for top, row in zip(table.tops, rows, strict=False):
        parts.setdefault(sum(text < top for text in texts), []).append(row)
    return [
        PrintedTable(around(cell.box for row in part for cell in row), part, table.is_open)
        for part in parts.values()
        if any(cell.text for row in part for cell in row)
    ]


def _is_text(cell: Cell, lines: Sequence[TextLine], box: Box) -> bool:
    """Say whether a cell is a frame around part of the document: nearly as wide as its table, and prose in it."""
    wide = cell.box[2] - cell.box[0] >= _NEARLY_ALL * (box[2] - box[0])
    return wide and bool(lines) and (len(lines) >= _PROSE_LINES or any(section_of(clean(line.text)) for line in lines))


def cell_text(lines: Sequence[TextLine], box: Box) -> str:
    """Return the text of a cell's lines, joined as they were written before the cell's width cut them.

    Lines that end and begin with a letter or a digit are of one word only where the first fills the cell: two numbers
    in one cell stay two.
    """
    words = [line.text.strip() for line in lines[:1]]
    for above, below in pairwise(lines):
        text = below.text.strip()
        is_cut = not (_is_narrow(words[-1][-1:]) and _is_narrow(text[:1])) or _is_full(above, below, box)
        words.append(text if is_cut else f" {text}")
    return "".join(words)


def _is_narrow(sign: str) -> bool:
    """Say whether a sign is a letter or digit of which words and numbers are made, a digit of full width too."""
    return sign.isascii() or sign.isdecimal()


def _is_full(above: TextLine, below: TextLine, box: Box) -> bool:
    """Say whether the next line's first glyph had no room at the end of the line above.

    Digits of full width are cut anywhere, as Han characters are: two lines of them are one number in any cell whose
    room they all but fill.
    """
    first = next(glyph for glyph in below.glyphs if glyph.text.strip())
    last = above.glyphs[-1]
    spare = first.size / 2 if _is_wide(last.text) and _is_wide(first.text) else 0.0
    used = above.box[2] - above.box[0]
    return used + (first.x1 - first.x0) > box[2] - box[0] - 2 * _PADDING - spare


def _is_wide(sign: str) -> bool:
    return sign.isdecimal() and not sign.isascii()
