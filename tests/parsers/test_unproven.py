"""Tables whose columns no rule draws: what the form's arithmetic speaks against is refused, the rest stays."""

from parsers.cells import Sheet
from parsers.forms import forms
from parsers.page import Line, Page
from parsers.proving import prove
from parsers.report import Cell, Table
from parsers.unproven import without_unproven


def requests(**changed: int | None) -> Table:
    """Return table 3 with one person's three requests granted; names are row and column, parted by two underscores."""
    sheet = Sheet("2021", forms()["2021"].tables["requests"])
    for row, column in sheet.table.addresses:
        value = 3 if row in ("new", "granted", "handled") and column in ("person", "total") else 0
        value = changed.get(f"{row}__{column}", value) or 0
        sheet.cells[row, column] = Cell(row, column, value, "printed", str(value), "table:2/row:3/cell:4")
    return prove(sheet)


def page(*texts: str, unruled: tuple[int, ...] = (2,)) -> Page:
    found = Page(blocks=[Line(text, (index,)) for index, text in enumerate(texts, 1)], unruled=list(unruled))
    found.texts = list(enumerate(texts))
    return found


def statuses(table: Table) -> dict[tuple[str, str], str]:
    return {(cell.row, cell.column): cell.status for cell in table.cells}


def test_a_table_that_adds_up_stays() -> None:
    table = requests()
    assert without_unproven(page(), table) == (table, [])
    assert table.grade == "verified"


def test_the_row_and_columns_of_a_sum_that_fails_are_refused() -> None:
    table, warnings = without_unproven(page(), requests(partial__person=5))
    found = statuses(table)
    assert found["partial", "person"] == found["partial", "total"] == found["granted", "person"] == "unreadable"
    assert found["granted", "legal"] == "printed"
    assert table.grade == "partial"
    assert len(warnings) == 1


def test_a_table_with_rules_is_given_as_published() -> None:
    table = requests(partial__person=5)
    assert without_unproven(page(unruled=(1,)), table) == (table, [])
    assert table.grade == "inconsistent"


def test_nothing_is_left_of_a_table_of_which_most_is_lost() -> None:
    columns = [column.code for column in forms()["2021"].tables["requests"].blocks[0].columns]
    broken = {f"partial__{column}": 5 for column in columns[:5]}
    table, _ = without_unproven(page(), requests(**broken))
    assert set(statuses(table).values()) == {"unreadable"}


def test_two_years_beside_each_other_are_not_told_apart() -> None:
    table, _ = without_unproven(page("2023年 2024年"), requests())
    assert set(statuses(table).values()) == {"unreadable"}


def test_a_number_of_which_no_identity_decides_is_refused() -> None:
    """Two rows in one: where one cell holds two numbers, the last one's look like one."""
    table = requests(declined_reissue__total=7548130348)
    lost = {("declined_reissue", "other"), ("granted", "total")}
    cells = [c._replace(value=None, status="unreadable", raw="5 1") if c[:2] in lost else c for c in table.cells]
    table, _ = without_unproven(page(), Table(table.table, table.form, "partial", tuple(cells), table.checks))
    assert statuses(table)["declined_reissue", "total"] == "unreadable"
    assert statuses(table)["declined_reissue", "person"] == "printed"


def test_a_number_found_in_what_is_left_of_a_mark_is_none() -> None:
    table = requests()
    cells = [
        cell._replace(status="derived", raw="适") if cell[:2] == ("granted", "person") else cell for cell in table.cells
    ]
    table = Table(table.table, table.form, table.grade, tuple(cells), table.checks)
    assert statuses(without_unproven(page(), table)[0])["granted", "person"] == "unreadable"
