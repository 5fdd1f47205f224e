"""Whole sites: links that hold, bytes that repeat, hostile text that does nothing, datasets that are not as hoped."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.site.build import Built, build_site
from nianbao.site.folder import MARK
from parsers.errors import DatasetError, StoreError
from parsers.report import Division
from tests.nianbao.conftest import Demo
from tests.nianbao.site.stores import JINGZHOU, TONGDAO, Links, broken_links, document, sound, store_of, visit

EVIL = "<script>alert(1)</script>\u202e\u2066\u200b</title><img src=x onerror=alert(2)>"


def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def built(tmp_path: Path, *documents: object, visits: object = ()) -> tuple[Path, Built]:
    store = store_of(tmp_path / "store", *documents, visits=visits)
    result = build_site(store, tmp_path / "site")
    return tmp_path / "site", result


@pytest.fixture(scope="module")
def site(demo: Demo) -> Path:
    """Return the pages that the demo wrote."""
    assert demo.result.returncode == 0, demo.result.stderr
    return demo.store / "site"


def test_the_demo_says_how_to_open_them(demo: Demo, site: Path) -> None:
    assert "Pages to compare places, to open in any browser:\n\n  data/harvest/site/index.html\n" in demo.result.stdout
    assert (site / "index.html").is_file()


def test_every_link_of_a_site_leads_somewhere(site: Path) -> None:
    assert list(broken_links(site)) == []


def test_every_number_of_the_dataset_has_its_mark_in_the_page_it_came_from(demo: Demo, site: Path) -> None:
    cells = open_dataset(demo.store).cells()
    for (report, year), group in cells.groupby(["report_id", "report_year"]):
        page = Links(text_of(site / "s" / str(year) / f"{report}.html"))
        names = {f"{cell.table}.{cell.row}.{cell.column}" for cell in group.itertuples()}
        assert names == {each for each in page.ids if "." in each}
        assert len(page.ids) == len(set(page.ids))


def test_a_mark_stands_on_what_the_cell_reads(demo: Demo, site: Path) -> None:
    cells = open_dataset(demo.store).cells()
    found = 0
    for (report, year), group in cells[cells["status"] == "printed"].groupby(["report_id", "report_year"]):
        page = text_of(site / "s" / str(year) / f"{report}.html")
        marked = dict(re.findall(r'id="(\w+\.\w+\.\w+)" class="n">([^<]*)<', page))
        for cell in group.itertuples():
            assert marked[f"{cell.table}.{cell.row}.{cell.column}"] == cell.raw
            found += 1
    assert found > 6000


def test_no_page_asks_another_host_or_runs_what_is_not_its_own(site: Path) -> None:
    for path in site.rglob("*.html"):
        page = Links(text_of(path))
        policy = [given["content"] for tag, given in page.tags if given.get("http-equiv") == "Content-Security-Policy"]
        assert len(policy) == 1
        assert "default-src 'none'" in policy[0]
        assert "unsafe" not in policy[0]
        assert not [href for href in page.loaded if re.match(r"[a-z]+:|//", href)]
        scripts = [given for tag, given in page.tags if tag == "script"]
        assert all("src" in given or given.get("type") == "application/json" for given in scripts)
        assert not [given for _, given in page.tags for name in given if name.startswith("on") or name == "style"]


def test_every_label_is_in_both_languages(site: Path) -> None:
    for path in (site / "index.html", site / "compare.html", site / "c" / "431229.html", site / "about.html"):
        tags = [given.get("lang") for tag, given in Links(text_of(path)).tags if tag == "span" and "lang" in given]
        assert tags.count("zh") == tags.count("en") > 10
        assert not re.search(
            r">[^<]*[A-Za-z]{4}[^<]*</h[12]>",
            re.sub(r"<span lang=en>.*?</span>|nianbao|<bdi.*?</bdi>", "", text_of(path)),
        )


def test_no_page_is_large(site: Path) -> None:
    sizes = {path.name: path.stat().st_size for path in site.rglob("*") if path.is_file()}
    assert max(size for name, size in sizes.items() if name != "vega.js") < 1_000_000


def test_the_source_beside_a_number(demo: Demo, site: Path) -> None:
    reports = open_dataset(demo.store).reports().set_index("report_id")
    report = reports.loc["431229-2024-jurisdiction"]
    page = text_of(site / "s/2024/431229-2024-jurisdiction.html")
    assert all(str(report[name]) in page for name in ("url", "fetched_at", "sha256"))


def test_a_county_page_says_what_is_missing_and_what_does_not_add_up(site: Path) -> None:
    page = text_of(site / "c" / "440823.html")
    assert "not found; pages not to be had: 1 blocked" in page
    assert "总计 = 0，而 结果维持＋结果纠正＋其他结果＋尚未审结 = 11" in page
    assert "Total = 0, but Upheld + Corrected + Other result + Pending = 11" in page
    assert "总计 = 0，而" in text_of(site / "errors.html")


def test_the_same_dataset_gives_the_same_bytes_and_is_written_once(demo: Demo, site: Path, tmp_path: Path) -> None:
    first = build_site(demo.store, tmp_path / "again")
    again, ours = (
        {path.relative_to(at).as_posix(): path.read_bytes() for path in at.rglob("*") if path.is_file()}
        for at in (tmp_path / "again", site)
    )
    assert again == ours
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "again").rglob("*")}
    second = build_site(demo.store, tmp_path / "again")
    assert second == replace(first, written=False)
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "again").rglob("*")} == stamps


def test_hostile_text_changes_nothing(tmp_path: Path) -> None:
    evil = Division("431229", f"靖州{EVIL}")
    office = document(
        evil, 2024, sound(5, 1), scope="office", publisher=EVIL, url="javascript://www.jzx.gov.cn/%0Aalert(3)"
    )
    report = document(evil, 2024, sound(17, 9), publisher=EVIL, title=EVIL, published_at=EVIL, warnings=(EVIL, "two"))
    nameless = document(evil, 2023, sound(1, 1), title=EVIL, publisher=None, scope="unknown")
    site, _ = built(tmp_path, report, office, nameless, visits=[visit(evil, None, EVIL)])
    for path in [*site.rglob("*.html"), *site.glob("d/*.js")]:
        text = text_of(path)
        assert "<script>alert" not in text
        assert "<img" not in text
        assert not set("\u202e\u2066\u200b\u2028") & set(text), path
    for path in site.rglob("*.html"):
        page = Links(text_of(path))
        assert not [href for href in page.links if href.startswith("javascript:")]
        assert [tag for tag, _ in page.tags].count("title") == 1
    assert "alert(1)" in "".join(Links(text_of(site / "c" / "431229.html")).texts)


def test_data_files_hold_nothing_that_ends_a_script(tmp_path: Path) -> None:
    evil = Division("431229", "靖州</script><script>alert(1)//\u2028")
    site, _ = built(tmp_path, document(evil, 2024, sound(17, 9)))
    content = text_of(site / "d" / "places.js")
    assert not {"<", "&", "\u2028"} & set(content)
    name, value = re.fullmatch(r"NB\.take\((.*?),(.*)\)\n", content).groups()  # type: ignore[union-attr]
    assert json.loads(name) == "places"
    assert json.loads(value)["rows"][0][1] == "靖州</script><script>alert(1)//\N{REPLACEMENT CHARACTER}"


def test_values_in_the_data_files_are_those_of_the_panel(demo: Demo, site: Path) -> None:
    panel = open_dataset(demo.store).panel().query("scope == 'jurisdiction'").set_index("report_id")
    years = json.loads(text_of(site / "d/scopes.js").partition(",")[2].strip()[:-1])["years"]
    rows = json.loads(text_of(site / "d/series.jurisdiction.js").partition(",")[2].strip()[:-1])["rows"]
    for indicator in ("req_new_total", "app_direct_suit_total", "dis_fees_amount"):
        values = json.loads(text_of(site / f"d/v.jurisdiction.{indicator}.js").partition(",")[2].strip()[:-1])
        for row, own in zip(rows, values, strict=True):
            for year, value in zip(years, own or [None] * len(years), strict=True):
                identifier = f"{row[0]}-{year}-jurisdiction"
                if value is None:
                    assert identifier not in panel.index
                elif isinstance(value, str) and not value.startswith("d"):
                    expected = panel.loc[identifier, indicator]
                    assert expected == 0 if value == "z" else expected != expected
                else:
                    assert float(str(value).removeprefix("d")) == panel.loc[identifier, indicator]


def test_an_empty_dataset_says_so(tmp_path: Path) -> None:
    site, result = built(tmp_path)
    assert (result.divisions, result.reports) == (0, 0)
    assert "The dataset holds no report yet" in text_of(site / "index.html")
    assert list(broken_links(site)) == []


def test_one_report(tmp_path: Path) -> None:
    site, result = built(tmp_path, document(JINGZHOU, 2024, sound(17, 9)))
    assert (result.divisions, result.reports) == (1, 1)
    assert '<a href="../s/2024/431229-2024-jurisdiction.html#requests.new.total">17</a>' in text_of(
        site / "c/431229.html"
    )
    assert "The archive does not hold this page." in text_of(site / "s/2024/431229-2024-jurisdiction.html")
    assert list(broken_links(site)) == []


def test_a_county_without_a_name_is_its_code(tmp_path: Path) -> None:
    site, _ = built(tmp_path, document(Division("999999", ""), 2024, sound(17, 9)))
    page = text_of(site / "c" / "999999.html")
    assert ">999999</bdi>" in page
    assert "This code is not in the table of divisions" in page
    assert list(broken_links(site)) == []


def test_missing_years_say_why(tmp_path: Path) -> None:
    blocked = visit(TONGDAO, None, "blocked: script challenge")
    site, _ = built(
        tmp_path, document(JINGZHOU, 2022, sound(3, 1)), document(JINGZHOU, 2024, sound(17, 9)), visits=[blocked]
    )
    assert text_of(site / "c" / "431230.html").count("被网站拦截：script challenge") == 3
    assert list(broken_links(site)) == []


def test_revisions_show_both_values(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", document(JINGZHOU, 2024, sound(17, 9)))
    store_of(store, document(JINGZHOU, 2024, sound(18, 9), fetched_at="2025-06-01T08:00:00Z"))
    build_site(store, tmp_path / "site")
    page = text_of(tmp_path / "site" / "revisions.html")
    rows = re.findall(r'<td class="num">(\d+)</td><td class="num"><a href="([^"]+)">(\d+)</a>', page)
    assert ("17", "s/2024/431229-2024-jurisdiction.html#requests.new.total", "18") in rows
    assert "2025-03-01" in page
    assert "2025-06-01" in page


def test_an_office_is_never_in_the_series_of_jurisdictions(tmp_path: Path) -> None:
    office = document(JINGZHOU, 2024, sound(500, 1), scope="office", publisher="靖州县人民政府办公室")
    site, _ = built(tmp_path, document(JINGZHOU, 2023, sound(3, 1)), office)
    assert text_of(site / "d/v.jurisdiction.req_new_total.js").endswith(",[[3,null]])\n")
    assert text_of(site / "d/v.office.req_new_total.js").endswith(",[[null,500]])\n")
    assert "500" not in text_of(site / "c" / "431229.html")


def test_an_older_dataset_is_refused_on_a_page_and_in_a_line(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", document(JINGZHOU, 2024, sound(17, 9)))
    part = next((store / "dataset" / "reports").rglob("*.parquet"))
    pq.write_table(pq.read_table(part, partitioning=None).append_column("surplus", pa.array([1])), part)
    with pytest.raises(DatasetError, match="its columns are those of another version") as raised:
        build_site(store, tmp_path / "site")
    assert "\n" not in str(raised.value)
    assert "The dataset cannot be read" in text_of(tmp_path / "site" / "index.html")
    assert "another version" in text_of(tmp_path / "site" / "index.html")


def test_a_site_that_is_there_outlives_a_dataset_that_cannot_be_read(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", document(JINGZHOU, 2024, sound(17, 9)))
    build_site(store, tmp_path / "site")
    before = text_of(tmp_path / "site" / "index.html")
    (store / "dataset" / "panel.parquet").unlink()
    with pytest.raises(DatasetError, match="is missing"):
        build_site(store, tmp_path / "site")
    assert text_of(tmp_path / "site" / "index.html") == before


def test_no_other_folder_is_ever_replaced(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", document(JINGZHOU, 2024, sound(17, 9)))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="holds files that are no site of this program"):
        build_site(store, tmp_path / "mine")
    assert text_of(tmp_path / "mine" / "thesis.txt") == "years of work"
    shutil.rmtree(tmp_path / "mine")
    (tmp_path / "mine").mkdir()
    build_site(store, tmp_path / "mine")
    assert (tmp_path / "mine" / MARK).is_file()
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_place_that_changed_its_code_leads_to_its_other_page(tmp_path: Path) -> None:
    before, after = Division("130283", "迁安市"), Division("430223", "攸县")
    first, second = document(before, 2020, sound(3, 1)), document(after, 2024, sound(5, 1))
    store = store_of(tmp_path / "store", first, second)
    for part in (store / "dataset" / "reports").rglob("*.parquet"):
        table = pq.read_table(part, partitioning=None)
        position = table.schema.get_field_index("series")
        pq.write_table(table.set_column(position, "series", pa.array(["one"])), part)
    build_site(store, tmp_path / "site")
    assert '<a href="../c/430223.html"><bdi lang=zh>攸县</bdi> 430223</a>' in text_of(tmp_path / "site/c/130283.html")
    assert '<a href="../c/130283.html"><bdi lang=zh>迁安市</bdi> 130283</a>' in text_of(tmp_path / "site/c/430223.html")
