"""The walk beyond plain lists: sub-folders, portals, hosts, frames, attachments, bounds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery import Discovery, Limits
from scraper.messages import Request, Response, Site
from tests.scraper.discovery.simulated import (
    HTML,
    PLACE,
    Simulated,
    explore,
    page,
    publish,
    report_page,
    rows,
    simulated,
)
from tests.scraper.discovery.systems import trs

HOST = "www.anping.gov.cn"
ROOT = f"http://{HOST}"
COLUMN = f"{ROOT}/zwgk/zfxxgknb/"


def column(body: str) -> Simulated:
    made = simulated(HOST, "/zwgk/zfxxgknb/")
    made.put(COLUMN, page("政府信息公开年报", body))
    return made


def put_report(made: Simulated, url: str, more: str = "") -> None:
    made.put(url, report_page(f"{PLACE}2023年政府信息公开工作年度报告", more))
    made.reports.add(url)


def small_column(more: str = "") -> Simulated:
    """A column with one report, `more` standing in the report's page."""
    made = column('<a href="t20240117_1.html">安平县2023年政府信息公开工作年度报告</a>')
    put_report(made, f"{COLUMN}t20240117_1.html", more)
    return made


def test_folders_of_years_and_of_units_are_entered():
    made = column(
        '<a href="2023n/">2023年</a><a href="2022n/">2022年度</a><a href="bm/">县直部门</a>'
        '<a href="xz/">乡镇（街道）</a><a href="/xfjs/">信访局长信箱</a><a href="/bmdh/">县直部门</a>'
    )
    home = made.pages[f"{ROOT}/"]
    body = home.body.replace(b"</body>", '<a href="/bmdh/">县直部门</a></body>'.encode())
    made.pages[f"{ROOT}/"] = Response(home.url, 200, home.headers, body)
    for serial, folder in enumerate(["2023n/", "2022n/", "bm/jyj/", "xz/malu/"]):
        start = 100 * serial
        items = publish(made, lambda n, folder=folder: f"{COLUMN}{folder}t20240117_{5000 + n}.html", serial=start)
        made.put(f"{COLUMN}{folder}", page("年报", rows(items)))
    made.put(f"{COLUMN}bm/", page("部门", '<a href="jyj/">教育局</a><a href="http://www.moe.gov.cn/">教育部</a>'))
    made.put(f"{COLUMN}xz/", page("乡镇", '<a href="malu/index.html">马路镇</a>'))
    made.pages[f"{COLUMN}xz/malu/index.html"] = made.pages[f"{COLUMN}xz/malu/"]
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert len(made.reports) == 24
    assert not {f"{ROOT}/xfjs/", f"{ROOT}/bmdh/"} & walk.urls("list"), "the menu of the site is no folder of the column"
    assert walk.column == COLUMN


def test_a_prefecture_portal_gathers_its_counties():
    made = column('<a href="2023/gxs/index.html">各县（市）</a><a href="2023/hzx/">和政县</a>')
    folder = f"{COLUMN}2023/gxs/"
    items = []
    for serial, county in enumerate(["永靖县", "临夏县"]):
        items += publish(made, lambda n: f"{folder}art/2024/art_{n:032x}.html", place=county, serial=20 * serial)
    made.put(f"{folder}index.html", page("各县市", rows(items)))
    own = publish(made, lambda n: f"{COLUMN}2023/hzx/art_{n:032x}.html", place="和政县", serial=50)
    made.put(f"{COLUMN}2023/hzx/", page("和政县", rows(own)))
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert len(made.reports) == 18


