"""The reader of workbooks: XLSX and XLS, one page a workbook, each visible sheet's tables as grids."""

from parsers.office.cells import page_of
from parsers.page import Page

_ZIP = b"PK"


def read_sheet(body: bytes) -> list[Page]:
    """Read a workbook into one page; a cell's place is its sheet, row and column, counted from 1.

    Numbers are as displayed; hidden sheets, rows and columns are left out; a formula that was never computed and an
    error are kept as text, so that no table takes them for a blank. Raises `DocumentError` for a file that is damaged,
    encrypted, or larger than any report.
    """
    if body.startswith(_ZIP):
        from parsers.office.xlsx import sheets_of
    else:
        from parsers.office.xls import sheets_of
    return [page_of(sheets_of(body))]
