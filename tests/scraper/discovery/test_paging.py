"""The content systems one by one: what they recognise, and the odd pages they must bear."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.discovery.page import Page
from scraper.discovery.paging import (
    SYSTEMS,
    gkmlpt,
    hex32,
    jcms,
    jpaas,
    openness,
    plain,
    read_list,
    system_of,
    trs,
    vsb,
)
from scraper.messages import Request

ROOT = "http://www.anping.gov.cn"
URL = f"{ROOT}/zwgk/nb/index.html"


def read(text, url=URL, **context):
    request = Request(url, "list", depth=3, text="年报", context=context)
    return read_list(Page(url, text), request)


def following(text, url=URL, **context):
    return [request.url for request in read(text, url, **context).more]


PAGERS = [
    ('createPageHTML(3, 0, "index", "html");', URL, "index_1.html"),
    ('createPageHTML(3, 1, "index", "html");', URL, "index_2.html"),
    ('createPageHTML(3, 2, "index", "html");', URL, None),
    ('createPageHTML(1, 0, "index", "html");', URL, None),
    ("createPageHTML(3,0,'index','shtml')", URL, "index_1.shtml"),
    ("createPageHTML('page_div',3, 1,'list','shtml',45);", URL, "list_2.shtml"),
    ("createPageHTML('page_div',3, 3,'list','shtml',45);", URL, None),
    ('createPageHTML("d",3,2,"list",".shtml",45);', URL, "list_3.shtml"),
    (
        'var countPage = 4; var currentPage = 1; createPageHTML(countPage, currentPage, "index", "html")',
        URL,
        "index_2.html",
    ),
    ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName, _sPageExt){ return; }", URL, None),
    ('createPageHTML(3, 0, "index", "html"); createPageHTML(1, 0, "other", "html")', URL, "index_1.html"),
]


@pytest.mark.parametrize(("script", "url", "name"), PAGERS)
def test_trs_counts_in_both_forms(script, url, name):
    expected = [f"{ROOT}/zwgk/nb/{name}"] if name else []
    assert following(f"<script>{script}</script>", url) == expected


def test_trs_is_not_recognised_by_the_definition_of_the_function():
    assert not trs.recognise(Page(URL, "<script>function createPageHTML(a, b, c, d) {}</script>"))


JPAGE = """<div id="212860"></div><script>var param_212860={columnid:33718,unitid:'212860',webid:1,path:'/',
webname:'江苏省人民政府',permissiontype:0,col:1,appid:'1'}; $('#212860').jpage({totalRecord:40,perPage:5});</script>"""


def test_jcms_takes_the_fields_of_a_variable_and_starts_at_the_first_record():
    (url,) = following(JPAGE)
    query = parse_qs(urlsplit(url).query)
    assert urlsplit(url).path == "/module/web/jpage/dataproxy.jsp"
    assert query["startrecord"] + query["endrecord"] + query["perpage"] == ["1", "15", "5"]
    assert query["columnid"] + query["unitid"] + query["webname"] == ["33718", "212860", "江苏省人民政府"]


def test_jcms_goes_on_by_three_pages_and_ends_at_the_total():
    (first,) = read(JPAGE).more
    answer = (
        "<datastore><totalrecord>40</totalrecord><record><![CDATA[<a href='/art/1.html'>甲</a>]]></record></datastore>"
    )
    spans, request = [], first
    while True:
        listing = jcms.read(Page(request.url, answer), request)
        assert [item.url for item in listing.items] == [f"{ROOT}/art/1.html"]
        if not listing.more:
            break
        (request,) = listing.more
        query = parse_qs(urlsplit(request.url).query)
        spans.append((query["startrecord"][0], query["endrecord"][0]))
        assert request.headers == {"Referer": URL}
    assert spans == [("16", "30"), ("31", "45")]


def test_jcms_stops_at_an_empty_answer():
    (first,) = read(JPAGE).more
    assert jcms.read(Page(first.url, "<datastore><totalrecord>40</totalrecord></datastore>"), first).more == ()


def test_jcms_holds_everything_inline_where_the_records_are_all_there():
    records = "".join(f"<record><![CDATA[<a href='/{n}'>{n}</a>]]></record>" for n in range(40))
    listing = read(f'<script type="text/xml"><datastore>{records}</datastore></script>{JPAGE}')
    assert listing.more == ()
    assert len(listing.items) == 40


def test_jcms_records_can_be_escaped_markup():
    listing = read("<datastore><record>&lt;a href='/a' title='甲乙'&gt;甲&lt;/a&gt;</record></datastore>")
    assert [(item.url, item.text) for item in listing.items] == [(f"{ROOT}/a", "甲乙")]


def test_jcms_follows_page_numbers_of_its_own_links():
    text = '<datastore></datastore><a href="/col/col1/index.html?uid=7&pageNum=2">下一页</a>'
    assert following(text, f"{ROOT}/col/col1/index.html") == [f"{ROOT}/col/col1/index.html?uid=7&pageNum=2"]


UNIT = "{'parseType':'buildstatic','webId':'w1','tplSetId':'t1','pageType':'column','tagId':'列表','pageId':'p1'}"


def test_jpaas_asks_as_the_page_spells_it_with_a_referer():
    listing = read(
        f'<script url="/api-gateway/jpaas-publish-server/front/page/build/unit" queryData="{UNIT}"></script>'
    )
    (request,) = listing.more
    query = parse_qs(urlsplit(request.url).query)
    assert query["parseType"] == ["buildstatic"]
    assert query["tagId"] == ["列表"]
    assert query["editType"] == ["null"]
    assert json.loads(query["paramJson"][0]) == {"pageNo": 1, "pageSize": 50}
    assert request.headers == {"Referer": URL}


def test_jpaas_without_a_total_goes_on_until_nothing_comes():
    (request,) = read(f'<i queryData="{UNIT}">jpaas-publish-server</i>').more
    full = json.dumps({"data": {"html": "<a href='art_1.html'>甲</a>"}})
    listing = jpaas.read(Page(request.url, full), request)
    assert [item.url for item in listing.items] == [f"{ROOT}/zwgk/nb/art_1.html"]
    (second,) = listing.more
    assert json.loads(parse_qs(urlsplit(second.url).query)["paramJson"][0])["pageNo"] == 2
    assert jpaas.read(Page(second.url, json.dumps({"data": {"html": ""}})), second).more == ()


@pytest.mark.parametrize("answer", ["", "null", "[]", "{}", '{"data": null}', '{"data": {"html": 5}}', "<html>", "{"])
def test_answers_that_are_none_are_remarked(answer):
    (request,) = read(f'<i queryData="{UNIT}">jpaas-publish-server</i>').more
    listing = jpaas.read(Page(request.url, answer), request)
    assert listing.items == ()
    assert "not an answer" in listing.notes[0]


@pytest.mark.parametrize("answer", ["", "null", "[]", "{}", '{"articles": 3}', "<html>", "{"])
def test_gkmlpt_answers_that_are_none_are_remarked(answer):
    page = Page(f"{ROOT}/gkmlpt/annualreport", "<script>SID: '755048'</script>")
    (request,) = gkmlpt.read(page, Request(page.url, "column", context={"fragment": "2629"})).more
    listing = gkmlpt.read(Page(request.url, answer), request)
    assert listing.items == ()
    assert "not an answer" in listing.notes[0]


CATEGORIES = [
    ('{"id": 31, "name": "政府信息公开年报"}', ["31"]),
    ('{"name": "政府信息公开年报", "parent": 3, "id": 31}', ["31"]),
    ("{id: '31', pid: 2, name: '年度报告'}", ["31"]),
    ('{"id":31,"name":"\\u5e74\\u62a5"}', ["31"]),
    ('[{"id":30,"name":"指南"},{"id":31,"name":"公开年报"},{"id":32,"name":"法治政府建设年度报告"}]', ["31"]),
    ('{"id": 30, "name": "政府信息公开指南"}', []),
]


@pytest.mark.parametrize(("tree", "categories"), CATEGORIES)
def test_gkmlpt_finds_the_category_of_yearly_reports(tree, categories):
    page = Page(f"{ROOT}/jyj/gkmlpt/index", f"<script>_CONFIG={{SID: 755048, TREE: {tree}}}</script>")
    listing = gkmlpt.read(page, Request(page.url, "column"))
    expected = [f"{ROOT}/jyj/gkmlpt/api/all/{number}?page=1&sid=755048" for number in categories]
    assert [request.url for request in listing.more] == expected
    assert bool(listing.notes) is not bool(categories)


VSB = '<a href="/info/7226/1.htm">甲</a><a href="/info/7226/2.htm">乙</a>'


@pytest.mark.parametrize(
    ("url", "pager", "expected"),
    [
        ("/zwgk/nb.htm", '<a href="nb/4.htm">2</a><a href="nb/3.htm">3</a>', "/zwgk/nb/4.htm"),
        ("/zwgk/nb.htm", "<span>共45条 1/5</span>", "/zwgk/nb/4.htm"),
        ("/zwgk/nb.htm", '<a href="nb/4.htm">下页</a>', "/zwgk/nb/4.htm"),
        ("/zwgk/nb.htm", "", None),
        ("/zwgk/nb.htm", "<span>1/1</span>", None),
        ("/zwgk/nb/4.htm", "", "/zwgk/nb/3.htm"),
        ("/zwgk/nb/1.htm", "", None),
    ],
)
def test_vsb_counts_down(url, pager, expected):
    assert following(VSB + pager, ROOT + url) == ([ROOT + expected] if expected else [])


@pytest.mark.parametrize(
    ("url", "links", "expected"),
    [
        ("/OpennessContent/showList/1/2/page_1.html", "page_2.html page_3.html", "page_2.html"),
        ("/OpennessContent/showList/1/2/page_2.html", "page_1.html page_2.html page_3.html", "page_3.html"),
        ("/OpennessContent/showList/1/2/page_3.html", "page_1.html page_2.html", None),
        ("/OpennessContent/showList/1/2/page_1.html", "../3/page_2.html", None),
    ],
)
def test_openness_goes_on_within_its_list(url, links, expected):
    markup = "".join(f'<a href="{link}">{link}</a>' for link in links.split())
    assert following(markup, ROOT + url) == ([f"{ROOT}/OpennessContent/showList/1/2/{expected}"] if expected else [])


HEX = f'<a href="/c1/202401/{"ab" * 16}.shtml">甲</a>'


@pytest.mark.parametrize(
    ("url", "markup", "expected"),
    [
        ("/c1/index.shtml", f"{HEX}<script>var pageCount=3</script>", "/c1/index_2.shtml"),
        ("/c1/index_2.shtml", f"{HEX}<script>var pageCount=3</script>", "/c1/index_3.shtml"),
        ("/c1/index_3.shtml", f"{HEX}<script>var pageCount=3</script>", None),
        ("/c1/", f"{HEX}<p>共3页</p>", "/c1/index_2.shtml"),
        ("/c1/index.shtml", HEX, None),
        (
            "/c1/index.shtml",
            f'{HEX}<script>"totalPages":"3"; go("column-index-2.shtml")</script>',
            "/c1/column-index-2.shtml",
        ),
        ("/c1/index.shtml", "<ul>" + '<li class="pagedContent">甲</li>' * 50 + "</ul>", "/c1/index_2.shtml"),
        ("/c1/index.shtml", "<ul>" + '<li class="pagedContent">甲</li>' * 49 + "</ul>", None),
    ],
)
def test_sites_of_32_digits(url, markup, expected):
    assert following(markup, ROOT + url) == ([ROOT + expected] if expected else [])


@pytest.mark.parametrize(
    ("url", "markup", "expected"),
    [
        ("/nb/", '<a href="index_2.html">下一页</a>', "/nb/index_2.html"),
        ("/nb/", '<a href="index_2.html">下一页 ></a>', "/nb/index_2.html"),
        ("/nb/", '<a href="?page=2">»</a>', "/nb/?page=2"),
        ("/nb/", '<a href="p2.html">后一页</a>', "/nb/p2.html"),
        ("/nb/", '<a href="p2.html">Next</a>', "/nb/p2.html"),
        ("/nb/", '<a href="?pageNo=2">2</a><a href="?pageNo=3">3</a>', "/nb/?pageNo=2"),
        ("/nb/?pageNo=2", '<a href="?pageNo=1">1</a><a href="?pageNo=3">3</a>', "/nb/?pageNo=3"),
        ("/nb/index_2.html", '<a href="index_3.html">3</a>', "/nb/index_3.html"),
        ("/nb/", '<a href="http://other.gov.cn/nb/?page=2">下一页</a>', None),
        ("/nb/", '<a href="/nb/">下一页</a>', None),
        ("/nb/", '<a href="/rili/2.html">下一页</a>', None),
        ("/nb/", '<a href="javascript:go(2)">下一页</a>', None),
        ("/nb/", '<a href="/nb/2.html">下一篇</a>', None),
        ("/nb/", '<a href="a.html">2</a>', None),
    ],
)
def test_plain_links_to_the_next_page(url, markup, expected):
    assert following(markup, ROOT + url) == ([ROOT + expected] if expected else [])


@pytest.mark.parametrize("text", ["共 3 页", "共<b>3</b>页", "第1页/共3页"])
def test_a_pager_that_links_nothing_is_remarked(text):
    listing = read(f'<p>{text}</p><a href="javascript:go(2)">下一页</a>')
    assert listing.more == ()
    assert "not read" in listing.notes[0]


def test_the_first_system_that_recognises_a_page_reads_it():
    assert system_of(Page(URL, "<p>x</p>"), Request(URL, "list")) is plain.SYSTEM
    assert system_of(Page(URL, PAGERS[0][0]), Request(URL, "list")) is trs.SYSTEM
    assert system_of(Page(URL, JPAGE), Request(URL, "list")) is jcms.SYSTEM
    assert system_of(Page(f"{ROOT}/nb.htm", VSB), Request(URL, "list")) is vsb.SYSTEM
    assert system_of(Page(f"{ROOT}/public/column/1", ""), Request(URL, "list")) is openness.SYSTEM
    assert system_of(Page(URL, HEX), Request(URL, "list")) is hex32.SYSTEM
    assert len({system.name for system in SYSTEMS}) == len(SYSTEMS) == 8


def test_paging_keeps_depth_and_text_and_names_where_it_was_found():
    (request,) = read(PAGERS[0][0]).more
    assert (request.depth, request.text, request.found_on, request.kind) == (3, "年报", URL, "list")


SCRAPS = re.findall(
    r"[^\n]+",
    """createPageHTML(
3, 0
"index"
"html"
)
<datastore>
<nextgroup>
"dataproxy.jsp?page="
</nextgroup>
<record>
</record>
<![CDATA[
.jpage({
columnid:1,
unitid:2,
totalRecord:99999999999,
perPage:0
})
queryData="{'webId':'1','pageId':'2','tagId':'3'}"
jpaas-publish-server
gkmlpt
SID:'1'
id:1,name:'年报'
<a href='/info/1/2.htm'>
</a>
共9999页
pagedContent
column-index-2.shtml
<a href='?page=2'>下一页</a>
<
>""",
)


@settings(max_examples=300)
@given(
    st.lists(st.sampled_from(SCRAPS), max_size=14),
    st.sampled_from(["/nb/", "/nb.htm", "/nb/3.htm", "/gkmlpt/index", "/list.php?a"]),
)
def test_any_mixture_of_their_marks_is_read(scraps, path):
    page = Page(ROOT + path, "".join(scraps))
    request = Request(page.url, "list")
    for system in SYSTEMS:
        if system.recognise(page):
            for more in system.read(page, request).more:
                assert more.url.startswith(ROOT)
                assert system_of(Page(more.url, ""), more).read(Page(more.url, ""), more).items == ()
