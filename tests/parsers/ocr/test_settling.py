"""How the form's arithmetic settles a scanned table: derived only where a reader saw the number, else unreadable."""

from collections.abc import Mapping

import pytest

from parsers.cells import Sheet, read_cell
from parsers.forms import forms
from parsers.page import Grid, Page, Piece, where
from parsers.pieces import kind_of
from parsers.report import Table
from parsers.scans import prove_scanned

Address = tuple[str, str]
Seen = Mapping[Address, tuple[str, ...]]
APPEALS = ("reconsideration", "direct_suit", "later_suit")
COLUMNS = ("upheld", "corrected", "other", "pending", "total")


def requests(numbers: Mapping[Address, str]) -> dict[Address, str]:
    """Return the cells of table 3: one person's request granted, everything else 0, with changes."""
    cells = dict.fromkeys(forms()["2021"].tables["requests"].addresses, "0")
    for row in ("new", "granted", "handled"):
        for column in ("person", "total"):
            cells[row, column] = "3"
    return cells | dict(numbers)


def proven(table: str, texts: Mapping[Address, str], doubts: Seen, sure: float = 0.99, doubted: float = 0.5) -> Table:
    """Prove a table of these texts, a ruled row for each row of the form; `doubts` are what readers saw."""
    form = forms()["2021"].tables[table]
    page, sheet = Page(blocks=[], scanned=True), Sheet("2021", form)
    rows: list[list[Piece]] = []
    for number, (code, columns) in enumerate(form.columns.items(), 1):
        row = [Piece("label", (1, number, 1))]
        for index, column in enumerate(columns, 2):
            raw = texts[code, column.code]
            piece = Piece(raw, (1, number, index), raw, kind_of(raw))
            row.append(piece)
            page.confidence[where(piece.place)] = sure
            if (code, column.code) in doubts:
                page.doubts[where(piece.place)] = list(doubts[code, column.code])
                page.confidence[where(piece.place)] = doubted
            sheet.cells[code, column.code] = read_cell(piece, code, column)
        rows.append(row)
    page.blocks.append(Grid(rows))
    return prove_scanned(page, sheet)


def status(table: Table, *address: str) -> tuple[object, str]:
    cell = next(cell for cell in table.cells if (cell.row, cell.column) == address)
    return cell.value, cell.status


def test_a_table_without_doubt_is_verified() -> None:
    table = proven("requests", requests({}), {})
    assert table.grade == "verified"
    assert {cell.status for cell in table.cells} == {"printed"}
    assert {cell.confidence for cell in table.cells} == {0.99}


def test_a_doubt_that_the_sums_confirm_is_derived() -> None:
    table = proven("requests", requests({("granted", "person"): "8"}), {("granted", "person"): ("8", "3")})
    assert status(table, "granted", "person") == (3, "derived")
    assert table.grade == "verified"


def test_a_number_that_no_reader_saw_is_not_derived() -> None:
    table = proven("requests", requests({("granted", "person"): "8"}), {("granted", "person"): ("8", "6")})
    assert status(table, "granted", "person") == (None, "unreadable")
    assert table.grade == "partial"


def test_a_nought_is_not_derived_where_the_cell_may_be_blank() -> None:
    doubts = {("partial", "legal"): ("0", "-")}
    assert status(proven("requests", requests({}), doubts), "partial", "legal") == (None, "unreadable")
    sure = {("partial", "legal"): ("0", "6")}
    assert status(proven("requests", requests({}), sure), "partial", "legal") == (0, "derived")


def test_doubts_that_no_single_sum_fixes_are_tried_together() -> None:
    texts = requests({("granted", "person"): "8", ("granted", "total"): "8", ("handled", "person"): "8"})
    doubts = dict.fromkeys((("granted", "person"), ("granted", "total"), ("handled", "person")), ("8", "3"))
    table = proven("requests", texts, doubts)
    assert {status(table, *address) for address in doubts} == {(3, "derived")}
    assert table.grade == "verified"


def test_doubts_that_two_choices_satisfy_stay_open() -> None:
    held = [(row, column) for row in ("new", "granted", "handled") for column in ("person", "total")]
    table = proven("requests", requests({}), dict.fromkeys(held, ("3", "8")))
    assert {status(table, *address) for address in held} == {(None, "unreadable")}


def test_a_failing_sum_unsettles_what_is_not_read_for_certain() -> None:
    table = proven("requests", requests({("granted", "person"): "8"}), {}, sure=0.9)
    assert table.grade == "partial"
    assert status(table, "granted", "person")[1] == "unreadable"
    assert status(table, "refused_secret", "legal") == (0, "printed")


