"""A document as every reader delivers it: blocks in reading order, a line or a grid, each with its place.

Everything after the readers is shared, so a new format is one new reader that ends in a `Page`.
"""

from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

Place = tuple[int, ...]
"""(line,) or (table, row, cell), counted from 1."""


@lru_cache(maxsize=8192)
def where(place: Place) -> str:
    """Write a place as the report contract has it: `line:N` or `table:N/row:R/cell:C`."""
    if len(place) == 1:
        return f"line:{place[0]}"
    return f"table:{place[0]}/row:{place[1]}/cell:{place[2]}"


class Kind(Enum):
    """What stands in a cell, or alone on a line.

    GAP is an empty line, EMPTY an empty cell between separators or in markup, FURNITURE a page number, DEBRIS the end
    of a label that a line's end cut off (a lone bracket or comma, half an annotation), ODD anything else.
    """

    TEXT = "text"
    NUMBER = "number"
    MARK = "mark"
    EMPTY = "empty"
    GAP = "gap"
    FURNITURE = "furniture"
    DEBRIS = "debris"
    ODD = "odd"


@dataclass(slots=True)
class Line:
    """One line of text; `text` is what stands there, `clean` the same after `cleaning.clean_page`."""

    text: str
    place: Place
    holder: int = 0
    clean: str = ""


@dataclass(slots=True)
class Piece:
    """One cell of a table, or one group of words of a line.

    `raw` is what stands there, `text` the same after cleaning, `columns` and `rows` its spans (headings only).
    """

    raw: str
    place: Place
    text: str = ""
    kind: Kind = Kind.EMPTY
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Grid:
    """One table: its rows as in the markup, before spans."""

    rows: list[list[Piece]]
    holder: int = 0


@dataclass(slots=True)
class Page:
    """A whole document.

    `titles` are candidates for the title from outside the text (title element, meta), best first; `dates` candidates
    for the publication date. `holders` gives for each container of blocks the one it stands in, so that the article
    can be told from the navigation around it. `texts` are the lines of more than a sign or a number, cleaned, and
    `grids` the grids, each with the index of its block. `abrupt` says that the document ends with a digit, which can
    be the first of several. `traditional` says that the text was converted from traditional script.

    `sources` are the addresses of the pictures, each with the index of the block before which it stands; `scans` the
    numbers of printed pages whose text is a picture. `boxes` gives for a place, as `where` writes it, the box on a
    printed page (`page:N/box:x0,y0,x1,y1`, in points from the top left). Of a `scanned` document, `confidence` gives by
    place how probable a reading is (0 to 1), and `doubts` what a cell can say that two readers do not read alike.
    `unruled` are the numbers of the tables whose columns were told by what stands in them, no rule being drawn.
    `warnings` say what of the document was left unread.
    """

    blocks: list[Line | Grid]
    titles: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    holders: list[int] = field(default_factory=lambda: [0])
    texts: list[tuple[int, str]] = field(default_factory=list)
    grids: list[tuple[int, Grid]] = field(default_factory=list)
    markup: bool = False
    abrupt: bool = False
    traditional: bool = False
    pictures: int = 0
    sources: list[tuple[int, str]] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    attachments: list[str] = field(default_factory=list)
    boxes: dict[str, str] = field(default_factory=dict)
    scanned: bool = False
    confidence: dict[str, float] = field(default_factory=dict)
    doubts: dict[str, list[str]] = field(default_factory=dict)
    unruled: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def lines(self) -> list[Line]:
        """Return the lines, without the grids."""
        return [block for block in self.blocks if isinstance(block, Line)]


def expand(grid: Grid, limit: int = 20_000) -> list[list[Piece | None]]:
    """Lay a grid out with its spans: a matrix in which a spanning cell stands in every place it covers.

    Follows the HTML Standard, section 4.9.12 (forming a table), with spans cut to the rows that exist. Returns an
    empty matrix when it would hold more than `limit` places.
    """
    matrix: list[list[Piece | None]] = [[] for _ in grid.rows]
    places = 0
    for index, row in enumerate(grid.rows):
        column = 0
        for cell in row:
            line = matrix[index]
            while column < len(line) and line[column] is not None:
                column += 1
            last = min(len(matrix), index + cell.rows)
            places += (last - index) * cell.columns
            if places > limit:
                return []
            for below in range(index, last):
                line = matrix[below]
                line.extend([None] * (column + cell.columns - len(line)))
                line[column : column + cell.columns] = [cell] * cell.columns
            column += cell.columns
    return matrix
