"""The search finds what naive enumeration finds, and the judge sees every kind of error planted in a report."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from math import comb, prod
from random import Random
from typing import Any

import pytest

from tests.zoo import placing
from tests.zoo.documents import Document, render
from tests.zoo.expectations import Need, dropped, labelled
from tests.zoo.grading import grades
from tests.zoo.judge import Verdict, judge, passed, share
from tests.zoo.placing import Finding, Requests, Values
from tests.zoo.plans import Plan
from tests.zoo.statute import TABLES, form
from tests.zoo.truths import Number, Truth, truth

ZERO: Values = (0, 0, 0, 0, 0, 0, 0)


def _naive(table: Requests) -> Finding:
    """Try every combination of placements of every row."""
    rows = (table.new, table.carried_in, table.handled, table.carried_out, *table.outcomes)
    found = [
        combination
        for combination in product(*(placing.spread(row, 7) for row in rows))
        if placing.stands(list(combination[:4]), list(combination[4:]))
    ]
    return Finding(tuple(placing.alternatives(list(row)) for row in zip(*found, strict=True))) if found else Finding()


def _small(rng: Random) -> Requests:
    """Return a small table that is mostly true, with some numbers left out."""

    def row() -> list[Number]:
        return [rng.choice((0, 0, 0, 1, 2)) for _ in range(6)]

    outcomes, after = [row() for _ in range(rng.choice((2, 3)))], [0] * 6
    handled = [sum(column) for column in zip(*outcomes, strict=True)]
    lines = [handled, [0] * 6, handled, after, *outcomes]
    full = [(*line, sum(line)) for line in lines]
    if rng.random() < 0.2:
        full[2] = (*full[2][:-1], full[2][-1] + 1)
    kept = [tuple(value for value in line if value or rng.random() < 0.25) for line in full]
    return Requests(kept[0], kept[1], kept[2], kept[3], tuple(kept[4:]))


def test_the_search_finds_what_naive_enumeration_finds() -> None:
    kinds = set()
    for seed in range(1_000):
        table = _small(Random(seed))
        rows = (table.new, table.carried_in, table.handled, table.carried_out, *table.outcomes)
        if prod(comb(7, len(row)) for row in rows) > 3_000:
            continue
        wanted = _naive(table)
        assert placing.requests(table) == wanted, table
        kinds.add(bool(wanted.cells))
    assert kinds == {True, False}


def test_a_number_and_its_equal_total_stand_where_the_other_rows_say() -> None:
    """`3 3` under a full row of those handled can only be in the one column that sums to 3."""
    full: Values = (0, 3, 0, 0, 0, 0, 3)
    found = placing.requests(Requests((3, 3), (), full, (), ((3, 3), ())))
    assert [set(cell) for cell in found.cells[0]] == [{None}, {3}, {None}, {None}, {None}, {None}, {3}]


def test_a_number_nobody_can_place_is_in_doubt() -> None:
    found = placing.requests(Requests((3, 3), (), (3, 3), (), ((3, 3),)))
    assert set(found.cells[0][0]) == {None, 3}
    assert set(found.cells[0][6]) == {3}


def test_a_total_that_does_not_add_up_refutes_every_placement() -> None:
    assert placing.requests(Requests((3, 4), (), (3, 4), (), ((3, 4),))) == Finding()


def test_a_search_that_is_too_long_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "MOST_STEPS", 3)
    assert not placing.requests(Requests((3, 3), (), (3, 3), (), ((3, 3),))).solved


def test_the_fifteen_numbers_of_table_4_can_be_placed_by_their_totals() -> None:
    found = placing.appeals_line((1, 2, 3, 6, 4, 4, 0, 0, 0, 0, 0))
    assert [set(cell) for cell in found.cells[0][4:5]] == [{6}]


def _blanked(report: Truth, *keys: str) -> Truth:
    return replace(report, cells={key: None if key in keys else value for key, value in report.cells.items()})


def test_a_short_row_of_table_2_is_open_and_a_full_one_sure() -> None:
    report = truth(Random(3), profile="large", forms=dict.fromkeys(TABLES, "2021"))
    expected = dropped(_blanked(report, "disclosure.rules.repealed"), on_one_line=True)
    assert expected["disclosure.rules.issued"].need is Need.OPEN
    assert expected["disclosure.normative.issued"].need is Need.SURE


def test_a_blank_first_cell_leaves_an_unlabelled_line_open() -> None:
    report = _blanked(truth(Random(3)), "appeals.reconsideration.upheld", "requests.new.person")
    expected = labelled(report, on_one_line=True, tails=False)
    assert expected["appeals.later_suit.total"].need is Need.OPEN
    assert expected["requests.new.person"].need is Need.SURE


def _grade(report: Truth, table: str) -> frozenset[str]:
    return grades(report, table)


def test_grades_follow_from_the_published_cells() -> None:
    report = truth(Random(8), profile="busy")
    assert _grade(report, "requests") == {"verified"}
    assert _grade(report, "disclosure") == {"consistent"}
    wrong = replace(
        report, cells={**report.cells, "requests.new.total": 1 + int(report.cells["requests.new.total"] or 0)}
    )
    assert _grade(wrong, "requests") == {"inconsistent"}
    assert _grade(_blanked(report, *form(report.forms["requests"]).keys("requests")), "requests") == {"consistent"}
    rows = [
        key
        for key in form(report.forms["requests"]).keys("requests")
        if key.endswith(".total") and "handled" not in key
    ]
    assert _grade(_blanked(report, next(key for key in rows[2:] if report.cells[key])), "requests") == {"consistent"}


def _report(one: Document) -> dict[str, Any]:
    """Return the report that a reader without fault gives."""
    tables = []
    for code in TABLES:
        keys = form(one.truth.forms[code]).keys(code)
        cells = [
            {
                "row": key.split(".")[1],
                "column": key.split(".")[2],
                "value": one.truth.cells[key],
                "status": "blank" if one.truth.cells[key] is None else "printed",
                "raw": "",
                "where": "line:1",
            }
            for key in keys
        ]
        form_id, grade = one.truth.forms[code], sorted(one.grades[code])[0]
        tables.append({"table": code, "form": form_id, "grade": grade, "cells": cells, "checks": []})
    return {
        "title": one.truth.title,
        "publisher": one.truth.publisher,
        "scope": one.truth.scope,
        "report_year": one.truth.report_year,
        "published_at": one.truth.published_at,
        "tables": tables,
        "warnings": [],
    }


def _whole() -> Document:
    return render(Plan("html", blanks="random-zeros"), 7)


def _printed(report: dict[str, Any], table: int) -> dict[str, Any]:
    cell: dict[str, Any] = next(cell for cell in report["tables"][table]["cells"] if cell["status"] == "printed")
    return cell


def test_a_faultless_report_is_good() -> None:
    one = _whole()
    verdict = judge(one, _report(one))
    assert verdict.good, verdict.faults
    assert verdict.faults == []
    assert verdict.counts["right"] == verdict.counts["sure"] == len(one.truth.cells)
    assert passed(verdict.counts)


Damage = Callable[[dict[str, Any]], None]


def _cell(report: dict[str, Any], grade: str, which: str, **change: object) -> None:
    """Change the first cell of table 3 that has a status, and give the table a grade."""
    requests = report["tables"][1]
    requests["grade"] = grade
    cell = next(cell for cell in requests["cells"] if cell["status"] == which)
    cell.update(change)


DAMAGES: dict[str, Damage] = {
    "silent": lambda report: _cell(report, "inconsistent", "printed", value=987_654_321),
    "lies": lambda report: _cell(report, "verified", "printed", value=987_654_321),
    "zero for blank": lambda report: _cell(report, "consistent", "blank", value=0, status="printed"),
    "blank for number": lambda report: _cell(report, "consistent", "printed", value=None, status="blank"),
    "missed": lambda report: _cell(report, "partial", "printed", value=None, status="unreadable"),
    "year": lambda report: report.update(report_year=report["report_year"] + 1),
    "absent": lambda report: report["tables"].pop(),
    "forms": lambda report: report["tables"][1].update(form={"2019": "2021"}.get(report["tables"][1]["form"], "2019")),
    "shape": lambda report: report["tables"][1]["cells"].reverse(),
    "grades": lambda report: report["tables"][1].update(grade="partial"),
    "facts": lambda report: report.update(publisher="别县"),
}


def _after(damage: str) -> Verdict:
    one = _whole()
    report = _report(one)
    DAMAGES[damage](report)
    return judge(one, report)


@pytest.mark.parametrize(
    ("damage", "counted", "fails"),
    [
        ("silent", {"silent": 1, "missed": 1}, True),
        ("lies", {"silent": 1, "lies": 1}, True),
        ("zero for blank", {"silent": 1}, True),
        ("blank for number", {"silent": 1}, True),
        ("missed", {"missed": 1, "flagged": 1, "silent": 0}, True),
        ("year", {"year": 1}, True),
        ("absent", {"absent": 1, "missed": 15}, True),
        ("forms", {"forms": 1}, False),
        ("shape", {"shape": 1}, False),
        ("grades", {"grades": 1}, False),
        ("facts", {"facts": 1}, False),
    ],
)
def test_the_judge_sees_planted_errors(damage: str, counted: dict[str, int], *, fails: bool) -> None:
    verdict = _after(damage)
    assert {name: verdict.counts[name] for name in counted} == counted
    assert verdict.faults
    assert verdict.good is (damage == "facts")
    assert passed(verdict.counts) is not fails


def test_an_invented_table_fails() -> None:
    one = render(Plan("html", "narrative-only"), 1)
    verdict = judge(
        one, _report(replace(_whole(), truth=one.truth, grades={code: frozenset({"verified"}) for code in TABLES}))
    )
    assert verdict.counts["extra"] == 3
    assert not passed(verdict.counts)


def test_a_guess_at_an_open_cell_is_silent_and_a_flag_is_not() -> None:
    one = render(Plan("deduplicated"), 2)
    report = _report(one)
    report["tables"][0]["grade"] = "partial"
    cell = _printed(report, 0)
    cell["value"] += 1
    assert judge(one, report).counts["silent"] == 1
    cell.update(value=None, status="unreadable")
    assert judge(one, report).counts["silent"] == 0


def test_false_sentences_must_fail_and_true_ones_must_not() -> None:
    check = {"id": "narrative.received", "at": "total", "left": 3, "right": 4, "outcome": "fail"}
    for noises, faults in (((), 1), (("told-wrong",), 0)):
        one = render(Plan("html", noises=noises), 3)
        report = _report(one)
        report["tables"][1]["checks"] = [check]
        assert judge(one, report).counts["narrative"] == faults
        report["tables"][1]["checks"] = []
        assert judge(one, report).counts["narrative"] == 1 - faults


def test_a_page_that_is_no_report_must_be_named() -> None:
    one = render(Plan("html", "other-document"), 1)
    assert judge(one, {"tables": [], "warnings": []}).counts["unwarned"] == 1
    assert judge(one, {"tables": [], "warnings": ["a notice, no report"]}).good


def test_the_share_counts_recoverable_cells_alone() -> None:
    one = _whole()
    verdict = judge(one, {**_report(one), "tables": _report(one)["tables"][:2]})
    assert share(verdict.counts) == pytest.approx(1 - 15 / len(one.truth.cells))
