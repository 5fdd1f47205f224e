"""What stands around the tables: title, publisher, year, date of publication, and the six sections."""

import pytest

from parsers.report import Report
from tests.parsers import papers
from tests.parsers.reading import read
from tests.parsers.shapes import HEADINGS, MARKUP, SHAPES, TITLE, document, page, sheets

TABLES = sheets(papers.paper())
DATE = "发布日期：2024-01-25"


def with_lines(*lines: str, title: str | None = None) -> Report:
    """A page whose article begins with some lines instead of title and date."""
    body = document(TABLES, title=TITLE).decode()
    begin = "".join(f"<p>{line}</p>" for line in lines)
    body = body.replace(f"<p>{TITLE}</p>\n<p>{DATE}</p>", begin)
    return read(body.replace(f"<title>{TITLE}</title>", f"<title>{title}</title>" if title else "").encode())


@pytest.mark.parametrize("shape", SHAPES)
def test_title_publisher_year_scope_and_date_in_every_shape(shape: str) -> None:
    found = read(document(TABLES, shape))
    assert (found.title, found.publisher, found.scope) == (TITLE, "清河县", "jurisdiction")
    assert (found.report_year, found.published_at) == (2023, "2024-01-25")
    assert (found.division, found.source) == (None, None), "both are filled in by nianbao"


@pytest.mark.parametrize(
    ("lines", "publisher"),
    [
        (["清河县人民政府", "2023年政府信息公开工作年度报告"], "清河县人民政府"),
        (["清河县水利局2023年政府信息公开", "工作年度报告"], "清河县水利局"),
        (["2023年清河县政府信息公开工作年度报告"], "清河县"),
    ],
)
def test_titles_on_one_line_or_two(lines: list[str], publisher: str) -> None:
    found = with_lines(*lines)
    assert (found.title, found.publisher, found.report_year) == ("".join(lines), publisher, 2023)


def test_the_title_of_the_page_serves_where_the_text_has_none() -> None:
    found = with_lines("信息公开", title=f"{TITLE}_清河县人民政府网")
    assert (found.publisher, found.report_year) == ("清河县", 2023)
    assert found.title is not None
    assert found.title.startswith(TITLE)


def test_the_title_of_a_page_in_traditional_script_serves_too() -> None:
    found = with_lines("總體情況與處理結果、辦理時間、訴訟", title="淮安市2023年政府信息公開工作年度報告")
    assert (found.title, found.publisher) == ("淮安市2023年政府信息公开工作年度报告", "淮安市")


def test_the_year_is_that_of_the_title_and_not_of_the_publication() -> None:
    assert with_lines("清河县政府信息公开工作2022年度报告", DATE).report_year == 2022


def test_without_a_year_in_the_title_the_period_of_the_figures_counts() -> None:
    period = "本报告所列数据的统计期限自2022年1月1日起，至2022年12月31日止。"
    assert with_lines("清河县政府信息公开工作年度报告", period).report_year == 2022
    assert with_lines("清河县政府信息公开工作年度报告").report_year is None


DATES = [
    ("发布日期：2024-01-25", "2024-01-25"),
    ("发布时间：2024-01-25 16:52", "2024-01-25T16:52+08:00"),
    ("发布时间：2024-01-25 16:52:30", "2024-01-25T16:52:30+08:00"),
    ("日期：2024年1月25日", "2024-01-25"),
    ("发布时间：2024年01月25日 09:05", "2024-01-25T09:05+08:00"),
    ("时间：2024/01/25", "2024-01-25"),
    ("来源：县政府办 发布时间：2024-01-25 浏览次数：17", "2024-01-25"),
    ("发布日期：２０２４－０１－２５", "2024-01-25"),
    ("统计日期截至本年末", None),
    ("发布日期：2024-13-25", None),
]


@pytest.mark.parametrize(("line", "published_at"), DATES)
def test_the_date_keeps_the_precision_it_was_printed_with(line: str, published_at: str | None) -> None:
    assert with_lines(TITLE, line).published_at == published_at


def test_the_date_of_a_metadata_table_or_a_meta_element() -> None:
    table = "<table><tr><td>索引号</td><td>01</td><td>发布日期</td><td>2024-01-25</td></tr></table>"
    body = document(TABLES).replace(f"<p>{DATE}</p>".encode(), table.encode())
    assert read(body).published_at == "2024-01-25"
    meta = b"<meta name='PubDate' content='2024-02-06 09:30'><title>"
    body = document(TABLES).replace(f"<p>{DATE}</p>".encode(), b"").replace(b"<title>", meta)
    assert read(body).published_at == "2024-02-06T09:30+08:00"


