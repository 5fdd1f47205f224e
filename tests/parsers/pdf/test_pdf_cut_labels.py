"""Rows of tables without rules that are refused: nothing tells whose their numbers are."""

import pytest

from parsers.page import Kind
from parsers.pdf.glyphs import Glyph, TextLine
from parsers.pdf.joining import join_tables
from parsers.pdf.layout import PrintedPage
from parsers.pdf.rows import open_tables
from parsers.pdf.ruled import PrintedCell, PrintedTable, cell_text
from parsers.pdf.words import words_of
from parsers.pieces import kind_of


def line(text: str, y: float, x: float = 60.0) -> TextLine:
    return TextLine([Glyph(sign, x + 10 * i, x + 10 * i + 10, y, 10) for i, sign in enumerate(text)])


def table(y: float, *rows: list[str], is_open: bool = True) -> PrintedTable:
    def cell(text: str, index: int, row: int) -> PrintedCell:
        left, top = 50.0 + 50 * index, y + 20 * row
        return PrintedCell(text, 1, (left, top, left + 50, top + 20))

    cells = [[cell(text, index, row) for index, text in enumerate(texts)] for row, texts in enumerate(rows)]
    return PrintedTable((50.0, y, 450.0, y + 20 * len(rows)), cells, is_open)


def texts_of(*blocks: TextLine | PrintedTable) -> list[list[str]]:
    page = PrintedPage(1, 595.0, 842.0, list(blocks))
    join_tables([page])
    tables = [block for block in page.blocks if isinstance(block, PrintedTable)]
    return [[cell.text for cell in row] for each in tables for row in each.rows]


def test_numbers_beside_a_label_s_first_signs_are_no_cells() -> None:
    rows = texts_of(table(50, ["2.申", *"1234567"], is_open=False), line("请人逾期未按收费通知要求缴纳费用", 90))
    assert rows == [["2.申请人逾期未按收费通知要求缴纳费用", "1; 2; 3; 4; 5; 6; 7;"]]


def test_empty_cells_beside_the_end_of_a_cut_label_are_not_blank() -> None:
    (_, end) = texts_of(
        table(50, ["2.其", *"1234567"], is_open=False), table(90, ["规禁止公开", *[""] * 7], ["2.重复申请", *"7654321"])
    )[:2]
    assert end == ["规禁止公开", "1; 2; 3; 4; 5; 6; 7;"]


def test_a_whole_label_takes_no_lines_behind_it() -> None:
    whole = ["2.重复申请", *"1234567"]
    assert texts_of(table(50, whole, is_open=False), line("（五）不予处理，一共多少件", 90)) == [whole]


def test_empty_cells_of_columns_that_no_form_has_are_not_told_by_their_place() -> None:
    row = ["2.重复申请", "1", "0", "", "0", "", "0", "", "1"]
    assert texts_of(table(50, row)) == [["2.重复申请", "1", "0", "0", "0", "1"]]


def test_two_numbers_of_full_width_in_one_cell_stay_two() -> None:
    assert cell_text([line("４５", 60), line("1402", 80)], (50, 50, 450, 90)) == "４５ 1402"
    assert cell_text([line("４", 60), line("５", 80)], (50, 50, 85, 90)) == "４ ５"


def test_a_number_of_full_width_cut_a_digit_a_line_is_one() -> None:
    assert cell_text([line("１", 60), line("２", 75), line("３", 90)], (50, 50, 78.5, 100)) == "１２３"


@pytest.mark.parametrize("cells", [["", "0 3件", *"01234"], ["3 0", "", *"01234"]])
def test_two_numbers_in_a_cell_beside_an_empty_one_leave_their_row_unread(cells: list[str]) -> None:
    assert texts_of(table(50, ["2.重复申请", *cells])) == [
        ["2.重复申请", " ".join(f"{cell};" for cell in cells if cell).replace("件", "")]
    ]


def test_two_numbers_in_a_cell_cost_no_other_where_none_is_empty() -> None:
    row = ["2.重复申请", "12 34", *"012345"]
    assert texts_of(table(50, row)) == [row]


def test_one_number_that_is_refused_is_no_cell() -> None:
    (_, end) = texts_of(table(50, ["行政强", "120"], is_open=False), table(90, ["制措施", ""], ["行政处罚", "3"]))[:2]
    assert end == ["制措施", "120;"]
    assert kind_of("120;") is Kind.ODD


def test_a_label_in_traditional_script_is_whole() -> None:
    rows = [["行政強制", "120"], ["第二十條第（八）項", ""], ["行政事業性收費", ""]]
    assert texts_of(table(50, *rows)) == rows


def test_the_head_of_a_number_cut_after_its_comma_is_no_heading_of_a_group() -> None:
    rows = [
        ["一、本年新收政府信息公开申请数量", "97，", "237"],
        ["二、上年结转政府信息公开申请数量", "0"],
        ["（一）予以公开", "20"],
        ["（二）部分公开", "107"],
    ]
    lines = [
        line(text, 60 + 60 * row + 10 * index, 60.0 if index == 0 else 400.0)
        for row, texts in enumerate(rows)
        for index, text in enumerate(texts)
    ]
    (found,) = open_tables([word for each in lines for word in words_of(each)])
    assert found.groups == []
    assert {"97，", "237"} <= {word.text for word in found.rows[0]}
