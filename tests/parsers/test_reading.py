"""Whole documents in every shape that reports are published in: each cell as printed, and where it stands."""

import pytest

from tests.parsers import papers
from tests.parsers.reading import cells, grades, numbers, read, table
from tests.parsers.shapes import HEADINGS, MARKUP, SHAPES, TEXT, document, sheets
from tests.zoo.statute import form

FORMS = [("2021", "2021"), ("2019", "2019"), ("2021", "2019"), ("2019", "2021")]
VERIFIED = {"disclosure": "consistent", "requests": "verified", "appeals": "verified"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("disclosure", "requests"), FORMS, ids=lambda name: str(name))
def test_every_cell_of_both_forms_in_every_shape(shape: str, disclosure: str, requests: str) -> None:
    printed = papers.paper(disclosure, requests)
    found = read(document(sheets(printed, disclosure, requests), shape))
    assert numbers(found) == papers.values(printed)
    assert [(each.table, each.form) for each in found.tables] == [
        ("disclosure", disclosure),
        ("requests", requests),
        ("appeals", requests),
    ]
    assert grades(found) == VERIFIED
    assert found.warnings == ()
    assert {cell.status for cell in cells(found).values()} == {"printed"}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("disclosure", "requests"), FORMS[:2], ids=lambda name: str(name))
def test_cells_stand_in_the_order_of_their_form(shape: str, disclosure: str, requests: str) -> None:
    found = read(document(sheets(papers.paper(disclosure, requests), disclosure, requests), shape))
    for code, form_id in (("disclosure", disclosure), ("requests", requests), ("appeals", requests)):
        keys = [f"{code}.{cell.row}.{cell.column}" for cell in table(found, code).cells]
        assert keys == form(form_id).keys(code)


def test_appeals_alone_take_the_form_of_the_year() -> None:
    whole = sheets(papers.paper())
    for year, form_id in (("2020", "2019"), ("2023", "2021")):
        found = read(document({4: whole[4]}, title=f"清河县{year}年政府信息公开工作年度报告"))
        assert [(each.table, each.form) for each in found.tables] == [("appeals", form_id)]


# ---- places and raw texts


@pytest.mark.parametrize("shape", TEXT)
def test_a_cell_of_a_text_stands_on_its_line(shape: str) -> None:
    marked = {"requests__new__person": "987654", "disclosure__licences__decisions": "456789"}
    body = document(sheets(papers.changed(papers.paper(), **marked)), shape)
    lines = body.decode().split("\n")
    found = cells(read(body))
    for name, text in marked.items():
        (line,) = [number for number, content in enumerate(lines, 1) if text in content]
        assert found[name.replace("__", ".")].where == f"line:{line}"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_lines_are_counted_whatever_ends_them(ending: str) -> None:
    body = document(sheets(papers.changed(papers.paper(), requests__new__person="987654")), "lines")
    lines = body.decode().split("\n")
    (line,) = [number for number, content in enumerate(lines, 1) if content == "987654"]
    assert cells(read(ending.join(lines).encode()))["requests.new.person"].where == f"line:{line}"


@pytest.mark.parametrize("shape", ["spanned", "word"])
def test_a_cell_of_a_table_stands_at_its_place_in_the_markup_before_spans(shape: str) -> None:
    found = cells(read(document(sheets(papers.paper()), shape)))
    assert found["disclosure.rules.issued"].where == "table:1/row:3/cell:2"
    assert found["disclosure.fees.amount"].where == "table:1/row:14/cell:2"
    assert found["requests.new.person"].where == "table:2/row:4/cell:2"
    assert found["requests.granted.person"].where == "table:2/row:6/cell:3", "behind 三、 and its own label"
    assert found["requests.partial.person"].where == "table:2/row:7/cell:2", "三、 stands in the row above"
    assert found["requests.refused_secret.person"].where == "table:2/row:8/cell:3"
    assert found["appeals.reconsideration.upheld"].where == "table:3/row:4/cell:1"
    assert found["appeals.later_suit.total"].where == "table:3/row:4/cell:15"


