"""Workbooks: what a sheet displays is what is read, each cell with its sheet, row and column."""

from io import BytesIO

import pytest

from parsers.errors import DocumentError
from parsers.office.sheet import read_sheet
from parsers.page import Grid, Page
from tests.parsers.office.made import number, rows, text, xlsx


def read(sheet: str, **options: str) -> Page:
    (page,) = read_sheet(xlsx({"Sheet1": sheet}, **options))
    return page


def raws(page: Page) -> list[list[list[str]]]:
    return [[[cell.raw for cell in row] for row in block.rows] for block in page.blocks if isinstance(block, Grid)]


def test_titles_and_headings_are_lines_and_tables_are_grids_with_the_sheets_own_places() -> None:
    page = read(
        rows(
            text("B1", "靖州县2024年政府信息公开工作年度报告"),
            text("B2", "三、收到和处理政府信息公开申请情况"),
            text("B3", "自然人") + text("C3", "总计"),
            number("B4", "1") + number("C4", "2"),
            text("B5", "四、政府信息公开行政复议、行政诉讼情况"),
            number("B6", "3") + number("C6", "4"),
        )
    )
    found = [block.text if not isinstance(block, Grid) else len(block.rows) for block in page.blocks]
    assert found == [
        "靖州县2024年政府信息公开工作年度报告",
        "三、收到和处理政府信息公开申请情况",
        2,
        "四、政府信息公开行政复议、行政诉讼情况",
        1,
    ]
    assert page.blocks[0].place == (1, 1, 2)
    (first, _) = [block for block in page.blocks if isinstance(block, Grid)]
    assert [cell.place for cell in first.rows[1]] == [(1, 4, 2), (1, 4, 3)]


def test_merged_cells_are_spans_and_empty_cells_stay() -> None:
    merges = '<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="B1:C1"/></mergeCells>'
    page = read(
        rows(text("A1", "注") + text("B1", "申请人"), text("B2", "甲"), text("A3", "新收") + number("C3", "7")) + merges
    )
    assert raws(page) == [[["注", "申请人"], ["甲", ""], ["新收", "", "7"]]]
    (grid,) = [block for block in page.blocks if isinstance(block, Grid)]
    assert (grid.rows[0][0].rows, grid.rows[0][1].columns) == (2, 2)


def test_hidden_rows_columns_and_sheets_do_not_show() -> None:
    hidden = '<cols><col min="2" max="2" hidden="1"/></cols>'
    data = rows(text("A1", "甲") + number("B1", "9") + number("C1", "1"), text("A2", "乙") + number("C2", "2"))

    shown = data.replace('<row r="2">', '<row r="2" hidden="1">').replace("</sheetData><sheetData>", "")
    (page,) = read_sheet(xlsx({"Sheet1": hidden + shown, "!去年": rows(number("A1", "5") + number("B1", "6"))}))
    assert raws(page) == [[["甲", "1"]]]


def test_the_name_of_a_sheet_stands_before_it_where_somebody_gave_one() -> None:
    data = rows(text("A1", "甲") + number("B1", "1"))
    (page,) = read_sheet(xlsx({"2023年": data, "Sheet2": data}))
    assert [line.text for line in page.lines()] == ["2023年"]
    assert [block.rows[0][0].place for block in page.blocks if isinstance(block, Grid)] == [(1, 1, 1), (2, 1, 1)]


def test_strings_formulas_and_errors_are_what_they_display() -> None:
    strings = "<si><t>共</t></si><si><r><t>富</t></r><r><t>文本</t></r><rPh><t>fu</t></rPh></si>"
    cells = (
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="str"><f>A1</f><v>算</v></c>'
        '<c r="D1"><f>1+1</f><v>2</v></c><c r="E1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F1"><f>SUM(A1)</f></c>'
        '<c r="G1" t="b"><v>1</v></c><c r="H1" t="s"><v>99</v></c>'
    )
    assert raws(read(rows(cells), strings=strings)) == [
        [["共", "富文本", "算", "2", "#DIV/0!", "=SUM(A1)", "TRUE", "#REF!"]]
    ]


def test_numbers_show_in_their_formats() -> None:
    styles = (
        '<numFmts><numFmt numFmtId="164" formatCode="0;-0;;@"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="2"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs>'
    )
    cells = text("A1", "甲") + number("B1", "0.30000000000000004") + number("C1", "3", 1) + number("D1", "0", 2)
    cells += number("E1", "45689", 3) + number("F1", "7.0")
    assert raws(read(rows(cells), styles=styles)) == [[["甲", "0.3", "3.00", "", "2025-02-01", "7"]]]


def test_a_sheet_that_hides_zeros_shows_none() -> None:
    view = '<sheetViews><sheetView showZeros="0"/></sheetViews>'
    data = rows(text("A1", "甲") + number("B1", "0") + number("C1", "5") + text("D1", "0"))
    assert raws(read(view + data)) == [[["甲", "", "5", "0"]]]


def test_cut_labels_are_joined_and_numbers_on_two_lines_are_not() -> None:
    assert raws(read(rows(text("A1", "商业\n企业") + text("B1", "1\n7")))) == [[["商业企业", "1 7"]]]


def test_a_sheet_without_addresses_counts_its_own_cells() -> None:
    data = "<sheetData><row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row></sheetData>"
    assert raws(read(data)) == [[["1", "2"], ["3", "4"]]]


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (rows(*(text(f"A{n}", "甲") + number(f"CV{n}", "1") for n in range(1, 1_000))), "cells"),
        ("<mergeCells>" + '<mergeCell ref="A1:B2"/>' * 20_001 + "</mergeCells>", "merges"),
    ],
)
def test_more_cells_than_any_report_has_are_refused(sheet: str, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read(sheet)


def test_a_cell_at_the_far_corner_costs_nothing() -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    merges = '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    data = f'<sheetData><row r="1">{text("A1", "甲")}{number("B1", "2")}</row>{far}</sheetData>{merges}'
    assert raws(read(data))[0][0] == ["甲"]


def xls(rows: list[list[object]], *, hidden_row: int | None = None) -> bytes:
    """An XLS workbook as LibreOffice writes it."""
    import openpyxl

    from parsers.office.soffice import convert

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if hidden_row:
        book.active.row_dimensions[hidden_row].hidden = True
        book.active.column_dimensions["C"].hidden = True
    book.active.merge_cells("A3:B3")
    stream = BytesIO()
    book.save(stream)
    return convert(stream.getvalue(), "xlsx", "xls", name="a test", seconds=60)


@pytest.mark.slow
def test_an_old_workbook_shows_errors_and_hides_what_is_hidden() -> None:
    body = xls([["甲", 1, 9, 25.1], ["乙", 2, 9, "=1/0"], ["丙", None, 9, 3], ["丁", 7, 9, 8]], hidden_row=4)
    (page,) = read_sheet(body)
    assert raws(page) == [[["甲", "1", "25.1"], ["乙", "2", "#ERROR!"], ["丙", "3"]]]