def test_the_column_can_stand_on_a_subdomain_and_the_reports_on_another():
    made = Simulated(Site("131125", PLACE, f"{ROOT}/"), "http://xxgk.anping.gov.cn/nb/")
    made.put(f"{ROOT}/", page("首页", '<a href="http://xxgk.anping.gov.cn/">政府信息公开</a>'))
    made.put("http://xxgk.anping.gov.cn/", page("公开", '<a href="/nb/">信息公开年报</a>'))
    items = publish(made, lambda n: f"http://jyj.anping.gov.cn/art/2024/1/1/art_1_{n}.html")
    made.put("http://xxgk.anping.gov.cn/nb/", page("年报", rows(items)))
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert walk.column == "http://xxgk.anping.gov.cn/nb/"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.raoyang.gov.cn/nb/t20240101_1.html",
        "http://anping.example.com/nb/t20240101_1.html",
        "http://www.gov.cn/nb/t20240101_1.html",
        "http://127.0.0.1/nb/t20240101_1.html",
        "http://10.0.0.8/nb/t20240101_1.html",
        "http://169.254.169.254/nb/t20240101_1.html",
        "http://[::1]/nb/t20240101_1.html",
        "http://localhost/nb/t20240101_1.html",
    ],
)
def test_a_report_on_somebody_elses_host_is_left_with_the_reason(url):
    made = column(f'<a href="{url}">安平县2023年政府信息公开工作年度报告</a>')
    walk = explore(made)
    assert walk.skipped == {url: "other_host"} | {
        other: reason for other, reason in walk.skipped.items() if reason in {"guide", "system", "rule_of_law"}
    }
    assert not walk.urls("report")


@pytest.mark.parametrize(
    "href", ["ftp://www.anping.gov.cn/a.html", "file:///etc/passwd", "data:text/html,x", "//", "http://"]
)
def test_links_elsewhere_than_http_are_never_asked_for(href):
    walk = explore(column(f'<a href="{href}">安平县2023年政府信息公开工作年度报告</a>'))
    assert all(request.url.startswith(ROOT) for request in walk.asked)
    assert not walk.urls("report")


def test_several_columns_are_all_walked_and_all_remembered():
    made = simulated(HOST, "/nb1/")
    del made.pages[f"{ROOT}/zwgk/"]
    made.put(
        f"{ROOT}/zwgk/", page("公开", '<a href="/nb1/">县政府信息公开年报</a><a href="/nb2/">部门信息公开年报</a>')
    )
    for serial, name in enumerate(["nb1", "nb2"]):
        items = publish(made, lambda n, name=name: f"{ROOT}/{name}/t20240117_{n}.html", serial=100 * serial)
        made.put(f"{ROOT}/{name}/", page("年报", rows(items)))
    first = explore(made)
    assert first.urls("report") == made.reports
    assert first.column == f"{ROOT}/nb1/ {ROOT}/nb2/"
    second = explore(made, first.column)
    assert second.urls("report") == made.reports
    assert not second.urls("home")


def test_a_known_column_that_cannot_be_had_tonight_stays_known_while_the_site_links_it():
    made = simulated(HOST, "/nb1/")
    del made.pages[f"{ROOT}/zwgk/"]
    made.put(
        f"{ROOT}/zwgk/", page("公开", '<a href="/nb1/">县政府信息公开年报</a><a href="/nb2/">部门信息公开年报</a>')
    )
    made.put(f"{ROOT}/nb1/", page("年报", rows(publish(made, lambda n: f"{ROOT}/nb1/t20240117_{n}.html"))))
    known = f"{ROOT}/nb1/ {ROOT}/nb2/ {ROOT}/nb3/"
    walk = explore(made, known)
    assert walk.urls("report") == made.reports
    assert walk.column == f"{ROOT}/nb1/ {ROOT}/nb2/"


def test_a_disclosure_page_that_lists_the_reports_itself_becomes_the_column():
    made = Simulated(Site("131125", PLACE, f"{ROOT}/"), f"{ROOT}/xxgk/")
    made.put(f"{ROOT}/", page("首页", '<a href="/xxgk/">政府信息公开</a>'))
    items = publish(made, lambda n: f"{ROOT}/xxgk/t20240117_{n}.html")
    made.put(f"{ROOT}/xxgk/", page("公开", rows(items[:9]) + '<script>createPageHTML(2, 0, "index", "html")</script>'))
    made.put(f"{ROOT}/xxgk/index_1.html", page("公开", rows(items[9:])))
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert walk.column == f"{ROOT}/xxgk/"
    again = explore(made, walk.column)
    assert again.urls("report") == made.reports
    assert not again.urls("home")


