"""`nianbao status`: every site of a store, the worst first."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from scraper import Options, Site, harvest
from tests.scraper.conftest import QUICK, county
from tests.scraper.walker import LinkWalker
from tests.scraper.web import Reply, Web, serving

FIRST_NIGHT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def invoke(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "80"}).invoke(main, ["status", *map(str, arguments)])


def visited(web: Web, store: Path, nights: Sequence[Callable[[], list[Site]]]) -> None:
    for night, sites in enumerate(nights):
        now = FIRST_NIGHT + timedelta(days=night)
        options = Options(**QUICK, proxy=web.url)  # type: ignore[arg-type]
        harvest(sites(), store, options, now=lambda now=now: now, walker_of=LinkWalker)  # type: ignore[misc]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three nights: 1 and 2 well, 3 blocked since the second, 4 never there (robots.txt is a 502), 5 has no report."""
    path = tmp_path_factory.mktemp("status") / "store"
    with serving() as web:

        def sites() -> list[Site]:
            empty = county(web, 5)
            web.put("http://www.county5.gov.cn/", "<title>县5</title>" + "新闻 " * 60)
            absent = Site("430004", "测试县4", "http://www.county4.gov.cn/")
            return [county(web, 1), county(web, 2), county(web, 3), absent, empty]

        def later() -> list[Site]:
            found = sites()
            web.put("http://www.county3.gov.cn/", Reply("no", 403))
            web.put("http://www.county3.gov.cn/gk/", Reply("no", 403))
            return found

        visited(web, path, [sites, later, later])
    return path


def objects(store: Path) -> list[dict[str, object]]:
    result = invoke("--store", store, "--format", "jsonl")
    assert (result.exit_code, result.stderr) == (0, "")
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_site_has_outcome_streak_and_last_success_the_worst_first(store: Path) -> None:
    told = [(each["code"], each["outcome"], each["streak"], each["last_success"]) for each in objects(store)]
    assert told == [
        ("430004", "robots", 3, None),
        ("430003", "blocked", 2, "2026-03-01T08:00:00Z"),
        ("430005", "nothing_found", 3, None),
        ("430001", "unchanged", 2, "2026-03-03T08:00:00Z"),
        ("430002", "unchanged", 2, "2026-03-03T08:00:00Z"),
    ]


def test_an_object_says_which_site_which_column_and_why(store: Path) -> None:
    found = {each["code"]: each for each in objects(store)}
    assert found["430001"]["name"] == "测试县1"
    assert found["430001"]["site_url"] == "http://www.county1.gov.cn/"
    assert "http://www.county3.gov.cn/" in str(found["430003"]["detail"])
    assert "403" in str(found["430003"]["detail"])
    assert set(found["430001"]) >= {"code", "name", "site_url", "outcome", "detail", "streak", "last_success", "column"}


def test_the_table_is_plain_and_ends_with_the_counts(store: Path) -> None:
    result = invoke("--store", store)
    assert (result.exit_code, result.stderr) == (0, "")
    head, *rows, counts = result.stdout.splitlines()
    assert head.split()[:3] == ["OUTCOME", "STREAK", "LAST"]
    assert [row.split()[0] for row in rows] == ["robots", "blocked", "nothing_found", "unchanged", "unchanged"]
    assert rows[0].split()[1:4] == ["3", "never", "430004"]
    assert counts == "sites: 5 = 2 unchanged, 1 blocked, 1 nothing_found, 1 robots"
    assert "\x1b" not in result.stdout


def test_columns_stand_below_each_other_though_chinese_is_twice_as_wide(tmp_path: Path) -> None:
    store = tmp_path / "store"
    with serving() as web:
        short = Site("430001", "甲", "http://a.gov.cn/")
        visited(web, store, [lambda: [short, Site("430002", "靖州苗族侗族自治县", "http://b.gov.cn/")]])
    _, *rows, _ = invoke("--store", store).stdout.splitlines()
    before = [row[: row.index("http:")] for row in rows]
    assert len({len(text.encode("gbk")) for text in before}) == 1  # two bytes where the terminal has two columns


def test_a_store_without_a_visit_says_so(tmp_path: Path) -> None:
    with serving() as web:
        visited(web, tmp_path / "store", [list])
    result = invoke("--store", tmp_path / "store")
    assert (result.exit_code, result.stdout) == (0, "sites: 0; the store holds no visit yet\n")


@pytest.mark.parametrize("kind", ["missing", "empty folder", "no database", "a file"])
@pytest.mark.parametrize("form", ["table", "jsonl"])
def test_a_store_that_cannot_be_read_is_one_line_and_status_3(kind: str, form: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    if kind == "a file":
        store.write_text("no store")
    elif kind != "missing":
        store.mkdir()
    if kind == "no database":
        (store / "state.sqlite").write_bytes(b"this is no database, " * 100)
    result = invoke("--store", store, "--format", form)
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (3, "")
    assert line.startswith(f"nianbao: {store}/state.sqlite: ")
    assert "; " in line
    assert store.exists() == (kind != "missing")


@pytest.mark.parametrize("arguments", [(), ("--store",), ("--store", "x", "--format", "xml"), ("x",)])
def test_wrong_use_is_status_2(arguments: tuple[str, ...]) -> None:
    assert invoke(*arguments).exit_code == 2
