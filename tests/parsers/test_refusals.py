"""What cannot be recovered is refused, with a word about it; nothing is filled, shifted or guessed."""

from dataclasses import replace

import pytest

from parsers.errors import DocumentError
from parsers.reading import read_reports
from parsers.report import Report
from tests.parsers import papers
from tests.parsers.reading import READ, cells, grades, numbers, read, table
from tests.parsers.shapes import SHAPES, TEXT, Sheet, document, page, sheets
from tests.zoo.documents import document as zoo_document
from tests.zoo.run import judged

COLUMNS = ("person", "business", "research", "nonprofit", "legal", "other", "total")
TRUTH = papers.values(papers.paper())


def is_right_or_flagged(found: Report, truth: dict[str, float | None] = TRUTH) -> bool:
    """No cell that counts as read differs from what was published."""
    return all(cell.value == truth[key] for key, cell in cells(found).items() if cell.status in READ)


# ---- blanks that were dropped


def blank(printed: papers.Printed, *rows: str, columns: tuple[str, ...] = COLUMNS[1:6]) -> papers.Printed:
    return printed | {f"requests.{row}.{column}": "" for row in rows for column in columns}


def without_blanks(sheet: Sheet) -> Sheet:
    return [[box for box in row if box.is_label or box.text] for row in sheet]


@pytest.mark.parametrize("shape", ["padded", "pipes", "tabs", "lines", "paragraphs", "spanned"])
def test_dropped_blanks_are_placed_where_one_placement_satisfies_the_identities(shape: str) -> None:
    printed = blank(papers.paper(), "refused_by_law", "refused_query", "unavail_unclear")
    whole = sheets(printed)
    found = read(document({**whole, 3: without_blanks(whole[3])}, shape))
    assert numbers(found) == papers.values(printed)
    assert {cells(found)[f"requests.refused_query.{column}"].status for column in ("person", "total")} == {"derived"}
    assert cells(found)["requests.refused_query.research"].status == "blank"
    assert cells(found)["requests.granted.person"].status == "printed"
    assert grades(found)["requests"] == "verified"


def ambiguous() -> papers.Printed:
    """Two rows print `1 1`; one belongs to legal, one to other, and nothing says which row is which."""
    changes = {
        **{f"requests.{row}.{column}": "" for row in ("refused_secret", "refused_casefile") for column in COLUMNS},
        "requests.refused_secret.legal": "1",
        "requests.refused_secret.total": "1",
        "requests.refused_casefile.other": "1",
        "requests.refused_casefile.total": "1",
        "requests.new.legal": "2",
        "requests.new.other": "1",
        "requests.new.total": "37",
        "requests.handled.legal": "2",
        "requests.handled.other": "2",
        "requests.handled.total": "38",
    }
    return papers.paper() | changes


@pytest.mark.parametrize("shape", ["padded", "lines", "pipes"])
def test_dropped_blanks_that_fit_in_several_ways_are_in_doubt_and_a_warning_says_so(shape: str) -> None:
    printed = ambiguous()
    whole = sheets(printed)
    found = read(document({**whole, 3: without_blanks(whole[3])}, shape))
    lost = {key for key, cell in cells(found).items() if cell.status == "unreadable"}
    assert lost == {
        f"requests.{row}.{column}" for row in ("refused_secret", "refused_casefile") for column in ("legal", "other")
    }
    assert is_right_or_flagged(found, papers.values(printed))
    assert cells(found)["requests.refused_secret.total"].value == 1
    assert grades(found)["requests"] == "partial"
    assert any("refused_secret" in warning and "legal" in warning for warning in found.warnings)


@pytest.mark.parametrize("shape", ["padded", "lines"])
def test_a_dropped_blank_of_disclosure_costs_its_row_alone(shape: str) -> None:
    whole = sheets(papers.changed(papers.paper(), disclosure__normative__repealed=""))
    found = read(document({**whole, 2: without_blanks(whole[2])}, shape))
    lost = {key for key, cell in cells(found).items() if cell.status == "unreadable"}
    assert lost == {f"disclosure.normative.{column}" for column in ("issued", "repealed", "in_force")}
    assert is_right_or_flagged(found)
    assert any("normative" in warning for warning in found.warnings)


def hopeless() -> papers.Printed:
    """Every row prints two numbers that any two cells could hold."""
    printed = papers.paper() | dict.fromkeys(papers.requests(), "")
    rows = {key.split(".")[1] for key in papers.requests()} - {"new", "carried_in", "handled", "carried_out"}
    for number, row in enumerate(sorted(rows)):
        printed[f"requests.{row}.{COLUMNS[number % 6]}"] = str(number + 1)
        printed[f"requests.{row}.total"] = str(number + 1)
    return printed