# ---- sections


@pytest.mark.parametrize("shape", SHAPES)
def test_the_six_sections_hold_their_text_without_the_tables(shape: str) -> None:
    told = {3: "本年度申请均按期答复。"}
    found = read(document(TABLES, shape, before=told))
    assert [section.number for section in found.sections] == [1, 2, 3, 4, 5, 6]
    assert [section.heading for section in found.sections] == list(HEADINGS.values())
    assert [section.text for section in found.sections] == [
        "本县围绕中心工作，回应群众关切。",
        "",
        "本年度申请均按期答复。",
        "",
        "工作中还有不足，下一步加强培训。",
        "本年度没有收取信息处理费。",
    ]


def test_navigation_footers_and_scripts_are_no_part_of_a_section() -> None:
    before = "<div class='nav'><ul><li><a href='/'>首页</a></li><li><a href='/zw'>政务公开</a></li></ul></div>"
    after = (
        "<div class='page'><p>上一篇：没有了</p><p>下一篇：公告</p></div>"
        "<div class='footer'><p>版权所有：清河县人民政府</p>"
        "<p>网站标识码：1305340001</p></div><script>document.write('点击数：17')</script><style>p{color:red}</style>"
    )
    body = document(TABLES).decode().replace("<body>", f"<body>{before}").replace("</body>", f"{after}</body>")
    found = read(body.encode())
    text = "".join(section.text for section in found.sections)
    assert text == "本县围绕中心工作，回应群众关切。工作中还有不足，下一步加强培训。本年度没有收取信息处理费。"


def test_navigation_inside_the_same_text_ends_the_last_section() -> None:
    body = document(TABLES, "lines") + "\n上一篇：没有了\n【打印】【关闭】\n版权所有：清河县人民政府".encode()
    assert read(body).sections[-1].text == "本年度没有收取信息处理费。"


def test_paragraphs_of_a_section_stay_paragraphs() -> None:
    two = "<p>第一段，介绍情况。</p><p>（一）加强领导。明确分工。</p>"
    body = document(TABLES).replace("<p>本县围绕中心工作，回应群众关切。</p>".encode(), two.encode())
    assert read(body).sections[0].text == "第一段，介绍情况。\n（一）加强领导。明确分工。"


VARIANTS = {
    2: "二、行政机关主动公开政府信息情况",
    3: "三、收到和处理政府信息公开申请的情况",
    4: "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况",
    5: "五、政府信息公开工作存在的主要问题及改进情况",
    6: "六、需要报告的其他事项",
}


@pytest.mark.parametrize("shape", ["spanned", "lines"])
def test_headings_as_they_vary(shape: str) -> None:
    text = document(TABLES, shape).decode()
    for number, variant in VARIANTS.items():
        text = text.replace(HEADINGS[number], variant)
    found = read(text.encode())
    assert [section.heading for section in found.sections][1:] == list(VARIANTS.values())
    assert len(found.tables) == 3


def test_sections_renumbered_by_one_keep_their_meaning() -> None:
    text = document(TABLES, "lines").decode().replace(HEADINGS[1] + "\n本县围绕中心工作，回应群众关切。\n", "")
    for number, mark in enumerate("一二三四五", 2):
        text = text.replace(HEADINGS[number], mark + HEADINGS[number][1:])
    found = read(text.encode())
    assert [section.number for section in found.sections] == [2, 3, 4, 5, 6]
    assert [section.heading[0] for section in found.sections] == list("一二三四五")
    assert len(found.tables) == 3


@pytest.mark.parametrize("missing", [1, 5, 6])
def test_a_section_that_is_missing_is_not_listed(missing: int) -> None:
    text = document(TABLES, "lines").decode().replace(HEADINGS[missing] + "\n", "")
    found = read(text.encode())
    assert [section.number for section in found.sections] == [n for n in HEADINGS if n != missing]
    assert len(found.tables) == 3


def test_headings_inside_an_element_of_navigation_do_not_split_the_page() -> None:
    links = "".join(f"<li><a href='#{n}'>{heading}</a></li>" for n, heading in HEADINGS.items())
    body = document(TABLES).decode().replace("<div class='article'>", f"<ul>{links}</ul><div class='article'>")
    found = read(body.encode())
    assert len(found.tables) == 3
    assert [section.number for section in found.sections] == [1, 2, 3, 4, 5, 6]
    assert found.sections[0].text == "本县围绕中心工作，回应群众关切。"


def test_a_page_of_markup_without_a_report_has_no_sections() -> None:
    assert MARKUP
    assert read(page(["公告", "县政府办公楼搬迁。"], "公告")).sections == ()
