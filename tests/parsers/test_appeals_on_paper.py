"""Appeals tables printed without rules: numbers that may be of other cells are refused."""

import pytest

from parsers.appeals import match_appeals, read_appeals
from parsers.blanks import Context
from parsers.cleaning import clean_page
from parsers.page import Grid, Line, Page, Piece
from parsers.runs import runs_of

HEAD = "政府信息公开行政复议、行政诉讼情况"
LABELS = "行政复议 结果维持 结果纠正 其他结果 尚未审结 总计 未经复议直接起诉 复议后起诉"
EVEN = ["0 0 9 0 9", "76 56 0 0 132", "9 1 5 0 15"]
CUT = ["13", "0 0 9 0 9 7656 0 0 9 1 5 0 15", "2"]
"""Of the total 132 a narrow column left `2` for the next line, and 76 and 56 stand without a gap."""
RAISED = ["464 113 545", "388件 2件 61件 13件 1件 13件 96件 3件 7件 291件 202件 45件", "件 件 件"]
"""Three numbers stand higher, because their unit had no room beside them."""
ROW = ["总", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "4", "0", "4"]
"""The end of a heading, and fourteen of fifteen cells."""


def statuses(page: Page) -> set[str]:
    clean_page(page)
    (instance,) = match_appeals(runs_of(page, 0, len(page.blocks)))
    sheet = read_appeals(instance, "2021", Context([instance], unruled=True))
    return {sheet.cells[at].status if at in sheet.cells else "absent" for at in sheet.table.addresses}


def on_lines(lines: list[str]) -> Page:
    return Page(blocks=[Line(text, (number,)) for number, text in enumerate(["四、" + HEAD, LABELS, *lines], 1)])


@pytest.mark.parametrize(
    ("lines", "expected"),
    [(EVEN, "printed"), (CUT, "unreadable"), (RAISED, "unreadable"), (" ".join(EVEN).split(), "printed")],
    ids=["five a line", "a number cut over lines", "numbers above others", "one a line"],
)
def test_cells_on_lines_are_read_where_each_line_holds_as_many(lines: list[str], expected: str) -> None:
    assert statuses(on_lines(lines)) == {expected}


def test_the_end_of_a_heading_is_no_cell() -> None:
    pieces = [Piece(text, (1, 1, index)) for index, text in enumerate(ROW, 1)]
    page = Page(blocks=[Line("四、" + HEAD, (1,)), Line(LABELS, (2,)), Grid([pieces])])
    assert statuses(page).isdisjoint({"printed"})


def test_marks_cut_over_lines_leave_the_table_unread() -> None:
    assert statuses(on_lines(["不适 不适 不适", "— 0 无 适 0 0 / / — 无 — -", "用 用 用"])) == {"unreadable"}