def test_a_known_column_without_the_newest_year_sends_the_walk_to_the_home_page():
    made = trs(HOST)
    made.put(f"{ROOT}/old/", page("旧栏目", '<a href="/old/t20200101_9.html">安平县2017年政府信息公开工作年度报告</a>'))
    put_report(made, f"{ROOT}/old/t20200101_9.html")
    stale = explore(made, f"{ROOT}/old/", limits=Limits(expected_year=2023))
    assert stale.urls("report") == made.reports
    assert stale.column == f"{ROOT}/old/ {made.column_url}"
    content = explore(made, f"{ROOT}/old/", limits=Limits(expected_year=2017))
    assert content.urls("report") == {f"{ROOT}/old/t20200101_9.html"}


def test_a_home_page_of_frames_or_a_refresh_is_followed():
    made = trs(HOST)
    del made.pages[f"{ROOT}/"]
    made.put(f"{ROOT}/", '<html><head><meta http-equiv="Refresh" content="0; URL=/frames.html"></head></html>')
    made.put(f"{ROOT}/frames.html", '<frameset><frame src="/top.html"><frame src="/main.html"></frameset>')
    made.put(f"{ROOT}/main.html", page("主页", "<script>window.location.href='/real.html'</script>"))
    made.put(f"{ROOT}/real.html", page("主页", '<a href="/zwgk/">政府信息公开</a>'))
    assert explore(made).urls("report") == made.reports


def test_a_list_inside_a_frame_is_read():
    made = column('<iframe src="list.html"></iframe>')
    items = publish(made, lambda n: f"{COLUMN}t20240117_{n}.html")
    made.put(f"{COLUMN}list.html", page("", rows(items[:3]) + '<script>createPageHTML(2, 0, "list", "html")</script>'))
    made.put(f"{COLUMN}list_1.html", page("", rows(items[3:])))
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert walk.column == COLUMN


def test_a_folder_that_holds_the_report_itself_is_asked_for_again_as_a_report():
    made = column('<a href="2023/">2023年</a>')
    made.put(f"{COLUMN}2023/", report_page("安平县2023年政府信息公开工作年度报告"))
    walk = explore(made)
    assert walk.urls("report") == {f"{COLUMN}2023/"}
    assert walk.column == COLUMN


def test_a_report_that_turns_out_to_be_a_list_is_read_as_one():
    made = column('<a href="2023/">2023年政府信息公开年报</a>')
    made.put(
        f"{COLUMN}2023/", page("2023年", '<a href="t20240117_1.html">安平县教育局2023年政府信息公开工作年度报告</a>')
    )
    put_report(made, f"{COLUMN}2023/t20240117_1.html")
    assert explore(made).urls("report") == {f"{COLUMN}2023/", f"{COLUMN}2023/t20240117_1.html"}


def test_the_attachments_of_a_report_are_asked_for():
    made = small_column(
        '<a href="P1.pdf">安平县2023年政府信息公开年报.pdf</a><a href="/att/2.docx">附件</a>'
        '<iframe src="/pdfjs/viewer.html?file=%2Fatt%2F3.pdf"></iframe>'
        '<a href="jd.pdf">2023年政府信息公开年度报告解读</a>'
        '<a href="/down/sq.doc">依申请公开申请表</a>'
        '<a href="http://cdn.example.com/4.pdf">附件4</a><object data="5.ofd"></object>'
        "<a onclick=\"window.open('/att/6.xlsx')\">统计表</a>"
    )
    walk = explore(made)
    assert walk.urls("attachment") == {
        f"{COLUMN}P1.pdf",
        f"{ROOT}/att/2.docx",
        f"{ROOT}/att/3.pdf",
        f"{COLUMN}5.ofd",
        f"{ROOT}/att/6.xlsx",
    }
    assert walk.skipped[f"{COLUMN}jd.pdf"] == "explainer"
    assert walk.skipped["http://cdn.example.com/4.pdf"] == "other_host"
    sample = next(request for request in walk.asked if request.url == f"{ROOT}/att/2.docx")
    assert (sample.found_on, sample.text) == (f"{COLUMN}t20240117_1.html", "附件")


