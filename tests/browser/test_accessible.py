"""axe-core on every kind of page: light and dark, wide and narrow, both languages."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

PAGES = {
    "home": "index.html",
    "county": "c/440823.html",
    "office": "c/330502.html",
    "province": "p/330000.html",
    "source of tables": "s/2021/140525-2021-jurisdiction.html#requests.new.total",
    "source of lines": "s/2024/431229-2024-jurisdiction.html#share_granted",
    "compare": "compare.html#c=431229,140525,620521&i=req_new_total",
    "one year": "compare.html#c=431229,140525&i=share_granted&y=2022-2022",
    "find": "find.html",
    "changes": "changes.html",
    "errors": "errors.html",
    "revisions": "revisions.html",
    "coverage": "coverage.html",
    "about": "about.html",
}
LOOKS = [("light", 1280, "zh-CN"), ("dark", 1280, "en-GB"), ("dark", 375, "zh-CN")]


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the script of axe-core, which the package axe-playwright-python carries."""
    found = find_spec("axe_playwright_python")
    assert found, "axe-playwright-python is not installed; it is among the development tools"
    assert found.submodule_search_locations
    return (Path(found.submodule_search_locations[0]) / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: f"{look[0]}-{look[1]}-{look[2]}")
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_axe_has_no_serious_finding(
    browser: Browser, site: str, axe: str, path: str, look: tuple[str, int, str]
) -> None:
    scheme, width, locale = look
    context = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 900},
        locale=locale,
        bypass_csp=True,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(site + path)
    page.wait_for_load_state("load")
    if "compare" in path:
        page.locator("#chart svg").wait_for()
    if "find" in path:
        page.locator("#table tbody tr").first.wait_for()
    page.evaluate(axe)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    found = [
        f"{each['impact']} {each['id']}: {node['target']} {node['failureSummary']}"
        for each in result["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
    context.close()
    assert found == []
