"""A small part of the fuzzing, the same documents every time; `python -m tests.fuzz.run` is the long one."""

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz.confined import confined, examine
from tests.fuzz.contract import faults
from tests.fuzz.monsters import MONSTERS
from tests.fuzz.mutations import NASTY_BYTES, mutant
from tests.fuzz.seeds import seeds
from tests.parsers import papers
from tests.parsers.reading import read
from tests.parsers.shapes import HEADINGS, document, sheets
from tests.zoo.statute import FORMS, TABLES, form

SECONDS = 5.0  # the goal is 2; a loaded machine is given more
fuzz = settings(derandomize=True, deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


def is_well(body: bytes) -> None:
    seconds, wrong = examine(body)
    assert wrong == []
    assert seconds < SECONDS


@fuzz
@given(st.binary(max_size=2_000))
@example(b"<")
@example(b"\x00")
@example(b"\xff\xfe")
def test_any_bytes(body: bytes) -> None:
    is_well(body)


@fuzz
@given(st.text(max_size=500))
@example("\ud7ff\ue000")
@example("<table><tr><td>\x1f1\x1f2</td></tr></table>")
def test_any_text(text: str) -> None:
    is_well(text.encode("utf-8", errors="ignore"))


LABELS = [row.label for f in FORMS for t in TABLES for block in form(f).blocks[t] for row in block.rows]
HEADS = [c.label for f in FORMS for t in TABLES for block in form(f).blocks[t] for c in block.columns]
TAGS = [
    "<table>",
    "<tr>",
    "<td>",
    "</td>",
    "</tr>",
    "</table>",
    "<td rowspan=3>",
    "<td colspan=7>",
    "<p>",
    "</p>",
    "<br>",
]
SIGNS = [
    "\n",
    "\n",
    "\t",
    " ",
    "|",
    " | ",
    "||",
    "0",
    "1",
    "17",
    "1,234",
    "3.5",
    "/",
    "—",
    "无",
    "若干",
    "- 4 -",
    "(",
    "。",
]
pieces = st.sampled_from([*LABELS, *HEADS, *HEADINGS.values(), "清河县2023年政府信息公开工作年度报告"])
spoilt = st.sampled_from([piece.encode() for piece in (*TAGS, *SIGNS, *SIGNS)] + list(NASTY_BYTES))


@fuzz
@given(st.lists(pieces.map(str.encode) | spoilt, max_size=120).map(b"".join))
def test_labels_numbers_and_markup_in_any_order(body: bytes) -> None:
    is_well(body)


@settings(fuzz, max_examples=300)
@given(st.integers(0, 2**32))
def test_mutants_of_good_documents(number: int) -> None:
    is_well(mutant(seeds(), number))


@pytest.mark.parametrize("size", [10_000_000, 600_000])
def test_monsters(size: int) -> None:
    results = confined(*(monster.__name__ for monster in MONSTERS), size=size)
    assert [result for result in results if result["wrong"] or result["seconds"] > SECONDS] == []
    assert len(results) == len(MONSTERS)


# ---- the judge itself


def test_a_good_report_has_no_faults() -> None:
    assert faults(read(document(sheets(papers.paper()))).as_json()) == []


@pytest.mark.parametrize(
    ("cell", "spoil"),
    [
        (0, {"value": None}),
        (0, {"status": "blank"}),
        (0, {"status": "right"}),
        (0, {"where": "line:0"}),
        (0, {"raw": None}),
        (0, {"row": "other"}),
        (0, {"value": float("nan")}),
        (0, {"value": True}),
        (0, {"status": "absent", "value": None}),
    ],
)
def test_the_judge_sees_a_spoilt_cell(cell: int, spoil: dict[str, object]) -> None:
    report = read(document(sheets(papers.paper()))).as_json()
    report["tables"][1]["cells"][cell] |= spoil
    assert faults(report)


@pytest.mark.parametrize("spoil", [{"grade": "consistent"}, {"grade": "partial"}, {"form": "2008"}, {"cells": []}])
def test_the_judge_sees_a_spoilt_table(spoil: dict[str, object]) -> None:
    report = read(document(sheets(papers.paper()))).as_json()
    report["tables"][1] |= spoil
    assert faults(report)


@pytest.mark.parametrize(
    "spoil",
    [{"scope": "county"}, {"report_year": "2023"}, {"published_at": "25 January"}, {"tables": []}, {"sha256": ""}],
)
def test_the_judge_sees_a_spoilt_report(spoil: dict[str, object]) -> None:
    assert faults(read(document(sheets(papers.paper()))).as_json() | spoil)