def test_a_report_that_is_a_file_is_asked_for_and_not_read_for_links():
    made = column('<a href="/att/2023.pdf">安平县2023年政府信息公开工作年度报告</a>')
    made.put(f"{ROOT}/att/2023.pdf", b"%PDF-1.7\n<a href='/x.html'>2022\xe5\xb9\xb4</a>", "application/pdf")
    walk = explore(made)
    assert walk.urls("report") == {f"{ROOT}/att/2023.pdf"}
    assert walk.asked[-1].url == f"{ROOT}/att/2023.pdf"


@pytest.mark.parametrize(
    ("encoding", "declared"), [("gb18030", ""), ("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", "")]
)
def test_encodings_declared_undeclared_and_wrong(encoding, declared):
    made = trs(HOST)
    for url, response in made.pages.items():
        text = response.body.decode().encode(encoding)
        kind = f"text/html; charset={declared}" if declared else "text/html"
        made.pages[url] = Response(url, 200, {"content-type": kind}, text)
    assert explore(made).urls("report") == made.reports


def test_traditional_script_is_read():
    made = Simulated(Site("131125", PLACE, f"{ROOT}/"), COLUMN)
    made.put(
        f"{ROOT}/",
        page("首頁", f'<a href="{COLUMN}">政府信息公開年報</a><a href="/ld/">縣領導</a><a href="/bsfw/">辦事服務</a>'),
    )
    made.put(
        COLUMN,
        page(
            "年報",
            '<a href="t20240117_1.html">安平縣2023年政府信息公開工作年度報告</a>'
            '<a href="t20240117_2.html">圖解：安平縣2023年政府信息公開工作年度報告</a><a href="/ld/">縣領導</a>',
        ),
    )
    put_report(made, f"{COLUMN}t20240117_1.html")
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert walk.skipped[f"{COLUMN}t20240117_2.html"] == "explainer"


class Endless(Simulated):
    """A site whose calendar goes on for ever, every page with new links and a next page."""

    def answer(self, request: Request) -> Response | None:
        if "/rili/" not in request.url:
            return super().answer(request)
        if "/rili/t" in request.url:
            return Response(request.url, 200, {}, report_page("年报").encode())
        number = int(request.url.rsplit("_", 1)[1].removesuffix(".html"))
        days = "".join(f'<a href="/rili/{number}/{day}.html">{day}日</a>' for day in range(1, 29))
        title = self.title(number)
        return Response(
            request.url, 200, {}, page("", f'{days}{title}<a href="/rili/m_{number + 1}.html">下一页</a>').encode()
        )

    def title(self, number: int) -> str:
        return ""


class EndlessTitles(Endless):
    def title(self, number: int) -> str:
        return f'<a href="/rili/t20240101_{number}.html">安平县{2000 + number % 90}年政府信息公开年报</a>'


@pytest.mark.parametrize(("kind", "pages"), [(Endless, 3), (EndlessTitles, 60)])
def test_an_endless_list_is_left_with_a_remark(kind, pages):
    made = kind(Site("131125", PLACE, f"{ROOT}/"), f"{ROOT}/rili/m_1.html")
    made.put(f"{ROOT}/", page("首页", "<a href='/rili/m_1.html'>政府信息公开年报</a>"))
    walk = explore(made)
    assert sum(1 for request in walk.asked if "/rili/m_" in request.url) == pages
    assert any(f"left after {pages} pages" in note for note in walk.notes)


def test_pages_that_repeat_themselves_end_the_list():
    made = column("")
    body = '<a href="/zwgk/zfxxgknb/t20240117_1.html">安平县2023年政府信息公开工作年度报告</a>{}'
    call = '<script>createPageHTML(9, {}, "index", "html")</script>'
    made.pages[COLUMN] = Response(COLUMN, 200, {"content-type": HTML}, page("", body.format(call.format(0))).encode())
    for number in range(1, 9):
        made.put(f"{COLUMN}index_{number}.html", page("", body.format(call.format(number))))
    put_report(made, f"{COLUMN}t20240117_1.html")
    walk = explore(made)
    assert walk.urls("list") == {f"{COLUMN}index_1.html"}


