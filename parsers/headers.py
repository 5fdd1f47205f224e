"""Headings of columns: which of several sets of columns is the report's own, which rows an appeals run fills."""

import re
from dataclasses import dataclass

from parsers.labels import labels_of
from parsers.matching import AnchoredRow, Instance, segment_of
from parsers.page import Grid, GridCell, expand
from parsers.pieces import Piece

_YEAR = re.compile(r"(20\d\d)\s*年?度?")
_LAST_YEAR = re.compile(r"上年|上一年|去年|同期")


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """Where the report's own columns stand among a row's cells: `order` gives for each column of the form its index."""

    order: tuple[int, ...]
    cells: int

    def pick(self, values: list[Piece]) -> list[Piece] | None:
        """Return the report's own cells of a row, in the form's order; None where the row has too few."""
        if len(values) < self.cells:
            return None
        own = values[-self.cells :] if len(values) > self.cells else values
        return [own[index] for index in self.order]


def own_columns(grid: Grid, head_rows: int, codes: tuple[str, ...], year: int | None) -> ColumnSet | None:
    """Find the columns of a requests grid from its heading rows, None where they stand in the form's order.

    Where a year's columns stand beside another's, those whose heading names the report year are its own; without such a
    heading the set is empty and nothing is read.
    """
    matrix = expand(Grid(grid.rows[:head_rows]))
    if not matrix:
        return None
    found: list[tuple[int, str]] = []
    for column in range(max(len(row) for row in matrix)):
        code = _column_code(matrix, column)
        if code and not (found and found[-1][1] == code and code != "other"):
            found.append((column, code))
    names = [code for _, code in found]
    if tuple(names) == codes or sorted(names) != sorted(codes * (len(names) // len(codes))) or not names:
        return None
    sets = [found[start : start + len(codes)] for start in range(0, len(found), len(codes))]
    own = sets if len(sets) == 1 else [s for s in sets if _heads_year(matrix, s[0][0], year)]
    if len(own) != 1:
        return ColumnSet((), len(found))
    places = [found.index(pair) for pair in own[0]]
    by_code = {code: place for place, (_, code) in zip(places, own[0], strict=True)}
    return ColumnSet(tuple(by_code[code] for code in codes), len(found)) if len(by_code) == len(codes) else None


def _column_code(matrix: list[list[GridCell | None]], column: int) -> str | None:
    columns = labels_of("requests").columns
    for row in reversed(matrix):
        cell = row[column] if column < len(row) else None
        if cell is not None and cell.clean:
            code = columns.get(_key(cell.clean))
            if code:
                return code
    return None


def _key(text: str) -> str:
    from parsers.labels import key

    return key(text)


def _heads_year(matrix: list[list[GridCell | None]], column: int, year: int | None) -> bool:
    texts = [cell.clean for row in matrix if column < len(row) and (cell := row[column]) is not None]
    years = {int(found) for text in texts for found in _YEAR.findall(text)}
    return year in years if years else any("本年" in text for text in texts) and not any(map(_LAST_YEAR.search, texts))


_APPEALS = ("reconsideration", "direct_suit", "later_suit")
_APPEALS_LABELS = {"reconsideration": "行政复议", "direct_suit": "未经复议直接起诉", "later_suit": "复议后起诉"}


def columns_of(row: AnchoredRow, instance: Instance, waiting: list[str], width: int) -> list[str]:
    """Return which rows of the appeals table a run of cells fills: those its own headings name, else all still waiting."""
    segment = segment_of(row.run)
    named = [code for code in waiting if _names(segment, code)]
    if named and len(row.filled) <= width * len(named):
        return named
    if not named and not row.run.texts:
        named = [code for code in waiting if any(_names(segment_of(head), code) for head in instance.heads)]
    return named or waiting


def _names(segment: str, code: str) -> bool:
    label = _APPEALS_LABELS[code]
    if code == "reconsideration":
        segment = segment.replace("未经复议", "").replace("行政复议行政诉讼情况", "")
    return label in segment