def test_a_table_before_the_report_counts() -> None:
    body = document(sheets(papers.paper())).replace(
        b"<div class='article'>", "<table><tr><td>索引号</td><td>0001</td></tr></table><div class='article'>".encode()
    )
    found = cells(read(body))
    assert found["requests.new.person"].where == "table:3/row:4/cell:2"
    assert found["requests.new.person"].value == 30


RAW = [
    ("requests.new.person", "３０件", 30),
    ("requests.granted.person", "12（其中依申请公开 3 件）", 12),
    ("disclosure.licences.decisions", "1，204", 1204),
    ("disclosure.penalties.decisions", "318 件", 318),
    ("disclosure.fees.amount", "12345600元", 1234.56),
]


@pytest.mark.parametrize("shape", ["spanned", "word", "paragraphs", "lines", "tabs", "pipes", "lone_pipes"])
def test_what_stands_there_is_kept_untouched_beside_its_value(shape: str) -> None:
    printed = papers.paper() | {key: text for key, text, _ in RAW}
    found = cells(read(document(sheets(printed), shape)))
    assert [(found[key].raw, found[key].value, found[key].unit) for key, _, _ in RAW] == [
        (text, value, None) for _, text, value in RAW
    ]
    assert grades(read(document(sheets(printed), shape))) == VERIFIED


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [("3456.78", 3456.78, None), ("3456.78万元", 3456.78, "万元"), ("34567800元", 34567800, "元")],
)
@pytest.mark.parametrize("shape", ["spanned", "lines", "pipes"])
def test_an_amount_without_a_unit_in_the_form_keeps_the_printed_one(
    shape: str, text: str, value: float, unit: str | None
) -> None:
    printed = papers.changed(papers.paper("2019", "2019"), disclosure__procurement__amount=text)
    cell = cells(read(document(sheets(printed, "2019", "2019"), shape)))["disclosure.procurement.amount"]
    assert (cell.value, cell.unit, cell.raw) == (value, unit, text)
    assert ("unit" in cell.as_json()) == (unit is not None)


@pytest.mark.parametrize("shape", ["spanned", "word", "lines", "tabs"])
@pytest.mark.parametrize("mark", ["/", "-", "—", "－", "无", "不适用"])
def test_a_mark_for_nothing_is_a_blank_and_never_zero(shape: str, mark: str) -> None:
    zeros = {key: mark for key, text in papers.paper().items() if text == "0"}
    found = cells(read(document(sheets(papers.paper() | zeros), shape)))
    assert {key for key, cell in found.items() if cell.status == "blank"} == set(zeros)
    assert {found[key].value for key in zeros} == {None}
    assert {found[key].raw for key in zeros} == {mark}


def test_a_footnote_mark_never_becomes_a_digit() -> None:
    for text in ("1204²", "1204①", "1204<sup>2</sup>"):
        cell = cells(read(document(sheets(papers.changed(papers.paper(), disclosure__licences__decisions=text)))))[
            "disclosure.licences.decisions"
        ]
        assert (cell.value, cell.status) in {(1204, "printed"), (None, "unreadable")}, text


# ---- markup as it is written


@pytest.mark.parametrize(
    "cell",
    [
        "<td><span>12</span><span>04</span></td>",
        "<td><p><span>1</span><b>2</b><span>04</span></p></td>",
        "<td><!-- 9 -->1204<script>var n = 9;</script></td>",
        "<td>&#49;204</td>",
        "<td>&nbsp;1204&nbsp;</td>",
        "<td><p>&nbsp;</p><p>1204</p></td>",
        "<td\n  align=center >1204\n</td>",
        "<th>1204</th>",
        "<td><font><a href='#'>1204</a></font></td>",
        "<td>1204",
    ],
)
def test_a_number_is_one_however_its_cell_is_marked_up(cell: str) -> None:
    body = document(sheets(papers.paper())).decode()
    plain = '<td colspan="1" rowspan="1">1204</td>'
    assert body.count(plain) == 1
    found = cells(read(body.replace(plain, cell).encode()))["disclosure.licences.decisions"]
    assert (found.value, found.status) == (1204, "printed")


