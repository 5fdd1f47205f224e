"""Headings of columns: which of several sets of columns is the report's own, which rows an appeals run fills."""

import re
from dataclasses import dataclass

from parsers.labels import key, labels_of
from parsers.page import Grid, Piece, expand

_YEAR = re.compile(r"(20\d\d)\s*年?度?")
_LAST_YEAR = re.compile(r"上年|上一年|去年|同期")


@dataclass(frozen=True, slots=True)
class ColumnSet:
    """Where the report's own columns stand among a row's cells, for tables that print others beside them.

    `order` gives for each column of the form its index among the row's `cells`; it is empty where the columns of
    several years stand side by side and none says that it is the report's.
    """

    order: tuple[int, ...]
    cells: int

    def pick(self, values: list[Piece]) -> list[Piece] | None:
        """Return the report's own cells of a row in the form's order, None where the row is not of this shape."""
        return [values[index] for index in self.order] if self.order and len(values) == self.cells else None


def own_columns(grid: Grid, head_rows: int, codes: tuple[str, ...], year: int | None) -> ColumnSet | None:
    """Find the columns of a requests grid from its heading rows; None where they are the form's own order."""
    matrix = expand(Grid(grid.rows[:head_rows]))
    found = _headed_columns(matrix)
    names = [code for _, code in found]
    if len(names) < len(codes) or tuple(names) == codes or sorted(names) != sorted(codes * (len(names) // len(codes))):
        return None
    sets = [found[start : start + len(codes)] for start in range(0, len(found), len(codes))]
    own = sets if len(sets) == 1 else [columns for columns in sets if _heads_year(matrix, columns[0][0], year)]
    if len(own) != 1 or sorted(code for _, code in own[0]) != sorted(codes):
        return ColumnSet((), len(found))
    place = {code: found.index((column, code)) for column, code in own[0]}
    return ColumnSet(tuple(place[code] for code in codes), len(found))


def _headed_columns(matrix: list[list[Piece | None]]) -> list[tuple[int, str]]:
    """Return (column, code) for each heading of a column, from left to right; a spanning cell counts once."""
    columns = labels_of("requests").columns
    found: list[tuple[int, str]] = []
    last: Piece | None = None
    for column in range(max(map(len, matrix), default=0)):
        cells = [cell for row in reversed(matrix) if column < len(row) and (cell := row[column]) is not None]
        headed = next((cell for cell in cells if key(cell.text) in columns), None)
        if headed is not None and headed is not last:
            found.append((column, columns[key(headed.text)]))
        last = headed
    return found


def _heads_year(matrix: list[list[Piece | None]], column: int, year: int | None) -> bool:
    texts = [cell.text for row in matrix if column < len(row) and (cell := row[column]) is not None]
    years = {int(found) for text in texts for found in _YEAR.findall(text)}
    return year in years if years else any("本年" in text for text in texts) and not any(map(_LAST_YEAR.search, texts))
