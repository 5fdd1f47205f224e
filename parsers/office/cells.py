"""The cells of a workbook, whatever its format, and the page they make: headings as lines, tables as grids."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from parsers.characters import clean
from parsers.errors import DocumentError
from parsers.labels import section_of
from parsers.page import Grid, Line, Page, Piece
from parsers.pieces import is_caption, is_prose

Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 1."""
_MOST_CELLS = 200_000
_MOST_PLACES = 60_000
"""Cells of all grids together, empty ones too."""
_MAX_SPAN = 100
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_APART = re.compile(r"(?<=[\d.,，．])[\r\n]+(?=[\d.,，．+-])")
_TELLING = re.compile(r"[㐀-鿿]|20\d\d")
"""What the name of a sheet has that somebody gave it; `Sheet1` would be read as a cell of the table before it."""
_BARE_NUMBER = re.compile(r"[\d.,，．+-]+")


@dataclass(slots=True)
class Sheet:
    """One visible sheet: by row and column the texts of its cells as displayed; merged cells; what is hidden."""

    name: str
    number: int
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def put(self, row: int, column: int, text: str) -> None:
        """Enter what a cell displays, nothing where it displays nothing."""
        if text.strip():
            self.rows.setdefault(row, {})[column] = text

    def seen(self, row: int) -> dict[int, str]:
        """Return the texts of a row by column, without those of hidden columns."""
        texts = self.rows.get(row, {})
        return {column: text for column, text in texts.items() if column not in self.hidden_columns}


def page_of(sheets: Iterable[Sheet]) -> Page:
    """Return a workbook's page: for each sheet a line with its name, where it was given one, then its lines and grids.

    A cell's place is (sheet, row, column). Raises `DocumentError` for more cells than any report has.
    """
    page = Page(blocks=[])
    cells = places = 0
    for count, sheet in enumerate(sheets, 1):
        cells += sum(map(len, sheet.rows.values()))
        _within(cells, _MOST_CELLS, "filled cells")
        if _TELLING.search(sheet.name):
            page.blocks.append(Line(sheet.name, (count,)))
        for rows in _regions(sheet):
            for block in _blocks(sheet, rows):
                places += sum(map(len, block.rows)) if isinstance(block, Grid) else 1
                _within(places, _MOST_PLACES, "cells in its tables")
                page.blocks.append(block)
    return page


def _within(count: int, most: int, name: str) -> None:
    if count > most:
        raise DocumentError(f"the workbook has more than {most:,} {name}, which no report has")


def joined(text: str) -> str:
    """Return a cell's text on one line: the lines of a cut label joined, numbers on two lines kept apart."""
    if "\n" in text or "\r" in text:
        text = _APART.sub(" ", text).replace("\r", "").replace("\n", "")
    return _BLANKS.sub(" ", text).strip(" ")


def _regions(sheet: Sheet) -> Iterator[list[int]]:
    """Yield the rows of each stretch without an empty row in it; hidden rows are passed over."""
    filled = {row for row in sheet.rows if sheet.seen(row)}
    for first, _, last, _ in sheet.merged:
        if first in filled:
            filled.update(range(first, min(last, first + _MAX_SPAN) + 1))
    region: list[int] = []
    for row in sorted(filled - sheet.hidden_rows):
        if region and not all(between in sheet.hidden_rows for between in range(region[-1] + 1, row)):
            yield region
            region = []
        region.append(row)
    if region:
        yield region


def _blocks(sheet: Sheet, rows: list[int]) -> Iterator[Line | Grid]:
    """Yield the blocks of a region: a row of one text is a line where it stands for itself, all else is a grid."""
    tall = {row for first, _, last, _ in sheet.merged if last > first for row in rows if first <= row <= last}
    alone = {row: lone for row in rows if row not in tall and (lone := _lone_text(sheet, row)) is not None}
    tabled = [row for row in rows if row not in alone] or [0]
    gathered: list[int] = []
    for row in rows:
        lone = alone.get(row)
        if lone is None or (tabled[0] < row < tabled[-1] and not _stands_alone(lone.text)):
            gathered.append(row)
            continue
        if gathered:
            yield _grid(sheet, gathered)
            gathered = []
        yield lone
    if gathered:
        yield _grid(sheet, gathered)


def _lone_text(sheet: Sheet, row: int) -> Line | None:
    """Return the only text of a row as a line, None where the row has several, or a number."""
    found = sheet.seen(row)
    if len(found) != 1:
        return None
    ((column, text),) = found.items()
    return None if _BARE_NUMBER.fullmatch(text.strip()) else Line(joined(text), (sheet.number, row, column))


def _stands_alone(text: str) -> bool:
    plain = clean(text)
    return section_of(plain) is not None or is_caption(plain) or is_prose(plain)


def _grid(sheet: Sheet, rows: list[int]) -> Grid:
    """Return rows as a grid, from their first filled column to their last; merged cells span."""
    merged = [each for each in sheet.merged if each[0] <= rows[-1] and each[2] >= rows[0]]
    filled = {column for row in rows for column in sheet.seen(row)}
    reach = max(filled) + _MAX_SPAN
    filled |= {min(side, reach) for _, left, _, right in merged for side in (left, right)}
    columns = [column for column in range(min(filled), max(filled) + 1) if column not in sheet.hidden_columns]
    pieces = {
        (row, c): Piece(joined(sheet.seen(row).get(c, "")), (sheet.number, row, c)) for row in rows for c in columns
    }
    for spanned in merged:
        _merge(sheet, spanned, pieces, rows, columns)
    return Grid([[pieces[row, c] for c in columns if (row, c) in pieces] for row in rows])


def _merge(
    sheet: Sheet, spanned: Range, pieces: dict[tuple[int, int], Piece], rows: list[int], columns: list[int]
) -> None:
    """Leave of merged cells the first that is seen, with the text of the first of all and their spans."""
    first, left, last, right = spanned
    across = [column for column in columns if left <= column <= right]
    down = [row for row in rows if first <= row <= last]
    covered = [pieces.pop((row, column), None) for row in down for column in across]
    if not covered or covered[0] is None:
        return
    text = joined(sheet.rows.get(first, {}).get(left, ""))
    pieces[down[0], across[0]] = Piece(
        text, covered[0].place, columns=min(len(across), _MAX_SPAN), rows=min(len(down), _MAX_SPAN)
    )
