import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path

import pytest

import scraper
from parsers.errors import NianbaoError, StoreError
from scraper.accounting import Tally
from scraper.documents import documents, status
from scraper.harvest import harvest
from scraper.messages import Request, Response, Site, Step
from scraper.options import Options
from scraper.outcomes import Outcome
from scraper.runs import locked
from scraper.summary import Event, Summary
from tests.scraper.conftest import NOW, QUICK, county
from tests.scraper.walker import LinkWalker, link
from tests.scraper.web import Reply, Web

Run = Callable[..., Summary]
ETAG = {"ETag": '"v1"'}
MODIFIED = {"Last-Modified": "Thu, 15 Jan 2026 08:00:00 GMT"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def records(store: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(store / "state.sqlite") as connection:
        rows = connection.execute("SELECT url, sha256 FROM records ORDER BY id").fetchall()
    connection.close()
    return rows


def test_everything_found_is_archived_with_the_link_that_led_there(web: Web, run: Run, store: Path) -> None:
    sites = [county(web, number) for number in (2, 1)]
    summary = run(sites)
    found = list(documents(store))
    assert [document.url for document in found] == [
        f"http://www.county{number}.gov.cn/gk/{name}"
        for number in (1, 2)
        for name in ("2020.html", "2020.pdf", "2021.html", "2022.html")
    ]
    report, attachment = found[0], found[1]
    assert report.site == sites[1]
    assert (report.kind, report.text, report.found_on) == ("report", "2020年报告", "http://www.county1.gov.cn/gk/")
    assert (attachment.kind, attachment.found_on) == ("attachment", report.url)
    assert attachment.body == b"%PDF-1.4 " + bytes(range(256)) * 4
    assert attachment.content_type == "application/pdf"
    assert report.fetched_at == "2026-03-01T08:00:00Z"
    assert report.sha256 == sha256(report.body).hexdigest()
    assert summary.new_records == 8


def test_discovery_and_fetching_work_together(web: Web, store: Path) -> None:
    """The real discovery, from nothing but a home page in GBK whose encoding nothing declares."""
    host = "http://www.jzx.gov.cn"

    def put(path: str, *links: tuple[str, str]) -> None:
        items = "".join(f'<li><a href="{href}">{text}</a></li>' for href, text in links)
        body = f"<html><title>靖州县人民政府</title><ul>{items}</ul><p>{'版权所有 ' * 30}</p></html>"
        web.put(host + path, body.encode("gbk"), content_type="text/html")

    years = [(f"/gk/t{year}.html", f"靖州县{year}年政府信息公开工作年度报告") for year in (2022, 2023, 2024)]
    put("/", ("/xw/", "新闻中心"), ("/zfxxgk/", "政府信息公开"))
    put("/zfxxgk/", ("/zfxxgk/zn/", "政府信息公开指南"), ("/gk/", "政府信息公开年报"))
    put("/gk/", *years, ("/gk/x.html", "关于做好2024年政府信息公开工作年度报告编制工作的通知"))
    for path, title in years:
        web.put(host + path, f"<title>{title}</title><p>{'第一部分 总体情况 ' * 50}</p>".encode("gbk"))
    options = Options(**QUICK, proxy=web.url)  # type: ignore[arg-type]
    summary = harvest([Site("431229", "靖州县", f"{host}/")], store, options, now=lambda: NOW)
    assert [document.text for document in documents(store)] == [title for _, title in years]
    assert summary.sites[0].column == f"{host}/gk/"
    assert summary.counts.skipped["notice"] == 1
    assert not {"/gk/x.html", "/xw/"} & set(web.paths("www.jzx.gov.cn"))


def test_accounts_balance_and_stand_in_the_summary_file(web: Web, run: Run, store: Path) -> None:
    site = county(web, robots="User-agent: *\nDisallow: /gk/2021\n")
    web.put("http://www.county1.gov.cn/gk/2022.html", Reply("gone", 404))
    summary = run([site])
    written = json.loads((store / "runs" / summary.run / "summary.json").read_text(encoding="utf-8"))
    assert written["counts"] == {
        "discovered": 7,
        "fetched": 4,
        "unchanged": 0,
        "skipped": {"decoy": 1, "robots": 1},
        "failed": {"http_error": 1},
        "pending": 0,
    }
    assert written["outcomes"] == {"ok": 1}
    (told,) = written["sites"]
    assert (told["code"], told["outcome"], told["column"]) == ("430001", "ok", "http://www.county1.gov.cn/gk/")
    assert told["counts"]["report"]["discovered"] == 3
    assert not list(store.glob("runs/*/*.part"))


def test_accounts_that_do_not_balance_are_an_error() -> None:
    with pytest.raises(NianbaoError, match="2 discovered, 1 accounted for"):
        Tally(discovered=2, fetched=1).verify("甲县")


@pytest.mark.parametrize("headers", [ETAG, MODIFIED, ETAG | MODIFIED])
def test_second_harvest_asks_conditionally_and_records_nothing(
    web: Web, run: Run, store: Path, headers: dict[str, str]
) -> None:
    site = county(web, headers=headers)
    run([site])
    before, archive = records(store), (store / "archive/nianbao-00001.warc.gz").read_bytes()
    web.log.clear()
    summary = run([site])
    asked = [seen for seen in web.asked("www.county1.gov.cn") if not seen.path.endswith(".pdf")]
    assert [seen.path for seen in asked] == ["/gk/", "/gk/2020.html", "/gk/2021.html", "/gk/2022.html"]
    for seen in asked:
        assert seen.headers.get("if-none-match") == headers.get("ETag")
        assert seen.headers.get("if-modified-since") == headers.get("Last-Modified")
    assert (summary.counts.fetched, summary.counts.unchanged) == (0, 5)
    assert summary.new_records == 0
    assert summary.sites[0].outcome is Outcome.UNCHANGED
    assert records(store) == before
    assert (store / "archive/nianbao-00001.warc.gz").read_bytes() == archive


def test_unchanged_page_is_walked_like_a_fresh_one(web: Web, store: Path) -> None:
    told: list[tuple[str, int, str, bytes]] = []

    class Watcher(LinkWalker):
        def receive(self, request: Request, response: Response | None) -> Step:
            assert response is not None
            told.append((request.kind, response.status, response.url, response.body))
            return super().receive(request, response)

    site = county(web, headers=ETAG)
    runs = []
    for _ in range(3):
        told.clear()
        options = Options(**QUICK, proxy=web.url)  # type: ignore[arg-type]
        harvest([site], store, options, now=lambda: NOW, walker_of=Watcher)
        runs.append([one for one in told if one[0] != "home"])
    assert runs[0] == runs[1] == runs[2]
    assert {status for _, status, _, _ in runs[2]} == {200}


def test_second_harvest_without_validators_compares_hashes(web: Web, run: Run, store: Path) -> None:
    site = county(web)
    run([site])
    before = records(store)
    summary = run([site])
    assert (summary.counts.fetched, summary.counts.unchanged, summary.new_records) == (0, 5, 0)
    assert records(store) == before
    third = run([site])
    assert (third.counts.fetched, third.counts.unchanged) == (0, 5)


def test_new_version_is_recorded_and_the_old_one_stays(web: Web, run: Run, store: Path) -> None:
    site = county(web, headers=ETAG)
    run([site])
    url = "http://www.county1.gov.cn/gk/2021.html"
    web.put(url, "<title>2021年报告</title><p>更正后的报告</p>", headers={"ETag": '"v2"'})
    summary = run([site])
    assert summary.new_records == 1
    assert [document.url for document in documents(store, run=summary.run_id)] == [url]
    newest = next(document for document in documents(store) if document.url == url)
    assert "更正后的报告".encode() in newest.body
    assert len([row for row in records(store) if row[0] == url]) == 2
    assert run([site]).new_records == 0


def test_report_that_vanishes_stays_in_the_archive(web: Web, run: Run, store: Path) -> None:
    site = county(web)
    run([site])
    web.put("http://www.county1.gov.cn/gk/2021.html", Reply("gone", 404))
    run([site])
    assert "http://www.county1.gov.cn/gk/2021.html" in {document.url for document in documents(store)}
    web.put("http://www.county1.gov.cn/gk/2021.html", "<p>back with another text</p>")
    assert run([site]).new_records == 1


def test_answer_304_to_a_page_that_is_not_kept_is_no_success(web: Web, run: Run, store: Path) -> None:
    site = county(web, reports=1, headers=ETAG)
    run([site])
    path = store / "archive/nianbao-00001.warc.gz"
    raw = bytearray(path.read_bytes())
    raw[-60] ^= 0xFF  # damage on the disk
    path.write_bytes(bytes(raw))
    web.log.clear()
    summary = run([site])
    (again,) = [seen for seen in web.log if seen.path.endswith(".pdf")]
    assert "if-none-match" not in again.headers
    assert summary.new_records == 1
    assert len(list(documents(store))) == 2


def test_column_is_remembered_and_tried_first(web: Web, run: Run) -> None:
    site = county(web)
    run([site])
    web.log.clear()
    run([site])
    assert web.paths("www.county1.gov.cn")[0] == "/gk/"


@pytest.mark.parametrize("pause", [0.0, 0.15])
def test_report_that_two_sites_link_to_is_fetched_once_and_belongs_to_the_first_code(
    web: Web, run: Run, store: Path, pause: float
) -> None:
    site = county(web, 5, reports=1)
    home = link("report", "http://www.county5.gov.cn/gk/2020.html", "五县的报告")
    web.put("http://www.city.gov.cn/", home, pause=pause)
    portal = Site("430000", "某市", "http://www.city.gov.cn/")
    summary = run([site, portal])
    asked = [seen.path for seen in web.log if seen.path == "/gk/2020.html"]
    assert len(asked) == 1
    report, attachment = documents(store)
    assert attachment.kind == "attachment"
    assert (report.site.code, report.text) == ("430000", "五县的报告")
    counts = summary.counts
    assert counts.skipped["shared"] == 2  # the report and its attachment
    assert summary.new_records == 2


def test_page_that_becomes_a_report_is_archived_although_it_is_known(web: Web, run: Run, store: Path) -> None:
    web.put("http://www.a.gov.cn/", link("list", "/x.html"), headers=ETAG)
    web.put("http://www.a.gov.cn/x.html", "<p>the very same text</p>", headers=ETAG)
    site = Site("430001", "甲县", "http://www.a.gov.cn/")
    run([site])
    web.put("http://www.a.gov.cn/", link("report", "/x.html"))
    assert run([site]).new_records == 1
    assert [document.url for document in documents(store)] == ["http://www.a.gov.cn/x.html"]


def test_older_version_in_the_archive_is_not_taken_for_the_newest(web: Web, run: Run, store: Path) -> None:
    """The page is a report, then changes while it is only linked as a list, then is a report again and unchanged."""
    site = Site("430001", "甲县", "http://www.a.gov.cn/")
    for kind, text in (("report", "first"), ("list", "second"), ("report", "second")):
        web.put("http://www.a.gov.cn/", link(kind, "/x.html"))
        web.put("http://www.a.gov.cn/x.html", f"<p>the {text} version</p>", headers={"ETag": f'"{text}"'})
        run([site])
    assert [document.body for document in documents(store)] == [b"<p>the second version</p>"]


def test_posts_are_told_apart_by_their_fields(web: Web, store: Path) -> None:
    class Poster(LinkWalker):
        def start(self) -> Step:
            url = "http://www.a.gov.cn/dataproxy.jsp"
            referer = {"Referer": "http://www.a.gov.cn/col/"}
            return Step(
                tuple(Request(url, "list", form={"page": str(n), "块": "年报"}, headers=referer) for n in (1, 2))
            )

    web.put("http://www.a.gov.cn/dataproxy.jsp", "<record/>")
    options = Options(**QUICK, proxy=web.url)  # type: ignore[arg-type]
    harvest([Site("430001", "甲县", "http://www.a.gov.cn/")], store, options, now=lambda: NOW, walker_of=Poster)
    asked = web.asked("www.a.gov.cn")
    assert [(seen.method, seen.body) for seen in asked] == [
        ("POST", f"page={number}&%E5%9D%97=%E5%B9%B4%E6%8A%A5".encode()) for number in (1, 2)
    ]
    assert {seen.headers["referer"] for seen in asked} == {"http://www.a.gov.cn/col/"}
    assert {seen.headers["content-type"] for seen in asked} == {"application/x-www-form-urlencoded"}


def test_equal_sites_and_an_equal_now_give_an_equal_archive(web: Web, tmp_path: Path) -> None:
    site = county(web, headers=ETAG)
    for name in "ab":
        options = Options(**QUICK, proxy=web.url)  # type: ignore[arg-type]
        harvest([site], tmp_path / name, options, now=lambda: NOW, walker_of=LinkWalker)
    for path in ("archive/nianbao-00001.warc.gz", "runs/000001-20260301T080000Z/summary.json"):
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes()


def test_status_tells_outcome_streak_and_last_success(web: Web, run: Run, store: Path) -> None:
    site = county(web)
    run([site])
    for _ in range(2):
        run([site])
    (told,) = status(store)
    assert (told.outcome, told.streak, told.last_success) == ("unchanged", 2, "2026-03-01T08:00:00Z")
    for path in ("/", "/gk/"):
        web.put(f"http://www.county1.gov.cn{path}", Reply("<h1>Forbidden</h1>", 403))
    run([site])
    (told,) = status(store)
    assert (told.outcome, told.streak, told.last_success) == ("blocked", 1, "2026-03-01T08:00:00Z")
    assert told.column == "http://www.county1.gov.cn/gk/"
    assert "forbidden" in told.detail


def test_site_without_reports_says_so(web: Web, run: Run) -> None:
    summary = run([county(web, reports=0)])
    assert summary.sites[0].outcome is Outcome.NOTHING_FOUND


def test_defect_in_discovery_ends_its_site_alone_and_is_told(web: Web, store: Path) -> None:
    class Broken(LinkWalker):
        def receive(self, request: Request, response: Response | None) -> Step:
            if self.site.code == "430001" and request.kind == "column":
                raise ValueError("unexpected markup")
            return super().receive(request, response)

    sites = [county(web, 1), county(web, 2)]
    options = Options(**QUICK, proxy=web.url)  # type: ignore[arg-type]
    summary = harvest(sites, store, options, now=lambda: NOW, walker_of=Broken)
    assert [site.outcome for site in summary.sites] == [Outcome.DEFECT, Outcome.OK]
    assert "ValueError: unexpected markup (test_harvest.py:" in summary.sites[0].detail


def test_events_tell_of_every_site_and_page(web: Web, run: Run) -> None:
    events: list[Event] = []
    run([county(web, 1), county(web, 2)], on_event=events.append)
    assert "only addresses written as literals can be checked" in events[0].detail
    kinds = [event.kind for event in events]
    assert (kinds.count("site_started"), kinds.count("site_done"), kinds.count("page")) == (2, 2, 12)
    assert [event.done for event in events if event.kind == "site_done"] == [1, 2]
    assert {event.total for event in events} == {2}


def test_store_is_held_by_one_harvest_at_a_time(web: Web, run: Run, store: Path) -> None:
    with locked(store), pytest.raises(StoreError, match="another harvest is writing here"):
        run([county(web)])
    assert run([county(web)]).new_records == 4


@pytest.mark.parametrize("blocked", ["store", "archive", "state.sqlite"])
def test_store_that_cannot_be_written_is_one_clear_line(web: Web, run: Run, store: Path, blocked: str) -> None:
    if blocked == "store":
        store.write_text("a file where the folder belongs")
    else:
        store.mkdir()
        (store / blocked).mkdir() if blocked == "state.sqlite" else (store / blocked).write_text("x")
    with pytest.raises(StoreError) as error:
        run([county(web)])
    assert str(store) in str(error.value)
    assert "\n" not in str(error.value)
    assert web.log == []


FULL_DISK = """
import resource, sys
from pathlib import Path
from parsers.errors import StoreError
from scraper import Options, Site, harvest
from tests.scraper.conftest import NOW
from tests.scraper.walker import LinkWalker
if sys.argv[3] != "0":
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
try:
    site = Site("430001", "测试县1", "http://www.county1.gov.cn/")
    options = Options(delay=0, proxy=sys.argv[2])
    print(harvest([site], Path(sys.argv[1]), options, now=lambda: NOW, walker_of=LinkWalker).new_records)
except StoreError as error:
    print(error)
"""


def test_full_disk_is_one_clear_line_and_the_state_stays_sound(web: Web, store: Path) -> None:
    county(web, reports=12)
    for year in range(12):
        body = f"<p>{year}</p>".encode() + os.urandom(60_000).hex().encode()
        web.put(f"http://www.county1.gov.cn/gk/{2020 + year}.html", body)

    def go(limit: int) -> str:
        command = [sys.executable, "-c", FULL_DISK, str(store), web.url, str(limit)]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()

    told = go(300_000)
    assert "cannot be written" in told or "full" in told or "disk" in told
    assert str(store) in told
    assert "\n" not in told
    assert go(0) == "12"
    assert len(list(documents(store))) == 12
    assert len(records(store)) == 12


def test_public_names_are_sorted_and_there() -> None:
    assert list(scraper.__all__) == sorted(scraper.__all__)
    assert all(hasattr(scraper, name) for name in scraper.__all__)


def test_slow_answers_of_one_page_do_not_double_it(web: Web, run: Run, store: Path) -> None:
    """Two sites ask for the same page at the same moment."""
    asked = []

    def slow(_: Mapping[str, str]) -> Reply:
        asked.append(1)
        return Reply("<p>the one report</p>", pause=0.1)

    sites = []
    for number in (1, 2, 3):
        web.put(f"http://www.c{number}.gov.cn/", link("report", "http://www.shared.gov.cn/r.html"))
        sites.append(Site(f"43000{number}", f"县{number}", f"http://www.c{number}.gov.cn/"))
    web.put("http://www.shared.gov.cn/r.html", slow)
    assert run(sites).new_records == 1
    assert len(asked) == 1
