"""Several tables or reports on one page: only the report's own are taken, or none."""

import pytest

from parsers.reading import read_reports
from parsers.report import Report
from tests.parsers import papers
from tests.parsers.reading import READ, cells, grades, numbers, read
from tests.parsers.shapes import HEADINGS, MARKUP, SHAPES, TITLE, Box, Sheet, document, page, requests_head, sheets

OWN = papers.paper()
LAST = {key: str(int(text) * 2 + 1) if text.isdigit() else "999.9" for key, text in OWN.items()}
TRUTH = papers.values(OWN)
SOME = ["spanned", "word", "paragraphs", "lines", "pipes", "tabs"]


def followed(shape: str, *tables: tuple[str, papers.Printed]) -> bytes:
    """A report in which each section holds several tables, each under its caption ("" for none)."""
    parts = [TITLE, "发布日期：2024-01-25"]
    for number, heading in HEADINGS.items():
        parts.append(heading)
        for caption, printed in tables:
            if number in sheets(printed):
                parts += [caption] if caption else []
                parts.append(SHAPES[shape](sheets(printed)[number]))
        parts.append("本项没有其他情况需要说明。")
    return page(parts, TITLE) if shape in MARKUP else "\n".join(parts).encode()


def wrong(found: Report) -> list[str]:
    return [key for key, cell in cells(found).items() if cell.status in READ and cell.value != TRUTH[key]]


CAPTIONS = [("2022年", "2023年"), ("2022年度", "2023年度"), ("上年度情况", "本年度情况"), ("2022年情况", "2023年情况")]


@pytest.mark.parametrize("shape", SOME)
@pytest.mark.parametrize(("last", "own"), CAPTIONS)
@pytest.mark.parametrize("own_first", [True, False], ids=["own first", "own last"])
def test_of_two_tables_with_captions_the_one_of_the_report_year_is_taken(
    shape: str, last: str, own: str, *, own_first: bool
) -> None:
    pair = [(own, OWN), (last, LAST)]
    found = read(followed(shape, *(pair if own_first else reversed(pair))))
    assert numbers(found) == TRUTH
    assert len(found.warnings) == 3
    assert [warning.split(":")[0] for warning in found.warnings] == ["disclosure", "requests", "appeals"]


@pytest.mark.parametrize("shape", SOME)
@pytest.mark.parametrize("own_first", [True, False], ids=["own first", "own last"])
def test_of_two_tables_without_captions_none_is_taken(shape: str, *, own_first: bool) -> None:
    pair = [("", OWN), ("", LAST)]
    found = read(followed(shape, *(pair if own_first else reversed(pair))))
    assert wrong(found) == []
    assert len(found.warnings) >= 3


@pytest.mark.parametrize("shape", SOME)
def test_of_tables_of_other_years_none_is_taken(shape: str) -> None:
    found = read(followed(shape, ("2021年", OWN), ("2022年", LAST)))
    assert not [cell for cell in cells(found).values() if cell.value is not None]
    assert len(found.warnings) >= 3


@pytest.mark.parametrize("shape", SOME)
def test_the_same_table_twice_is_read(shape: str) -> None:
    assert wrong(read(followed(shape, ("", OWN), ("", OWN)))) == []


# ---- a year's columns beside another's


def beside(left: str, right: str, first: Sheet, second: Sheet) -> Sheet:
    """Table 3 with two sets of seven columns, each under the heading of its year."""
    _, middle, inner = requests_head("2021")
    head = [
        [Box("项目", columns=3, rows=4), Box(left, columns=7), Box(right, columns=7)],
        [Box("申请人情况", columns=7), Box("申请人情况", columns=7)],
        middle * 2,
        inner * 2,
    ]
    pairs = zip(first[3:], second[3:], strict=True)
    return head + [row + [box for box in other if not box.is_label] for row, other in pairs]