def test_a_search_without_end_is_given_up_alike_each_time() -> None:
    whole = sheets(hopeless())
    body = document({**whole, 3: without_blanks(whole[3])}, "padded")
    reports = [read(body) for _ in range(2)]
    assert reports[0] == reports[1]
    assert is_right_or_flagged(reports[0], papers.values(hopeless()))
    assert grades(reports[0])["requests"] == "partial"
    assert any("requests" in warning for warning in reports[0].warnings)


# ---- lines lost


def deduplicated(body: bytes) -> bytes:
    return "\n".join(dict.fromkeys(body.decode().split("\n"))).encode()


@pytest.mark.parametrize("shape", ["lines", "paragraphs", "lone_pipes"])
@pytest.mark.parametrize("form_id", ["2019", "2021"])
def test_a_text_whose_equal_lines_were_removed_is_refused(shape: str, form_id: str) -> None:
    printed = papers.paper(form_id, form_id)
    found = read(deduplicated(document(sheets(printed, form_id, form_id), shape)))
    assert is_right_or_flagged(found, papers.values(printed))
    for code in ("requests", "appeals"):
        if found.table(code):
            assert not [cell for cell in table(found, code).cells if cell.value is not None]
            assert grades(found)[code] == "partial"
    assert found.warnings


@pytest.mark.parametrize("shape", ["lines", "spaced_lines"])
def test_a_text_of_zeros_whose_equal_lines_were_removed_keeps_no_zero(shape: str) -> None:
    zeros = dict.fromkeys(papers.paper(), "0")
    found = read(deduplicated(document(sheets(zeros), shape)))
    read_cells = [cell for cell in cells(found).values() if cell.status in READ]
    assert len(read_cells) <= 1
    assert not [cell for cell in read_cells if cell.status != "printed"], "a blank would say that nothing stood there"


# ---- cut off


CUTS = ("(五)不予处理", "2.重复申请", "(七)总计", "四、结转下年度继续办理", "第二十条第(六)项")


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("after", CUTS)
def test_a_document_cut_off_behind_a_label_keeps_what_stands_before(shape: str, after: str) -> None:
    body = document(sheets(papers.paper()), shape)
    found = read(body[: body.index(after.encode()) + len(after.encode())])
    assert is_right_or_flagged(found)
    last = found.tables[-1]
    assert last.grade == "partial"
    assert [cell.status for cell in last.cells].count("printed") >= 4


@pytest.mark.parametrize("shape", ["spanned", "lines", "padded", "tabs", "pipes"])
def test_a_document_cut_off_anywhere_is_never_silently_wrong(shape: str) -> None:
    body = document(sheets(papers.paper()), shape)
    start = body.index("第二十条第(五)".encode())
    for end in range(start, len(body), 997):
        found = read(body[:end])
        wrong = {k: c.value for k, c in cells(found).items() if c.status in READ and c.value != TRUTH[k]}
        if wrong:
            (code,) = {key.split(".")[0] for key in wrong}
            assert grades(found)[code] in ("inconsistent", "partial"), (end, wrong)


@pytest.mark.parametrize("shape", ["spanned", "lines", "tabs"])
def test_a_number_at_the_very_end_may_be_cut(shape: str) -> None:
    body = document(sheets(papers.paper()), shape)
    found = read(body[: body.index(b"1234.56") + 2])
    cell = cells(found)["disclosure.fees.amount"]
    assert cell.status == "unreadable"
    assert cell.value is None
    assert cells(found)["disclosure.coercion.decisions"].value == 12
    assert found.warnings


# ---- labels lost


def unlabelled(sheet: Sheet, *labels: str, text: str = "") -> Sheet:
    return [[replace(box, text=text) if box.is_label and box.text in labels else box for box in row] for row in sheet]


@pytest.mark.parametrize("shape", ["spanned", "lines", "pipes", "tabs"])
def test_full_rows_without_labels_take_the_missing_labels_where_counts_agree(shape: str) -> None:
    whole = sheets(papers.paper())
    found = read(document({**whole, 3: unlabelled(whole[3], "7.属于行政执法案卷", "8.属于行政查询事项")}, shape))
    assert numbers(found) == TRUTH
    rows = ("refused_casefile", "refused_query")
    assert {cells(found)[f"requests.{row}.{column}"].status for row in rows for column in COLUMNS} == {"derived"}
    assert cells(found)["requests.refused_process.business"].status == "printed"


