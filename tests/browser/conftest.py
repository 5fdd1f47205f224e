"""The demo's pages opened from disk in Chromium; every request and every line of the console is watched."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from nianbao.demo import run_demo
from nianbao.site.build import build_site
from tests.browser.chromium import launched
from tests.nianbao.small_site import Recorder


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("browser") / "store"
    run_demo(folder, Recorder())
    return folder


@pytest.fixture(scope="session")
def site(store: Path) -> str:
    """Return the address of the site's folder, on disk."""
    return build_site(store, store / "site").page.parent.as_uri() + "/"


@pytest.fixture(scope="session")
def browser(
    site: str,
) -> Iterator[Browser]:  # the pages first: the browser brings an event loop, and so does the harvest
    with launched() as started:
        yield started


class Watched:
    """What a page did that it should not: requests to hosts, lines on the console, errors."""

    def __init__(self, context: BrowserContext) -> None:
        self.complaints: list[str] = []
        context.on("request", self._request)
        context.on("console", lambda line: self.complaints.append(f"console {line.type}: {line.text}"))
        context.on("weberror", lambda error: self.complaints.append(f"error: {error.error}"))

    def _request(self, request: object) -> None:
        url = request.url  # type: ignore[attr-defined]
        if not url.startswith(("file:", "blob:", "data:")):
            self.complaints.append(f"outside request: {url}")


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="zh-CN", accept_downloads=True, viewport={"width": 1280, "height": 900})
    made.set_default_timeout(20_000)
    watched = Watched(made)
    yield made
    made.close()
    assert watched.complaints == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()
