from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from scraper.harvest import harvest
from scraper.messages import Site
from scraper.options import Options
from scraper.summary import Event, Summary
from tests.scraper.walker import LinkWalker, link
from tests.scraper.web import Web, serving

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
QUICK = {"delay": 0.0, "backoff": 0.02, "timeout": 2.0, "total_timeout": 5.0}


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as running:
        yield running


@pytest.fixture
def run(web: Web, tmp_path: Path) -> Callable[..., Summary]:
    """Harvest sites through the web as the proxy into one store, with the walker of the tests."""

    def go(sites: Sequence[Site], on_event: Callable[[Event], None] | None = None, **fields: object) -> Summary:
        options = Options(**{**QUICK, "proxy": web.url, **fields})  # type: ignore[arg-type]
        return harvest(sites, tmp_path / "store", options, on_event, now=lambda: NOW, walker_of=LinkWalker)

    return go


def county(web: Web, number: int = 1, *, reports: int = 3, robots: str | None = None, **fields: object) -> Site:
    """Put a site of a home page, a list, reports and one attachment on the web; `fields` are those of each reply."""
    host = f"www.county{number}.gov.cn"
    if robots is not None:
        web.put(f"http://{host}/robots.txt", robots, content_type="text/plain")
    web.put(f"http://{host}/", link("column", "/gk/", "政府信息公开年报"), **fields)
    items = "".join(link("report", f"/gk/{2020 + year}.html", f"{2020 + year}年报告") for year in range(reports))
    web.put(f"http://{host}/gk/", items + link("skip", "/gk/x.html", "网站工作年度报表"), **fields)
    for year in range(reports):
        body = f"<title>{2020 + year}年报告</title><p>{'第一部分 总体情况 ' * 40}县{number}</p>"
        body += link("attachment", f"/gk/{2020 + year}.pdf", "附件") if year == 0 else ""
        web.put(f"http://{host}/gk/{2020 + year}.html", body, **fields)
    web.put(f"http://{host}/gk/2020.pdf", b"%PDF-1.4 " + bytes(range(256)) * 4, content_type="application/pdf")
    return Site(f"{430000 + number}", f"测试县{number}", f"http://{host}/")