def test_folders_inside_folders_end_at_the_level_allowed():
    made = column("".join(f'<a href="2023/{depth}/">2023年</a>' for depth in range(1)))
    for depth in range(9):
        made.put(f"{COLUMN}2023/{depth}/", page("", f'<a href="../{depth + 1}/">2023年</a>'))
    walk = explore(made, limits=Limits(levels=3))
    assert walk.urls("list") == {f"{COLUMN}2023/{depth}/" for depth in range(3)}
    assert walk.skipped[f"{COLUMN}2023/3/"] == "depth"


def test_the_allowance_of_list_pages_is_kept_and_the_rest_named():
    made = column("".join(f'<a href="{year}/">{year}年</a>' for year in range(2000, 2030)))
    walk = explore(made, limits=Limits(list_pages=10))
    assert len(walk.urls("list")) < 12
    assert list(walk.skipped.values()).count("limit") == 30 - len(walk.urls("list"))


def test_hops_end_where_they_are_bounded():
    made = Simulated(Site("131125", PLACE, f"{ROOT}/"), "")
    made.put(f"{ROOT}/", page("", '<a href="/1/">政府信息公开</a>'))
    for hop in range(1, 9):
        made.put(f"{ROOT}/{hop}/", page("", f'<a href="/{hop + 1}/">政府信息公开</a>'))
    walk = explore(made, limits=Limits(hops=4))
    assert max(request.depth for request in walk.asked) == 4
    assert walk.column is None


def test_the_search_gives_up_after_the_tries_allowed_and_says_so():
    links = "".join(f'<a href="/{number}/">信息公开</a>' for number in range(50))
    made = Simulated(Site("131125", PLACE, f"{ROOT}/"), "")
    made.put(f"{ROOT}/", page("", links))
    for number in range(50):
        made.put(f"{ROOT}/{number}/", page("", ""))
    walk = explore(made, limits=Limits(tries=7))
    assert len(walk.asked) == 8
    assert any("7 pages tried" in note for note in walk.notes)


def test_a_site_that_answers_nothing_ends_at_once():
    walk = explore(trs(HOST), fails=lambda request: True)
    assert [request.kind for request in walk.asked] == ["home"]
    assert walk.column is None


@pytest.mark.parametrize("status", [404, 410, 500])
def test_an_error_page_is_no_list(status):
    made = trs(HOST)
    for url, response in list(made.pages.items()):
        if url == made.column_url:
            made.pages[url] = Response(url, status, response.headers, response.body)
    assert not explore(made).urls("report")


def test_an_answer_nobody_asked_for_is_taken_for_what_it_says_it_is():
    discovery = Discovery(Site("131125", PLACE, f"{ROOT}/"), None)
    discovery.start()
    step = discovery.receive(
        Request(f"{COLUMN}x.html", "report"), Response(f"{COLUMN}x.html", 200, {}, b"<a href='a.pdf'>x</a>")
    )
    assert [request.url for request in step.requests if request.kind == "attachment"] == [f"{COLUMN}a.pdf"]


def test_a_redirected_page_is_not_asked_for_again():
    made = trs(HOST)
    target = f"{ROOT}/new/zfxxgknb/"
    body = made.pages[COLUMN].body.replace(b"</body>", f'<a href="{target}">政府信息公开年报</a></body>'.encode())
    made.pages[COLUMN] = Response(
        target, 200, {"content-type": HTML}, body.replace(b'href="t', b'href="/zwgk/zfxxgknb/t')
    )
    walk = explore(made)
    assert target not in {request.url for request in walk.asked}


def test_a_home_page_that_moved_to_another_name_takes_the_walk_with_it():
    made = Simulated(Site("131125", PLACE, "http://www.apxzf.gov.cn/"), COLUMN)
    body = page("首页", '<a href="/zwgk/zfxxgknb/">政府信息公开年报</a>').encode()
    made.pages["http://www.apxzf.gov.cn/"] = Response(f"{ROOT}/", 200, {}, body)
    made.put(COLUMN, page("", rows(publish(made, lambda n: f"{COLUMN}t20240117_{n}.html"))))
    assert explore(made).urls("report") == made.reports


