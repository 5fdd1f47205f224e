"""`nianbao sites`: a list made, filled from somebody's table and checked; what is in doubt is named, never guessed."""

import csv
import os
import re
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from nianbao.dataset.places import of_code
from nianbao.site_names import title_names
from scraper import Site, read_sites
from tests.nianbao.conftest import NIANBAO, environment
from tests.scraper.web import Reply, Web, serving

HEADER = "code,name,site_url,column_url\n"
JINGZHOU = Site("431229", "靖州苗族侗族自治县", "http://www.jzx.gov.cn/")
TEXT = "政务要闻 " * 80


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


def invoke(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(main, ["sites", *map(str, arguments)])


def listed(path: Path = Path("sites.csv")) -> dict[str, str]:
    found = read_sites(path)
    assert not found.problems
    return {site.code: site.site_url for site in found.sites}


def test_add_makes_a_list_that_a_harvest_reads(here: Path) -> None:
    result = invoke("add", "431229", "http://www.jzx.gov.cn/")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "sites.csv: added 431229 靖州苗族侗族自治县 http://www.jzx.gov.cn/\n"
    assert read_sites(here / "sites.csv").sites == (JINGZHOU,)


def test_add_takes_name_column_and_list(here: Path) -> None:
    column = "http://www.jzx.gov.cn/gk/"
    options = ("--name", "靖州县", "--column-url", column, "--sites", here / "mine.csv")
    assert invoke("add", "431229", "http://www.jzx.gov.cn/", *options).exit_code == 0
    assert read_sites(here / "mine.csv").sites == (Site("431229", "靖州县", JINGZHOU.site_url, column),)
    assert not (here / "sites.csv").exists()


def test_a_second_site_of_a_division_is_added_and_the_first_is_named(here: Path) -> None:
    invoke("add", "431229", "http://www.jzx.gov.cn/")
    result = invoke("add", "431229", "http://xxgk.jzx.gov.cn/")
    assert result.exit_code == 0
    assert "it has http://www.jzx.gov.cn/ too" in result.stdout
    assert len(read_sites(here / "sites.csv").sites) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("431229", "https://jzx.gov.cn"), "stands in the list already"),
        (("999999", "http://a.gov.cn/"), "no division"),
        (("4312", "http://a.gov.cn/", "--name", "怀化"), "six digits"),
        (("431229", "jzx"), "give an address"),
        (("431229", "file:///etc/passwd"), "not http or https"),
        (("431202", "http://a.gov.cn/", "--column-url", "gk"), "give an address"),
    ],
)
def test_what_cannot_be_added_is_one_line_and_the_list_stays(here: Path, arguments: Sequence[str], told: str) -> None:
    invoke("add", "431229", "http://www.jzx.gov.cn/")
    before = (here / "sites.csv").read_bytes()
    result = invoke("add", *arguments)
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert line.startswith("nianbao: ")
    assert told in line
    assert (here / "sites.csv").read_bytes() == before


def test_a_list_that_cannot_be_written_is_status_3(here: Path) -> None:
    result = invoke("add", "431229", "http://www.jzx.gov.cn/", "--sites", "nowhere/sites.csv")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "cannot be written" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def run_import(here: Path, table: str, encoding: str = "utf-8") -> Result:
    (here / "table.csv").write_bytes(table.encode(encoding))
    return invoke("import", "table.csv")


