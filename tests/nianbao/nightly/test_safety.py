"""What comes from outside stays data: no address that the guard refuses is asked, no file leaves the store."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nianbao.exits import Exit
from tests.nights.stage import Stage, staged
from tests.nights.world import County

NOW = datetime(2026, 3, 1, 22, tzinfo=UTC)
FORBIDDEN = (
    "http://169.254.169.254/latest/",
    "http://127.0.0.1:9/",
    "http://[::1]/",
    "http://2130706433/",
    "file:///etc/passwd",
)
HOSTILE = "../../../../escaped"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as running:
        running.world["a"].publish(2022, 2023)
        running.list_sites([running.world["a"].site])
        yield running


def redirect(county: County, year: int, target: str) -> None:
    county.web.put(county.url(year), "", status=302, headers={"Location": target})


def test_no_redirect_leads_to_an_address_that_is_refused(stage: Stage) -> None:
    a = stage.world["a"]
    years = range(2019, 2019 + len(FORBIDDEN))
    a.publish(*years)
    for year, target in zip(years, FORBIDDEN, strict=True):
        redirect(a, year, target)
    assert stage.night(NOW) == Exit.DONE
    assert {seen.host for seen in stage.web.log} == {a.host}
    asked = {seen.path for seen in stage.web.log}
    assert len([path for path in asked if path.startswith("/content/")]) == len(a.reports)
    assert stage.report()["totals"]["reports"] == len(a.reports) - len(FORBIDDEN)


@pytest.mark.slow
def test_no_name_from_outside_becomes_a_path(stage: Stage) -> None:
    a = stage.world["a"]
    page = (a.reports[2022] or b"").replace(a.name.encode(), f"{a.name}{HOSTILE}".encode())
    page = page.replace(
        b"</body>", f'<script src="{HOSTILE}.js"></script><a href="{HOSTILE}.pdf">附件</a></body>'.encode()
    )
    a.replace(2022, page)
    a.web.put(a.url(2022), page, headers={"Content-Disposition": f'attachment; filename="{HOSTILE}"', "ETag": HOSTILE})
    stage.configure(site=True)
    before = {path for path in stage.folder.iterdir() if path != stage.store}
    assert stage.night(NOW) in (Exit.DONE, Exit.INPUT)
    after = {path for path in stage.folder.iterdir() if path != stage.store}
    assert {path.name for path in after - before} == {"nianbao.prom"}
    assert not list(stage.folder.parent.glob("escaped*"))
    named = [path for path in stage.store.rglob("*") if "escaped" in path.name]
    assert named == []
    assert not any(path.is_symlink() and path.name != "dataset" for path in stage.store.rglob("*"))
