"""The report as JSON: exactly the keys of the contract, in its order, and the same from the same bytes always."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from parsers.reading import read_reports
from parsers.report import Cell, Division, Report
from tests.parsers import papers
from tests.parsers.reading import read
from tests.parsers.shapes import document, sheets
from tests.parsers.test_refusals import ambiguous, hopeless, without_blanks

REPORT = [
    "source", "sha256", "title", "publisher", "division", "scope", "report_year", "published_at",
    "tables", "sections", "warnings",
]  # fmt: skip
TABLE = ["table", "form", "grade", "cells", "checks"]
CELL = ["row", "column", "value", "status", "raw", "where"]
CHECK = ["id", "at", "left", "right", "outcome"]
SECTION = ["number", "heading", "text"]
ROOT = Path(__file__).resolve().parents[2]


def test_keys_and_their_order() -> None:
    report = read(document(sheets(papers.paper()))).as_json()
    assert list(report) == REPORT
    assert [list(table) for table in report["tables"]] == [TABLE] * 3
    assert {tuple(cell) for table in report["tables"] for cell in table["cells"]} == {tuple(CELL)}
    assert {tuple(check) for table in report["tables"] for check in table["checks"]} == {tuple(CHECK)}
    assert [list(section) for section in report["sections"]] == [SECTION] * 6
    assert [table["table"] for table in report["tables"]] == ["disclosure", "requests", "appeals"]


def test_the_values_of_one_report() -> None:
    body = document(sheets(papers.changed(papers.paper(), requests__new__person="30 件", requests__new__other="/")))
    report = json.loads(json.dumps(read(body).as_json(), ensure_ascii=False, allow_nan=False))
    cells = {(cell["row"], cell["column"]): cell for cell in report["tables"][1]["cells"]}
    assert cells["new", "person"] == {
        "row": "new",
        "column": "person",
        "value": 30,
        "status": "printed",
        "raw": "30 件",
        "where": "table:2/row:4/cell:2",
    }
    assert cells["new", "other"]["value"] is None
    assert cells["new", "other"]["status"] == "blank"
    assert {"id": "requests.balance", "at": "person", "left": 32, "right": 32, "outcome": "pass"} in report["tables"][
        1
    ]["checks"]
    assert report["division"] is None
    assert report["warnings"] == []


def test_the_hash_is_that_of_the_bytes() -> None:
    # sha256 of "abc", FIPS 180-2 appendix B.1
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert read(b"abc").sha256 == digest


def test_an_empty_report_has_every_key() -> None:
    report = Report("0" * 64)
    assert list(report.as_json()) == REPORT
    assert report.as_json()["tables"] == report.as_json()["sections"] == report.as_json()["warnings"] == []
    assert report.table("requests") is None


def test_a_unit_is_a_key_only_where_there_is_one() -> None:
    assert list(Cell("a", "b", 1, "printed").as_json()) == CELL
    assert list(Cell("a", "b", 1, "printed", unit="元").as_json()) == [*CELL, "unit"]


def test_a_division_is_a_code_and_a_name() -> None:
    report = Report("0" * 64, division=Division("431229", "靖州苗族侗族自治县"))
    assert report.as_json()["division"] == {"code": "431229", "name": "靖州苗族侗族自治县"}


def hard_bodies() -> list[bytes]:
    """Documents that make the solver, the warnings and the several routes work."""
    bodies = [document(sheets(papers.paper()), shape) for shape in ("spanned", "lines", "pipes", "pdf")]
    for printed in (ambiguous(), hopeless()):
        whole = sheets(printed)
        bodies.append(document({**whole, 3: without_blanks(whole[3])}, "padded"))
    return bodies


@pytest.mark.parametrize("seed", ["0", "4242"])
def test_the_same_bytes_give_the_same_report_in_any_process(tmp_path: Path, seed: str) -> None:
    bodies = hard_bodies()
    for number, body in enumerate(bodies):
        (tmp_path / f"{number}").write_bytes(body)
    program = (
        "import json, sys, pathlib\n"
        "from parsers.reading import read_reports\n"
        "for name in reversed(sys.argv[1:]):\n"
        "    reports = read_reports(pathlib.Path(name).read_bytes())\n"
        "    print(json.dumps([report.as_json() for report in reports]))\n"
    )
    names = [str(tmp_path / f"{number}") for number in range(len(bodies))]
    done = subprocess.run(
        [sys.executable, "-c", program, *names],
        env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=True,
        text=True,
    )
    elsewhere = [json.loads(line) for line in reversed(done.stdout.splitlines())]
    assert elsewhere == [[report.as_json() for report in read_reports(body)] for body in bodies]
