"""The walk of a journalist through the pages, in Chromium, from disk and without a network."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from nianbao.dataset.reader import open_dataset

pytestmark = pytest.mark.browser

THREE = {"431229": "靖州苗族侗族自治县", "140525": "泽州县", "620521": "清水县"}


def rows_of(page: Page) -> list[list[str]]:
    return page.eval_on_selector_all(
        "#table tbody tr", "rows => rows.map(row => [...row.cells].map(cell => cell.childNodes[0]?.textContent ?? ''))"
    )


def heading(page: Page, name: str) -> str:
    return page.locator(f'#table [data-sort="{name}"]').get_attribute("aria-sort") or ""


def test_search_open_a_county_and_follow_a_number_to_its_cell(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    page.get_by_role("combobox", name="按名称或代码查找").fill("靖州")
    option = page.get_by_role("option", name=re.compile("靖州苗族侗族自治县"))
    expect(option).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("靖州苗族侗族自治县")
    expect(page.locator("#chart-requests svg")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("^本年新收申请"))
    row.get_by_role("link", name="17", exact=True).last.click()
    expect(page).to_have_url(re.compile(r"/s/2024/431229-2024-jurisdiction\.html#requests\.new\.total$"))
    marked = page.locator(":target")
    expect(marked).to_have_text("17")
    expect(marked).to_be_in_viewport()
    assert marked.evaluate("cell => getComputedStyle(cell).outlineStyle") == "solid"
    expect(page.get_by_role("status")).to_contain_text("本年新收，总计：原文“17”")
    expect(page.locator(".origin")).to_contain_text("SHA-256")


def test_a_rate_marks_every_cell_that_it_takes(page: Page, site: str) -> None:
    page.goto(site + "s/2024/431229-2024-jurisdiction.html#share_granted")
    expect(page.locator(".hit")).to_have_count(2)
    assert sorted(page.locator(".hit").all_text_contents()) == ["16", "9"]
    expect(page.get_by_role("status")).to_contain_text("予以公开 ÷ 办理总计 × 100")


def test_compare_three_counties_sort_and_come_back_by_the_link(page: Page, site: str) -> None:
    page.goto(site + "compare.html")
    for code in THREE:
        page.get_by_role("combobox", name="添加地方").fill(code)
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Enter")
        expect(page.locator("#chosen")).to_contain_text(THREE[code])
    expect(page.locator("#chart svg")).to_be_visible()
    assert [row[0] for row in rows_of(page)] == list(THREE.values())
    page.get_by_role("button", name="2022").click()
    assert heading(page, "2022") == "descending"
    numbers = [int(row[4]) for row in rows_of(page)]
    assert numbers == sorted(numbers, reverse=True) == [47, 12, 10]
    page.get_by_role("button", name="2022").click()
    assert [int(row[4]) for row in rows_of(page)] == [10, 12, 47]
    address, before = page.url, rows_of(page)
    page.goto("about:blank")
    page.goto(address)
    page.locator("#table tbody tr").nth(2).wait_for()
    assert rows_of(page) == before
    assert heading(page, "2022") == "ascending"


def test_downloads_hold_what_the_dataset_holds(page: Page, site: str, store: Path) -> None:
    page.goto(site + f"compare.html#c={','.join(THREE)}&i=req_granted_total&y=2020-2024")
    page.locator("#chart svg").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    found = {(row["code"], int(row["report_year"])): row for row in csv.DictReader(io.StringIO(content))}
    panel = open_dataset(store).panel().query("scope == 'jurisdiction' and report_year >= 2020 and report_year <= 2024")
    expected = panel[panel["division_code"].isin(list(THREE))].set_index(["division_code", "report_year"])
    assert set(found) == {(code, year) for code in THREE for year in range(2020, 2025)}
    for place, row in found.items():
        if place in expected.index:
            report = expected.loc[place]
            assert (float(row["value"]), row["report_id"], row["grade"]) == (
                report["req_granted_total"],
                report["report_id"],
                report["grade"],
            )
        else:
            assert (row["value"], row["status"], row["report_id"]) == ("", "no_report", "")
    for kind, magic in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as download:
            page.get_by_role("button", name=kind).click()
        assert Path(download.value.path()).read_bytes().startswith(magic)


def test_the_language_switches_and_is_kept(page: Page, site: str) -> None:
    page.goto(site + "compare.html#c=431229&i=share_granted")
    page.locator("#chart svg").wait_for()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Compare", use_inner_text=True)
    expect(page.get_by_role("heading", level=2)).to_have_text("Share granted in full (%)")
    expect(page.locator("#formula")).to_have_text("Formula: Granted in full ÷ total handled × 100")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page).to_have_title("Compare · nianbao")
    page.goto(site + "c/431229.html")
    expect(page.locator("#outcomes")).to_have_text("What became of them", use_inner_text=True)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#outcomes")).to_have_text("办理结果", use_inner_text=True)


def test_rank_filter_and_find(page: Page, site: str) -> None:
    page.goto(site + "find.html")
    page.locator("#table tbody tr").first.wait_for()
    numbers = [float(row[2].replace(",", "")) for row in rows_of(page) if row[2] not in ("–", "")]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == 7
    page.locator("#province").select_option(label="江苏省")
    expect(page.locator("#table tbody tr")).to_have_count(2)
    page.locator("#grade").select_option("V")
    expect(page.locator("#table tbody tr")).to_have_count(1)
    expect(page.locator("#table tbody th").first).to_contain_text("淮安市")
    page.locator("#scope").select_option(label="部门")
    page.locator("#grade").select_option("")
    expect(page.locator("#table tbody th").first).to_contain_text("沭阳县发展和改革局")


def test_a_derived_and_a_blank_number_are_shown_as_such(page: Page, site: str, store: Path) -> None:
    cells = open_dataset(store).cells()
    blank = cells[(cells["status"] == "blank") & cells["report_id"].str.endswith("jurisdiction")]
    blank = blank[(blank["table"] == "requests") & (blank["column"] == "total")].iloc[0]
    code, year = blank["report_id"].split("-")[:2]
    page.goto(site + f"compare.html#c={code}&i=req_{blank['row']}_total&y={year}-{year}")
    expect(page.locator("#table tbody td")).to_have_text("空白")


def test_everything_works_by_keyboard(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("620521")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("清水县")


def test_without_scripts_the_tables_are_there(browser, site: str) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "c/431229.html")
    expect(page.locator("#requests")).to_be_visible()
    page.locator('a[href$="#requests.new.total"]').first.click()
    expect(page.locator(":target")).to_be_visible()
    context.close()


def test_a_phone_needs_no_scrolling_sideways(context: BrowserContext, site: str) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": 375, "height": 700})
    for path in (
        "index.html",
        "c/431229.html",
        "c/522732.html",
        "s/2024/431229-2024-jurisdiction.html",
        "compare.html#c=431229,140525",
        "find.html",
        "errors.html",
    ):
        page.goto(site + path)
        page.wait_for_load_state("load")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
