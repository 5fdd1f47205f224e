from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from scraper.barriers import barrier, ends_at_home
from scraper.documents import documents
from scraper.messages import Response, Site
from scraper.outcomes import Outcome
from scraper.summary import Summary
from tests.scraper.conftest import county
from tests.scraper.walker import link
from tests.scraper.web import Reply, Web

MENU = "".join(
    link("list", f"/{name}/", name) for name in ("首页", "政务公开", "办事服务", "互动交流", "走进本县", "专题")
)
JSL = '<script>document.cookie="__jsl_clearance=1735|0|x";location.href=location.pathname</script>'
RS = '<!DOCTYPE html><html><head><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};</script></head><body></body></html>'
ACW = "<html><script>var arg1='3A0F';eval(function(){})</script></html>"
ERROR_404 = (
    "<html><head><title>404</title></head><body><h1>您访问的页面不存在</h1><a href='/'>返回首页</a></body></html>"
)

BARRIERS = [
    (521, "<script>eval('x')</script>", "cdn_challenge"),
    (412, RS, "script_challenge"),
    (403, "<h1>403 Forbidden</h1>", "forbidden"),
    (401, "", "login"),
    (202, RS, "script_challenge"),
    (202, "<html><script src='/x.js'></script></html>", "script_challenge"),
    (200, RS, "script_challenge"),
    (200, JSL, "cdn_challenge"),
    (200, ACW, "cdn_challenge"),
    (200, "<html><body>请开启JavaScript并刷新该页</body></html>", "javascript_required"),
    (200, "<noscript>请开启JavaScript并刷新该页。</noscript><script src=a.js></script>", "javascript_required"),
    (200, "<p>Please enable JavaScript to continue.</p>", "javascript_required"),
    (200, "<title>安全验证</title><p>请完成安全验证后继续访问</p>", "captcha"),
    (200, "<p>请输入验证码</p><img src=c.png>", "captcha"),
    (200, "<title>访问被拦截</title><p>您的访问请求存在威胁，已被拦截</p>", "blocked_page"),
    (200, "<h1>Access Denied</h1>", "blocked_page"),
    (200, "<p>您的访问过于频繁，请稍后再试</p>", "blocked_page"),
    (200, "<h2>网站升级中，请稍后访问</h2>", "maintenance"),
    (200, ERROR_404, "error_page"),
    (200, f"<title>404 Not Found</title>{MENU}{'页脚 ' * 300}", "error_page"),
    (200, f"<title>页面不存在_某县人民政府</title>{MENU}{'页脚 ' * 300}", "error_page"),
    (200, "<p>抱歉，没有找到您要访问的页面</p>", "error_page"),
    (200, "<p>该文章已删除</p>", "error_page"),
    (200, "<p>系统错误，请联系管理员</p>", "error_page"),
    (200, "<p>错误代码：500</p>", "error_page"),
    (200, "", "empty_page"),
    (200, " \r\n ", "empty_page"),
]  # fmt: skip

CONTENT = [
    "<title>2024年政府信息公开工作年度报告</title><p>" + "本机关不掌握相关政府信息，信息不存在。" * 60 + "</p>",
    f"<title>信息公开年报</title>{MENU}<p>关于网站升级维护的公告</p><p>系统升级公告</p>",
    f"<title>公告</title>{MENU}<p>页面改版说明：文件已删除重复内容</p>",
    "<title>404号文件的解读</title><p>" + "解读" * 300 + "</p>",
    "<ul><li>2024年报告 浏览 500 次</li><li>2023年报告 共 404 条</li></ul>",
    '<div id="app"></div><script src="/js/app.4f3e.js"></script>',
    '<p>附件：<a href="2024.pdf">2024年政府信息公开工作年度报告.pdf</a></p>',
    "<title>错误信息的更正</title><p>" + "关于更正的说明" * 80 + "</p>",
]


def page(body: bytes | str, status: int = 200, url: str = "http://a.gov.cn/x", kind: str = "text/html") -> Response:
    return Response(url, status, {"content-type": kind}, body if isinstance(body, bytes) else body.encode())


@pytest.mark.parametrize(("status", "body", "reason"), BARRIERS)
def test_barriers_are_named(status: int, body: str, reason: str) -> None:
    assert barrier(page(body, status)) == reason


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_barriers_are_named_in_every_encoding(encoding: str) -> None:
    assert barrier(page("<p>请开启JavaScript并刷新该页</p>".encode(encoding))) == "javascript_required"


