"""Rules that a table does not end at: frames around it, sides that are not drawn, the edge of the paper."""

import pytest

from parsers.page import Grid
from parsers.pdf.joining import join_tables
from parsers.pdf.layout import PrintedPage
from parsers.pdf.reader import read_pdf
from parsers.pdf.ruled import PrintedCell, PrintedTable
from parsers.pdf.rules import Rule, Rules, tables_of
from tests.parsers.pdf.press import Paper, bound

pytestmark = pytest.mark.usefixtures("_here")
LEFTS, TOPS = (60.0, 90.0, 120.0, 150.0), (100.0, 120.0, 140.0)


def ruled(left: float = 0.0, frame: float = 0.0) -> Rules:
    """Return rules of a table of two rows that the page cuts; `frame` is how far one around it goes on below."""
    across = [Rule(top, left + LEFTS[0], left + LEFTS[-1]) for top in TOPS]
    down = [Rule(left + x, TOPS[0], TOPS[-1]) for x in LEFTS]
    frames = [Rule(left + x, TOPS[0] - 10, TOPS[-1] + frame) for x in (LEFTS[0] - 3, LEFTS[-1] + 3)] if frame else []
    return Rules(across, sorted(down + frames))


@pytest.mark.parametrize("frame", [0.0, 12.0])
def test_a_frame_around_a_table_adds_no_row_to_it(frame: float) -> None:
    (table,) = tables_of(ruled(frame=frame))
    assert (len(table.lefts) - 1, len(table.tops) - 1) == (3, 2)
    assert all(cell.is_whole for cell in table.cells)


def test_a_side_between_two_tables_is_of_the_one_whose_stub_it_closes() -> None:
    first, second = ruled(), ruled(left=130.0)
    rules = Rules(first.across + second.across, sorted([*first.down, *second.down, Rule(158.0, *TOPS[::2])]))
    left, right = tables_of(rules)
    assert left.lefts == list(LEFTS)
    assert right.lefts == [158.0, *(x + 130.0 for x in LEFTS)]


def test_a_side_that_is_not_drawn_is_where_the_longest_rule_ends() -> None:
    across = [Rule(100.0, 60.0, 150.0), Rule(120.0, 60.0, 150.0), Rule(140.0, 60.0, 162.0)]
    (table,) = tables_of(Rules(across, [Rule(90.0, 100.0, 140.0), Rule(120.0, 100.0, 140.0)]))
    assert table.lefts == [60.0, 90.0, 120.0, 162.0]
    assert len(table.cells) == 6


@pytest.mark.parametrize(("start", "raw"), [(540.0, "90075"), (577.0, "90075\ufffd"), (587.0, "90075\ufffd")])
def test_a_number_at_the_paper_s_edge_can_go_on_beyond_it(start: float, raw: str) -> None:
    page = Paper()
    for top in (100, 120, 140):
        page.line(50, top, 595, top)
    for x in (50, 300, 530, 595):
        page.line(x, 100, x, 140)
    page.text(60, 113, "行政许可")
    page.text(310, 113, "31")
    page.text(start, 113, "90075")
    page.text(60, 133, "行政处罚")
    (grid,) = read_pdf(bound([page]))[0].blocks
    assert isinstance(grid, Grid)
    assert [cell.raw for cell in grid.rows[0]] == ["行政许可", "31", raw]


def test_rows_between_a_double_rule_hold_nothing() -> None:
    page = Paper()
    for top in (97, 100, 120, 140, 143):
        page.line(50, top, 250, top)
    for x in (50, 150, 250):
        page.line(x, 97, x, 143)
    for y, row in ((113, "规章"), (133, "其他")):
        page.text(60, y, row)
        page.text(160, y, "7")
    (grid,) = read_pdf(bound([page]))[0].blocks
    assert isinstance(grid, Grid)
    assert [[cell.raw for cell in row] for row in grid.rows] == [["规章", "7"], ["其他", "7"]]


def part(page: int, left: float, right: float, *rows: list[str]) -> PrintedTable:
    """Return a table whose columns share its width."""

    def cell(text: str, index: int, row: int, width: float) -> PrintedCell:
        x, top = left + width * index, 50.0 + 20 * row
        return PrintedCell(text, page, (x, top, x + width, top + 20))

    cells = [
        [cell(text, i, row, (right - left) / len(texts)) for i, text in enumerate(texts)]
        for row, texts in enumerate(rows)
    ]
    return PrintedTable((left, 50.0, right, 50.0 + 20 * len(rows)), cells)


def test_tables_side_by_side_that_end_as_one_stay_two() -> None:
    above = PrintedPage(
        1, 595.0, 842.0, [part(1, 50, 200, ["1.其他", "3", "4"]), part(1, 203, 353, ["1.其他", "5", "6"])]
    )
    below = PrintedPage(2, 595.0, 842.0, [part(2, 50, 353, ["（七）总计", "7", "8", "（七）总计", "9", "10"])])
    join_tables([above, below])
    tables = [block for block in above.blocks if isinstance(block, PrintedTable)]
    assert below.blocks == []
    assert [[[cell.text for cell in row] for row in table.rows] for table in tables] == [
        [["1.其他", "3", "4"], ["（七）总计", "7", "8"]],
        [["1.其他", "5", "6"], ["（七）总计", "9", "10"]],
    ]
