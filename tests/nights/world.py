"""Counties with websites that live: reports appear and change, pages vanish, hosts break and mend."""

from dataclasses import dataclass, field, replace
from random import Random
from urllib.parse import urlsplit

from scraper import Site
from tests.scraper.web import Web
from tests.zoo.bytesof import html_bytes
from tests.zoo.flow import standard
from tests.zoo.markup import paragraphs, spanned
from tests.zoo.style import Style
from tests.zoo.truths import Truth, truth

FORMS = dict.fromkeys(("disclosure", "requests", "appeals"), "2021")
NEWS = (
    "<html><title>要闻</title><body><h1>全县春耕生产现场会召开</h1><p>"
    + "县长到田间地头了解春耕生产情况。" * 40
    + "</p></body></html>"
)
CHALLENGE = "<html><body><script>document.cookie='a=1';location.reload()</script></body></html>"


@dataclass
class County:
    """One county: its site on a web, and the reports that it shows."""

    web: Web
    code: str
    name: str
    host: str
    column: str = "/gk/nb/"
    reports: dict[int, bytes | None] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        return Site(self.code, self.name, f"http://{self.host}/")

    def url(self, year: int) -> str:
        return f"http://{self.host}/content/{year}/post_{year}01.html"

    def report_id(self, year: int) -> str:
        return f"{self.code}-{year}-jurisdiction"

    def truth(self, year: int, seed: int = 0, *, profile: str = "busy") -> Truth:
        """Return what the county has to report for a year."""
        found = truth(Random(f"{self.code} {year} {seed}"), profile=profile, forms=FORMS)
        name = f"{self.name}人民政府"
        dated = f"{year + 1}-01-20"
        return replace(
            found, report_year=year, place=self.name, publisher=name, scope="jurisdiction", published_at=dated
        )

    def page(self, year: int, seed: int = 0, *, profile: str = "busy", flat: bool = False) -> bytes:
        """Return the page of a report, its tables spanned or flattened."""
        rng, style = Random(f"{self.code} {year} {seed} page"), Style()
        flow = standard(self.truth(year, seed, profile=profile), style, rng)
        return html_bytes((paragraphs if flat else spanned)(flow, style, rng), flow, style)

    def publish(self, *years: int, seed: int = 0, profile: str = "busy", flat: bool = False) -> None:
        """Publish the reports of some years."""
        for year in years:
            self.reports[year] = self.page(year, seed, profile=profile, flat=flat)
        self.show()

    def show(self) -> None:
        """Put the whole site on the web as it is now; a year without a body is listed nowhere and answers 404."""
        self.hide()
        put = self.web.put
        put(f"http://{self.host}/", _links("人民政府", [(self.column, "政府信息公开年报")]))
        shown = sorted((year for year, body in self.reports.items() if body is not None), reverse=True)
        items = [(self.url(year), f"{self.name}人民政府{year}年政府信息公开工作年度报告") for year in shown]
        put(f"http://{self.host}{self.column}", _links("政府信息公开年报", items))
        for year in shown:
            put(self.url(year), self.reports[year] or b"")

    def hide(self) -> None:
        """Take every page of the host off the web, and with it the host."""
        for key in [key for key in self.web.pages if key[0] == self.host]:
            del self.web.pages[key]

    def answer_everywhere(self, body: str, **fields: object) -> None:
        """Answer every page of the host with the same."""
        for host, path in [key for key in self.web.pages if key[0] == self.host]:
            self.web.put(f"http://{host}{path}", body, **fields)

    def replace(self, year: int, body: str | bytes) -> None:
        """Let something else stand at the address of a report."""
        self.reports[year] = body.encode() if isinstance(body, str) else body
        self.show()

    def withdraw(self, *years: int) -> None:
        """Take reports off the list and off the site."""
        for year in years:
            self.reports[year] = None
        self.show()


def _links(title: str, items: list[tuple[str, str]]) -> str:
    listed = "".join(f'<li><a href="{url}" title="{text}">{text}</a></li>' for url, text in items)
    nav = "".join(f'<li><a href="/xw/{number}.html">新闻动态{number}</a></li>' for number in range(6))
    return (
        f"<html><title>{title}</title><body><ul>{nav}</ul><ul>{listed}</ul><p>{'为人民服务。' * 20}</p></body></html>"
    )


def bare(county: County, year: int) -> bytes:
    """Return the page of a report that lost its tables in a redesign: title and text alone."""
    title = f"{county.name}人民政府{year}年政府信息公开工作年度报告"
    text = "一、总体情况</p><p>全县坚持以公开为常态，加强组织领导，推进政务公开工作。" * 5
    return f"<html><title>{title}</title><body><h1>{title}</h1><p>{text}</p></body></html>".encode()


def host_of(url: str) -> str:
    return urlsplit(url).netloc


PLACES = (
    ("140525", "泽州县", "www.a-zezhou.gov.cn"),
    ("321322", "沭阳县", "www.b-shuyang.gov.cn"),
    ("330502", "吴兴区", "www.c-wuxing.gov.cn"),
    ("341622", "蒙城县", "www.d-mengcheng.gov.cn"),
    ("440823", "遂溪县", "www.e-suixi.gov.cn"),
    ("610828", "佳县", "www.f-jiaxian.gov.cn"),
    ("610921", "汉阴县", "www.g-hanyin.gov.cn"),
    ("620521", "清水县", "www.h-qingshui.gov.cn"),
    ("341621", "涡阳县", "www.i-guoyang.gov.cn"),
)


def counties(web: Web) -> dict[str, County]:
    """Return the counties by the letter in their host, none of them on the web yet."""
    return {host[4]: County(web, code, name, host) for code, name, host in PLACES}
