"""`nianbao parse`: the JSON of the contract, one line a file, and what is said of files that cannot be read."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from nianbao import parse
from nianbao.cli import main
from tests.nianbao.conftest import REPOSITORY, SAMPLES, Run

SITES = SAMPLES / "sites"
JINGZHOU = SITES / "www.jzx.gov.cn/jingzhou/c139201/202502/7a83b15cbb0cd84f47b501e45cc51b03.shtml"
QINGSHUI = SITES / "www.tsqs.gov.cn/info/1082/21873.htm"
WUXING = next((SITES / "www.wuxing.gov.cn").rglob("art_747fb6a4*.html"))
NOTICE = "<h1>关于做好2024年度政府信息公开工作年度报告编制和发布工作的通知</h1><p>各镇人民政府：请按时公布。</p>"
KEYS = ["source", "sha256", "title", "publisher", "division", "scope", "report_year", "published_at"]
KEYS += ["tables", "sections", "warnings"]
CELL_KEYS = ["row", "column", "value", "status", "raw", "where"]
TWO_REPORTS = "".join(
    f"<h1>{place}2023年政府信息公开工作年度报告</h1><p>一、总体情况</p><p>{place}依法公开。</p><p>二、主动公开政府信息情况</p>"
    "<table><tr><td>第二十条第(五)项</td></tr><tr><td>信息内容</td><td>本年处理决定数量</td></tr>"
    f"<tr><td>行政许可</td><td>{count}</td></tr></table><p>三、收到和处理政府信息公开申请情况</p><p>无</p>"
    for place, count in (("甲县", 12), ("乙县", 34))
)


def invoke(*arguments: object, stdin: bytes | None = None) -> Result:
    environment = {"COLUMNS": "80", "FORCE_COLOR": None}
    return CliRunner(env=environment).invoke(main, ["parse", *map(str, arguments)], input=stdin)


def objects(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout_bytes.decode("utf-8").split("\n")[:-1]]


def test_one_object_a_file_in_the_order_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(SITES)
    typed = [f"./{path.relative_to(SITES)}" for path in (QINGSHUI, JINGZHOU, WUXING, QINGSHUI)]
    result = invoke(*typed)
    assert (result.exit_code, result.stderr) == (0, "")
    assert [report["source"] for report in objects(result)] == typed
    assert [report["report_year"] for report in objects(result)] == [2020, 2024, 2022, 2020]


def test_the_object_has_the_keys_of_the_contract() -> None:
    (report,) = objects(invoke(JINGZHOU))
    assert list(report) == KEYS
    assert report["division"] == {"code": "431229", "name": "靖州苗族侗族自治县"}
    assert report["published_at"] == "2025-02-18T16:52+08:00"
    assert [(table["table"], table["form"], len(table["cells"])) for table in report["tables"]] == [
        ("disclosure", "2021", 10),
        ("requests", "2021", 175),
        ("appeals", "2021", 15),
    ]
    cells = report["tables"][1]["cells"]
    assert [list(cell) for cell in cells] == [CELL_KEYS] * 175
    assert (cells[0]["row"], cells[0]["column"], cells[0]["value"], cells[0]["status"]) == (
        "new",
        "person",
        17,
        "printed",
    )
    balance = next(check for check in report["tables"][1]["checks"] if check["id"] == "requests.balance")
    assert balance == {"id": "requests.balance", "at": "person", "left": 17, "right": 17, "outcome": "pass"}
    assert [(section["number"], *section) for section in report["sections"]] == [
        (number, "number", "heading", "text") for number in range(1, 7)
    ]


def test_tables_of_the_older_form_have_its_cells() -> None:
    (report,) = objects(invoke(QINGSHUI))
    assert [(table["form"], len(table["cells"])) for table in report["tables"]] == [
        ("2019", 22),
        ("2019", 161),
        ("2019", 15),
    ]


def test_lines_are_compact_utf_8_whatever_the_locale(nianbao: Run) -> None:
    result = nianbao("parse", JINGZHOU, env={"LC_ALL": "C", "PYTHONIOENCODING": "ascii"}, encoding=None)
    line = result.stdout.decode("utf-8")
    assert '"title":"靖州县2024年政府信息公开工作年度报告","publisher":"靖州县"' in line
    assert line.count("\n") == 1


def test_stdin_is_read_for_a_dash() -> None:
    body = JINGZHOU.read_bytes()
    (report,) = objects(invoke("-", stdin=body))
    assert report["source"] == "-"
    assert report["sha256"] == parse(body).sha256


def test_all_prints_every_report_of_a_page(tmp_path: Path) -> None:
    page = tmp_path / "two.html"
    page.write_text(TWO_REPORTS, encoding="utf-8")
    (first,) = objects(invoke(page))
    both = objects(invoke("--all", page))
    assert [report["publisher"] for report in both] == ["甲县", "乙县"]
    assert [report["tables"][0]["cells"][6]["value"] for report in both] == [12, 34]
    assert first == both[0]


def test_the_address_decides_between_places_of_one_name(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<h1>教育局2023年政府信息公开工作年度报告</h1><p>一、总体情况</p>", encoding="utf-8")
    known = next(csv.DictReader((REPOSITORY / "scraper/sites.csv").read_text(encoding="utf-8").splitlines()))
    (without,), (with_url,) = objects(invoke(page)), objects(invoke(page, "--url", f"{known['site_url']}jyj/1.html"))
    assert without["division"] is None
    assert with_url["division"] == {"code": known["code"], "name": known["name"]}
    assert objects(invoke(page, "--url", "http://[broken"))[0]["division"] is None


def test_a_code_that_changed_is_the_one_of_the_year() -> None:
    page = "<h1>崇川区{year}年政府信息公开工作年度报告</h1><p>一、总体情况</p>"
    codes = {year: parse(page.format(year=year).encode()).division for year in (2018, 2024)}
    assert {year: division and division.code for year, division in codes.items()} == {2018: "320602", 2024: "320613"}


def test_another_document_has_no_tables_and_says_what_it_is() -> None:
    result = invoke("-", stdin=NOTICE.encode())
    (report,) = objects(result)
    assert (result.exit_code, report["tables"]) == (0, [])
    assert "a notice" in report["warnings"][0]


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Make one file of each kind that cannot be read; with the words that its line must hold."""
    contents = {
        "empty.html": (b"", "is empty"),
        "blank.html": (b" \r\n\t\n", "is empty"),
        "binary.dat": (bytes(range(256)) * 40, "binary"),
        "picture.html": (b"\x89PNG\r\n\x1a\n" + bytes(200), "picture"),
        "report.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "PDF"),
        "report.docx": (b"PK\x03\x04\x14\x00\x06\x00" + bytes(100), "ZIP archive is damaged"),
    }
    files = {}
    for name, (body, words) in contents.items():
        (folder / name).write_bytes(body)
        files[name] = (folder / name, words)
    (folder / "folder.html").mkdir()
    (folder / "loop.html").symlink_to(folder / "loop.html")
    files["folder.html"] = (folder / "folder.html", "is a folder; name the files in it")
    files["loop.html"] = (folder / "loop.html", "cannot be read (Too many levels of symbolic links); check")
    files["missing.html"] = (folder / "missing.html", "there is no such file; check the path")
    files["below"] = (folder / "empty.html" / "x.html", "cannot be read (Not a directory); check")
    files["long"] = (folder / ("x" * 300), "cannot be read (File name too long); check")
    return files


