"""One simulated site for every content system, three pages of a list each."""

import json
from collections.abc import Callable
from html import escape
from urllib.parse import quote, urlencode

from tests.scraper.discovery.simulated import Item, Simulated, batches, page, publish, rows, simulated

Builder = Callable[[str], Simulated]


def hexadecimal(number: int) -> str:
    return f"{number + 0xABCDEF:032x}"


def trs(host: str) -> Simulated:
    made = simulated(host, "/zwgk/zfxxgknb/")
    items = publish(made, lambda n: f"{made.column_url}202401/t20240117_{400000 + n}.html")
    parts = batches(items)
    for number, part in enumerate(parts):
        name = "index" + (f"_{number}" if number else "")
        url = made.column_url + ("" if number == 0 else f"{name}.html")
        script = f'function createPageHTML(a,b,c,d){{}}\ncreatePageHTML({len(parts)}, {number}, "index", "html");'
        made.put(url, page("年报", f"<ul>{rows(part)}</ul><script>{script}</script>"))
    return made


def trs_named(host: str) -> Simulated:
    made = simulated(host, "/gknb/list.shtml")
    items = publish(made, lambda n: f"http://{host}/gknb/202401/{hexadecimal(n)}.shtml")
    parts = batches(items)
    for number, part in enumerate(parts, start=1):
        name = "list" + (f"_{number}" if number > 1 else "")
        call = f"createPageHTML('page_div',{len(parts)}, {number},'list','shtml',{len(items)});"
        made.put(f"http://{host}/gknb/{name}.shtml", page("年报", f"<ul>{rows(part)}</ul><script>{call}</script>"))
    return made


def _datastore(items: list[Item], more: str = "") -> str:
    records = "".join(f"<record><![CDATA[{rows([item])}]]></record>\n" for item in items)
    return f"<datastore>{more}<recordset>{records}</recordset></datastore>"


def _column_page(items: list[Item], more: str = "", script: str = "") -> str:
    inline = f'<div id="7788"><script type="text/xml">{_datastore(items, more)}</script></div>'
    return page("年报", f"{inline}<script>{script}</script>")


def _art(made: Simulated) -> Callable[[int], str]:
    return lambda n: f"{made.root}/art/2024/1/17/art_5985_{984000 + n}.html"


PROXY = "/module/web/jpage/dataproxy.jsp"


def jcms_groups(host: str) -> Simulated:
    made = simulated(host, "/col/col5985/index.html")
    parts = batches(publish(made, _art(made)))
    query = f"appid=1&webid=12&path=/&columnid=5985&unitid=7788&webname={quote('安平县')}&permissiontype=0"
    group = f'<nextgroup><![CDATA[<a href="{PROXY}?page=1&{query}"></a>]]></nextgroup>'
    made.put(made.column_url, _column_page(parts[0], group))
    for number, part in enumerate(parts[1:], start=1):
        body = _datastore(part, f"<totalpage>{len(parts) - 1}</totalpage>")
        made.put(f"http://{host}{PROXY}?page={number}&{query}", body, "text/xml")
    return made


def jcms_spans(host: str) -> Simulated:
    made = simulated(host, "/col/col5985/index.html")
    items = publish(made, _art(made))
    fields = {"col": "1", "appid": "1", "webid": "12", "path": "/", "columnid": "5985", "sourceContentType": "1"}
    fields |= {"unitid": "7788", "webname": "安平县", "permissiontype": "0"}
    param = ",".join(f"'{name}':'{value}'" for name, value in fields.items())
    call = f"totalRecord:{len(items)},perPage:2,proxyUrl:'{PROXY}',ajaxParam:{{{param}}}"
    made.put(made.column_url, _column_page(items[:6], script=f"$('#7788').jpage({{{call}}});"))
    for start in range(7, len(items) + 1, 6):
        span = {"startrecord": start, "endrecord": start + 5, "perpage": 2}
        body = _datastore(items[start - 1 : start + 5], f"<totalrecord>{len(items)}</totalrecord>")
        made.put(f"http://{host}{PROXY}?{urlencode({**span, **fields})}", body, "text/xml")
    return made


GATEWAY = "/api-gateway/jpaas-publish-server/front/page/build/unit"


