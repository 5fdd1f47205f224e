"""A small store with what is hard to export: both forms, every reason for a missing number, and hostile texts."""

from dataclasses import replace
from pathlib import Path

from nianbao.dataset.write import update
from parsers.report import Division
from tests.nianbao.dataset.made import made_document, made_report

FORMULA = '=HYPERLINK("http://x.example/","click")'
LONG = "政" * 40_000
NEW, OLD, GAPS, HOSTILE = "431229-2024-jurisdiction", "431229-2020-jurisdiction", "431229-2023-jurisdiction", "x-"

LETTERS = {
    (NEW, "req_new_person"): "",
    (NEW, "dis_rules_made"): "d",
    (OLD, "dis_rules_made"): "",
    (OLD, "dis_rules_issued"): "d",
    (OLD, "req_declined_repeat_total"): "",
    (GAPS, "dis_rules_issued"): "a",
    (GAPS, "dis_rules_repealed"): "c",
    (GAPS, "req_granted_person"): "b",
    (GAPS, "req_partial_person"): "a",
    (GAPS, "req_new_person"): "",  # blank, and proved to be 0
    (GAPS, "app_reconsideration_total"): "c",
    (GAPS, "dis_rules_made"): "d",
}
"""Why numbers of the panel are missing: a blank, b unreadable, c absent, d not in this form; "" where one is there."""


def fill(store: Path, *, parser_version: str = "1") -> Path:
    """Write the dataset of the store and return the store."""
    update(store, documents(), parser_version=parser_version)
    return store


def documents():
    gaps = _with_gaps()
    revised = made_report(year=2023, values=VALUES, blanks=BLANKS, unread=UNREAD)
    return [
        made_document(made_report(seed=1), fetched_at="2025-03-01T08:00:00Z"),
        made_document(made_report(form="2019", year=2020, seed=2), url="http://www.jzx.gov.cn/2020.html"),
        made_document(revised, url="http://www.jzx.gov.cn/2023.html", fetched_at="2024-03-01T08:00:00Z"),
        made_document(gaps, url="http://www.jzx.gov.cn/2023.html", fetched_at="2025-03-02T09:30:00Z"),
        made_document(_hostile(), url="http://www.copied.com/x.html", fetched_at="2025-03-01T08:00:00Z"),
    ]


BLANKS = ("disclosure.rules.issued", "requests.new.person", "requests.partial.person")
UNREAD = ("requests.granted.person",)
VALUES = {"requests.new.business": 3, "requests.partial.total": 5}


def _with_gaps():
    """2023: no appeals at all; in disclosure a cell is absent, in requests a column cannot be decided."""
    report = made_report(year=2023, values=VALUES | {"requests.new.business": 4}, blanks=BLANKS, unread=UNREAD)
    disclosure, requests, _appeals = report.tables
    cells = tuple(
        cell._replace(value=None, status="absent", raw=None, where=None)
        if (cell.row, cell.column) == ("rules", "repealed")
        else cell
        for cell in disclosure.cells
    )
    return replace(report, tables=(replace(disclosure, cells=cells, grade="partial"), requests), sha256="a" * 64)


def _hostile():
    """A report without a year whose texts attack a spreadsheet; its raw cells hold signs that are none."""
    report = made_report(
        year=2022,
        division=Division("110101", "东城区"),
        publisher=FORMULA,
        scope="department",
        title=f"\t{LONG}\x01",
        report_year=None,
        warnings=(LONG, 'a "quoted", line'),
    )
    disclosure = report.tables[0]
    raws = ["-", "+3", "－", "@SUM(A1)", "-2+cmd|' /C calc'!A0", "", "＝1+1", "-8件"]
    cells = [
        cell._replace(value=None, status="unreadable", raw=raw)
        for cell, raw in zip(disclosure.cells, raws, strict=False)
    ]
    tables = (replace(disclosure, cells=(*cells, *disclosure.cells[len(raws) :]), grade="partial"), *report.tables[1:])
    return replace(report, tables=tables, sha256="b" * 64)