def test_what_cannot_be_read_is_one_line_each_and_the_rest_is_done(tmp_path: Path) -> None:
    bad = bad_files(tmp_path)
    paths = [path for path, _ in bad.values()]
    result = invoke(JINGZHOU, *paths, QINGSHUI)
    assert result.exit_code == 1
    assert [report["source"] for report in objects(result)] == [str(JINGZHOU), str(QINGSHUI)]
    lines = result.stderr.splitlines()
    assert len(lines) == len(bad)
    for line, (path, words) in zip(lines, bad.values(), strict=True):
        assert line.startswith(f"nianbao: {path}: ")
        assert words in line.removeprefix(f"nianbao: {path}: ")
        assert "; " in line, f"does not say what to do: {line}"


def test_a_file_that_has_no_end_is_refused(nianbao: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.commands import parse as command

    monkeypatch.setattr(command, "_MAX_BYTES", 1 << 20)
    result = invoke("/dev/zero", QINGSHUI)
    assert result.exit_code == 1
    assert result.stderr.startswith("nianbao: /dev/zero: is larger than 1 MiB")
    assert len(objects(result)) == 1


def test_a_name_cannot_steer_the_terminal(nianbao: Run) -> None:
    result = nianbao("parse", "\x1b[31mred\nnianbao: fine", b"\xff.html".decode("utf-8", "surrogateescape"))
    assert result.returncode == 1
    assert len(result.stderr.splitlines()) == 2
    assert "\x1b" not in result.stderr


def test_text_without_any_report_is_read_and_says_so(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("<html><body><p>欢迎访问</p></body></html>", encoding="utf-8")
    result = invoke(page)
    (report,) = objects(result)
    assert (result.exit_code, report["tables"], report["report_year"]) == (0, [], None)
    assert report["warnings"]
