"""A report's attachments: the one that is the report becomes it, copies stand by and are compared with their page."""

import csv
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from nianbao import open_dataset
from nianbao.attached import NAMED_BY_PAGE, differing_cells
from nianbao.parse_stage import PICTURE_OF_PAGE
from nianbao.pipeline import Ran, run
from nianbao.replay import COLUMNS, MANIFEST, ReplayProxy
from nianbao.resources import Resources
from parsers.reading import read_reports
from scraper import Options, Site, documents
from tests.nianbao.small_site import Recorder
from tests.zoo import worded
from tests.zoo.documents import render
from tests.zoo.flow import Table, Text
from tests.zoo.plans import Plan
from tests.zoo.worded_tables import Habits, table

HOST = "http://www.small.gov.cn"
SITE = Site("440823", "遂溪县", f"{HOST}/", f"{HOST}/nb/index.html")
PAGE = f"{HOST}/nb/t20240131_1.html"
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
PLAN = Plan("html")
SEED = next(seed for seed in range(100) if render(PLAN, seed).truth.publisher == "靖州县")
WHOLE = render(PLAN, SEED)
TITLE = WHOLE.truth.title
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)

Pages = dict[str, tuple[bytes, str]]
Go = Callable[[Pages], Ran]


def tables_alone() -> bytes:
    """The tables of the report as a Word file that does not say whose they are."""
    _, flow, rng = worded.flow_of(PLAN, SEED)
    parts = [table(item.grid, Habits(), rng) + "<w:p/>" for item in flow if isinstance(item, Table)]
    return worded.whole_docx(parts)


def with_another_number(body: bytes) -> bytes:
    """A Word file whose first number is one more."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(body)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "word/document.xml":
                first = re.search(rb"\xe8\xa7\x84\xe7\xab\xa0.*?>(\d+)<", content, re.DOTALL)
                assert first
                content = content[: first.start(1)] + str(int(first[1]) + 1).encode() + content[first.end(1) :]
            new.writestr(name, content)
    return stream.getvalue()


def bare(*links: str) -> bytes:
    """A report's page that holds no table."""
    _, flow, _ = worded.flow_of(PLAN, SEED)
    words = "".join(f"<p>{item.text}</p>" for item in flow if isinstance(item, Text) and item.role != "title")
    return f'<html><h1>{TITLE}</h1><div id="zoom">{words}{"".join(links)}</div></html>'.encode()


def serve(folder: Path, pages: Pages) -> Path:
    item = f'<li><a href="{PAGE}">{TITLE}</a><span>{WHOLE.truth.published_at}</span></li>'
    html = "text/html; charset=utf-8"
    whole = {
        f"{HOST}/": (b"<html><title>home</title></html>", html),
        f"{HOST}/nb/index.html": (f"<html><title>政府信息公开年报</title><ul>{item}</ul></html>".encode(), html),
        **{url if "://" in url else f"{HOST}/nb/{url}": page for url, page in pages.items()},
    }
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / MANIFEST).open("w", encoding="utf-8", newline="") as lines:
        rows = csv.writer(lines)
        rows.writerow(COLUMNS)
        for number, (url, (body, content_type)) in enumerate(whole.items()):
            (folder / f"{number}.body").write_bytes(body)
            rows.writerow([url, f"{number}.body", 200, content_type, "", ""])
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def go(tmp_path: Path, store: Path) -> Go:
    def harvest(pages: Pages) -> Ran:
        with ReplayProxy(serve(tmp_path / "site", pages)) as proxy:
            options = Options(proxy=proxy.url, delay=0, retries=0, backoff=0)
            ran = run([SITE], store, options, Recorder(), now=lambda: NOW)
        assert ran.parsed is not None
        assert ran.parsed.failed == []
        return ran

    return harvest


def reports(store: Path) -> list[dict[str, Any]]:
    return open_dataset(store).arrow("reports").to_pylist()


def others(store: Path) -> list[dict[str, Any]]:
    return open_dataset(store).arrow("documents").to_pylist()


def page(body: bytes) -> tuple[bytes, str]:
    return body, "text/html; charset=utf-8"


DOCX = "application/octet-stream"


def test_the_tables_of_a_bare_page_are_those_of_its_attachment(go: Go, store: Path) -> None:
    go({PAGE: page(bare('<a href="fj.docx">附件：统计表格</a>')), "fj.docx": (tables_alone(), DOCX)})
    (row,) = reports(store)
    assert (row["url"], row["media"], row["found_on"]) == (f"{HOST}/nb/fj.docx", "attachment", PAGE)
    assert (row["title"], row["publisher"], row["report_year"]) == (TITLE, "靖州县", WHOLE.truth.report_year)
    assert row["published_at"][:10] == WHOLE.truth.published_at
    assert row["disclosure_grade"] == "consistent"
    assert NAMED_BY_PAGE in row["warnings"]
    assert [(each["url"], each["same_content"]) for each in others(store)] == [(PAGE, False)]
    cells = open_dataset(store).arrow("cells").to_pylist()
    held = {f"{cell['table']}.{cell['row']}.{cell['column']}": cell["value"] for cell in cells}
    assert held == {key: pytest.approx(value) for key, value in WHOLE.truth.cells.items()}


