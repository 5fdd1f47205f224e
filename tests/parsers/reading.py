"""What the tests ask of a report that was read."""

from typing import Any

from parsers.reading import read_reports
from parsers.report import Cell, Check, Report, Table

READ = ("printed", "blank", "derived")


def read(body: bytes, content_type: str | None = None) -> Report:
    """The report that the title names."""
    return read_reports(body, content_type=content_type)[0]


def cells(report: Report) -> dict[str, Cell]:
    """Every cell by `table.row.column`."""
    return {f"{table.table}.{cell.row}.{cell.column}": cell for table in report.tables for cell in table.cells}


def numbers(report: Report) -> dict[str, Any]:
    """The value of every cell that was read; a cell that was not is its status, so that it equals no number."""
    return {key: cell.value if cell.status in READ else cell.status for key, cell in cells(report).items()}


def table(report: Report, code: str) -> Table:
    """A table that must be there."""
    found = report.table(code)
    assert found is not None, f"{code} is not among {[each.table for each in report.tables]}: {report.warnings}"
    return found


def check(report: Report, identity: str, at: str) -> Check:
    """The one check of an identity at a row or column."""
    code = identity.split(".")[0]
    (found,) = (each for each in table(report, code).checks if (each.id, each.at) == (identity, at))
    return found


def grades(report: Report) -> dict[str, str]:
    return {each.table: each.grade for each in report.tables}
