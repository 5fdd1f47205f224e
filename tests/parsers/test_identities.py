"""Identities, derived numbers and grades by the letter of the contract, in small changes to a report that is whole."""

import pytest

from parsers.report import Report
from tests.parsers import papers
from tests.parsers.reading import cells, check, grades, read, table
from tests.parsers.shapes import document, sheets

COLUMNS = ("person", "business", "research", "nonprofit", "legal", "other", "total")


def report(**changes: str) -> Report:
    """The whole report of `papers`, spanned, with some cells printed differently."""
    return read(document(sheets(papers.changed(papers.paper(), **changes))))


def outcomes(found: Report) -> dict[str, set[tuple[str, str]]]:
    """By outcome, where an identity has it (without those of the narrative)."""
    sorted_out: dict[str, set[tuple[str, str]]] = {"pass": set(), "fail": set(), "undecidable": set()}
    for each in found.tables:
        for one in each.checks:
            if not one.id.startswith("narrative."):
                sorted_out[one.outcome].add((one.id, one.at))
    return sorted_out


def test_every_identity_of_the_forms_is_checked_at_each_of_its_places() -> None:
    passed = outcomes(report())["pass"]
    assert len(passed) == 7 + 7 + 25 + 3
    assert {at for name, at in passed if name == "requests.balance"} == set(COLUMNS)
    assert {at for name, at in passed if name == "requests.handled"} == set(COLUMNS)
    assert {at for name, at in passed if name == "appeals.total"} == {"reconsideration", "direct_suit", "later_suit"}
    assert ("requests.total", "closed_other") in passed


def test_a_check_names_both_sides() -> None:
    found = report()
    balance = check(found, "requests.balance", "total")
    assert (balance.left, balance.right) == (35 + 3, 36 + 2)
    handled = check(found, "requests.handled", "person")
    assert (handled.left, handled.right) == (30, 12 + 3 + 1 + 2 + 4 + 5 + 1 + 1 + 1)
    total = check(found, "appeals.total", "later_suit")
    assert (total.left, total.right) == (3, 2 + 0 + 1 + 0)


def test_a_whole_report_is_verified_and_disclosure_consistent_at_best() -> None:
    assert grades(report()) == {"disclosure": "consistent", "requests": "verified", "appeals": "verified"}


# ---- mistakes as published


def test_a_published_mistake_stays_and_its_checks_fail_naming_both_sides() -> None:
    found = report(appeals__reconsideration__total="0", requests__new__person="29")
    assert cells(found)["appeals.reconsideration.total"].value == 0
    assert cells(found)["requests.new.person"].value == 29
    assert outcomes(found)["fail"] == {
        ("appeals.total", "reconsideration"),
        ("requests.balance", "person"),
        ("requests.total", "new"),
    }
    failed = [check(found, *place) for place in (("appeals.total", "reconsideration"), ("requests.balance", "person"))]
    assert [(each.left, each.right) for each in failed] == [(0, 5), (31, 32)]
    assert grades(found) == {"disclosure": "consistent", "requests": "inconsistent", "appeals": "inconsistent"}


def test_decimals_are_compared_as_decimals() -> None:
    changes = {"appeals__direct_suit__upheld": "0.1", "appeals__direct_suit__corrected": "0.2"}
    found = report(**changes, appeals__direct_suit__total="0.3")
    assert check(found, "appeals.total", "direct_suit").outcome == "pass"


# ---- blanks


def test_a_blank_part_counts_as_nothing() -> None:
    found = report(requests__granted__research="", requests__granted__legal="/", requests__granted__other="—")
    assert [cells(found)[f"requests.granted.{code}"].status for code in ("research", "legal", "other")] == ["blank"] * 3
    assert [cells(found)[f"requests.granted.{code}"].value for code in ("research", "legal", "other")] == [None] * 3
    assert check(found, "requests.total", "granted").outcome == "pass"
    assert grades(found)["requests"] == "verified"


def test_a_total_left_blank_beside_parts_is_undecidable() -> None:
    found = report(requests__granted__total="")
    assert cells(found)["requests.granted.total"].value is None
    assert ("requests.total", "granted") in outcomes(found)["undecidable"]
    assert outcomes(found)["fail"] == set(), "nobody knows that total, so no sum it stands in can be wrong"
    assert grades(found)["requests"] == "consistent"


def test_handled_left_blank_beside_parts_leaves_both_its_identities_undecidable() -> None:
    found = report(requests__handled__legal="")
    undecided = outcomes(found)["undecidable"]
    assert {("requests.handled", "legal"), ("requests.balance", "legal")} <= undecided
    assert grades(found)["requests"] != "verified"


