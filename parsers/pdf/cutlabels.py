"""Rows of tables without rules whose labels went on where their numbers did not: whose the numbers are is open.

Such numbers are left in one text, so that no cell can be read of them, and so are the empty cells beside a label's end.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.characters import clean
from parsers.labels import key, section_of
from parsers.pdf.glyphs import TextLine
from parsers.pdf.layout import PrintedPage
from parsers.pdf.rows import GROUPS
from parsers.pdf.ruled import PrintedCell, PrintedTable
from parsers.pdf.words import is_label, words_of
from parsers.pieces import is_caption

_LONGEST = 40
_UNITS = re.compile(r"[^\W\d]+")
_DOUBLED = re.compile(r"\d\S*\s+\S*\d")

Row = list[PrintedCell]


def refuse_cut_labels(pages: Sequence[PrintedPage]) -> None:
    """Make the cells unreadable of each row whose label is cut, and the empty ones of the label's end behind it."""
    last: Row | None = None
    rest: list[tuple[PrintedPage, TextLine]] = []
    for page in pages:
        for block in list(page.blocks):
            if isinstance(block, TextLine):
                if _is_end(block):
                    rest = [] if _joined(last, rest) else rest
                    last = None
                rest = [*rest, (page, block)] if last else []
            else:
                _joined(last, rest)
                rest = []
                last = _through(block, last)
                _refuse_doubled(block)
    _joined(last, rest)


def _is_end(line: TextLine) -> bool:
    """Say whether a line is no label's: a heading, a sentence, numbers."""
    text = clean(line.text)
    if text.startswith("第二十") or text[2:4] in ("内容", "內容"):
        return True
    is_text = len(text) > _LONGEST or text.endswith("。") or is_caption(text) or section_of(text) is not None
    return is_text or all(word.is_cell for word in words_of(line))


def _joined(row: Row | None, rest: Sequence[tuple[PrintedPage, TextLine]]) -> bool:
    """Give a row's label the lines behind it where they are more of it than the row has; its numbers are refused."""
    if row is None or not rest:
        return False
    at = _label(row)
    text = "".join(line.text for _, line in rest)
    if len(key(clean(text))) <= len(key(clean(row[at].text))) or key(clean(text)) in GROUPS:
        return False
    _refuse(row, at + 1, _numbers(row, at))
    row[at] = replace(row[at], text=row[at].text + text)
    for page, line in rest:
        page.blocks = [block for block in page.blocks if block is not line]
    return True


def _through(table: PrintedTable, last: Row | None) -> Row | None:
    """Refuse empty rows behind a cut label; return the table's last row if its own label is cut."""
    if not table.is_open and len(table.rows) > 1:
        return None
    for row in table.rows:
        at = _label(row)
        has_cells = at >= 0 and len(row) > at + 1
        is_empty = has_cells and not any(cell.text for cell in row[at + 1 :])
        if is_empty and last is not None and not is_label(row[at].text):
            _refuse(row, at + 1, _numbers(last, _label(last)))
        elif any(cell.text for cell in row[at + 1 :]):
            last = row if has_cells and not is_label(row[at].text) else None
    return last


def _refuse_doubled(table: PrintedTable) -> None:
    """Refuse each row of a cell with two numbers beside an empty one: the border between them was not found."""
    for row in table.rows if table.is_open else ():
        at = _label(row, least=2)
        beside = [*pairwise(row[at + 1 :]), *pairwise(row[:at:-1])]
        if any(not one.text and _DOUBLED.search(clean(other.text)) for one, other in beside):
            _refuse(row, at + 1, _numbers(row, at))


def _label(row: Row, least: int = 1) -> int:
    """Return the index of a row's last text of so many signs beside digits, -1 where it has none."""
    signs = [len(key(clean(cell.text)).strip("0123456789")) for cell in row]
    return max((index for index, count in enumerate(signs) if count >= least), default=-1)


def _numbers(row: Row, at: int) -> str:
    """Return the numbers behind a label as one text, without the units that would make it a label, and no number."""
    return " ".join(f"{_UNITS.sub('', cell.text).strip() or cell.text};" for cell in row[at + 1 :] if cell.text)


def _refuse(row: Row, start: int, text: str) -> None:
    """Leave one text: of as many cells as a row has, sums could name the numbers."""
    row[start:] = [replace(row[start], text=text)]
