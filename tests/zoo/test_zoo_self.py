"""The zoo holds what it promises: true truths, the same bytes every time, complete pages that say what they should."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from random import Random

import pytest

from tests.zoo.bytesof import CODECS
from tests.zoo.departures import BLANKS, MISTAKES, everything
from tests.zoo.documents import Document, document, render
from tests.zoo.expectations import Need
from tests.zoo.layouts import ARRANGEMENTS, LAYOUTS
from tests.zoo.noise import NOISES
from tests.zoo.plans import Plan, plain_plans
from tests.zoo.run import main
from tests.zoo.statute import TABLES, form
from tests.zoo.truths import PROFILES, Truth, truth, violations

COUNTS = {"2019": (22, 161, 15), "2021": (10, 175, 15)}


@pytest.mark.parametrize(("form_id", "counts"), COUNTS.items())
def test_the_forms_have_the_cells_of_the_notices(form_id: str, counts: tuple[int, int, int]) -> None:
    assert tuple(len(form(form_id).keys(table)) for table in TABLES) == counts


@pytest.mark.parametrize("profile", PROFILES)
def test_truths_satisfy_the_identities(profile: str) -> None:
    for seed in range(40):
        report = truth(Random(seed), profile=profile)
        assert violations(report) == []
        assert set(report.cells) == {key for table in TABLES for key in form(report.forms[table]).keys(table)}
        assert all(isinstance(value, int | float) for value in report.cells.values())


def test_truths_are_of_all_kinds() -> None:
    reports = [truth(Random(seed)) for seed in range(300)]
    values = [value for report in reports for value in report.cells.values() if value is not None]
    assert max(values) > 1_000_000
    assert min(values) < 0
    assert any(isinstance(value, float) for value in values)
    assert {tuple(report.forms.values()) for report in reports} == {
        ("2019", "2019", "2019"),
        ("2021", "2021", "2021"),
        ("2019", "2021", "2021"),
        ("2021", "2019", "2019"),
    }


def test_the_balance_is_added_up_by_hand() -> None:
    cells = truth(Random(5), profile="busy").cells
    for column in ("person", "business", "total"):
        new, before, done, left = (
            int(cells[f"requests.{row}.{column}"] or 0) for row in ("new", "carried_in", "handled", "carried_out")
        )
        assert new + before == done + left


@pytest.mark.parametrize("name", BLANKS)
def test_blanks_only_take_away(name: str) -> None:
    for seed in range(20):
        report = truth(Random(seed))
        blanked = BLANKS[name](report, Random(seed)).cells
        changed = {key for key, value in blanked.items() if value != report.cells[key]}
        assert all(blanked[key] is None for key in changed)
        if name not in ("whole-table", "inner-totals"):
            assert all(report.cells[key] == 0 for key in changed)


def test_random_zeros_leaves_some_zeros() -> None:
    blanked = [BLANKS["random-zeros"](truth(Random(seed)), Random(seed)).cells.values() for seed in range(10)]
    assert all(0 in cells and None in cells for cells in blanked)


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_break_an_identity(name: str) -> None:
    changed = [MISTAKES[name](truth(Random(seed), profile="busy"), Random(seed)) for seed in range(10)]
    assert all(violations(report) for report in changed if report.mistakes)
    assert sum(bool(report.mistakes) for report in changed) >= 8


def test_a_form_left_empty_has_no_number() -> None:
    assert set(everything(truth(Random(1)), Random(1)).cells.values()) == {None}


def test_the_same_plan_gives_the_same_bytes_in_every_process() -> None:
    script = (
        "import hashlib; from tests.zoo.documents import documents; "
        "print(hashlib.sha256(b''.join(one.body for one in documents(80, 3))).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).resolve().parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1


def test_seeds_give_different_documents() -> None:
    assert document(0, 1).body != document(0, 2).body


def test_everything_of_the_registries_is_rendered_alone() -> None:
    names = {name for plan in plain_plans() for name in plan.parts}
    assert names >= {*LAYOUTS, *ARRANGEMENTS, *BLANKS, *MISTAKES, *NOISES}


class _Cells(HTMLParser):
    """Reads the texts of the cells of every table, for this test alone."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag in ("td", "th")
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("td", "th", "table")

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data.strip()


def _numbers(texts: list[str]) -> list[float | None]:
    return [float(text) if text.isdecimal() else None for text in texts]


def _row(report: Truth, table: str, row: str) -> list[float | None]:
    keys = [key for key in form(report.forms[table]).keys(table) if key.split(".")[1] == row]
    return [None if (value := report.cells[key]) is None else float(value) for key in keys]


@pytest.mark.parametrize("noises", [(), ("clutter:word",), ("clutter:sloppy",), ("clutter:th",)])
def test_a_spanned_page_holds_every_row_of_table_3(noises: tuple[str, ...]) -> None:
    for seed in range(5):
        one = render(Plan("html", blanks="random-zeros", noises=noises), seed)
        reader = _Cells()
        reader.feed(one.body.decode("utf-8"))
        (block,) = form(one.truth.forms["requests"]).blocks["requests"]
        for row in block.rows:
            name = re.sub(r"^(\d\.|\(.\)|.、)", "", row.label).split("(")[0].split(",")[0]
            found = [cells for cells in reader.rows if any(name in cell for cell in cells[:-7]) and len(cells) > 7]
            assert _row(one.truth, "requests", row.code) in [_numbers(cells[-7:]) for cells in found]