@pytest.mark.parametrize(("last", "own"), [("2022年", "2023年"), ("2022年度", "2023年度"), ("上年度", "本年度")])
@pytest.mark.parametrize("own_first", [True, False], ids=["own first", "own last"])
def test_of_fourteen_columns_the_seven_of_the_report_year_are_taken(last: str, own: str, *, own_first: bool) -> None:
    ours, theirs = sheets(OWN)[3], sheets(LAST)[3]
    both = beside(own, last, ours, theirs) if own_first else beside(last, own, theirs, ours)
    found = read(document({**sheets(OWN), 3: both}))
    assert numbers(found) == TRUTH
    assert grades(found)["requests"] == "verified"


@pytest.mark.parametrize(("left", "right"), [("2020年", "2021年"), ("甲", "乙"), ("", "")])
def test_fourteen_columns_without_the_report_year_are_not_read(left: str, right: str) -> None:
    found = read(document({**sheets(OWN), 3: beside(left, right, sheets(LAST)[3], sheets(OWN)[3])}))
    requests = {key: cell for key, cell in cells(found).items() if key.startswith("requests.")}
    assert not [key for key, cell in requests.items() if cell.value is not None]
    assert found.warnings


# ---- other tables on the page


def test_a_table_of_the_website_and_one_of_metadata_are_left_alone() -> None:
    rows = "".join(
        f"<tr><td>{label}</td><td>{value}</td></tr>"
        for label, value in (("索引号", "003-2024"), ("公开日期", "2024-01-25"), ("总计", "77"), ("其他", "88"))
    )
    body = document(sheets(OWN)).decode()
    decoy = f"<table>{rows}</table>"
    body = body.replace("<div class='article'>", f"{decoy}<div class='article'>").replace("</body>", f"{decoy}</body>")
    found = read(body.encode())
    assert numbers(found) == TRUTH
    assert found.warnings == ()


def test_numbers_told_beside_the_tables_change_nothing() -> None:
    told = {
        2: "全年制发行政规范性文件7件，作出行政许可1204件。",
        3: "本年新收政府信息公开申请35件，上年结转3件，予以公开13件，结转下年度继续办理2件。",
        4: "行政复议5件，其中结果维持3件、结果纠正1件、尚未审结1件；复议后起诉3件。",
    }
    for shape in SOME:
        assert numbers(read(document(sheets(OWN), shape, before=told))) == TRUTH


# ---- two reports of one page

OTHER_TITLE = "清河县青石镇2022年政府信息公开工作年度报告"
OTHER = papers.paper("2021", "2019")


def both(shape: str, named: str) -> bytes:
    first = document(sheets(OWN), shape).decode()
    second = document(sheets(OTHER, "2021", "2019"), shape, title=OTHER_TITLE).decode()
    if shape not in MARKUP:
        return f"{first}\n{second}".encode()
    inner = second.split("<div class='article'>")[1].split("</div></body>")[0]
    head, body = first.split("</head>")
    head = head.replace(f"<title>{TITLE}</title>", f"<title>{named}</title>")
    return f"{head}</head>{body.replace('</div></body>', inner + '</div></body>')}".encode()


@pytest.mark.parametrize("shape", ["spanned", "word", "paragraphs", "lines", "pipes"])
def test_two_reports_of_one_page_are_both_read(shape: str) -> None:
    first, second = read_reports(both(shape, TITLE))
    assert (first.title, first.publisher, first.report_year, first.scope) == (TITLE, "清河县", 2023, "jurisdiction")
    assert numbers(first) == TRUTH
    assert (second.title, second.report_year, second.scope) == (OTHER_TITLE, 2022, "township")
    assert numbers(second) == papers.values(OTHER)
    assert [section.heading for section in second.sections] == list(HEADINGS.values())
    assert {first.sha256} == {second.sha256}


def test_the_report_that_the_title_names_comes_first() -> None:
    named, other = read_reports(both("spanned", OTHER_TITLE))
    assert (named.report_year, other.report_year) == (2022, 2023)
    assert numbers(named) == papers.values(OTHER)
    assert numbers(other) == TRUTH


def test_one_report_is_one() -> None:
    for shape in SHAPES:
        assert len(read_reports(document(sheets(OWN), shape))) == 1