@pytest.mark.parametrize("body", CONTENT)
def test_content_is_no_barrier(body: str) -> None:
    assert barrier(page(body)) is None


@pytest.mark.parametrize(("status", "reason"), [(404, None), (410, None), (500, None), (503, None), (429, None)])
def test_honest_errors_are_left_to_their_status(status: int, reason: str | None) -> None:
    assert barrier(page(ERROR_404, status)) is reason


def test_binary_and_json_are_not_searched() -> None:
    assert barrier(page(b"%PDF-1.4 404 Not Found", kind="application/pdf")) is None
    assert barrier(page('{"msg": "页面不存在"}', kind="application/json")) is None


@pytest.mark.parametrize(
    ("final", "lost"),
    [
        ("http://a.gov.cn/", True),
        ("http://a.gov.cn/index.html", True),
        ("https://a.gov.cn", True),
        ("http://a.gov.cn/gk/2024.html", False),
        ("http://a.gov.cn/?id=7", False),
        ("http://a.gov.cn/gk/", False),
    ],
)
def test_report_that_leads_home_is_lost(final: str, *, lost: bool) -> None:
    assert ends_at_home(final, "http://a.gov.cn/gk/2024.html") is lost


def test_page_called_error_is_one() -> None:
    assert barrier(page("<p>something</p>", url="http://a.gov.cn/error/404.html")) == "error_page"


LATER = [
    Reply("<script>eval(1)</script>", 521, {"Set-Cookie": "__jsluid_s=1"}),
    Reply(RS, 412),
    Reply(RS, 202),
    Reply("<p>请开启JavaScript并刷新该页</p>"),
    Reply("<h1>Forbidden</h1>", 403),
    Reply(ERROR_404),
    Reply("", 302, {"Location": "/"}),
    Reply("<title>x</title>", 500),
]


@pytest.mark.parametrize("later", LATER)
def test_report_that_turns_into_a_barrier_keeps_its_last_good_version(
    web: Web, run: Callable[..., Summary], tmp_path: Path, later: Reply
) -> None:
    site = county(web, reports=2)
    run([site])
    before = list(documents(tmp_path / "store"))
    web.put("http://www.county1.gov.cn/gk/2021.html", later)
    summary = run([site])
    assert list(documents(tmp_path / "store")) == before
    assert summary.new_records == 0
    tally = summary.sites[0].tallies["report"]
    expected = Outcome.HTTP_ERROR if later.status == 500 else Outcome.BLOCKED
    assert (tally.unchanged, dict(tally.failed)) == (1, {expected: 1})


def test_site_behind_a_challenge_is_blocked_and_left_alone(
    web: Web, run: Callable[..., Summary], tmp_path: Path
) -> None:
    for path in ("/", "/gk/", "/robots.txt"):
        web.put(f"http://www.wall.gov.cn{path}", Reply("<script>x</script>", 521, {"Set-Cookie": "__jsluid_s=abc"}))
    web.put("http://www.wall.gov.cn/robots.txt", Reply("", 404))
    summary = run([Site("430009", "墙县", "http://www.wall.gov.cn/")])
    assert summary.sites[0].outcome is Outcome.BLOCKED
    assert "cdn_challenge (status 521)" in summary.sites[0].detail
    assert web.paths("www.wall.gov.cn") == ["/"]  # asked once, and not again with the cookie
    assert list(documents(tmp_path / "store")) == []


def test_cookies_are_never_sent_back(web: Web, run: Callable[..., Summary]) -> None:
    run([county(web, headers={"Set-Cookie": "__jsluid_s=abc; path=/"})])
    assert not [seen for seen in web.log if "cookie" in seen.headers]


def test_host_that_blocks_every_report_is_given_up(web: Web, run: Callable[..., Summary]) -> None:
    site = county(web, reports=9)

    def refuse(_: Mapping[str, str]) -> Reply:
        return Reply("<h1>Forbidden</h1>", 403)

    for year in range(9):
        web.put(f"http://www.county1.gov.cn/gk/{2020 + year}.html", refuse)
    summary = run([site], strikes=3)
    assert summary.sites[0].outcome is Outcome.BLOCKED
    assert dict(summary.sites[0].tallies["report"].failed) == {"blocked": 9}
    assert len([path for path in web.paths("www.county1.gov.cn") if path.startswith("/gk/20")]) == 3