def _jpaas(host: str, markup: Callable[[dict[str, str]], str]) -> Simulated:
    made = simulated(host, "/zfxxgk/zfxxgknb/index.html")
    items = publish(made, lambda n: f"http://{host}/zfxxgk/zfxxgknb/art/2024/art_{hexadecimal(n)}.html")
    items = [(title, url.removeprefix(f"http://{host}/zfxxgk/zfxxgknb/")) for title, url in items]
    fields = {"parseType": "bulidstatic", "webId": "w" * 32, "tplSetId": "t" * 32, "pageType": "column"}
    fields |= {"tagId": "信息列表", "editType": "null", "pageId": "p" * 32}
    made.put(made.column_url, page("年报", markup(fields)))
    for number, part in enumerate(batches(items), start=1):
        answer = {
            "data": {"html": f'<ul>{rows(part)}</ul><div class="pagination" rows="6" count="{len(items)}"></div>'}
        }
        query = fields | {"paramJson": json.dumps({"pageNo": number, "pageSize": 50}, separators=(",", ":"))}
        made.put(f"http://{host}{GATEWAY}?{urlencode(query)}", json.dumps(answer), "application/json")
    return made


def jpaas(host: str) -> Simulated:
    def markup(fields: dict[str, str]) -> str:
        return f'<div id="list"></div><script url="{GATEWAY}" queryData="{escape(str(fields))}"></script>'

    return _jpaas(host, markup)


def jpaas_script(host: str) -> Simulated:
    def markup(fields: dict[str, str]) -> str:
        lines = "".join(f'var {name} = "{value}";' for name, value in fields.items())
        return f'<script>{lines} get("{GATEWAY}")</script>'

    return _jpaas(host, markup)


def _gkmlpt_answers(made: Simulated, category: int) -> None:
    items = publish(made, lambda n: f"{made.root}/zwgk/xxgknb/content/post_{1872000 + n}.html")
    for number, part in enumerate(batches(items), start=1):
        articles = [{"id": n, "title": title, "url": url, "post_url": url} for n, (title, url) in enumerate(part)]
        answer = {"total": len(items), "articles": articles}
        made.put(
            f"{made.root}/gkmlpt/api/all/{category}?page={number}&sid=755048",
            json.dumps(answer, ensure_ascii=True),
            "application/json",
        )


def gkmlpt(host: str) -> Simulated:
    made = simulated(host, "/gkmlpt/annualreport#2629")
    _gkmlpt_answers(made, 2629)
    made.put(
        f"http://{host}/gkmlpt/annualreport",
        page("年报", "<script>window._CONFIG={SID: '755048'}</script><i>gkmlpt</i>"),
    )
    return made


def gkmlpt_tree(host: str) -> Simulated:
    """The platform itself stands behind the disclosure link, with its categories in a script."""
    made = simulated(host, "/gkmlpt/index")
    _gkmlpt_answers(made, 2629)
    tree = [
        {"id": 2627, "name": "政府信息公开指南"},
        {"id": 2629, "name": "政府信息公开年报"},
        {"id": 9, "name": "法治政府建设年度报告"},
    ]
    script = f"<script>window._CONFIG={{SID: '755048', TREE: {json.dumps(tree)}}}</script>"
    made.put(f"http://{host}/gkmlpt/index", page("信息公开目录 gkmlpt", script))
    del made.pages[f"http://{host}/zwgk/"]
    made.put(f"http://{host}/zwgk/", page("公开", '<a href="/gkmlpt/index">政府信息公开平台</a>'))
    return made


def vsb(host: str) -> Simulated:
    made = simulated(host, "/zwgk/zfxxgknb.htm")
    parts = batches(publish(made, lambda n: f"http://{host}/info/7226/{316000 + n}.htm"))
    last = len(parts)
    for number, part in enumerate(parts, start=1):
        url = made.column_url if number == 1 else f"http://{host}/zwgk/zfxxgknb/{last - number + 1}.htm"
        pager = f"<span>共{len(parts) * 6}条 {number}/{last}</span>"
        made.put(url, page("年报", f"<ul>{rows(part)}</ul>{pager}", "<!-- vsbscreen -->"))
    return made


