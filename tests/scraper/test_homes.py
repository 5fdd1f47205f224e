"""Home pages visited: where they lead, what their titles say, and never without manners."""

import pytest

from scraper.homes import HomePage, visit_homes
from scraper.messages import Site
from scraper.options import Options
from scraper.outcomes import Outcome
from tests.scraper.conftest import QUICK
from tests.scraper.web import Reply, Web

HOME = "<html><head><title>{title}</title></head><body>{text}</body></html>"
TEXT = "政务要闻 " * 80


def site(host: str, code: str = "430001") -> Site:
    return Site(code, "测试县", f"http://{host}/")


def put(web: Web, host: str, title: str, path: str = "/") -> None:
    web.put(f"http://{host}{path}", HOME.format(title=title, text=TEXT))


def visit(web: Web, *sites: Site, **fields: object) -> dict[str, HomePage]:
    found: list[HomePage] = []
    options = Options(**{**QUICK, "proxy": web.url, "retries": 0, **fields})  # type: ignore[arg-type]
    visit_homes(sites, options, found.append)
    assert len(found) == len(sites)
    return {home.site.site_url.split("/")[2]: home for home in found}


def test_title_and_final_address(web: Web) -> None:
    put(web, "www.a.gov.cn", "\n 甲县人民政府\t门户网站 ")
    (home,) = visit(web, site("www.a.gov.cn")).values()
    assert home == HomePage(site("www.a.gov.cn"), Outcome.OK, "", "http://www.a.gov.cn/", "甲县人民政府 门户网站")


def test_title_in_gbk_that_nothing_declares(web: Web) -> None:
    body = HOME.format(title="甲县人民政府", text=TEXT).encode("gbk")
    web.put("http://www.a.gov.cn/", body, content_type="text/html")
    assert visit(web, site("www.a.gov.cn"))["www.a.gov.cn"].title == "甲县人民政府"


@pytest.mark.parametrize(
    "stub",
    [
        Reply("", 302, {"Location": "/web/index.html"}),
        Reply('<html><head><meta http-equiv="refresh" content="0; url=web/index.html"></head></html>'),
        Reply("<html><script>window.location.href='/web/index.html'</script></html>"),
    ],
)
def test_a_stub_is_followed(web: Web, stub: Reply) -> None:
    web.put("http://www.a.gov.cn/", stub)
    put(web, "www.a.gov.cn", "甲县", "/web/index.html")
    home = visit(web, site("www.a.gov.cn"))["www.a.gov.cn"]
    assert (home.url, home.title) == ("http://www.a.gov.cn/web/index.html", "甲县")


def test_stubs_without_end_and_to_others_are_not_followed(web: Web) -> None:
    def leading(url: str) -> Reply:
        return Reply(f'<html><meta http-equiv="refresh" content="0; url={url}"></html>')

    web.put("http://www.a.gov.cn/", leading("/1"))
    for number in range(1, 9):
        web.put(f"http://www.a.gov.cn/{number}", leading(f"/{number + 1}"))
    web.put("http://www.b.gov.cn/", leading("http://parking.example.com/"))
    put(web, "parking.example.com", "domain for sale")
    found = visit(web, site("www.a.gov.cn"), site("www.b.gov.cn"))
    assert found["www.a.gov.cn"].outcome is Outcome.REDIRECTS
    assert len(web.asked("www.a.gov.cn")) == 3
    assert found["www.b.gov.cn"].outcome is Outcome.MOVED
    assert "parking.example.com" in found["www.b.gov.cn"].detail
    assert web.asked("parking.example.com", robots=True) == []


def test_robots_are_obeyed_and_asked_for_once_a_host(web: Web) -> None:
    web.put("http://www.a.gov.cn/robots.txt", "User-agent: *\nDisallow: /", content_type="text/plain")
    put(web, "www.a.gov.cn", "甲县")
    put(web, "www.b.gov.cn", "乙县")
    put(web, "www.b.gov.cn", "乙县教育局", "/jyj/")
    second = Site("430002", "乙县", "http://www.b.gov.cn/jyj/")
    found: list[HomePage] = []
    options = Options(**QUICK, proxy=web.url)  # type: ignore[arg-type]
    visit_homes([site("www.a.gov.cn"), site("www.b.gov.cn"), second], options, found.append)
    outcomes = {home.site.site_url: home.outcome for home in found}
    assert outcomes["http://www.a.gov.cn/"] is Outcome.ROBOTS
    assert web.paths("www.a.gov.cn") == []
    assert [outcomes["http://www.b.gov.cn/"], outcomes[second.site_url]] == [Outcome.OK, Outcome.OK]
    assert [seen.path for seen in web.asked("www.b.gov.cn", robots=True)].count("/robots.txt") == 1


def test_the_pause_and_the_contact_are_kept(web: Web) -> None:
    put(web, "www.a.gov.cn", "甲县")
    visit(web, site("www.a.gov.cn"), delay=0.2)
    robots, home = web.asked("www.a.gov.cn", robots=True)
    assert home.begun - robots.ended >= 0.2
    assert "+http" in home.headers["user-agent"]


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply("x", 404), Outcome.HTTP_ERROR),
        (Reply("x", 403), Outcome.BLOCKED),
        (Reply("<html><title>x</title>请开启JavaScript并刷新该页</html>"), Outcome.BLOCKED),
        (Reply(b"", 304), Outcome.HTTP_ERROR),
        (Reply("", 302, {"Location": "http://parking.example.com/"}), Outcome.MOVED),
    ],
)
def test_what_is_no_home_page_has_its_outcome(web: Web, reply: Reply, outcome: Outcome) -> None:
    web.put("http://www.a.gov.cn/", reply)
    home = visit(web, site("www.a.gov.cn"))["www.a.gov.cn"]
    assert (home.outcome, home.url, home.title) == (outcome, "", "")
    assert home.detail


def test_private_addresses_are_refused(web: Web) -> None:
    found = visit(web, Site("430001", "甲县", web.url + "/"), proxy=None)
    (home,) = found.values()
    assert home.outcome is Outcome.UNSAFE
    assert web.log == []


def test_a_defect_costs_one_site(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    from scraper import homes

    def broken(page: object) -> str:
        raise ZeroDivisionError("by zero")

    put(web, "www.a.gov.cn", "甲县")
    monkeypatch.setattr(homes, "_title", broken)
    web.put("http://www.b.gov.cn/", Reply("x", 404))
    found = visit(web, site("www.a.gov.cn"), site("www.b.gov.cn"))
    assert found["www.a.gov.cn"].outcome is Outcome.DEFECT
    assert "ZeroDivisionError: by zero" in found["www.a.gov.cn"].detail
    assert found["www.b.gov.cn"].outcome is Outcome.HTTP_ERROR