def test_a_copy_stands_by_its_page_and_the_cells_that_differ_are_named(go: Go, store: Path) -> None:
    copy = worded.as_docx(PLAN, SEED, plainly=True).body
    links = b'<p><a href="a.docx">%s</a><a href="b.docx">%s</a></p></body>' % (TITLE.encode(), TITLE.encode())
    body = WHOLE.body.replace(b"</body>", links)
    go({PAGE: page(body), "a.docx": (copy, DOCX), "b.docx": (with_another_number(copy), DOCX)})
    (row,) = reports(store)
    assert row["url"] == PAGE
    first, second = others(store)
    assert (first["media"], first["differing"]) == ("attachment", None)
    assert second["same_content"] is False
    code = WHOLE.truth.forms["disclosure"]
    column = {"2021": "issued", "2019": "made"}[code]
    ours = WHOLE.truth.cells[f"disclosure.rules.{column}"]
    assert ours is not None
    assert second["differing"] == f"disclosure.rules.{column}: {ours:.15g} | {ours + 1:.15g}"


def test_a_second_harvest_of_the_same_changes_nothing(go: Go, store: Path) -> None:
    pages = {PAGE: page(bare('<a href="fj.docx">附件</a>')), "fj.docx": (tables_alone(), DOCX)}
    go(pages)
    assert go(pages).nothing_new


def test_tables_of_another_unit_do_not_take_the_pages_name(go: Go, store: Path) -> None:
    link = '<a href="fj.docx">遂溪县教育局</a>'
    go({PAGE: page(bare(link)), "fj.docx": (tables_alone(), DOCX)})
    found = {row["url"]: row for row in reports(store)}
    assert found[PAGE]["disclosure_form"] is None
    assert found[f"{HOST}/nb/fj.docx"]["publisher"] in (None, "遂溪县教育局")
    assert found[f"{HOST}/nb/fj.docx"]["report_id"] != found[PAGE]["report_id"]


def test_the_link_names_the_attachment_before_the_page_does(go: Go, store: Path) -> None:
    link = '<a href="fj.docx">靖州县教育局2022年政府信息公开工作年度报告.docx</a>'
    go({PAGE: page(bare(link)), "fj.docx": (tables_alone(), DOCX)})
    found = {row["url"]: row for row in reports(store)}
    row = found[f"{HOST}/nb/fj.docx"]
    assert (row["publisher"], row["report_year"], row["scope"]) == ("靖州县教育局", 2022, "department")


def test_an_attachment_that_is_no_report_is_skipped_with_its_reason(go: Go, store: Path) -> None:
    other = worded.whole_docx(["<w:p><w:r><w:t>申请须知</w:t></w:r></w:p>"])
    ran = go({PAGE: page(bare('<a href="fj.docx">附件</a>')), "fj.docx": (other, DOCX)})
    assert ran.parsed
    (reason,) = ran.parsed.skipped
    assert reason.startswith("attachment: no report on open government information")
    ran.parsed.verify()


def test_pictures_belong_to_their_page(go: Go, store: Path) -> None:
    ran = go({PAGE: page(bare('<img src="p1.png"/>')), "p1.png": (PNG, "image/png")})
    assert ran.parsed
    assert dict(ran.parsed.skipped) == {f"attachment: {PICTURE_OF_PAGE}": 1}
    report, picture = sorted(documents(store), key=lambda each: each.kind, reverse=True)
    assert dict(report.pictures) == {f"{HOST}/nb/p1.png": PNG}
    assert picture.page is not None
    assert picture.page.url == PAGE


def test_a_new_picture_brings_its_page_again(go: Go, store: Path) -> None:
    pages = {PAGE: page(bare('<img src="p1.png"/>')), "p1.png": (PNG, "image/png")}
    go(pages)
    ran = go({**pages, "p1.png": (PNG + b"x", "image/png")})
    again = {each.url for each in documents(store, run=ran.summary.run_id)}
    assert again == {PAGE, f"{HOST}/nb/p1.png"}


def test_resources_are_found_by_the_reference_as_it_stands() -> None:
    found = Resources(PAGE, {f"{HOST}/nb/a.png": b"a", f"{HOST}/b.png": b"b"})
    assert [found[each] for each in ("a.png", "./a.png#x", "/b.png", "../b.png", f"{HOST}/b.png")] == [
        *(b"a", b"a", b"b", b"b", b"b")
    ]
    assert "c.png" not in found
    assert "http://[" not in found
    assert len(found) == 2


def test_reports_of_different_years_are_not_compared() -> None:
    ours = read_reports(WHOLE.body)[0]
    theirs = read_reports(WHOLE.body.replace(str(WHOLE.truth.report_year).encode(), b"2018"))[0]
    assert theirs.report_year == 2018
    assert differing_cells(ours, theirs) == ()
    assert differing_cells(ours, ours) == ()
