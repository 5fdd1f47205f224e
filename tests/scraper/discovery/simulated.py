"""Simulated sites: pages by URL, the reports on them, the decoys two for one, and a driver that fetches as told.

The pages are written by hand after what the content systems publish; nothing of the code under test is used here.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlsplit

from scraper.discovery import Discovery, Limits
from scraper.messages import Request, Response, Site, Skipped

YEARS = range(2018, 2024)
PLACE = "安平县"
HTML = "text/html; charset=utf-8"

Item = tuple[str, str]  # title, URL

DECOYS = (
    ("{place}{year}年政府网站工作年度报表", "website_report"),
    ("关于做好{year}年政府信息公开工作年度报告编制发布工作的通知", "notice"),
    ("{place}{year}年法治政府建设年度报告", "rule_of_law"),
    ("一图读懂{place}{year}年政府信息公开工作年度报告", "explainer"),
    ("{place}{year}年政府工作报告", "work_report"),
    ("{place}{year}年部门预算", "budget"),
    ("{place}{year}年上半年政府信息公开统计", "half_year"),
    ("{place}{year}年政务公开工作要点", "plan"),
    ("{place}{year}年政务公开工作总结", "summary"),
    ("{year}年政府信息公开工作年度报告（格式）", "template"),
    ("政府信息公开年度报告解读（{year}年）", "explainer"),
    ("{place}{year}年度财政决算", "budget"),
)
TITLES = (
    "{place}{year}年政府信息公开工作年度报告",
    "{place}人民政府{year}年政府信息公开年度报告",
    "{year}年{place}政府信息公开工作年度报告",
    "{place}政府信息公开工作{year}年度报告",
    "{place}{year}年度政府信息公开年报",
    "{place}人民政府办公室{year}年政务信息公开年度报告",
)
SECTIONS = (
    "一、总体情况",
    "二、主动公开政府信息情况",
    "三、收到和处理政府信息公开申请情况",
    "四、政府信息公开行政复议、行政诉讼情况",
    "五、存在的主要问题及改进情况",
    "六、其他需要报告的事项",
)
REPORT_BODY = "".join(f"<p>{section}</p>" for section in SECTIONS) + "<table><tr><td>自然人</td></tr></table>"


@dataclass
class Simulated:
    """A site with what it publishes; `reports` and `decoys` are what a walk must ask for and leave alone."""

    site: Site
    column_url: str
    pages: dict[str, Response] = field(default_factory=dict)
    reports: set[str] = field(default_factory=set)
    decoys: dict[str, str] = field(default_factory=dict)
    attachments: set[str] = field(default_factory=set)

    @property
    def root(self) -> str:
        return self.site.site_url.rstrip("/")

    def put(self, url: str, body: str | bytes, content_type: str = HTML) -> None:
        assert url not in self.pages, url
        raw = body.encode() if isinstance(body, str) else body
        self.pages[url] = Response(url, 200, {"content-type": content_type}, raw)

    def answer(self, request: Request) -> Response | None:
        """The page at an address, however the fields of its query are ordered or escaped."""
        return self.pages.get(request.url) or self._queries().get(_plain(request.url))

    def _queries(self) -> dict[object, Response]:
        return {_plain(url): page for url, page in self.pages.items() if "?" in url}


def _plain(url: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))


def simulated(host: str, column: str) -> Simulated:
    """A site with a home page that leads over a disclosure page to the column, by two images and a script."""
    root = f"http://{host}"
    made = Simulated(Site("131125", PLACE, f"{root}/"), f"{root}{column}")
    made.put(
        f"{root}/",
        page(
            f"{PLACE}人民政府",
            '<a href="/zwyw/">政务要闻</a><a href="/zwgk2/">政务公开</a>'
            '<a href="/zwgk/"><img src="a.png" alt="政府信息公开"></a>'
            '<a href="/wzndbb/">政府网站年度报表</a><a href="http://other.gov.cn/nb/">政府信息公开年报</a>'
            '<a href="mailto:x@y">写信</a><a href="http://[::bad">坏</a>',
        ),
    )
    made.put(
        f"{root}/zwgk/",
        page(
            "政府信息公开",
            '<a href="/zwgk/zn.html">政府信息公开指南</a><a href="/zwgk/zd.html">政府信息公开制度</a>'
            f'<a href="javascript:void(0)" onclick="window.open(\'{column}\')">政府信息公开<b>年报</b></a>'
            '<a href="/fzzf/">法治政府建设年度报告</a><a href="/ysq/">依申请公开</a>',
        ),
    )
    return made


def page(title: str, body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body>{body}</body></html>"


def report_page(title: str, more: str = "") -> str:
    return page(f"{title}-{PLACE}人民政府", f"<h1>{title}</h1><div class='article-content'>{REPORT_BODY}{more}</div>")


def publish(made: Simulated, address: Callable[[int], str], place: str = PLACE, serial: int = 0) -> list[Item]:
    """Six reports with their pages and two decoys for each of them, in the order a list shows them."""
    items: list[Item] = []
    for index, year in enumerate(reversed(YEARS)):
        title = TITLES[(index + serial) % len(TITLES)].format(place=place, year=year)
        url = address(serial + 3 * index)
        made.put(url, report_page(title))
        made.reports.add(url)
        items.append((title, url))
        for offset in (1, 2):
            decoy, reason = DECOYS[(2 * index + offset - 1 + serial) % len(DECOYS)]
            url = address(serial + 3 * index + offset)
            made.decoys[url] = reason
            items.append((decoy.format(place=place, year=year), url))
    return items


def rows(items: Iterable[Item]) -> str:
    """List items: long titles are cut, with the whole title in the attribute."""
    shown = []
    for index, (title, url) in enumerate(items):
        text = title if index % 2 else title[:14] + "…"
        shown.append(f'<li><a href="{url}" title="{title}">{text}</a><span>2024-01-{index % 27 + 1:02}</span></li>')
    return "\n".join(shown)


def batches(items: list[Item], size: int = 6) -> list[list[Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


@dataclass
class Walk:
    """What a walk asked for and left alone."""

    asked: list[Request]
    skipped: dict[str, str]
    notes: list[str]
    column: str | None

    def urls(self, kind: str) -> set[str]:
        return {request.url for request in self.asked if request.kind == kind}


def explore(
    made: Simulated,
    remembered: str | None = None,
    *,
    column_url: str = "",
    limits: Limits | None = None,
    fails: Callable[[Request], bool] = lambda request: False,
) -> Walk:
    """Drive a walk over a simulated site until nothing is left to fetch."""
    discovery = Discovery(replace(made.site, column_url=column_url), remembered, limits or Limits())
    walk = Walk([], {}, [], None)
    queue: list[Request] = []

    def take(step: object) -> None:
        queue.extend(step.requests)
        walk.notes.extend(step.notes)
        for skipped in step.skipped:
            _keep(walk, skipped)

    take(discovery.start())
    while queue:
        request = queue.pop(0)
        walk.asked.append(request)
        assert len(walk.asked) < 2000, "the walk does not end"
        take(discovery.receive(request, None if fails(request) else made.answer(request)))
    walk.column = discovery.column
    return walk


def _keep(walk: Walk, skipped: Skipped) -> None:
    assert skipped.url not in walk.skipped, f"{skipped.url} left alone twice"
    walk.skipped[skipped.url] = skipped.reason
