"""Grids of the zoo as tables of WordprocessingML and of sheets, the way office programs write merged cells."""

from dataclasses import dataclass
from random import Random
from xml.sax.saxutils import escape

from tests.zoo.sheets import Box, Grid


@dataclass(frozen=True, slots=True)
class Habits:
    """How a writer of Word documents goes about it; each habit shows the same page."""

    tracked: bool = False
    controls: bool = False
    numbered: bool = False
    split: bool = False
    breaks: bool = False
    boxed: bool = False


def habits(rng: Random) -> Habits:
    """Return the habits of one document, most of them plain."""
    return Habits(*(rng.random() < 0.25 for _ in range(6)))


@dataclass(frozen=True, slots=True)
class Placed:
    """A box and the row and column of its upper left corner, counted from 0, and the rows it covers in the grid."""

    box: Box
    row: int
    column: int
    rows: int


def placed(grid: Grid) -> list[Placed]:
    """Lay a grid out: each box in the first free column of its row; spans end at the grid's last row."""
    taken: dict[tuple[int, int], bool] = {}
    found = []
    for row, boxes in enumerate(grid):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            rows = min(box.rows, len(grid) - row)
            taken |= dict.fromkeys(
                ((row + down, column + right) for down in range(rows) for right in range(box.columns)), True
            )
            found.append(Placed(box, row, column, rows))
            column += box.columns
    return found


SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
BORDERS = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in SIDES)
RULED = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{BORDERS}</w:tblBorders></w:tblPr>'


def run(text: str, *, inside: str = "t") -> str:
    """Return one run of text."""
    return f'<w:r><w:{inside} xml:space="preserve">{escape(text)}</w:{inside}></w:r>'


def runs(text: str, habit: Habits, rng: Random) -> str:
    """Return a text as runs: split inside of words and numbers, with deleted words before it, in a content control."""
    at = rng.randint(1, len(text) - 1) if habit.split and len(text) > 1 else 0
    shown = run(text[:at]) + '<w:bookmarkStart w:id="1" w:name="b"/>' + run(text[at:]) if at else run(text)
    if habit.tracked and rng.random() < 0.3:
        old = run(str(rng.randint(1, 999)), inside="delText")
        shown = f'<w:del w:id="7" w:author="a">{old}</w:del><w:ins w:id="8" w:author="a">{shown}</w:ins>'
    if habit.controls and rng.random() < 0.3:
        shown = f"<w:sdt><w:sdtPr/><w:sdtContent>{shown}</w:sdtContent></w:sdt>"
    return shown


def _cell(box: Box | None, columns: int, merge: str, habit: Habits, rng: Random) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    vertical = {"": "", "restart": '<w:vMerge w:val="restart"/>', "continue": "<w:vMerge/>"}[merge]
    lines = box.lines if box is not None else ()
    parts = [runs(line, habit, rng) if line else "" for line in lines]
    words = "<w:r><w:br/></w:r>".join(parts) if habit.breaks else "</w:p><w:p>".join(parts)
    return f"<w:tc><w:tcPr>{span}{vertical}</w:tcPr><w:p>{words}</w:p></w:tc>"


def table(grid: Grid, habit: Habits, rng: Random) -> str:
    """Return a grid as `w:tbl`."""
    boxes = placed(grid)
    rows: list[list[tuple[int, str]]] = [[] for _ in grid]
    for one in boxes:
        for down in range(one.rows):
            merge = "" if one.rows == 1 else "restart" if down == 0 else "continue"
            cell = _cell(one.box if down == 0 else None, one.box.columns, merge, habit, rng)
            rows[one.row + down].append((one.column, cell))
    width = max((one.column + one.box.columns for one in boxes), default=1)
    columns = '<w:gridCol w:w="600"/>' * width
    inner = "".join(f"<w:tr>{''.join(cell for _, cell in sorted(row))}</w:tr>" for row in rows)
    return f"<w:tbl>{RULED}<w:tblGrid>{columns}</w:tblGrid>{inner}</w:tbl>"