def test_a_published_mistake_read_for_certain_stays() -> None:
    table = proven("requests", requests({("granted", "person"): "8"}), {}, sure=0.999)
    assert status(table, "granted", "person") == (8, "printed")
    assert table.grade == "inconsistent"
    assert {check.outcome for check in table.checks} >= {"pass", "fail"}


def test_a_doubt_beside_a_published_mistake_is_left() -> None:
    texts = requests({("new", "person"): "5", ("granted", "person"): "9"})
    table = proven("requests", texts, {("granted", "person"): ("9", "3")}, sure=0.999)
    assert status(table, "granted", "person")[1] in ("unreadable", "derived")
    assert status(table, "granted", "person")[0] in (None, 3)


def test_disclosure_has_no_sums_so_a_doubt_is_unreadable() -> None:
    texts = dict.fromkeys(forms()["2021"].tables["disclosure"].addresses, "7")
    table = proven("disclosure", texts, {("rules", "issued"): ("7", "1")})
    assert status(table, "rules", "issued") == (None, "unreadable")
    assert status(table, "rules", "repealed") == (7, "printed")
    assert table.grade == "partial"


def test_blanks_stay_blank() -> None:
    texts = dict.fromkeys(forms()["2021"].tables["appeals"].addresses, "/")
    table = proven("appeals", texts, {})
    assert {cell.status for cell in table.cells} == {"blank"}


@pytest.mark.parametrize("cut", ["before", "behind"])
def test_a_row_that_is_not_one_ruled_row_is_refused(cut: str) -> None:
    form = forms()["2021"].tables["requests"]
    page, sheet = Page(blocks=[], scanned=True), Sheet("2021", form)
    rows = []
    for number, (code, columns) in enumerate(form.columns.items(), 1):
        pieces = [Piece("0", (1, number, index), "0", kind_of("0")) for index in range(1, 10)]
        rows.append(pieces)
        own = pieces[1:8] if cut == "behind" else pieces[2:]
        own = [*own[:3], pieces[0], *own[4:]] if cut == "before" and code == "granted" else own
        for piece, column in zip(own, columns, strict=True):
            sheet.cells[code, column.code] = read_cell(piece, code, column)
    page.blocks.append(Grid(rows))
    table = prove_scanned(page, sheet)
    refused = {cell.row for cell in table.cells if cell.status == "unreadable"}
    assert refused == ({"granted"} if cut == "before" else set(form.columns))


def test_a_label_that_reaches_into_the_next_row_is_nobodys() -> None:
    form = forms()["2021"].tables["requests"]
    page, sheet = Page(blocks=[], scanned=True), Sheet("2021", form)
    rows = []
    for number, (code, columns) in enumerate(form.columns.items(), 1):
        label = (
            [] if code == "refused_by_law" else [Piece("label", (1, number, 1), rows=1 + (code == "refused_secret"))]
        )
        own = [Piece("0", (1, number, len(label) + at), "0", kind_of("0")) for at in range(1, len(columns) + 1)]
        rows.append([*label, *own])
        for piece, column in zip(own, columns, strict=True):
            sheet.cells[code, column.code] = read_cell(piece, code, column)
    page.blocks.append(Grid(rows))
    table = prove_scanned(page, sheet)
    assert {cell.row for cell in table.cells if cell.status == "unreadable"} == {"refused_secret", "refused_by_law"}


DISCLOSURE = {
    **dict.fromkeys(forms()["2021"].tables["disclosure"].addresses, "0"),
    ("penalties", "decisions"): "748.861",
    ("fees", "amount"): "2.206",
}
POINTS: Seen = {("penalties", "decisions"): ("748.861", "748861"), ("fees", "amount"): ("2.206", "2206")}


def test_a_point_in_a_count_parts_its_thousands_where_the_digits_are_sure() -> None:
    assert status(proven("disclosure", DISCLOSURE, POINTS, doubted=0.95), "penalties", "decisions") == (
        748_861,
        "printed",
    )


def test_a_point_in_a_count_of_doubtful_digits_settles_nothing() -> None:
    assert status(proven("disclosure", DISCLOSURE, POINTS, doubted=0.7), "penalties", "decisions") == (
        None,
        "unreadable",
    )


def test_a_point_in_an_amount_stays_open() -> None:
    assert status(proven("disclosure", DISCLOSURE, POINTS, doubted=0.95), "fees", "amount") == (None, "unreadable")
