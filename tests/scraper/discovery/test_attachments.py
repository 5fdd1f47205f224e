"""What is fetched beside a report page."""

import pytest

from scraper.discovery.attachments import attachments_of
from scraper.discovery.page import Page
from tests.scraper.discovery.simulated import page

URL = "http://www.anping.gov.cn/nb/t20240117_1.html"
ROOT = "http://www.anping.gov.cn"

FOUND = [
    ('<a href="P0.pdf">附件</a>', "/nb/P0.pdf"),
    ('<a href="/a/P0.DOC?v=1">附件</a>', "/a/P0.DOC?v=1"),
    *((f'<a href="a.{kind}">附件</a>', f"/nb/a.{kind}") for kind in ("docx", "wps", "xls", "xlsx", "ofd", "zip")),
    ('<iframe src="/a/1.pdf"></iframe>', "/a/1.pdf"),
    ('<embed src="/a/1.pdf">', "/a/1.pdf"),
    ('<object data="/a/1.pdf"></object>', "/a/1.pdf"),
    ('<iframe src="/pdfjs/web/viewer.html?file=/a/1.pdf"></iframe>', "/a/1.pdf"),
    ('<iframe src="/pdfjs/web/viewer.html?file=%2Fa%2F1.pdf#page=1"></iframe>', "/a/1.pdf"),
    ('<a href="/view.jsp?id=3&url=../a/1.pdf">在线阅读</a>', "/a/1.pdf"),
    ("<a onclick=\"window.open('/a/1.pdf')\">下载</a>", "/a/1.pdf"),
    ('<script>PDFObject.embed("/a/1.pdf", "#x")</script>', "/a/1.pdf"),
    ("<script>var src = './1.ofd';</script>", "/nb/1.ofd"),
    ('<div id="zoom"><img src="./W02.jpg" alt="表格"></div>', "/nb/W02.jpg"),
    ('<div class="TRS_Editor"><p><img src="/a/W02.PNG"></p></div>', "/a/W02.PNG"),
]
LEFT = [
    '<a href="other.html">附件</a>',
    '<a href="sq.doc">政府信息公开申请表</a>',
    '<a href="/bszn.pdf">办事指南</a>',
    '<img src="/images/logo.png">',
    '<div id="zoom"><img src="/count.jsp?id=3"></div>',
    '<a href="ftp://www.anping.gov.cn/a.pdf">附件</a>',
    '<a href="http://[bad/a.pdf">附件</a>',
    '<iframe src="/viewer.html?file=/a/page.html"></iframe>',
    '<div id="zoom"><table><tr><td>自然人</td></tr></table><img src="/a/W02.jpg"></div>',
]


@pytest.mark.parametrize(("markup", "path"), FOUND)
def test_attachments_are_found(markup, path):
    wanted, left = attachments_of(Page(URL, page("年报", markup)))
    assert [link.url for link in wanted] == [ROOT + path]
    assert left == ()


@pytest.mark.parametrize("markup", LEFT)
def test_what_is_no_attachment_is_not(markup):
    assert attachments_of(Page(URL, page("年报", markup))) == ((), ())


def test_a_decoy_among_the_attachments_is_named():
    wanted, left = attachments_of(
        Page(URL, page("年报", '<a href="a.pdf">2023年年报.pdf</a><a href="b.pdf">图解：2023年政府信息公开年报</a>'))
    )
    assert [link.url for link in wanted] == [f"{ROOT}/nb/a.pdf"]
    assert [(link.url, reason) for link, reason in left] == [(f"{ROOT}/nb/b.pdf", "explainer")]


def test_an_attachment_linked_twice_comes_once():
    wanted, _ = attachments_of(
        Page(URL, page("年报", '<a href="a.pdf"></a><a href="a.pdf">附件</a><embed src="a.pdf">'))
    )
    assert len(wanted) == 1
