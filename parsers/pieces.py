"""Blocks to pieces to runs: what can be read as a label, a number, a blank or neither, in reading order.

A `Run` is some text and the cells that follow it. Tables of every layout become runs here: a spanned row gives one, as do a
label and the numbers on the lines below it, so that everything after works on runs alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

from parsers.characters import width
from parsers.labels import is_row_label, key, section_of
from parsers.page import Grid, Line, Page, Place
from parsers.values import is_mark, read_number


class Kind(Enum):
    """What a piece is.

    GAP is an empty line, EMPTY an empty cell between separators or in markup, FURNITURE a page number, DEBRIS the end of
    a label that a line's end cut off (a lone bracket or comma, half an annotation), ODD anything else.
    """

    TEXT = "text"
    NUMBER = "number"
    MARK = "mark"
    EMPTY = "empty"
    GAP = "gap"
    ODD = "odd"
    DEBRIS = "debris"
    FURNITURE = "furniture"


@dataclass(slots=True)
class Piece:
    """One cell, or one word group of a line: its kind, cleaned text, untouched text and place."""

    kind: Kind
    text: str
    raw: str
    place: Place


@dataclass(slots=True)
class Run:
    """Texts, and the cells that follow the last of them.

    `closed` says that the row's borders are known (markup, pipes, tabs, or words on one line), `marked` that its empty
    cells are, `first` is the index in its row of the first cell and `cells` the row's number of cells (closed rows).
    `block` and `last_block` are the indexes of the page's blocks that it was read from.
    """

    texts: list[Piece]
    values: list[Piece]
    block: int
    last_block: int
    closed: bool = False
    marked: bool = False
    first: int = 0
    cells: int = 0
    is_break: bool = False


_FURNITURE = re.compile(
    r"[-—–―一]\s?\d{1,3}\s?[-—–―一]|第?\s?\d{1,3}\s?页(?:[,，/]?\s?共\s?\d{1,3}\s?页)?|\d{1,3}\s?/\s?\d{1,3}"
)
_NUMBERING = re.compile(r"\(?\d{1,2}[.、)](?!\d)")
_DEBRIS = re.compile(r"[()、。,.;:“”‘’《》\"]{1,3}|[^\W\d_]{0,6}(?:[()]{1,2}[^\W\d_]{0,6}){1,4}")
_HAN = re.compile(r"[㐀-鿿]")
_PIPE = re.compile(r"[|｜│┃]")
_SENTENCE = re.compile(r"[。;；]|[,，].*[,，].*[,，]")
_CAPTION = re.compile(r"20\d\d\s*年|上年度|去年|同期")
_LONGEST_CAPTION = 30
_LONG_LABEL = 48
_LONG_WORD = 12


@lru_cache(maxsize=65_536)
def kind_of(text: str) -> Kind:
    """Tell what a cleaned text is when it stands alone in a cell or on a line."""
    if not text.strip():
        return Kind.EMPTY
    if read_number(text) is not None:
        return Kind.NUMBER
    if is_mark(text):
        return Kind.MARK
    plain = width(text)
    if _FURNITURE.fullmatch(plain):
        return Kind.FURNITURE
    if _HAN.search(plain) or _NUMBERING.fullmatch(plain):
        return Kind.TEXT
    if _DEBRIS.fullmatch(plain):
        return Kind.DEBRIS
    return Kind.ODD


@lru_cache(maxsize=16_384)
def is_prose(text: str) -> bool:
    """Say whether a cleaned text is a sentence rather than a label, whatever explanation a label carries."""
    if len(text) > 60 and _SENTENCE.search(text) is not None:
        return True
    return len(key(text)) > _LONG_LABEL and max(map(len, text.split())) > _LONG_WORD


@lru_cache(maxsize=16_384)
def is_caption(text: str) -> bool:
    """Say whether a cleaned text can be the caption that tells a year's table from another's."""
    return len(text) <= _LONGEST_CAPTION and _CAPTION.search(width(text)) is not None and "项目数量" not in text


def runs_of(page: Page, start: int = 0, end: int | None = None) -> list[Run]:
    """Read the blocks of a page (or those from `start` to before `end`) as runs."""
    gatherer = _Gatherer()
    for index in range(start, len(page.blocks) if end is None else end):
        block = page.blocks[index]
        gatherer.block = index
        if isinstance(block, Grid):
            gatherer.grid(block)
        else:
            gatherer.line(block)
    gatherer.close()
    return gatherer.runs


@dataclass
class _Gatherer:
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
        self._texts, self._values, self._separators, self._marked = [], [], 0, False

    def grid(self, grid: Grid) -> None:
        for row in grid.rows:
            if row:
                self._row([Piece(kind_of(cell.clean), cell.clean, cell.text, cell.place) for cell in row])

    def line(self, line: Line) -> None:
        text = line.clean
        if not text.strip():
            self._open(Piece(Kind.GAP, "", line.text, line.place))
        elif _PIPE.search(text):
            self._piped(line, text)
        elif "\t" in text.strip():
            self._row(_split(line, text, re.compile(r"\t")))
        else:
            self._words(line, text)

    def _row(self, pieces: list[Piece]) -> None:
        """Take a row whose borders are known: the texts before its cells, then the cells."""
        pieces = [piece for piece in pieces if piece.kind is not Kind.FURNITURE]
        start = _first_cell(pieces)
        texts = [piece for piece in pieces[:start] if piece.kind is Kind.TEXT]
        if texts and self._values:
            self.close()
        if start == len(pieces):
            for piece in texts:
                self._open(piece)
            return
        values = [_as_cell(piece) for piece in pieces[start:]]
        if self._values:
            self.close()
        first = self._start if self._texts else self.block
        self.runs.append(Run(self._texts + texts, values, first, self.block, True, True, start, len(pieces)))
        self._texts = []

    def _piped(self, line: Line, text: str) -> None:
        pieces = _split(line, text, _PIPE)
        filled = [piece for piece in pieces if piece.kind is not Kind.EMPTY]
        if len(filled) >= 2:
            self._row(pieces[1:] if pieces[0].kind is Kind.EMPTY else pieces)
            return
        for index, piece in enumerate(pieces):
            if index:
                self._separators += 1
            if piece.kind is not Kind.EMPTY:
                self._open(piece)

    def _words(self, line: Line, text: str) -> None:
        stripped = text.strip()
        words = stripped.split()
        if len(words) > 1 and kind_of(stripped) is Kind.TEXT or kind_of(stripped) is Kind.ODD and len(words) > 1:
            kinds = [kind_of(word) for word in words]
            start = next((i for i, kind in enumerate(kinds) if kind in (Kind.NUMBER, Kind.MARK)), len(kinds))
            if start < len(kinds) and all(kind in (Kind.NUMBER, Kind.MARK) for kind in kinds[start:]):
                self._word_row(line, words, kinds, start)
                return
        self._open(Piece(kind_of(stripped), stripped, line.text.strip(), line.place))

    def _word_row(self, line: Line, words: list[str], kinds: list[Kind], start: int) -> None:
        raws = line.text.split()
        if len(raws) != len(words):
            raws = words
        pieces = [Piece(*each, line.place) for each in zip(kinds, words, raws, strict=True)]
        if start:
            if self._values:
                self.close()
            first = self._start if self._texts else self.block
            texts = self._texts + [piece for piece in pieces[:start] if piece.kind is Kind.TEXT]
            self.runs.append(Run(texts, pieces[start:], first, self.block, True, False, start, len(pieces)))
            self._texts = []
        else:
            for piece in pieces:
                self._open(piece)

    def _open(self, piece: Piece) -> None:
        """Take a piece whose row is not known: a text after cells begins a new run."""
        if piece.kind is Kind.FURNITURE:
            return
        if piece.kind is Kind.DEBRIS:
            if self._texts and not self._values:
                self._texts.append(piece)
            return
        if not self._texts and not self._values:
            self._start = self.block
        if piece.kind is Kind.TEXT:
            if is_prose(piece.text) or section_of(piece.text) is not None:
                self.close()
                self.runs.append(Run([piece], [], self.block, self.block, is_break=True))
                return
            if all(value.kind is Kind.GAP for value in self._values):
                self._values.clear()
            else:
                self.close()
            if is_caption(piece.text):
                self.close()
            if not self._texts:
                self._start = self.block
            self._texts.append(piece)
        elif piece.kind is not Kind.GAP or self._values or self._texts:
            empties = max(self._separators - 1, 0) if piece.kind is not Kind.GAP else 0
            if empties and (self._texts or self._values):
                self._marked = True
                self._values += [Piece(Kind.EMPTY, "", "", piece.place)] * empties
            self._values.append(piece)
        if piece.kind is not Kind.GAP:
            self._separators = 0


def _split(line: Line, text: str, separator: re.Pattern[str]) -> list[Piece]:
    parts = separator.split(text)
    raws = separator.split(line.text)
    if len(raws) != len(parts):
        raws = parts
    return [Piece(kind_of(part), part.strip(), raw.strip(), line.place) for part, raw in zip(parts, raws, strict=True)]


_CELLS = (Kind.NUMBER, Kind.MARK)


def _first_cell(pieces: list[Piece]) -> int:
    """Return the index of the first cell of a row: the one after its label, where that is one of the forms' rows.

    Else the one after the last text before any number or mark.
    """
    labelled = [index for index, piece in enumerate(pieces) if piece.kind is Kind.TEXT and is_row_label(piece.text)]
    if labelled:
        return labelled[-1] + 1
    stop = next((index for index, piece in enumerate(pieces) if piece.kind in _CELLS), None)
    if stop is None:
        stop = len(pieces)
        while stop and pieces[stop - 1].kind is not Kind.TEXT:
            stop -= 1
        return stop
    while stop and pieces[stop - 1].kind is not Kind.TEXT:
        stop -= 1
    return stop


def _as_cell(piece: Piece) -> Piece:
    is_cell = piece.kind in (*_CELLS, Kind.EMPTY)
    return piece if is_cell else Piece(Kind.ODD, piece.text, piece.raw, piece.place)


def texts_of(run: Run) -> Iterator[str]:
    """Iterate over the cleaned texts of a run."""
    return (piece.text for piece in run.texts)