def test_a_name_that_left_the_government_is_not_followed():
    made = Simulated(Site("131125", PLACE, f"{ROOT}/"), "")
    body = page("出售", '<a href="http://www.casino.example.com/nb/">政府信息公开年报</a>').encode()
    made.pages[f"{ROOT}/"] = Response("http://www.casino.example.com/", 200, {}, body)
    walk = explore(made)
    assert [request.url for request in walk.asked] == [f"{ROOT}/"]
    assert walk.skipped == {"http://www.casino.example.com/nb/": "other_host"}


def test_one_page_under_two_names_is_asked_for_once():
    made = column(
        '<a href="t20240117_1.html">安平县2023年政府信息公开工作年度报告</a>'
        '<a href="https://anping.gov.cn/zwgk/zfxxgknb/t20240117_1.html">安平县2023年政府信息公开工作年度报告</a>'
    )
    put_report(made, f"{COLUMN}t20240117_1.html")
    assert explore(made).urls("report") == made.reports


def test_the_neighbours_of_a_report_are_reports_too():
    made = small_column(
        '<a href="t20230117_7.html">上一篇：安平县2022年政府信息公开工作年度报告</a>'
        '<a href="/bm/">县直部门</a><a href="t9_1.html">2023年部门预算</a>'
    )
    put_report(made, f"{COLUMN}t20230117_7.html")
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert not walk.urls("list")


def test_a_page_nested_too_deep_is_read_up_to_there():
    made = column('<a href="t20240117_1.html">安平县2023年政府信息公开工作年度报告</a>' + "<div>" * 9000)
    put_report(made, f"{COLUMN}t20240117_1.html")
    walk = explore(made)
    assert walk.urls("report") == made.reports
    assert any("too large" in note for note in walk.notes)


def test_a_page_too_large_or_too_deep_is_read_in_part_and_that_is_said():
    first = '<a href="t20240117_1.html">安平县2023年政府信息公开工作年度报告</a>'
    for body in (first + "<div>" * 100_000, first + "<a href=/x>x</a>" * 6000 + "<a href=/y>y</a>" * 6000):
        made = column(body + "".join(f"<a href='/{n}'>{n}</a>" for n in range(6000)))
        put_report(made, f"{COLUMN}t20240117_1.html")
        walk = explore(made)
        assert walk.urls("report") == made.reports
        assert any("too large" in note for note in walk.notes)


PIECES = st.sampled_from(
    [
        "<html>",
        "<frameset><frame src=/f.html>",
        "<base href='//'>",
        "<meta http-equiv=refresh content='0;url=/r.html'>",
        "<script>location.href='/s.html'</script>",
        "<a href='/zwgk/'>政府信息公开</a>",
        "<a href='/nb/'>政府信息公开年报</a>",
        "<a href='/nb/2023/'>2023年</a>",
        "<a href='/nb/t20240101_1.html'>安平县2023年政府信息公开年报</a>",
        "<a href='javascript:",
        "createPageHTML(9,0,'index','html')",
        "<datastore><record>",
        "总体情况主动公开政府信息行政复议主要问题",
        "<iframe src='x.pdf'>",
        "\x00",
        "\ufffd",
        "<",
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(PIECES, max_size=12),
    st.sampled_from(["home", "disclosure", "column", "list", "report", "attachment"]),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]),
    st.booleans(),
)
def test_any_page_of_any_kind_gives_a_step(pieces, kind, encoding, known):
    discovery = Discovery(Site("131125", PLACE, f"{ROOT}/", COLUMN if known else ""), None)
    discovery.start()
    body = "".join(pieces).encode(encoding, "replace")
    step = discovery.receive(Request(f"{ROOT}/p.html", kind), Response(f"{ROOT}/p.html", 200, {}, body))
    assert all(request.url.startswith(ROOT) for request in step.requests)
    assert discovery.column is None or discovery.column.startswith(ROOT)
