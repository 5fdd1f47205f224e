"""The committed sample pages: every value, status, grade and fact of every report, as their own tables list them."""

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from parsers.reading import read_reports
from parsers.report import Report

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
Row = dict[str, str]


def rows(name: str) -> list[Row]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


REPORTS = rows("reports.csv")
NAMES = [f"{row['site']}-{row['report_year']}-{row['layout']}" for row in REPORTS]
FACTS = ("title", "publisher", "scope", "published_at")


@cache
def by_url(name: str) -> dict[str, list[Row]]:
    grouped = defaultdict(list)
    for row in rows(name):
        grouped[row["url"]].append(row)
    return grouped


@cache
def reports_of(url: str) -> list[Report]:
    (entry,) = by_url("sites/manifest.csv")[url]
    body = (SAMPLES / "sites" / entry["file"]).read_bytes()
    return read_reports(body, content_type=entry["content_type"])


@pytest.mark.parametrize("row", REPORTS, ids=NAMES)
def test_every_cell_has_its_value_and_status(row: Row) -> None:
    truth = by_url("truth.csv")[row["url"]]
    wanted = [
        ((cell["table"], cell["row"], cell["column"]), float(cell["value"]) if cell["value"] else None, cell["status"])
        for cell in truth
    ]
    (report,) = reports_of(row["url"])
    found = [((t.table, c.row, c.column), c.value, c.status) for t in report.tables for c in t.cells]
    assert found == wanted


@pytest.mark.parametrize("row", REPORTS, ids=NAMES)
def test_every_table_has_its_form_and_grade(row: Row) -> None:
    wanted = [(line["table"], line["form"], line["grade"]) for line in by_url("grades.csv")[row["url"]]]
    (report,) = reports_of(row["url"])
    assert [(table.table, table.form, table.grade) for table in report.tables] == wanted


@pytest.mark.parametrize("row", REPORTS, ids=NAMES)
def test_title_publisher_scope_date_and_year(row: Row) -> None:
    (report,) = reports_of(row["url"])
    assert {name: getattr(report, name) for name in FACTS} == {name: row[name] for name in FACTS}
    assert report.report_year == int(row["report_year"])
    assert [section.number for section in report.sections] == [1, 2, 3, 4, 5, 6]


def test_no_other_page_of_the_sample_sites_is_read_as_a_report() -> None:
    """Home pages, lists and guides have no tables; a page that is neither text nor markup is not asked."""
    urls = {row["url"] for row in REPORTS}
    others = [
        row["url"]
        for row in rows("sites/manifest.csv")
        if row["url"] not in urls and row["content_type"].startswith("text/html") and row["status"] == "200"
    ]
    assert len(others) > 50
    wrong = [
        url for url in others if any(c.value is not None for r in reports_of(url) for t in r.tables for c in t.cells)
    ]
    assert wrong == []