def test_two_numbers_in_one_cell_are_none() -> None:
    body = document(sheets(papers.paper())).decode()
    for inner in ("<p>12</p><p>04</p>", "12<br>04"):
        broken = body.replace(">1204<", f">{inner}<")
        found = cells(read(broken.encode()))["disclosure.licences.decisions"]
        assert (found.value, found.status) == (None, "unreadable"), inner


def test_tables_inside_a_table_that_lays_out_the_page() -> None:
    body = document(sheets(papers.paper())).decode()
    inside = body.replace("<div class='article'>", "<table><tr><td><table><tr><td>导航</td></tr></table></td><td>")
    found = read(inside.replace("</div></body>", "</td></tr></table></body>").encode())
    assert numbers(found) == papers.values(papers.paper())
    assert grades(found) == VERIFIED


TRADITIONAL = {
    "清河县2023年政府信息公开工作年度报告": "清河縣2023年政府信息公開工作年度報(bào)告",
    "发布日期": "發(fā)布(bù)日期",
    "政府信息公开": "政府信息公開(kāi)",
    "总计": "總計(jì)",
    "规范性文件": "規(guī)範性文件",
    "行政许可": "行政許(xǔ)可",
    "行政处罚": "行政處(chù)罰(fá)",
    "行政强制": "行政強(qiáng)制",
    "本年收费金额": "本年收費(fèi)金額(é)",
    "申请": "申請(qǐng)",
    "办理结果": "辦(bàn)理結(jié)果",
    "结果": "結(jié)果",
    "维持": "維(wéi)持",
    "纠正": "糾(jiū)正",
    "尚未审结": "尚未審(shěn)結(jié)",
    "复议": "復(fù)議(yì)",
    "诉讼": "訴(sù)訟(sòng)",
    "处理": "處(chù)理",
    "结转": "結(jié)轉(zhuǎn)",
    "单位:万元": "單位:萬元",
    "情况": "情況(kuàng)",
}


@pytest.mark.parametrize("shape", ["lines", "spanned", "paragraphs"])
def test_traditional_script_with_pinyin(shape: str) -> None:
    text = document(sheets(papers.paper()), shape).decode()
    for simplified, traditional in TRADITIONAL.items():
        text = text.replace(simplified, traditional)
    found = read(text.encode())
    assert numbers(found) == papers.values(papers.paper())
    assert grades(found) == VERIFIED
    assert (found.title, found.publisher) == ("清河县2023年政府信息公开工作年度报告", "清河县")
    assert [section.heading for section in found.sections] == list(HEADINGS.values())


@pytest.mark.parametrize(
    ("encoding", "declared"), [("gbk", "gb2312"), ("gb18030", None), ("utf-8-sig", None), ("utf-16", None)]
)
@pytest.mark.parametrize("shape", ["spanned", "lines"])
def test_encodings(shape: str, encoding: str, declared: str | None) -> None:
    text = document(sheets(papers.paper()), shape).decode()
    charset = f"<meta charset='{declared}'>" if declared else ""
    found = read(text.replace("<meta charset='utf-8'>", charset).encode(encoding))
    assert numbers(found) == papers.values(papers.paper())
    assert found.publisher == "清河县"


@pytest.mark.parametrize("shape", MARKUP)
def test_noise_around_a_number_in_markup(shape: str) -> None:
    printed = {key: f"\u3000{text}&nbsp;" for key, text in papers.paper().items()}
    found = read(document(sheets(printed), shape))
    assert numbers(found) == papers.values(papers.paper())


@pytest.mark.parametrize("style", ["display:none", "DISPLAY: none", "display : NONE"])
def test_what_a_browser_does_not_show_is_not_read(style: str) -> None:
    printed = {key: f'{text}<span style="color:red;{style}">9</span>' for key, text in papers.paper().items()}
    found = read(document(sheets(printed), "spanned"))
    assert numbers(found) == papers.values(papers.paper())
