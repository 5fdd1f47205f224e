"""`nianbao parse --format table` and the words for grades and identities."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.cells import cell_len

from nianbao import parse
from nianbao.cli import main
from nianbao.display import print_report
from nianbao.terminal import Terminal
from nianbao.wording import check_in_words, grade_in_words, number
from parsers.forms import forms
from parsers.report import Cell, Check, Report, Table
from tests.nianbao.conftest import SAMPLES, Run

SITES = SAMPLES / "sites"
QINGSHUI = SITES / "www.tsqs.gov.cn/info/1082/21873.htm"
SUIXI = SITES / "www.suixi.gov.cn/zwgk/xxgknb/content/post_1795763.html"
MENGCHENG = SITES / "www.mengcheng.gov.cn/OpennessAnnualReport/show/6588.html"
WUXING = next((SITES / "www.wuxing.gov.cn").rglob("art_747fb6a4*.html"))
ESCAPE = "\x1b"


def shown(*files: Path, columns: int = 80) -> str:
    runner = CliRunner(env={"COLUMNS": str(columns), "FORCE_COLOR": None})
    result = runner.invoke(main, ["parse", "--format", "table", *map(str, files)])
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def grid_of(text: str, heading: str) -> list[str]:
    """Return the lines of one grid, without its heading."""
    return text.split(heading)[1].split("\n\n")[0].splitlines()[2:]


def numbers_of(text: str, label: str) -> list[str]:
    """Return what stands beside a label that fits on its line."""
    (line,) = [line for line in text.splitlines() if line.strip().startswith(f"{label} ")]
    return line.split(label)[1].split()


def printed(report: Report, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    print_report(Terminal(), report)
    return capsys.readouterr().out


@pytest.mark.parametrize("columns", [80, 160])
def test_numbers_stand_beside_their_labels(columns: int) -> None:
    text = shown(QINGSHUI, columns=columns)
    assert numbers_of(text, "一、本年新收政府信息公开申请数" + "量" * (columns > 80))[:7] == [*"9100001"[:6], "10"]
    assert numbers_of(text, "(七)总计") == ["10", "1", "0", "0", "0", "0", "11"]
    assert numbers_of(text, "行政许可") == ["214", "-8", "8870"]
    assert numbers_of(text, "其他对外管理服务事项") == ["96", "+4", "4711"]
    assert numbers_of(text, "政府集中采购") == ["71", "5120.35"]
    assert numbers_of(text, "行政复议") == ["1", "0", "0", "0", "1"]


@pytest.mark.parametrize("columns", [80, 160])
def test_columns_are_aligned_and_within_the_width(columns: int) -> None:
    text = shown(SUIXI, columns=columns)
    grid = grid_of(text, "三、收到和处理政府信息公开申请情况 (form 2021)")
    assert max(map(cell_len, grid)) <= columns
    rows = [line for line in grid if re.search(r"\d\s*$", line)]
    ends = [[cell_len(line[: found.end()]) for found in re.finditer(r"(?<= )\d+(?= |$)", line)] for line in rows]
    assert len(rows) == 25
    assert {tuple(end) for end in ends} == {tuple(ends[0])}
    assert len(ends[0]) == 7
    heads = [cell_len(grid[0][: found.end()]) for found in re.finditer(r"\S+", grid[0])]
    assert heads == ends[0]


def test_groups_are_headings_and_their_rows_are_indented() -> None:
    lines = shown(QINGSHUI, columns=160).splitlines()
    groups = [line.strip() for line in lines if re.match(r"\s*(三、本|\([三四五]\))", line)]
    assert groups == ["三、本年度办理结果", "(三)不予公开", "(四)无法提供", "(五)不予处理"]
    assert any(line.startswith("     1.属于国家秘密 ") for line in lines)
    assert any(line.startswith("   (六)其他处理 ") for line in lines)
    assert any(line.startswith("   复议后起诉 ") for line in lines)


def test_numbers_of_any_length_are_shown_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    form = forms()["2021"].tables["requests"]
    cells = tuple(Cell(row, column, 123456789012345, "derived") for row, column in form.cells())
    report = Report("0" * 64, tables=(Table("requests", "2021", "consistent", cells, ()),))
    text = printed(report, capsys, monkeypatch)
    assert text.count("*123456789012345") == 175
    assert "2.重复申请" in text


def test_nothing_is_cut_off_in_a_narrow_terminal() -> None:
    text = shown(QINGSHUI, columns=30)
    assert numbers_of(text, "(七)总计") == ["10", "1", "0", "0", "0", "0", "11"]
    assert "…" not in text


def test_head_names_the_report() -> None:
    lines = shown(SUIXI).splitlines()
    assert lines[0] == "遂溪县人民政府2023年度政府信息公开工作年度报告"
    assert lines[1:7] == [
        f"file       {SUIXI}",
        "publisher  遂溪县人民政府",
        "division   440823 遂溪县",
        "year       2023",
        "scope      jurisdiction",
        "published  2024-01-31T10:45+08:00",
    ]


def test_what_does_not_add_up_is_said_with_both_sides() -> None:
    text = shown(SUIXI)
    assert "inconsistent: every cell read, an identity fails as printed" in text
    assert "does not add up  行政复议: 总计 = 0, 结果维持 + 结果纠正 + 其他结果 + 尚未审结 = 11\n" in text
    assert text.count("does not add up") == 1


def test_derived_and_blank_cells_are_marked_and_explained() -> None:
    text = shown(MENGCHENG)
    assert numbers_of(text, "1.本机关不掌握相关政府信息") == ["*4", *"-----", "*4"]
    assert "- blank, as published\n*12 derived" in text
    assert "? something" not in text


def test_unreadable_cells_are_marked_and_explained() -> None:
    text = shown(WUXING)
    assert numbers_of(text, "行政许可") == ["?"]
    assert "partial: some cells unreadable or absent" in text
    assert "? something stands there that cannot be read or placed" in text


def test_absent_cells_and_units(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    form = forms()["2019"].tables["disclosure"]
    cells = [Cell(row, column, None, "absent") for row, column in form.cells()]
    cells[-1] = Cell("procurement", "amount", 251000, "printed", "251000元", "line:1", "元")
    report = Report("0" * 64, tables=(Table("disclosure", "2019", "partial", tuple(cells), ()),))
    text = printed(report, capsys, monkeypatch)
    assert numbers_of(text, "政府集中采购") == ["x", "251000元"]
    assert "x the document has no such cell" in text


def test_no_colour_codes_outside_of_a_terminal(nianbao: Run) -> None:
    assert ESCAPE not in nianbao("parse", "--format", "table", SUIXI).stdout


def test_a_page_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    report = Report(
        "0" * 64, title=f"[bold]甲县{ESCAPE}[31m\r年报", publisher=f"甲{ESCAPE}县", warnings=(f"a{ESCAPE}\nb",)
    )
    text = printed(report, capsys, monkeypatch)
    assert text.startswith("[bold]甲县\N{REPLACEMENT CHARACTER}[31m")
    assert not set(text) & {ESCAPE, "\r"}
    assert "warning: a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b\n" in text


def test_a_document_without_tables_says_why() -> None:
    runner = CliRunner(env={"COLUMNS": "80"})
    result = runner.invoke(main, ["parse", "--format", "table", "-"], input="欢迎访问".encode())
    assert result.stdout.splitlines()[0] == "(no title)"
    assert "division   not known" in result.stdout
    assert "warning: no report on open government information" in result.stdout


def test_files_are_separated_by_a_line() -> None:
    text = shown(SUIXI, QINGSHUI, SUIXI)
    rules = [line for line in text.splitlines() if line == "─" * 80]
    assert len(rules) == 2
    assert not text.startswith("─")


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (
            Check("requests.balance", "person", 62, 63, "fail"),
            "自然人: 本年新收 + 上年结转 = 62, 本年度办理结果/总计 + 结转下年度 = 63",
        ),
        (
            Check("requests.handled", "total", 5, None, "undecidable"),
            "总计: 本年度办理结果/总计 = 5, 予以公开 + … + 其他处理/其他 (21 terms) = unknown",
        ),
        (
            Check("requests.total", "refused_query", 1.0, 25.1, "fail"),
            "属于行政查询事项: 总计 = 1, 自然人 + … + 其他 (6 terms) = 25.1",
        ),
        (Check("narrative.new", "text", 17, 18, "fail"), "narrative.new, text: 17 against 18"),
    ],
)
def test_checks_in_words(check: Check, words: str) -> None:
    assert check_in_words(check, forms()["2021"].tables["requests"]) == words


def test_every_identity_of_the_forms_has_words_for_both_sides() -> None:
    for form in forms().values():
        for table in form.tables.values():
            for identity in table.identities:
                block = table.blocks[0]
                places = block.columns if identity.per == "column" else block.rows
                words = check_in_words(Check(identity.id, places[0].code, 1, 2, "fail"), table)
                assert not re.search("[a-z_]{4,}", words.replace("terms", "")), words


@pytest.mark.parametrize(("value", "text"), [(17, "17"), (17.0, "17"), (59237.2449, "59237.2449"), (None, "unknown")])
def test_numbers_are_short_and_exact(value: float | None, text: str) -> None:
    assert number(value) == text


def test_grades_in_words_tell_a_table_without_identities() -> None:
    report = parse(SUIXI.read_bytes())
    words = [grade_in_words(table, forms()[table.form].tables[table.table]) for table in report.tables]
    assert [line.split(":")[0] for line in words] == ["consistent", "verified", "inconsistent"]
    assert "no identity for this table" in words[0]
    undecided = replace(report.tables[1], grade="consistent")
    assert "some cannot be decided" in grade_in_words(undecided, forms()["2021"].tables["requests"])
