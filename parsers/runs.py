"""Blocks to runs: some text and the cells that follow it, in reading order.

Tables of every layout become runs here: a row of markup gives one, as do a label and the numbers on the lines below it,
so that everything after works on runs alone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from parsers.labels import is_row_label, key, section_of
from parsers.page import Grid, Kind, Line, Page, Piece
from parsers.pieces import (
    CELL_KINDS,
    Shape,
    is_caption,
    is_prose,
    shape_of,
    split_at_blanks,
    split_at_pipes,
    split_at_tabs,
)

_TEXT = Kind.TEXT
_STANDING = (*CELL_KINDS, Kind.EMPTY)


class Run:
    """Texts, and the cells that follow the last of them.

    `closed` says that the row's borders are known (markup, pipes, tabs, or words on one line), `marked` that its empty
    cells show; `row` holds all pieces of such a row. `block` and `last_block` are the indexes of the page's blocks that
    it was read from. `is_break` marks a heading of a section or a sentence, which no table goes across. `segment` is
    the key of all texts together, so that a label cut over lines is whole again.
    """

    __slots__ = ("block", "closed", "is_break", "last_block", "marked", "row", "segment", "texts", "values")

    def __init__(
        self,
        texts: list[Piece],
        values: list[Piece],
        block: int,
        last_block: int,
        *,
        closed: bool = False,
        marked: bool = False,
        is_break: bool = False,
        row: Sequence[Piece] = (),
    ) -> None:
        self.texts = texts
        self.values = values
        self.block = block
        self.last_block = last_block
        self.closed = closed
        self.marked = marked
        self.is_break = is_break
        self.row = row
        self.segment = key(texts[0].text) if len(texts) == 1 else key("".join([piece.text for piece in texts]))


def runs_of(page: Page, start: int, end: int, without: Collection[int] = ()) -> list[Run]:
    """Read the blocks of a page from `start` to before `end` as runs, those `without` left aside."""
    gatherer = _Gatherer()
    for index in range(start, end):
        if index in without:
            gatherer.close()
            continue
        block = page.blocks[index]
        gatherer.block = index
        if isinstance(block, Line):
            gatherer.line(block)
        else:
            gatherer.grid(block)
    gatherer.close()
    return gatherer.runs


@dataclass(slots=True)
class _Gatherer:
    """Gathers the run that is being read: `_texts`, then `_values`, from block `_start` on."""

    runs: list[Run] = field(default_factory=list)
    block: int = 0
    _texts: list[Piece] = field(default_factory=list)
    _values: list[Piece] = field(default_factory=list)
    _start: int = 0
    _separators: int = 0
    _marked: bool = False

    def close(self) -> None:
        """End the run being gathered."""
        if self._texts or self._values:
            while self._values and self._values[-1].kind is Kind.GAP:
                self._values.pop()
            self.runs.append(Run(self._texts, self._values, self._start, self.block, marked=self._marked))
            self._texts, self._values = [], []
        self._separators, self._marked = 0, False

    def grid(self, grid: Grid) -> None:
        """Read a table of markup, row by row."""
        for row in grid.rows:
            if row:
                self._row(row)

    def line(self, line: Line) -> None:
        """Read a line: a row, or one piece of a row that goes on over lines."""
        shape, text, kind = shape_of(line.clean)
        if shape is Shape.GAP:
            if self._texts or self._values:
                self._values.append(Piece(line.text, line.place, "", Kind.GAP))
        elif shape is Shape.SINGLE:
            self._open(Piece(line.text.strip(), line.place, text, kind))
        elif shape is Shape.ROW:
            self._words(split_at_blanks(line.text, text, line.place))
        elif shape is Shape.TABBED:
            self._row(split_at_tabs(line.text, text, line.place))
        else:
            self._piped(split_at_pipes(line.text, text, line.place))

    def _row(self, pieces: list[Piece], *, marked: bool = True) -> None:
        """Take a row whose borders are known: the texts before its cells, then the cells.

        Where the label stands behind the cells, whose they are is open.
        """
        start = _first_cell(pieces)
        texts = [piece for piece in pieces[:start] if piece.kind is _TEXT]
        before = [piece for piece in pieces[:start] if piece.kind in CELL_KINDS]
        if start == len(pieces) and len(before) > 1:
            pieces = [*pieces, *(replace(piece, kind=Kind.ODD) for piece in before)]
        elif start == len(pieces):
            for piece in texts:
                self._open(piece)
            return
        if self._values:
            self.close()
        first = self._start if self._texts else self.block
        values = _as_cells(pieces[start:])
        self.runs.append(Run(self._texts + texts, values, first, self.block, closed=True, marked=marked, row=pieces))
        self._texts = []

    def _words(self, pieces: list[Piece]) -> None:
        """Take words and cells on one line: a row, or the cells of a row whose label stands above."""
        if pieces[0].kind in CELL_KINDS:
            for piece in pieces:
                self._open(piece)
        else:
            self._row(pieces, marked=False)

    def _piped(self, pieces: list[Piece]) -> None:
        """Take pieces between pipes: a row, or one cell of a row that goes on over lines."""
        if sum(piece.kind is not Kind.EMPTY for piece in pieces) >= 2:
            self._row(pieces[1:] if pieces[0].kind is Kind.EMPTY else pieces)
            return
        for index, piece in enumerate(pieces):
            self._separators += index > 0
            if piece.kind is not Kind.EMPTY:
                self._open(piece)

    def _open(self, piece: Piece) -> None:
        """Take a piece whose row is not known."""
        kind = piece.kind
        if kind is _TEXT:
            self._open_text(piece)
        elif kind is Kind.DEBRIS:
            if self._texts and not self._values:
                self._texts.append(piece)
        elif kind is not Kind.FURNITURE:
            if not self._texts and not self._values:
                self._start = self.block
            elif self._separators > 1:
                self._marked = True
                self._values += [Piece("", piece.place)] * (self._separators - 1)
            self._values.append(piece)
            self._separators = 0

    def _open_text(self, piece: Piece) -> None:
        """Take a text: after cells it begins a new run; a heading or a sentence is a run of its own."""
        self._separators = 0
        if is_prose(piece.text) or section_of(piece.text) is not None:
            self.close()
            self.runs.append(Run([piece], [], self.block, self.block, is_break=True))
            return
        if any(value.kind is not Kind.GAP for value in self._values) or is_caption(piece.text):
            self.close()
        self._values.clear()
        if not self._texts:
            self._start = self.block
        self._texts.append(piece)


def _first_cell(pieces: list[Piece]) -> int:
    """Return the index of the first cell of a row: the one after its label, where that is one of the forms' rows.

    Else the one after the last text before any number or mark; the row's length where it holds texts alone.
    """
    label = stop = None
    for index, piece in enumerate(pieces):
        kind = piece.kind
        if kind is _TEXT:
            if is_row_label(piece.text):
                label = index
        elif stop is None and kind in CELL_KINDS:
            stop = index
    if label is not None:
        return label + 1
    if stop is None:
        stop = len(pieces)
    while stop and pieces[stop - 1].kind is not _TEXT:
        stop -= 1
    return stop


def _as_cells(pieces: list[Piece]) -> list[Piece]:
    """Return pieces as cells: what is no number, mark or blank there is something that cannot be read."""
    for piece in pieces:
        if piece.kind not in _STANDING:
            piece.kind = Kind.ODD
    return pieces
