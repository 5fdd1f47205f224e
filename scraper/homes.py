"""Visits home pages and nothing else, as politely as a harvest: where they lead and what their titles say."""

import asyncio
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from scraper.discovery.hosts import is_official, same_government
from scraper.discovery.page import Page
from scraper.fetch import Fetcher
from scraper.fetchers import open_fetcher
from scraper.harvest import SITES_AT_ONCE, utc_now
from scraper.messages import Response, Site
from scraper.options import Options
from scraper.outcomes import Failure, Outcome
from scraper.robots import Robots, read_robots
from scraper.visits import ROBOTS_PATH

STUBS = 2  # pages in a row that do nothing but send the reader on by a refresh or a script
LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class HomePage:
    """How the visit to a site's home page ended; `url` after redirects and `title` are empty where it was not had."""

    site: Site
    outcome: Outcome
    detail: str
    url: str = ""
    title: str = ""


def visit_homes(sites: Sequence[Site], options: Options, on_done: Callable[[HomePage], None]) -> None:
    """Visit the home pages of sites side by side, each host at its own pace; `on_done` is told of each as it ends."""
    asyncio.run(_visit_all(sites, options, on_done))


async def _visit_all(sites: Sequence[Site], options: Options, on_done: Callable[[HomePage], None]) -> None:
    room = asyncio.Semaphore(SITES_AT_ONCE)
    async with open_fetcher(options, utc_now) as fetcher:
        visitor = _Visitor(fetcher)

        async def visit(site: Site) -> None:
            async with room:
                on_done(await visitor.visit(site))

        async with asyncio.TaskGroup() as group:
            for site in sites:
                group.create_task(visit(site))


class _Visitor:
    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._robots: dict[str, asyncio.Task[Robots]] = {}

    async def visit(self, site: Site) -> HomePage:
        try:
            return await self._follow(site)
        except Exception as error:  # noqa: BLE001 - one site's page may not end the check; the site says so
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}:{last.lineno}"
            detail = f"{type(error).__name__}: {error} ({place}); please report this bug"
            return HomePage(site, Outcome.DEFECT, detail)

    async def _follow(self, site: Site) -> HomePage:
        url = site.site_url
        for _ in range(STUBS + 1):
            answer = await self._fetcher.get(url, self._rules)
            if isinstance(answer, Response) and answer.status == httpx.codes.NOT_MODIFIED:
                answer = Failure(Outcome.HTTP_ERROR, "status 304, to a request that was not conditional", 304)
            if isinstance(answer, Failure):
                return HomePage(site, answer.outcome, answer.detail)
            page = Page.of(answer)
            if page.redirect is None:
                return HomePage(site, Outcome.OK, "", answer.url, _title(page))
            if not _belongs(page.redirect, answer.url):
                return HomePage(site, Outcome.MOVED, f"leads to a host of somebody else: {page.redirect}")
            url = page.redirect
        return HomePage(site, Outcome.REDIRECTS, f"more than {STUBS} pages that only lead on, at {url}")

    async def _rules(self, url: httpx.URL) -> Robots:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        task = self._robots.get(origin)
        if task is None:
            task = self._robots[origin] = asyncio.create_task(self._read_rules(origin + ROBOTS_PATH))
        return await asyncio.shield(task)

    async def _read_rules(self, url: str) -> Robots:
        return read_robots(await self._fetcher.get(url, None))


def _belongs(target: str, url: str) -> bool:
    return same_government(target, url) or (is_official(target) and is_official(url))


def _title(page: Page) -> str:
    node = page.tree.css_first("head title, title")
    return " ".join(node.text().split())[:LONGEST_TITLE] if node is not None else ""