@pytest.mark.parametrize("shape", ["spanned", "pipes", "tabs"])
def test_a_row_without_cells_before_one_without_a_label_is_refused(shape: str) -> None:
    sheet = sheets(papers.paper())[3]
    at = next(index for index, row in enumerate(sheet) if any("另行制作" in box.text for box in row))
    labels, boxes = ([box for box in sheet[at] if box.is_label is is_label] for is_label in (True, False))
    labels[-1] = replace(labels[-1], text="2.没有现成信息需要另行制")
    rest = replace(labels[-1], text="作（四）无法提供", columns=1, rows=1)
    cut: Sheet = [*sheet[:at], labels, [rest, *boxes], *sheet[at + 1 :]]
    found = read(document({**sheets(papers.paper()), 3: cut}, shape))
    assert {cells(found)[f"requests.unavail_create.{column}"].status for column in COLUMNS} == {"unreadable"}
    assert is_right_or_flagged(found)


@pytest.mark.parametrize("shape", ["spanned", "pipes", "tabs"])
def test_a_row_whose_cells_go_on_in_a_row_without_a_label_is_refused(shape: str) -> None:
    sheet = sheets(papers.paper())[3]
    (label,), boxes = ([box for box in sheet[-1] if box.is_label is is_label] for is_label in (True, False))
    cut: Sheet = [*sheet[:-1], [label, boxes[0], boxes[6]], [replace(label, text=""), *boxes[1:6]]]
    found = read(document({**sheets(papers.paper()), 3: cut}, shape))
    assert {cells(found)[f"requests.carried_out.{column}"].status for column in COLUMNS} == {"unreadable"}
    assert is_right_or_flagged(found)


@pytest.mark.parametrize("shape", ["spanned", "pipes", "tabs"])
def test_cells_behind_two_labels_in_one_cell_are_refused(shape: str) -> None:
    """A border lost between two rows: one label, the other's cells."""
    sheet = sheets(papers.paper())[3]
    at = next(index for index, row in enumerate(sheet) if any("另行制作" in box.text for box in row))
    labels, boxes = ([box for box in sheet[at] if box.is_label is is_label] for is_label in (True, False))
    (after,) = (box for box in sheet[at + 1] if box.is_label)
    labels[-1] = replace(labels[-1], text=labels[-1].text + after.text)
    for kept in (boxes, [box for box in sheet[at + 1] if not box.is_label]):
        found = read(document({**sheets(papers.paper()), 3: [*sheet[:at], [*labels, *kept], *sheet[at + 2 :]]}, shape))
        rows = ("unavail_create", "unavail_unclear")
        assert {cells(found)[f"requests.{row}.{column}"].status for row in rows for column in COLUMNS} == {"unreadable"}
        assert is_right_or_flagged(found)


@pytest.mark.parametrize("shape", TEXT)
def test_rows_without_labels_whose_counts_do_not_agree_are_refused_and_named(shape: str) -> None:
    whole = sheets(papers.paper())
    shorter = [row for row in whole[3] if not any(box.text == "7.属于行政执法案卷" for box in row)]
    found = read(document({**whole, 3: unlabelled(shorter, "8.属于行政查询事项")}, shape))
    assert is_right_or_flagged(found)
    rows = ("refused_casefile", "refused_query")
    assert all(cells(found)[f"requests.{row}.{column}"].value is None for row in rows for column in COLUMNS)
    assert grades(found)["requests"] == "partial"
    assert found.warnings


@pytest.mark.parametrize("shape", TEXT)
@pytest.mark.parametrize("lost", ["requests.granted.business", "requests.handled.total", "appeals.direct_suit.other"])
def test_a_lost_cell_never_shifts_another(shape: str, lost: str) -> None:
    printed = papers.paper()
    code, row, column = lost.split(".")
    whole = sheets(printed)
    mark = "\ue123"
    gone = sheets(papers.changed(printed, **{f"{code}__{row}__{column}": mark}))
    section = {"requests": 3, "appeals": 4}[code]
    dropped = [[box for box in line if box.text != mark] for line in gone[section]]
    found = read(document({**whole, section: dropped}, shape))
    other = {key: cell for key, cell in cells(found).items() if not key.startswith(f"{code}.{row}.")}
    elsewhere = {key: cell for key, cell in other.items() if code == "requests" or not key.startswith("appeals.")}
    assert {key: cell.value for key, cell in elsewhere.items()} == {key: TRUTH[key] for key in elsewhere}
    wrong = [key for key, cell in cells(found).items() if cell.status == "printed" and cell.value != TRUTH[key]]
    assert not wrong