def test_an_identity_without_any_printed_term_is_undecidable() -> None:
    row = {f"requests__refused_secret__{code}": "" for code in COLUMNS}
    found = report(**row)
    assert outcomes(found)["undecidable"] == {("requests.total", "refused_secret")}
    assert outcomes(found)["fail"] == set()
    assert grades(found)["requests"] == "consistent"


def test_an_empty_form_is_consistent_blank_and_never_zero() -> None:
    printed = dict.fromkeys(papers.paper(), "")
    found = read(document(sheets(printed)))
    assert {cell.status for cell in cells(found).values()} == {"blank"}
    assert {cell.value for cell in cells(found).values()} == {None}
    assert outcomes(found)["pass"] == outcomes(found)["fail"] == set()
    assert grades(found) == {"disclosure": "consistent", "requests": "consistent", "appeals": "consistent"}


# ---- what cannot be read


def test_a_lost_number_in_two_identities_is_derived_and_the_table_verified() -> None:
    found = report(requests__granted__person="见附表")
    cell = cells(found)["requests.granted.person"]
    assert (cell.value, cell.status, cell.raw) == (12, "derived", "见附表")
    assert grades(found)["requests"] == "verified"


@pytest.mark.parametrize(
    ("cell", "value"), [("reconsideration__upheld", 3), ("reconsideration__total", 5), ("later_suit__upheld", 2)]
)
def test_a_derived_number_in_one_identity_makes_no_table_verified(cell: str, value: int) -> None:
    found = report(**{f"appeals__{cell}": "见附表"})
    lost = cells(found)["appeals." + cell.replace("__", ".")]
    assert (lost.value, lost.status, lost.raw) == (value, "derived", "见附表")
    assert {each.status for each in table(found, "appeals").cells} == {"printed", "derived"}
    assert grades(found)["appeals"] == "consistent"


def test_disclosure_has_no_identity_and_derives_nothing() -> None:
    found = report(disclosure__licences__decisions="见附表")
    cell = cells(found)["disclosure.licences.decisions"]
    assert (cell.value, cell.status, cell.raw) == (None, "unreadable", "见附表")
    assert grades(found) == {"disclosure": "partial", "requests": "verified", "appeals": "verified"}


def test_four_lost_numbers_in_a_square_stay_unreadable() -> None:
    square = {f"requests__{row}__{column}" for row in ("granted", "partial") for column in ("person", "business")}
    found = report(**dict.fromkeys(square, "若干"))
    lost = {key for key, cell in cells(found).items() if cell.status == "unreadable"}
    assert lost == {name.replace("__", ".") for name in square}
    assert all(cells(found)[key].value is None for key in lost)
    assert {("requests.total", "granted"), ("requests.handled", "person")} <= outcomes(found)["undecidable"]
    assert grades(found)["requests"] == "partial"


def test_identities_that_disagree_about_a_lost_number_derive_nothing() -> None:
    found = report(requests__granted__person="若干", requests__handled__person="31")
    assert cells(found)["requests.granted.person"].status == "unreadable"
    assert cells(found)["requests.handled.person"].value == 31
    assert grades(found)["requests"] == "partial"


def test_a_lost_number_is_never_derived_below_zero() -> None:
    found = report(requests__granted__person="若干", requests__granted__total="0", requests__handled__person="17")
    assert 0 - 1 == 17 - (3 + 1 + 2 + 4 + 5 + 1 + 1 + 1), "both identities would have it -1"
    assert cells(found)["requests.granted.person"].status == "unreadable"
    assert cells(found)["requests.granted.person"].value is None


@pytest.mark.parametrize(("text", "status"), [("适", "unreadable"), ("2.见附表", "unreadable"), ("0见附表", "derived")])
def test_no_zero_is_derived_where_a_blank_mark_may_have_stood(text: str, status: str) -> None:
    found = report(requests__closed_other__nonprofit=text)
    assert cells(found)["requests.closed_other.nonprofit"].status == status
    assert outcomes(found)["fail"] == set()


@pytest.mark.parametrize(("text", "status"), [("12 见附表", "derived"), ("13 见附表", "unreadable")])
def test_no_number_is_derived_where_another_stands(text: str, status: str) -> None:
    found = report(requests__granted__person=text)
    assert cells(found)["requests.granted.person"].status == status


def test_a_row_that_is_not_there_is_absent_and_costs_no_other() -> None:
    whole = sheets(papers.paper())
    shorter = [row for row in whole[3] if not any(box.text == "2.重复申请" for box in row)]
    assert len(shorter) == len(whole[3]) - 1
    found = read(document({**whole, 3: shorter}))
    missing = {key for key, cell in cells(found).items() if cell.status == "absent"}
    assert missing == {f"requests.declined_repeat.{code}" for code in COLUMNS}
    assert grades(found)["requests"] == "partial"
    assert outcomes(found)["fail"] == set()
