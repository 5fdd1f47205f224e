"""Links of a page: addresses, texts, dates, and every malformed kind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discovery.hosts import host_of, same_government
from scraper.discovery.links import LONGEST_TEXT, LONGEST_URL, Link, absolute, links_of
from scraper.discovery.page import Page
from scraper.messages import Response

BASE = "http://www.anping.gov.cn/zwgk/nb/index.html"

ADDRESSES = [
    ("t20240117_1.html", "http://www.anping.gov.cn/zwgk/nb/t20240117_1.html"),
    ("./2023n/", "http://www.anping.gov.cn/zwgk/nb/2023n/"),
    ("../../a.html", "http://www.anping.gov.cn/a.html"),
    ("/a.html#top", "http://www.anping.gov.cn/a.html"),
    ("//xxgk.anping.gov.cn/a", "http://xxgk.anping.gov.cn/a"),
    ("HTTP://WWW.Anping.GOV.cn:80/A.html", "http://www.anping.gov.cn/A.html"),
    ("https://www.anping.gov.cn:443", "https://www.anping.gov.cn/"),
    ("http://www.anping.gov.cn:8080/a", "http://www.anping.gov.cn:8080/a"),
    (" \n/a\t.html ", "http://www.anping.gov.cn/a.html"),
    ("\\zwgk\\a.html", "http://www.anping.gov.cn/zwgk/a.html"),
    ("http:\\\\www.anping.gov.cn\\a", "http://www.anping.gov.cn/a"),
    ("/年报/a b.html", "http://www.anping.gov.cn/%E5%B9%B4%E6%8A%A5/a%20b.html"),
    ("/a?t=年&x=1%202", "http://www.anping.gov.cn/a?t=%E5%B9%B4&x=1%202"),
    ("?page=2", "http://www.anping.gov.cn/zwgk/nb/index.html?page=2"),
    ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a"),
    ("/gkmlpt/annualreport#2629", "http://www.anping.gov.cn/gkmlpt/annualreport#2629"),
]
UNUSABLE = [
    "javascript:void(0)",
    "mailto:a@b.cn",
    "tel:0745",
    "ftp://www.anping.gov.cn/a",
    "file:///etc/passwd",
    "data:text/html,a",
    "http://[bad/a",
    "http://www.anping.gov.cn:99999/a",
    "http://www.anping.gov.cn:port/a",
    "http://www.gov.cn@evil.example/a",
    "http://user:secret@www.anping.gov.cn/a",
    "/" + "a" * LONGEST_URL,
]


@pytest.mark.parametrize(("reference", "url"), ADDRESSES)
def test_a_reference_becomes_absolute(reference, url):
    assert absolute(reference, BASE) == url


@pytest.mark.parametrize("reference", UNUSABLE)
def test_what_is_no_usable_address_is_left_out(reference):
    assert absolute(reference, BASE) is None
    assert links_of(f'<a href="{reference}">安平县2023年政府信息公开年报</a>', BASE) == ()


TEXTS = [
    ('<a href="/a">安平县2023年<b>政府信息公开</b>年报</a>', "安平县2023年 政府信息公开 年报"),
    ('<a href="/a" title="安平县2023年政府信息公开年报">安平县2023年政府…</a>', "安平县2023年政府信息公开年报"),
    ('<a href="/a" title="安平县2023年政府信息公开年报">安平县2023年...</a>', "安平县2023年政府信息公开年报"),
    ('<a href="/a" title="安平县2023年政府信息公开年报">安平县2023年政府</a>', "安平县2023年政府信息公开年报"),
    ('<a href="/a" title="点击查看">安平县2023年政府信息公开年报</a>', "安平县2023年政府信息公开年报"),
    ('<a href="/a"><img src="1.png" alt="政府信息公开年报"></a>', "政府信息公开年报"),
    ('<a href="/a"><img src="1.png" title="政府信息公开年报"></a>', "政府信息公开年报"),
    ('<a href="/a" title="政府信息公开年报"><img src="1.png" alt="图"></a>', "政府信息公开年报"),
    ('<map><area href="/a" alt="政府信息公开年报"></map>', "政府信息公开年报"),
    ("<a onclick=\"window.open('/a','_blank')\">政府信息公开年报</a>", "政府信息公开年报"),
    ("<a href=\"javascript:window.open('/a')\">政府信息公开年报</a>", "政府信息公开年报"),
    ('<a href="javascript:;" onclick="location.href=\'/a\'">政府信息公开年报</a>', "政府信息公开年报"),
    ("<div onclick=\"window.location = '/a'\">政府信息公开年报</div>", "政府信息公开年报"),
    ("<li onclick=\"self.location.replace('/a')\">政府信息公开年报</li>", "政府信息公开年报"),
    ('<a href="/a"> 政府信息\n 公开年报\xa0 </a>', "政府信息 公开年报"),
    ('<a href="/a">政府信息公开&nbsp;年报&#65306;', "政府信息公开 年报："),
]


@pytest.mark.parametrize(("markup", "text"), TEXTS)
def test_the_full_text_of_a_link(markup, text):
    assert [(link.url, link.text) for link in links_of(markup, BASE)] == [("http://www.anping.gov.cn/a", text)]


@pytest.mark.parametrize(
    ("markup", "date"),
    [
        ('<li><a href="/a">甲</a><span>2024-01-07</span></li>', "2024-01-07"),
        ('<tr><td><a href="/a">甲</a></td><td>2024年1月7日</td></tr>', "2024-01-07"),
        ('<li><a href="/a">甲 2024/1/7</a></li>', "2024-01-07"),
        ('<ul><li><a href="/a">甲</a></li><li><a href="/b">乙</a> 2024.01.07</li></ul>', None),
        ('<p><a href="/a">甲</a><a href="/b">乙</a> 2024-01-07</p>', None),
        ('<p><a href="/a">甲</a><a href="/b">乙</a></p><p>2024-01-07</p>', None),
        ('<li><a href="/a">甲</a></li>', None),
    ],
)
def test_the_date_beside_a_link(markup, date):
    links = links_of(f"<table>{markup}</table>" if markup.startswith("<tr") else markup, BASE)
    assert links[0].date == date


def test_embedded_pages_are_links_too():
    links = links_of('<iframe src="/a.html"></iframe><embed src="b.pdf"><object data="/c.ofd"></object>', BASE)
    assert [(link.url.rsplit("/", 1)[1], link.embedded) for link in links] == [
        ("a.html", True),
        ("b.pdf", True),
        ("c.ofd", True),
    ]


def test_a_declared_base_holds_for_the_whole_page():
    links = links_of('<base href="/other/"><a href="a.html">甲</a>', BASE)
    assert links[0].url == "http://www.anping.gov.cn/other/a.html"
    assert links_of('<base href="http://[bad"><a href="a.html">甲</a>', BASE)[0].url.endswith("/zwgk/nb/a.html")


def test_links_keep_their_order_and_come_once():
    links = links_of('<a href="/b">乙</a><a href="/a">甲</a><a href="/b">乙</a><a href="/b"></a>', BASE)
    assert [link.url[-1] + link.text for link in links] == ["b乙", "a甲", "b"]


def test_traditional_texts_are_converted_but_not_the_names_of_simplified_ones():
    markup = '<a href="/a">乾县2023年政府信息公开年报</a><a href="/b">政府信息公开</a>'
    assert links_of(markup, BASE)[0].text == "乾县2023年政府信息公开年报"
    markup = '<a href="/a">龍游縣2023年政府信息公開工作年度報告</a><a href="/b">辦事</a>'
    assert links_of(markup, BASE)[0].text == "龙游县2023年政府信息公开工作年度报告"


def test_texts_are_bounded():
    assert len(links_of(f'<a href="/a">{"长" * 5000}</a>', BASE)[0].text) == LONGEST_TEXT


@given(st.text(max_size=300))
def test_any_reference_is_tolerated(reference):
    url = absolute(reference, BASE)
    assert url is None or url.startswith(("http://", "https://"))
    assert url is None or absolute(url, BASE) == url


@given(
    st.lists(
        st.sampled_from(
            ["<a href=", "'", '"', ">", "</a>", "<li onclick=", "window.open('", "x.html", "年报", "<", "&#0;"]
        )
    )
)
def test_any_markup_is_tolerated(parts):
    for link in links_of("".join(parts), BASE):
        assert isinstance(link, Link)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://www.anping.gov.cn/", "https://xxgk.anping.gov.cn/a", True),
        ("http://anping.gov.cn/", "http://www.anping.gov.cn:8080/", True),
        ("http://www.anping.gov.cn/", "http://www.raoyang.gov.cn/", False),
        ("http://www.anping.gov.cn/", "http://www.gov.cn/", False),
        ("http://www.anping.gov.cn/", "http://anping.gov.cn.example.com/", False),
        ("http://a.example.com.cn/", "http://b.example.com.cn/", True),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:9000/", True),
        ("http://127.0.0.1/", "http://127.0.0.2/", False),
        ("http://site.test/", "http://xxgk.site.test/", True),
        ("http://site.test/", "http://other.test/", False),
        ("http://[bad/", "http://[bad/", False),
        ("", "", False),
    ],
)
def test_hosts_of_one_government(one, other, same):
    assert same_government(one, other) is same
    assert same_government(other, one) is same


def test_the_host_of_an_address():
    assert host_of("HTTP://WWW.Anping.gov.cn.:80/a") == "anping.gov.cn"
    assert host_of("not a url") == ""


def test_a_file_that_is_no_text_is_a_page_without_links():
    page = Page.of(Response("http://h/a.pdf", 200, {"content-type": "text/html"}, b"%PDF-1.7 <a href='/x'>x</a>"))
    assert page.text == ""
    assert page.links == ()


@pytest.mark.parametrize(
    ("markup", "target"),
    [
        ('<meta http-equiv="refresh" content="0;url=/zwgk/index.html">', "/zwgk/index.html"),
        ('<meta http-equiv="REFRESH" content="3; URL=\'/a\'">', "/a"),
        ("<script>location.href = '/a';</script>", "/a"),
        ('<script>window.location.replace("/a")</script>', "/a"),
        ('<script>top.location="/a"</script>', "/a"),
        ('<meta http-equiv="refresh" content="60">', None),
        ('<meta http-equiv="Content-Type" content="text/html; url=/a">', None),
        ("<script>if(mobile){location.href='/m'}</script>" + "<a href='/1'>1</a><a href='/2'>2</a>" * 3, "/m"),
        ("<script>location.href='/m'</script>" + "".join(f"<a href='/{n}'>{n}</a>" for n in range(9)), None),
    ],
)
def test_where_a_stub_sends_its_reader(markup, target):
    page = Page("http://www.anping.gov.cn/", f"<html><head>{markup}</head></html>")
    assert page.redirect == (f"http://www.anping.gov.cn{target}" if target else None)
