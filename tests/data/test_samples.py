"""The committed sample sites: complete, honest about what is made up, and their truth adds up."""

import csv
import re
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from nianbao.replay import Page, ReplayProxy
from parsers.forms import Identity, forms

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
SITES = SAMPLES / "sites"
CELLS = {
    "2021": {"disclosure": 10, "requests": 175, "appeals": 15},
    "2019": {"disclosure": 22, "requests": 161, "appeals": 15},
}
PARTS = ("person", "business", "research", "nonprofit", "legal", "other", "total")
MADE_UP = "本页内容与数字均为虚构"
PUBLISHED = "本页表格中的数字为该机关公布的数字"


class TruthCell(NamedTuple):
    value: Decimal | None
    status: str


Truth = dict[tuple[str, str, str], TruthCell]


def read(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def manifest() -> dict[str, dict[str, str]]:
    return {row["url"]: row for row in read("sites/manifest.csv")}


@cache
def truths() -> dict[str, Truth]:
    """Every report's cells by URL, in the order of the file."""
    found: dict[str, Truth] = defaultdict(dict)
    for row in read("truth.csv"):
        value = Decimal(row["value"]) if row["value"] else None
        found[row["url"]][row["table"], row["row"], row["column"]] = TruthCell(value, row["status"])
    return dict(found)


@cache
def form_of() -> dict[tuple[str, str], str]:
    return {(row["url"], row["table"]): row["form"] for row in read("grades.csv")}


def body(url: str) -> bytes:
    return (SITES / manifest()[url]["file"]).read_bytes()


def text(url: str) -> str:
    data = body(url)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gbk")


@cache
def proxy() -> ReplayProxy:
    return ReplayProxy(SITES)


REPORTS = read("reports.csv")
URLS = [row["url"] for row in REPORTS]


# ---- the pages


def test_the_manifest_names_every_file_and_no_other() -> None:
    named = {row["file"] for row in manifest().values()}
    present = {str(path.relative_to(SITES)) for path in SITES.rglob("*") if path.is_file()}
    assert present == named | {"manifest.csv"}


def test_everything_together_stays_small() -> None:
    assert sum(path.stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 3_000_000


@pytest.mark.parametrize("site", read("sites.csv"), ids=lambda site: site["name"])
def test_every_site_is_reachable(site: dict[str, str]) -> None:
    assert re.fullmatch(r"\d{6}", site["code"])
    for url in filter(None, (site["site_url"], site["column_url"])):
        page = proxy().find(url)
        assert isinstance(page, Page)
        assert page.status == 200
        assert page.content_type.startswith("text/html")


def test_there_are_twelve_sites_of_three_years_or_more_and_half_hide_their_column() -> None:
    sites = read("sites.csv")
    assert len(sites) == 12
    assert sum(not site["column_url"] for site in sites) == 6
    years = Counter(row["site"] for row in REPORTS)
    assert {urlsplit(site["site_url"]).hostname for site in sites} == set(years)
    assert min(years.values()) >= 3
    assert {site["code"] for site in sites} == {row["code"] for row in REPORTS}


def test_layouts_and_content_systems_are_as_many_as_promised() -> None:
    assert len({row["layout"] for row in REPORTS}) >= 8
    marks = ["createPageHTML(2, 0,", "createPageHTML('pagelist',", "<datastore>", "SID: '", "?uid=", "/2.htm"]
    marks += [
        "column-index-2.shtml",
        "/showList/1/30011/page_2.html",
        "jpaas-publish-server",
        "index_2.shtml",
        "?page=2",
    ]
    pages = "\n".join(text(url) for url, row in manifest().items() if row["content_type"].startswith("text/html"))
    assert [mark for mark in marks if mark not in pages] == []


def links(url: str) -> list[str]:
    tree = LexborHTMLParser(text(url))
    found = [node.attributes.get("href") or "" for node in tree.css("a[href]")]
    found += re.findall(r"window\.location='([^']+)'", text(url))
    return [urljoin(url, link) for link in found if not link.startswith(("javascript:", "#"))]


def test_every_link_to_a_sample_site_leads_somewhere() -> None:
    hosts = {urlsplit(url).hostname for url in manifest()}
    html = [url for url, row in manifest().items() if row["content_type"].startswith("text/html")]
    targets = {(url, link) for url in html for link in links(url) if urlsplit(link).hostname in hosts}
    assert len(targets) > 1000
    assert [(url, link) for url, link in targets if not isinstance(proxy().find(link), Page)] == []


def test_lists_carry_more_decoys_than_reports() -> None:
    served = "\n".join(text(url) for url in manifest())
    titles = set(re.findall(r"(?:title=|\"title\": )\"([^\"]+)\"", served))
    decoys = titles - {row["title"] for row in REPORTS}
    assert len(decoys) > 1.5 * len(REPORTS)
    for word in ("网站", "通知", "图解", "上半年", "法治政府", "要点", "模板", "总结"):
        assert any(word in title for title in decoys), word


def test_some_pages_are_gbk_and_one_site_does_not_say_so() -> None:
    gbk = set()
    for url in manifest():
        try:
            body(url).decode("utf-8")
        except UnicodeDecodeError:
            body(url).decode("gbk")
            gbk.add(urlsplit(url).hostname)
    assert gbk == {"www.zezhou.gov.cn", "xxgk.zezhou.gov.cn", "www.hanyin.gov.cn", "www.sxjiaxian.gov.cn"}
    silent = manifest()["http://www.sxjiaxian.gov.cn/"]
    assert "charset" not in silent["content_type"]
    assert "charset" not in text(silent["url"])


def test_validators_are_offered_by_some_sites_only() -> None:
    offered = {(bool(row["etag"]), bool(row["last_modified"])) for row in manifest().values()}
    assert offered == {(True, True), (True, False), (False, True), (False, False)}


def test_robots_disallows_one_report_and_one_page_is_a_challenge() -> None:
    robots = text("http://www.hanyin.gov.cn/robots.txt")
    assert "Disallow: /bmgk/" in robots
    assert "Crawl-delay: 0" in robots
    assert any("/bmgk/" in link for link in links("http://www.hanyin.gov.cn/Channel-2112.html?page=3"))
    assert not any("/bmgk/" in url for url in URLS)
    assert "请开启JavaScript并刷新该页" in text("http://www.suixi.gov.cn/zwgk/xxgknb/content/post_1588021.html")


def test_every_page_says_whether_its_numbers_are_made_up() -> None:
    published = {row["url"] for row in REPORTS if row["numbers"] == "published"}
    assert len(published) == 4
    for url, row in manifest().items():
        if row["content_type"].startswith("text/html"):
            assert text(url).startswith(f"<!-- 示例网站：{PUBLISHED if url in published else MADE_UP}"), url


# ---- the truth


@pytest.mark.parametrize("url", URLS)
def test_the_truth_lists_every_cell_of_its_forms_in_order(url: str) -> None:
    expected: list[tuple[str, str, str]] = []
    for code in ("disclosure", "requests", "appeals"):
        form = form_of()[url, code]
        cells = forms()[form].tables[code].cells()
        assert len(cells) == CELLS[form][code]
        expected += [(code, *cell) for cell in cells]
    assert list(truths()[url]) == expected


def test_values_and_statuses_agree() -> None:
    for truth in truths().values():
        for cell in truth.values():
            assert (cell.value is None) == (cell.status in {"blank", "unreadable"})
    counts = Counter(cell.status for truth in truths().values() for cell in truth.values())
    assert set(counts) == {"printed", "blank", "derived", "unreadable"}
    assert counts["unreadable"] == 1


def terms(truth: Truth, identity: Identity, at: str) -> tuple[list[TruthCell], list[TruthCell], bool]:
    """The two sides of an identity at one place, and whether a total among them is blank."""

    def cell(term: str) -> TruthCell:
        return truth[identity.table, term, at] if identity.per == "column" else truth[identity.table, at, term]

    lost = any(cell(term).value is None for term in (*identity.left, *identity.right) if term in {"total", "handled"})
    return [cell(term) for term in identity.left], [cell(term) for term in identity.right], lost


def outcomes(url: str, code: str) -> list[tuple[str, str, str]]:
    table = forms()[form_of()[url, code]].tables[code]
    block = table.blocks[0]
    found = []
    for identity in table.identities:
        for place in block.columns if identity.per == "column" else block.rows:
            left, right, lost = terms(truths()[url], identity, place.code)
            total = [sum((cell.value or Decimal(0) for cell in side), Decimal(0)) for side in (left, right)]
            if lost or all(cell.value is None for cell in (*left, *right)):
                outcome = "undecidable"
            else:
                outcome = "pass" if total[0] == total[1] else "fail"
            found.append((identity.id, place.code, outcome))
    return found


@pytest.mark.parametrize(
    "row", read("grades.csv"), ids=lambda row: f"{row['site']}-{row['report_year']}-{row['table']}"
)
def test_grades_follow_from_the_identities(row: dict[str, str]) -> None:
    seen = {outcome for _, _, outcome in outcomes(row["url"], row["table"])}
    statuses = {cell.status for key, cell in truths()[row["url"]].items() if key[0] == row["table"]}
    match row["grade"]:
        case "verified":
            assert seen == {"pass"}
        case "consistent":
            assert "fail" not in seen
            assert seen != {"pass"}
        case "inconsistent":
            assert "fail" in seen
    assert (row["grade"] == "partial") == ("unreadable" in statuses)


def test_every_grade_is_shown_and_only_the_two_mistakes_fail() -> None:
    assert {row["grade"] for row in read("grades.csv")} == {"verified", "consistent", "inconsistent", "partial"}
    names = {row["url"]: (row["site"], row["report_year"]) for row in REPORTS}
    failed = {
        (*names[url], check, at)
        for url, code in form_of()
        for check, at, outcome in outcomes(url, code)
        if outcome == "fail"
    }
    assert failed == {
        ("www.suixi.gov.cn", "2023", "appeals.total", "reconsideration"),
        ("www.sandu.gov.cn", "2022", "requests.balance", "person"),
        ("www.sandu.gov.cn", "2022", "requests.balance", "total"),
    }


def test_one_year_carries_on_from_the_last() -> None:
    by_site = {(row["site"], int(row["report_year"])): truths()[row["url"]] for row in REPORTS}
    followed = 0
    for (site, year), truth in by_site.items():
        last = by_site.get((site, year - 1))
        if last is None:
            continue
        for part in PARTS:
            before, now = last["requests", "carried_out", part].value, truth["requests", "carried_in", part].value
            assert (before or 0) == (now or 0), (site, year, part)
        followed += 1
        force = [table.get(("disclosure", "normative", "in_force")) for table in (last, truth)]
        if (
            all(force)
            and (stock := [cell.value for cell in force if cell and cell.value is not None])
            and len(stock) == 2
        ):
            change = [truth["disclosure", "normative", column].value or 0 for column in ("issued", "repealed")]
            assert stock[1] == stock[0] + change[0] - change[1], (site, year)
    assert followed == 28


@pytest.mark.parametrize(
    ("site", "year", "facts"),
    [
        (
            "www.jzx.gov.cn",
            "2024",
            {"requests.new.person": "17", "disclosure.fees.amount": "7538.66", "appeals.direct_suit.upheld": "2"},
        ),
        (
            "www.huaian.gov.cn",
            "2024",
            {"requests.new.total": "3119", "requests.handled.total": "3050", "appeals.reconsideration.other": "178"},
        ),
        (
            "www.shuyang.gov.cn",
            "2023",
            {"requests.new.person": "26", "requests.new.business": "", "disclosure.normative.in_force": "18"},
        ),
        ("www.hangzhou.gov.cn", "2025", {"requests.new.total": "14069", "disclosure.licences.decisions": "11398889"}),
    ],
)
def test_published_numbers_are_those_published(site: str, year: str, facts: dict[str, str]) -> None:
    row = next(row for row in REPORTS if (row["site"], row["report_year"]) == (site, year))
    assert row["numbers"] == "published"
    for key, value in facts.items():
        table, line, column = key.split(".")
        assert truths()[row["url"]][table, line, column].value == (Decimal(value) if value else None)


# ---- the pages print the truth


def cells_of(url: str) -> list[str]:
    """What stands in the page, a table cell, a paragraph or a line of preformatted text at a time."""
    nodes = LexborHTMLParser(text(url)).css("#zoom td, #zoom p:not(td p), #zoom pre")
    return [line for node in nodes for line in node.text(separator="").splitlines()]


def numbers(line: str) -> list[Decimal]:
    plain = line.translate(str.maketrans("０１２３４５６７８９．，", "0123456789.,"))
    found = re.findall(r"([+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+-]?\d+(?:\.\d+)?)(元?)", plain)
    return [Decimal(digits.replace(",", "")) / (10000 if unit else 1) for digits, unit in found]


@pytest.mark.parametrize("url", URLS)
def test_a_report_page_prints_its_numbers_in_the_order_of_the_form(url: str) -> None:
    printed = iter([number for line in cells_of(url) for number in numbers(line)])
    missing = [
        (key, cell.value) for key, cell in truths()[url].items() if cell.value is not None and cell.value not in printed
    ]
    assert missing == []


@pytest.mark.parametrize("row", REPORTS, ids=lambda row: row["url"])
def test_a_report_page_has_its_title_and_date(row: dict[str, str]) -> None:
    page = text(row["url"])
    assert row["published_at"][:10] in page
    if row["layout"] != "traditional":
        assert f'<h1 class="title">{row["title"]}</h1>' in page
    assert row["publisher"] in row["title"]
    assert row["report_year"] in row["title"]
