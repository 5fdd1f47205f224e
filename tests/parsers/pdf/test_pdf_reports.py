"""Reports printed to PDF: every layout gives the numbers that were set, each with its place on the paper."""

import re

import pytest

from parsers.boxes import box_text
from parsers.page import Grid
from parsers.pdf.glyphs import Glyph, TextLine
from parsers.pdf.joining import join_tables
from parsers.pdf.layout import PrintedPage
from parsers.pdf.reader import read_pdf
from parsers.pdf.ruled import PrintedCell, PrintedTable
from parsers.reading import read_reports
from tests.parsers import papers
from tests.parsers.pdf.press import Paper, bound
from tests.parsers.pdf.typeset import Setter, printed_report
from tests.parsers.reading import cells, grades, numbers, read
from tests.parsers.shapes import TITLE, sheets

pytestmark = pytest.mark.usefixtures("_here")
TRUTH = papers.values(papers.paper())
VERIFIED = {"disclosure": "consistent", "requests": "verified", "appeals": "verified"}
LAYOUTS = {
    "A4": {},
    "landscape": {"size": (842, 595), "right": 792.0},
    "A5 landscape, four pages": {"size": (595, 420)},
    "without rules": {"ruled": False},
    "without rules, many pages": {"ruled": False, "size": (595, 300)},
    "rules across alone": {"down": False},
    "rules across alone, many pages": {"down": False, "size": (595, 300)},
    "without page numbers": {"numbered": False},
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_number_comes_back(layout: str) -> None:
    found = read(printed_report(**LAYOUTS[layout]))
    assert numbers(found) == TRUTH
    assert grades(found) == VERIFIED
    assert (found.title, found.report_year, found.scope) == (TITLE, 2023, "jurisdiction")
    assert [section.number for section in found.sections] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("forms", [("2019", "2019"), ("2019", "2021")])
def test_the_older_form_too(forms: tuple[str, str]) -> None:
    printed = papers.paper(*forms)
    found = read(bound(Setter().report(sheets(printed, *forms))))
    assert numbers(found) == papers.values(printed)


def test_empty_cells_between_rules_are_blank() -> None:
    names = [f"requests.{row}.{column}" for row in ("new", "handled") for column in ("research", "nonprofit")]
    printed = papers.paper() | dict.fromkeys(names, "")
    found = read(printed_report(printed))
    assert numbers(found) == papers.values(printed)
    assert {cells(found)[name].status for name in names} == {"blank"}


def test_empty_cells_without_rules_are_known_by_their_columns() -> None:
    printed = papers.paper() | {"requests.granted.research": "", "requests.granted.other": ""}
    found = read(printed_report(printed, ruled=False))
    assert numbers(found) == papers.values(printed)
    assert cells(found)["requests.granted.other"].status == "blank"


def test_each_cell_says_where_on_the_paper_it_stands() -> None:
    setter = Setter(size=(595, 420))
    found = read(bound(setter.report(sheets(papers.paper()))))
    places = {name: cell.where or "" for name, cell in cells(found).items()}
    boxes = {
        name: re.fullmatch(r"page:(\d+)/box:([\d.]+),([\d.]+),([\d.]+),([\d.]+)", at) for name, at in places.items()
    }
    assert all(boxes.values())
    for name in ("requests.new.person", "requests.carried_out.total", "appeals.later_suit.total"):
        page, x0, top, x1, bottom = (float(part) for part in boxes[name].groups())
        text = papers.paper()[name]
        marks = [
            mark for mark in setter.papers[int(page) - 1].marks if f"<{text.encode('utf-16-be').hex().upper()}>" in mark
        ]
        at = [re.search(r"1 0 0 1 ([\d.]+) ([\d.]+) Tm", mark) for mark in marks]
        inside = [m for m in at if m and x0 <= float(m[1]) <= x1 and top <= 420 - float(m[2]) <= bottom]
        assert len(inside) == 1, name
    assert len({place for name, place in places.items() if name.startswith("requests")}) == 25 * 7


def test_a_box_is_written_in_points_with_tenths() -> None:
    assert box_text(3, (10.04, 20.06, 100, 33.999)) == "page:3/box:10,20.1,100,34"


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_page_that_is_shown_turned_is_read_as_shown(rotate: int) -> None:
    pages = Setter().report(sheets(papers.paper()))
    turned = [_turned(page, rotate) for page in pages]
    assert numbers(read(bound(turned))) == TRUTH


def _turned(page: Paper, rotate: int) -> Paper:
    """Draw a page turned, and have it shown turned back."""
    wide, high = page.size
    matrix = {90: f"0 1 -1 0 {high} 0", 180: f"-1 0 0 -1 {wide} {high}", 270: f"0 -1 1 0 0 {wide}"}[rotate]
    size = (high, wide) if rotate != 180 else (wide, high)
    return Paper(size, rotate, [f"q {matrix} cm", *page.marks, "Q"])


def test_two_reports_side_by_side_are_two_reports() -> None:
    other = papers.changed(papers.paper(), requests__new__person="31", requests__new__total="36")
    left = Setter((1190, 842), 40, 560).report(sheets(papers.paper()))
    right = Setter((1190, 842), 640, 1150).report(sheets(other), title="清河县2022年政府信息公开工作年度报告")
    for page, beside in zip(left, right, strict=True):
        page.marks += beside.marks
    first, second = read_reports(bound(left))
    assert (first.report_year, second.report_year) == (2023, 2022)
    assert numbers(first) == TRUTH
    assert numbers(second) == papers.values(other)


def test_a_number_cut_in_two_lines_is_whole_and_two_numbers_stay_two() -> None:
    page = Paper()
    for top in (100, 130, 160):
        page.line(50, top, 130, top)
    for x in (50, 100, 130):
        page.line(x, 100, x, 160)
    page.text(60, 118, "规章")
    page.text(103, 112, "12345")
    page.text(103, 124, "67")
    page.text(60, 148, "其他")
    page.text(103, 142, "12")
    page.text(103, 154, "67")
    (grid,) = read_pdf(bound([page]))[0].blocks
    assert isinstance(grid, Grid)
    assert [[cell.raw for cell in row] for row in grid.rows] == [["规章", "1234567"], ["其他", "12 67"]]


@pytest.mark.parametrize(("start", "meant"), [(134, 1), (128, 1), (120, 1), (160.5, 2)])
def test_a_number_wider_than_its_cell_stays_whole(start: float, meant: int) -> None:
    """Set from the left, in the middle or to the right of a cell of thirty points, it runs over the rules beside it."""
    page = Paper()
    for top in (100, 120, 140):
        page.line(50, top, 190, top)
    for x in (50, 130, 160, 190):
        page.line(x, 100, x, 140)
    page.text(60, 113, "行政许可")
    page.text(start, 113, "98765432")
    page.text(60, 133, "行政处罚")
    (grid,) = read_pdf(bound([page]))[0].blocks
    assert isinstance(grid, Grid)
    texts = [cell.raw for cell in grid.rows[0]]
    assert texts[0] == "行政许可"
    assert [index for index, text in enumerate(texts) if text == "98765432"] == [meant]
    assert sorted(texts[1:]) == ["", "98765432"]


def test_letters_drawn_twice_to_look_bold_count_once() -> None:
    pages = Setter().report(sheets(papers.paper()))
    for page in pages:
        page.marks = [mark for each in page.marks for mark in (each, f"q 1 0 0 1 0.25 0 cm {each} Q")]
    assert numbers(read(bound(pages))) == TRUTH


def lines_of(pages: list[Paper]) -> list[str]:
    return [line.text for line in read_pdf(bound(pages))[0].lines()]


def foot(numbers: str) -> list[Paper]:
    pages = []
    for number in numbers:
        page = Paper()
        page.text(50, 100, "本部分如实报告有关情况")
        page.text(290, 810, number)
        pages.append(page)
    return pages


def test_a_lone_number_at_a_page_s_end_is_a_cell_unless_the_pages_are_numbered_so() -> None:
    assert lines_of(foot("7034"))[1::2] == ["7", "0", "3", "4"]
    assert lines_of(foot("3456")) == ["本部分如实报告有关情况"] * 4


def test_what_is_drawn_as_a_frame_around_text_is_no_table() -> None:
    page = Paper()
    for line in ((40, 40, 555, 40), (40, 800, 555, 800), (40, 40, 40, 800), (555, 40, 555, 800)):
        page.line(*line)
    page.text(50, 100, "本部分如实报告有关情况")
    assert lines_of([page]) == ["本部分如实报告有关情况"]


def test_a_row_cut_by_the_page_s_end_is_one_row() -> None:
    """The label's second half stands on the next page, beside cells that are empty there."""
    label = "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请"
    pages = [Paper((595, 200)), Paper((595, 200))]
    for page, (top, bottom) in zip(pages, ((100, 170), (40, 90)), strict=True):
        for y in (top, (top + bottom) / 2, bottom):
            page.line(50, y, 550, y)
        for x in (50, *range(270, 551, 40)):
            page.line(x, top, x, bottom)
    pages[0].text(60, 120, "5.要求行政机关确认或重新出具已获取信息")
    pages[0].text(60, 155, label[:20])
    pages[1].text(60, 55, label[20:])
    pages[1].text(60, 80, "3.其他")
    for x in range(280, 551, 40):
        pages[0].text(x, 120, "1")
        pages[0].text(x, 155, "2")
        pages[1].text(x, 80, "3")
    (grid,) = read_pdf(bound(pages))[0].blocks
    assert isinstance(grid, Grid)
    assert [row[0].raw for row in grid.rows] == ["5.要求行政机关确认或重新出具已获取信息", label, "3.其他"]
    assert [[cell.raw for cell in row[1:]] for row in grid.rows] == [["1"] * 7, ["2"] * 7, ["3"] * 7]


def test_rules_across_alone_part_rows_and_the_gaps_between_them_part_columns() -> None:
    printed = papers.paper() | {"requests.granted.research": "", "requests.granted.other": ""}
    setter = Setter(down=False)
    found = read(bound(setter.report(sheets(printed))))
    assert numbers(found) == papers.values(printed)
    assert cells(found)["requests.granted.other"].status == "blank"


def test_a_row_that_may_have_lost_its_empty_cells_is_not_read_by_its_columns() -> None:
    names = ("person", "business", "research", "nonprofit", "legal", "other", "total")
    row = dict(zip(names, ("1", "1", "", "", "", "", ""), strict=True))
    printed = papers.paper() | {f"requests.carried_in.{name}": text for name, text in row.items()}
    found = cells(read(bound(Setter(down=False).report(sheets(printed)))))
    assert found["requests.carried_in.person"].status == "unreadable"


def test_a_table_s_heading_cut_off_by_the_page_s_end_goes_back_into_its_row() -> None:
    size = (595.0, 842.0)
    head = TextLine(
        [
            Glyph(sign, 60 + 250 * part + 10 * i, 70 + 250 * part + 10 * i, 800, 10)
            for part, text in enumerate(("行政复议", "行政诉讼"))
            for i, sign in enumerate(text)
        ]
    )
    first = [PrintedCell("", 2, (50.0, 50.0, 300.0, 51.0)), PrintedCell("", 2, (300.0, 50.0, 550.0, 51.0))]
    pages = [PrintedPage(1, *size, [head]), PrintedPage(2, *size, [PrintedTable((50, 50, 550, 90), [first])])]
    join_tables(pages)
    assert pages[0].blocks == []
    (table,) = pages[1].blocks
    assert isinstance(table, PrintedTable)
    assert [cell.text for cell in table.rows[0]] == ["行政复议", "行政诉讼"]


def test_labels_and_numbers_on_lines_of_their_own_are_no_table_without_rules() -> None:
    sheet = Paper((595, 842))
    lines = ["一、本年新收政府信息公开申请数量", *"1234007", "二、上年结转政府信息公开申请数量", *"0000000"]
    for index, line in enumerate(lines):
        sheet.text(50 + (6 + 60 * (index % 3)) * line.isdecimal(), 60 + 16 * index, line, 11)
    (page,) = read_pdf(bound([sheet]))
    assert [line.text for line in page.lines()] == lines