WIKIDATA = """item,itemLabel,行政区划代码,官方网站
http://www.wikidata.org/entity/Q1,靖州苗族侗族自治縣,431229,http://www.jzx.gov.cn
http://www.wikidata.org/entity/Q2,遂溪县,,http://www.suixi.gov.cn/
http://www.wikidata.org/entity/Q3,汉阴县,,
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_import_of_a_wikidata_export(here: Path, encoding: str) -> None:
    result = run_import(here, WIKIDATA, encoding)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == "rows: 3 = 2 added + 0 known + 1 without an address + 0 left out\n"
    assert read_sites(here / "sites.csv").sites == (
        Site("431229", "靖州苗族侗族自治县", "http://www.jzx.gov.cn/"),
        Site("440823", "遂溪县", "http://www.suixi.gov.cn/"),
    )


@pytest.mark.parametrize(
    "header",
    [
        "name,url",
        "县区,网址",
        "區劃名稱,官方網站",
        "County,Official website",
        "Item label (zh),homepage_URL",
        "行政区划名称（全称）,政府网站",
        "countyLabel,what it is called on the net",
    ],
)
def test_headings_are_known_in_chinese_and_english(here: Path, header: str) -> None:
    header = header.replace("Item label (zh)", "Item label")
    assert run_import(here, f"{header}\n遂溪县,http://www.suixi.gov.cn/\n").exit_code == 0
    assert listed() == {"440823": "http://www.suixi.gov.cn/"}


@pytest.mark.parametrize("code", ["440823", "440823000000", "440823000", "440823.0"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_codes_and_addresses_are_found_by_content(here: Path, code: str, delimiter: str) -> None:
    rows = [["x", "y", "z"], ["1", code, "www.suixi.gov.cn"], ["2", "431229", "http://www.jzx.gov.cn/"]]
    assert run_import(here, "".join(delimiter.join(row) + "\n" for row in rows)).exit_code == 0
    assert listed() == {"431229": "http://www.jzx.gov.cn/", "440823": "http://www.suixi.gov.cn/"}


def test_a_column_with_a_code_here_and_there_is_none_of_codes(here: Path) -> None:
    rows = [
        "name,remark,url",
        "遂溪县,440823,http://a.gov.cn/",
        "汉阴县,see 2,http://b.gov.cn/",
        "靖州县,?,http://c.gov.cn/",
    ]
    assert run_import(here, "\n".join(rows)).exit_code == 0
    assert list(listed()) == ["431229", "440823", "610921"], "in the order of the codes"


@pytest.mark.parametrize(
    ("header", "row", "told"),
    [
        ("name,url", "长安区,http://a.gov.cn/", "130102 长安区 (河北省石家庄市) or 610116 长安区 (陕西省西安市)"),
        ("name,url", "靖州,http://a.gov.cn/", "can be 431229"),
        ("name,url", "甲乙县,http://a.gov.cn/", "no division is called '甲乙县'"),
        ("name,url", "Jingzhou County,http://a.gov.cn/", "no division is called"),
        ("name,url", "靖州县教育局,http://a.gov.cn/", "an office or a part of 431229"),
        ("name,url", ",http://a.gov.cn/", "no division is called"),
        ("name,province,url", "靖州县,河北省,http://a.gov.cn/", "is in 湖南省怀化市, and the row says 河北省"),
        ("code,url", "440899,http://a.gov.cn/", "code '440899' is of no division"),
        ("code,url", "440823105201,http://a.gov.cn/", "is of no division"),
        ("code,name,url", "440825,遂溪县,http://a.gov.cn/", "code 440825 is 徐闻县, and the name 遂溪县 is 440823"),
        ("code,name,url", "431229,靖州县教育局,http://a.gov.cn/", "an office or a part of 431229"),
        ("code,name,url", "350403,沙县区,http://a.gov.cn/", "correct one of them"),
        ("name,url", "遂溪县,see below", "'see below' is no address"),
        ("name,url", "遂溪县,http://a.gov.cn/ http://b.gov.cn/", "is no address"),
        ("name,url", "遂溪县,http://[::1", "malformed"),
        ("name,url", "遂溪县,https://www.wikidata.org/wiki/Q1", "is no address of a website"),
    ],
)
def test_what_is_in_doubt_is_named_and_left_out(here: Path, header: str, row: str, told: str) -> None:
    result = run_import(here, f"{header}\n{row}\n")
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 1
    assert line.startswith("nianbao: table.csv:2: ")
    assert told in line
    assert result.stdout == "rows: 1 = 0 added + 0 known + 0 without an address + 1 left out\n"
    assert not (here / "sites.csv").exists()


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        ("name,province,url", "长安区,陕西省,http://a.gov.cn/", "610116"),
        ("name,地级市,url", "长安区,石家庄市,http://a.gov.cn/", "130102"),
        ("name,省,市,url", "长安区,河北省,石家庄市,http://a.gov.cn/", "130102"),
        ("name,上级,url", "城關區,蘭州市,http://a.gov.cn/", "620102"),
        ("name,url", "石家庄市长安区人民政府,http://a.gov.cn/", "130102"),
        ("name,url", "乾县,http://a.gov.cn/", "610424"),
        ("name,url", "东莞市,http://a.gov.cn/", "441900"),
        ("code,name,url", "130102,长安区,http://a.gov.cn/", "130102"),
        ("code,name,url", "130102,Chang'an,http://a.gov.cn/", "130102"),
        ("code,name,url", "130102,长安,http://a.gov.cn/", "130102"),
        ("code,name,url", "130102,石家庄市長安區人民政府,http://a.gov.cn/", "130102"),
    ],
)
def test_parents_and_codes_tell_namesakes_apart(here: Path, header: str, row: str, code: str) -> None:
    result = run_import(here, f"{header}\n{row}\n")
    assert (result.exit_code, result.stderr) == (0, "")
    place = of_code(code)
    assert place is not None
    assert read_sites(here / "sites.csv").sites == (Site(code, place.name, "http://a.gov.cn/"),)


def test_of_several_websites_one_is_taken_and_the_others_are_named(here: Path) -> None:
    rows = ["http://www.suixi.com/", "http://www.suixi.gov.cn/", "https://suixi.gov.cn", "http://old.suixi.gov.cn/"]
    result = run_import(here, "name,url\n" + "".join(f"遂溪县,{url}\n" for url in rows))
    assert listed() == {"440823": "http://www.suixi.gov.cn/"}
    assert result.exit_code == 1
    assert result.stdout == "rows: 4 = 1 added + 1 known + 0 without an address + 2 left out\n"
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == ["table.csv:2", "table.csv:5"]
    assert all("440823 遂溪县 has http://www.suixi.gov.cn/ already" in line for line in result.stderr.splitlines())


def test_what_the_list_has_wins_and_a_second_import_changes_nothing(here: Path) -> None:
    invoke("add", "440823", "http://xxgk.suixi.gov.cn/")
    result = run_import(here, WIKIDATA)
    assert "440823 遂溪县 has http://xxgk.suixi.gov.cn/ already; http://www.suixi.gov.cn/ is left out" in result.stderr
    before = (here / "sites.csv").read_bytes()
    again = invoke("import", "table.csv")
    assert again.stdout == "rows: 3 = 0 added + 1 known + 1 without an address + 1 left out\n"
    assert (here / "sites.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("name,remark\n遂溪县,x\n", "no column of addresses; head it url or 网址"),
        ("a,url\nx,http://a.gov.cn/\n", "no column of codes or names"),
        ("item,itemLabel\nhttp://www.wikidata.org/entity/Q1,遂溪县\n", "no column of addresses"),
        ("", "no column of addresses"),
    ],
)
def test_a_table_that_cannot_be_used_is_one_line(here: Path, table: str, told: str) -> None:
    result = run_import(here, table)
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (1, "")
    assert line.startswith("nianbao: table.csv: ")
    assert told in line


def test_a_table_that_is_not_there_is_named(here: Path) -> None:
    result = invoke("import", "nowhere.csv")
    assert result.exit_code == 1
    assert result.stderr.startswith("nianbao: nowhere.csv: cannot be read")


@pytest.mark.parametrize(
    ("code", "title", "named"),
    [
        ("130102", "石家庄市长安区人民政府", True),
        ("130102", "长安区人民政府门户网站", True),
        ("130102", "欢迎访问河北长安", True),
        ("130102", "歡迎訪問長安區人民政府", True),
        ("130102", "西安市长安区人民政府", False),
        ("130102", "石家庄市人民政府", False),
        ("130102", "首页", False),
        ("130102", "", False),
        ("110105", "朝阳县人民政府", False),
        ("110105", "北京市朝阳区人民政府网站", True),
        ("431229", "中国·靖州", True),
        ("431229", "靖州县人民政府 怀化市", True),
        ("431229", "怀化市-靖州", True),
        ("431229", "鹤城区人民政府_靖州", False),
        ("350403", "三元区人民政府", True),
        ("999999", "测试县人民政府", True),
        ("999999", "其他县人民政府", False),
    ],
)
def test_whether_a_title_names_the_place(code: str, title: str, *, named: bool) -> None:
    assert title_names(title, of_code(code), "测试县") is named


def put(web: Web, host: str, title: str) -> None:
    web.put(f"http://{host}/", f"<html><head><title>{title}</title></head><body>{TEXT}</body></html>")


@pytest.fixture
def three(web: Web, here: Path) -> Web:
    """One site as it should be, one of somebody else's, one on no official host, one that answers 404."""
    put(web, "www.jzx.gov.cn", "靖州苗族侗族自治县人民政府")
    put(web, "www.suixi.gov.cn", "徐闻县人民政府")
    put(web, "www.hanyin.com", "汉阴县人民政府")
    web.put("http://www.gone.gov.cn/", Reply("gone", 404))
    rows = ["431229,靖州苗族侗族自治县,http://www.jzx.gov.cn/,", "440823,遂溪县,http://www.suixi.gov.cn/,"]
    rows += ["610921,汉阴县,http://www.hanyin.com/,", "130102,长安区,http://www.gone.gov.cn/,"]
    (here / "sites.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return web


def test_check_prints_one_line_a_site_and_ends_with_1_if_some_fail(three: Web) -> None:
    result = invoke("check", "--proxy", three.url, "--delay", "0")
    assert result.exit_code == 1
    lines = {line.split()[1]: line for line in result.stdout.splitlines()}
    assert {code: line.split()[0] for code, line in lines.items()} == {
        "431229": "ok",
        "440823": "other_place",
        "610921": "unofficial",
        "130102": "http_error",
    }
    assert "'徐闻县人民政府' does not name 遂溪县" in lines["440823"]
    assert "hanyin.com is not below gov.cn" in lines["610921"]
    assert "status 404" in lines["130102"]
    note, failed = result.stderr.splitlines()
    assert note.startswith("note: through the proxy")
    assert failed.startswith("nianbao: sites.csv: 3 of 4 sites are not ok: 130102, 440823, 610921")


def test_check_ends_with_0_if_all_is_well(three: Web, here: Path) -> None:
    (here / "one.csv").write_text(HEADER + "431229,靖州县,http://www.jzx.gov.cn/,\n", encoding="utf-8")
    result = invoke(
        "check", "--sites", "one.csv", "--proxy", three.url, "--delay", "0", "--user-agent", "me (+a@b.org)"
    )
    assert result.exit_code == 0
    assert result.stdout == "ok            431229 靖州县 http://www.jzx.gov.cn/ 靖州苗族侗族自治县人民政府\n"
    assert three.asked("www.jzx.gov.cn")[0].headers["user-agent"] == "me (+a@b.org)"
    assert sorted(path.name for path in here.iterdir()) == ["one.csv", "sites.csv"]


def test_check_records_in_the_store_what_it_saw(three: Web, here: Path) -> None:
    arguments = ("check", "--proxy", three.url, "--delay", "0", "--store", "store")
    invoke(*arguments)
    put(three, "www.suixi.gov.cn", "遂溪县人民政府")
    (here / "sites.csv").write_text(HEADER + "440823,遂溪县,http://www.suixi.gov.cn/,\n", encoding="utf-8")
    result = invoke(*arguments)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "recorded in store/site_checks.csv"
    with (here / "store" / "site_checks.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["130102", "431229", "440823", "610921"]
    assert [rows[code]["result"] for code in rows] == ["http_error", "ok", "ok", "unofficial"]
    assert [rows[code]["names_place"] for code in rows] == ["", "true", "true", "true"]
    assert [rows[code]["host_is_official"] for code in rows] == ["", "true", "true", "false"]
    assert rows["440823"]["title"] == "遂溪县人民政府"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", rows["440823"]["checked_at"])


def test_check_leaves_a_foreign_file_in_the_store_alone(three: Web, here: Path) -> None:
    (here / "store").mkdir()
    (here / "store" / "site_checks.csv").write_text("my own notes\n", encoding="utf-8")
    result = invoke("check", "--proxy", three.url, "--delay", "0", "--store", "store")
    assert result.exit_code == 3
    assert result.stderr.splitlines()[-1].startswith("nianbao: store/site_checks.csv: ")
    assert (here / "store" / "site_checks.csv").read_text(encoding="utf-8") == "my own notes\n"


def test_check_waits_for_no_harvest_into_the_same_store(three: Web) -> None:
    from scraper.runs import locked

    with locked(Path("store")):
        result = invoke("check", "--proxy", three.url, "--store", "store")
    assert (result.exit_code, result.stdout, three.log) == (3, "", [])
    assert "another harvest is writing here" in result.stderr


def test_a_bad_row_is_named_and_the_others_are_checked(three: Web, here: Path) -> None:
    row = "431229,靖州县,http://www.jzx.gov.cn/,\n"
    (here / "sites.csv").write_text(HEADER + "1,x,http://x/,\n" + row, encoding="utf-8")
    result = invoke("check", "--proxy", three.url, "--delay", "0")
    assert result.exit_code == 1
    assert result.stderr.startswith("nianbao: sites.csv:2: code '1'")
    assert result.stdout.startswith("ok ")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("check",), 1),
        (("check", "--proxy", "nowhere"), 2),
        (("check", "--delay", "-1"), 2),
        (("add", "431229"), 2),
        (("import",), 2),
        (("unknown",), 2),
    ],
)
def test_wrong_use_does_nothing(here: Path, arguments: Sequence[str], status: int) -> None:
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout, list(here.iterdir())) == (status, "", [])


def test_ctrl_c_keeps_what_was_checked(three: Web, here: Path) -> None:
    three.put("http://www.gone.gov.cn/", Reply("late", pause=20.0))
    command = [*NIANBAO, "sites", "check", "--proxy", three.url, "--delay", "0", "--store", "store"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(PYTHONUNBUFFERED="1"), text=True
    ) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(3)]
        time.sleep(0.05)
        os.kill(process.pid, signal.SIGINT)
        rest, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert all(lines)
    assert "recorded in store/site_checks.csv" in rest
    assert errors.splitlines()[-1].startswith("nianbao: interrupted; 3 of 4 sites are checked")
    assert len((here / "store" / "site_checks.csv").read_text(encoding="utf-8").splitlines()) == 4


@pytest.mark.parametrize("command", [(), ("add",), ("import",), ("check",)])
def test_every_help_has_an_example(command: Sequence[str]) -> None:
    text = invoke(*command, "--help").stdout
    assert "nianbao sites " in text.split("Example")[1]
    assert max(map(len, text.splitlines())) <= 100