@pytest.mark.parametrize(("form_id", "heights"), [("2019", (20, 8, 3, 5)), ("2021", (22, 8, 3, 5, 3))])
def test_stubs_span_their_rows(form_id: str, heights: tuple[int, ...]) -> None:
    one = next(one for seed in range(20) if (one := render(Plan("html"), seed)).truth.forms["requests"] == form_id)
    text = one.body.decode("utf-8")
    stubs = re.findall(r'rowspan="(\d+)">(?:三、本|（[三四五六]）)', text)
    assert tuple(map(int, stubs)) == heights


def test_the_line_layout_prints_a_row_under_its_label() -> None:
    one = render(Plan("lines"), 4)
    lines = one.body.decode("utf-8").split("\n")
    for label, row in (("（七）总计", "handled"), ("四、结转下年度继续办理", "carried_out")):
        at = lines.index(label)
        assert _numbers(lines[at + 1 : at + 8]) == _row(one.truth, "requests", row)


def test_equal_lines_are_lost_once_deduplicated() -> None:
    lines = render(Plan("deduplicated"), 1).body.decode("utf-8").strip().split("\n")
    assert len(lines) == len(set(lines))
    assert lines.count("信息内容") == 1


def test_a_cut_off_page_ends_inside_a_table() -> None:
    for seed in range(20):
        one = render(Plan("lines", "cut-off"), seed)
        assert "五、" not in one.body.decode("utf-8")
        assert {key.split(".")[0] for key in one.expected} <= {"disclosure", "requests"}
        assert {item.need for item in one.expected.values()} == {Need.SURE, Need.OPEN}


@pytest.mark.parametrize("arrangement", ["headings-only", "narrative-only", "before-2019", "other-document"])
def test_pages_without_tables_expect_none(arrangement: str) -> None:
    assert render(Plan("html", arrangement), 1).expected == {}


@pytest.mark.parametrize("name", ["encoding:gbk-as-gb2312", "encoding:gb18030-undeclared", "encoding:big5"])
def test_encodings_keep_the_text(name: str) -> None:
    glyphs = ("glyph:traditional",) if name == "encoding:big5" else ()
    codec, declared = CODECS[name.partition(":")[2]]
    text = render(Plan("html", noises=(*glyphs, name)), 1).body.decode(codec)
    assert ("charset=" in text) is (declared is not None)
    assert "政府信息公" in text


@pytest.mark.parametrize(
    ("noise", "mark"),
    [
        ("number:comma", r"\d,\d{3}"),
        ("number:wide-comma", r"\d，\d{3}"),
        ("number:full-width", "[０-９]"),
        ("number:note", r"\d（其中修订 ?\d+ ?件）"),
        ("number:unit", r"\n\d+件\n"),
        ("opening:㈠", "㈥其他处理"),
        ("opening:一）", "\n三）不予公开"),
        ("point:．", "１．属于国家秘密"),
        ("glyph:radicals", "[⾏⼀]"),
        ("glyph:bare-pinyin", r"公\(gong\)"),
        ("glyph:traditional", "複議|復議"),
        ("glyph:taiwan", "資訊"),
        ("glyph:signs", "[★◆■]"),
        ("glyph:questions", r"\?\?"),
        ("glyph:doubled", "，，"),
        ("label:worn", "其他法律行政止公开"),
        ("label:extra-row", "其他主动公开文件"),
        ("label:cut", "商业\n企业"),
        ("sections:later", "三、主动公开政府信息情况"),
        ("title:chinese-year", "二〇[一二]"),
        ("encoding:utf-8-bom", "^\ufeff"),
    ],
)
def test_a_noise_leaves_its_mark(noise: str, mark: str) -> None:
    bodies = [render(Plan("lines", noises=(noise,)), seed).body.decode("utf-8") for seed in range(12)]
    assert any(re.search(mark, body) for body in bodies)
    assert not re.search(mark, render(Plan("lines"), 1).body.decode("utf-8"))


def test_a_fee_in_yuan_is_ten_thousand_times_that_in_wan_yuan() -> None:
    for seed in range(60):
        one = render(Plan("lines", noises=("number:unit",)), seed)
        match = re.search(r"行政事业性收费\n(\d+)元", one.body.decode("utf-8"))
        fee = one.truth.cells.get("disclosure.fees.amount")
        if match and fee:
            assert int(match[1]) == round(fee * 10_000)
            return
    pytest.fail("no fee was printed in yuan")


def _last_year(one: Document) -> tuple[int, int]:
    text = one.body.decode("utf-8")
    this, last = one.truth.report_year, one.truth.report_year - 1
    return text.index(f"{last}年"), text.rindex(f"{this}年")


def test_last_years_tables_come_with_their_year() -> None:
    ends: list[Callable[[str], bool]] = [lambda text: "年度数据" in text or "附表" in text or "年收到和处理" in text]
    for arrangement in ("last-year-before", "last-year-after"):
        one = render(Plan("lines", arrangement), 2)
        assert all(check(one.body.decode("utf-8")) for check in ends)
        assert one.body.decode("utf-8").count("（七）总计") == 2
        assert min(_last_year(one)) > 0


def test_the_second_report_of_a_page_has_its_own_truth() -> None:
    one = render(Plan("html", "two-reports"), 3)
    (other,) = one.others
    assert one.truth.title != other.truth.title
    assert other.truth.title in one.body.decode("utf-8")
    assert violations(other.truth) == []


def test_bodies_can_be_written_to_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--documents", "4", "--dump", str(tmp_path)]) == 0
    assert len(list(tmp_path.iterdir())) == 4
    assert "4 documents" in capsys.readouterr().out