def openness(host: str) -> Simulated:
    made = simulated(host, "/OpennessContent/showList/12/340/page_1.html")
    parts = batches(publish(made, lambda n: f"http://{host}/OpennessAnnualReport/show/{6000 + n}.html"))
    for number, part in enumerate(parts, start=1):
        links = "".join(
            f'<a href="/OpennessContent/showList/12/340/page_{n}.html">{n}</a>' for n in range(1, len(parts) + 1)
        )
        made.put(f"http://{host}/OpennessContent/showList/12/340/page_{number}.html", page("年报", rows(part) + links))
    return made


def openness_years(host: str) -> Simulated:
    """One page a year, linked by the bare year: the pages are the reports."""
    made = simulated(host, "/OpennessAnnualReport/year/12/")
    items = publish(made, lambda n: f"http://{host}/OpennessAnnualReport/year/show/{n}/2023.html")
    shown = [(title[title.index("20") :][:5] if url in made.reports else title, url) for title, url in items]
    made.put(made.column_url, page("年报", "".join(f'<a href="{url}">{title}</a>' for title, url in shown)))
    return made


def hex32(host: str) -> Simulated:
    made = simulated(host, "/anping/c112945/list.shtml")
    parts = batches(publish(made, lambda n: f"http://{host}/anping/c112945/202401/{hexadecimal(n)}.shtml"))
    for number, part in enumerate(parts, start=1):
        name = "list" if number == 1 else f"index_{number}"
        made.put(
            f"http://{host}/anping/c112945/{name}.shtml",
            page("年报", f"{rows(part)}<script>var pageCount = {len(parts)};</script>"),
        )
    return made


def hex32_columns(host: str) -> Simulated:
    made = simulated(host, "/anping/c112945/column-index-1.shtml")
    parts = batches(publish(made, lambda n: f"http://{host}/anping/c112945/202401/{hexadecimal(n)}.shtml"))
    for number, part in enumerate(parts, start=1):
        pager = f"<script>var totalPage='{len(parts)}';</script>"
        made.put(f"http://{host}/anping/c112945/column-index-{number}.shtml", page("年报", rows(part) + pager))
    return made


def client_side(host: str) -> Simulated:
    made = simulated(host, "/xxgk/nb/index.shtml")
    items = publish(made, lambda n: f"http://{host}/xxgk/nb/{70000 + n}.shtml")
    filler = [(f"本县动态第{n}期", f"http://{host}/xxgk/nb/{90000 + n}.shtml") for n in range(44)]
    first = "".join(
        f'<li class="pagedContent"><a href="{url}">{title}</a></li>' for title, url in [*items[:6], *filler]
    )
    second = "".join(f'<li class="pagedContent"><a href="{url}">{title}</a></li>' for title, url in items[6:])
    made.put(made.column_url, page("年报", f"<ul>{first}</ul>"))
    made.put(f"http://{host}/xxgk/nb/index_2.shtml", page("年报", f"<ul>{second}</ul>"))
    return made


def next_links(host: str) -> Simulated:
    made = simulated(host, "/nb/index.html")
    parts = batches(publish(made, lambda n: f"http://{host}/nb/content_{191000 + n}.html"))
    for number, part in enumerate(parts, start=1):
        name = "index" if number == 1 else f"index-p{number * 7}"
        following = f'<a href="index-p{(number + 1) * 7}.html">下一页</a>' if number < len(parts) else "下一页"
        made.put(f"http://{host}/nb/{name}.html", page("年报", rows(part) + following))
    return made


def numbered_query(host: str) -> Simulated:
    made = simulated(host, "/list.php?cat=9")
    parts = batches(publish(made, lambda n: f"http://{host}/xxgk-show-{68000 + n}.html"))
    for number, part in enumerate(parts, start=1):
        links = "".join(f'<a href="/list.php?cat=9&page={n}">{n}</a>' for n in range(1, len(parts) + 1))
        made.put(
            f"http://{host}/list.php?cat=9" + (f"&page={number}" if number > 1 else ""),
            page("年报", rows(part) + links),
        )
    return made


SYSTEMS: dict[str, Builder] = {
    builder.__name__: builder
    for builder in (
        trs,
        trs_named,
        jcms_groups,
        jcms_spans,
        jpaas,
        jpaas_script,
        gkmlpt,
        gkmlpt_tree,
        vsb,
        openness,
        openness_years,
        hex32,
        hex32_columns,
        client_side,
        next_links,
        numbered_query,
    )
}
