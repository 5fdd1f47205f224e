"""Empty cells of tables without rules, where something beside them was lost."""

import pytest

from parsers.cells import Sheet
from parsers.forms import forms
from parsers.pieces import Shape, shape_of
from parsers.report import Cell


def sheet(*statuses: tuple[str, str | None], where: str = "table:3/row:1/cell:2") -> Sheet:
    """The table of requests, all printed but its first cells."""
    found = Sheet("2021", forms()["2021"].tables["requests"])
    for row, column in found.table.addresses:
        found.cells[row, column] = Cell(row, column, 1, "printed", "1", where)
    for address, (status, raw) in zip(found.table.addresses, statuses, strict=False):
        found.cells[address] = found.cells[address]._replace(value=None, status=status, raw=raw)
    return found


def first(found: Sheet, count: int) -> list[str]:
    return [cell.status for cell in list(found.cells.values())[:count]]


def test_an_empty_place_beside_what_cannot_be_read_is_in_doubt_and_a_mark_is_not() -> None:
    found = sheet(("unreadable", "3 4"), ("blank", ""), ("blank", None), ("blank", "—"))
    found.doubt_unmarked([3])
    assert first(found, 5) == ["unreadable", "unreadable", "unreadable", "blank", "printed"]
    assert found.in_doubt == set(found.table.addresses[1:3])
    assert found.warnings


@pytest.mark.parametrize(
    ("statuses", "tables"),
    [([("blank", ""), ("blank", None)], [3]), ([("unreadable", "3 4"), ("blank", "")], [30])],
    ids=["a table that is whole", "a table with rules"],
)
def test_empty_places_stay_blank(statuses: list[tuple[str, str | None]], tables: list[int]) -> None:
    found = sheet(*statuses)
    found.doubt_unmarked(tables)
    assert first(found, 2) == [status for status, _ in statuses]
    assert not found.warnings


def test_a_row_that_is_missing_puts_empty_places_in_doubt() -> None:
    found = sheet(("blank", ""))
    del found.cells[found.table.addresses[-1]]
    found.doubt_unmarked([3])
    assert first(found, 1) == ["unreadable"]


def test_blank_marks_that_run_together_on_a_line_are_several() -> None:
    shape, text, _ = shape_of("不适用 3 0 不适用不适用不适用 0")
    assert shape is Shape.ROW
    assert text.split() == ["不适用", "3", "0", "不适用", "不适用", "不适用", "0"]
    assert shape_of("本年度不适用不适用情形。")[0] is Shape.SINGLE