# ---- left empty, no tables, no report


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("form_id", ["2019", "2021"])
def test_a_form_left_empty_is_blank_and_never_zero(shape: str, form_id: str) -> None:
    printed = dict.fromkeys(papers.paper(form_id, form_id), "")
    found = read(document(sheets(printed, form_id, form_id), shape))
    assert set(cells(found)) == set(printed)
    assert {(cell.value, cell.status) for cell in cells(found).values()} == {(None, "blank")}
    assert grades(found) == dict.fromkeys(("disclosure", "requests", "appeals"), "consistent")


@pytest.mark.parametrize(
    "inner", ["<p><img src='t.png'></p>", "<p><a href='/P0202401.pdf'>附件：年度报告.pdf</a></p>", ""]
)
def test_headings_without_tables_give_no_table_and_a_warning(inner: str) -> None:
    body = document({}).replace(b"</div></body>", f"{inner}</div></body>".encode())
    found = read(body)
    assert found.tables == ()
    assert found.report_year == 2023
    assert len(found.sections) == 6
    assert found.warnings
    if ".pdf" in inner:
        assert "/P0202401.pdf" in found.warnings[0]


def test_numbers_in_sentences_make_no_table() -> None:
    told = {
        2: "全年制发规章0件、行政规范性文件7件，行政许可1204件，行政处罚318件，行政强制12件。",
        3: "本年新收政府信息公开申请35件，上年结转3件，予以公开13件，部分公开4件，办理36件，结转下年度继续办理2件。",
        4: "行政复议5件，结果维持3件，结果纠正1件，尚未审结1件；行政诉讼3件，未经复议直接起诉0件，复议后起诉3件。",
    }
    for shape in ("spanned", "lines"):
        assert read(document({}, shape, before=told)).tables == ()


DECOYS = [
    ("清河县人民政府网站工作年度报表（2023年度）", "website"),
    ("关于做好2023年度政府信息公开工作年度报告编制发布工作的通知", "notice"),
    ("清河县2023年上半年政府信息公开工作统计表", "half-year"),
    ("清河县2023年政务公开工作总结", "summary"),
    ("清河县2023年政务公开工作要点", "plan"),
    ("清河县2023年法治政府建设年度报告", "law-based"),
    ("一图读懂《清河县2023年政府信息公开工作年度报告》", "explainer"),
    ("清河县2023年政府预算公开报告", "budget"),
    ("2023年清河县政府工作报告", "government work report"),
]


@pytest.mark.parametrize(("title", "named"), DECOYS)
def test_another_document_gives_no_tables_and_a_warning_that_names_it(title: str, named: str) -> None:
    rows = "".join(f"<tr><td>{label}</td><td>17</td></tr>" for label in ("信息发布总数", "专栏数量", "总访问量"))
    found = read(page([title, "发布日期：2024-01-25", f"<table>{rows}</table>"], title))
    assert found.tables == ()
    assert len(found.warnings) == 1
    assert named in found.warnings[0]


@pytest.mark.parametrize(
    "body", [b"hello", "今天天气很好。".encode(), b"<html><body><p>404 Not Found</p></body></html>"]
)
def test_any_other_text_gives_an_empty_report_with_a_warning(body: bytes) -> None:
    (found,) = read_reports(body)
    assert (found.title, found.tables, found.report_year, found.scope) == (None, (), None, "unknown")
    assert found.warnings


BINARY = {
    "nothing": b"",
    "blanks": b" \r\n\t ",
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
    "ZIP": b"PK\x03\x04\x14\x00\x06\x00",
    "DOC": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 64,
    "PNG": b"\x89PNG\r\n\x1a\n" + b"\x00" * 64,
    "JPEG": b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\x00" * 64,
    "gzip": b"\x1f\x8b\x08\x00" + b"\x00" * 64,
    "noise": bytes(range(256)) * 16,
    "zeros": bytes(4096),
}


@pytest.mark.parametrize("name", BINARY)
def test_what_is_neither_text_nor_markup_is_one_clear_error(name: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_reports(BINARY[name])
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) > 10


def test_what_a_file_is_is_decided_by_its_content_alone() -> None:
    body = document(sheets(papers.paper()))
    assert numbers(read(body, "application/pdf")) == TRUTH
    assert numbers(read(document(sheets(papers.paper()), "lines"), "text/html")) == TRUTH


def test_separators_that_open_a_row_of_appeals_are_no_cells() -> None:
    """Empty cells were dropped, and `|||` stands before the row: as many as were dropped."""
    one = zoo_document(12650, 31)
    assert one.plan.layout == "pipes-behind"
    counts = judged(one).counts
    assert (counts["silent"], counts["missed"]) == (0, 0)
