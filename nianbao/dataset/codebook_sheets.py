"""The codebook as an XLSX file: one sheet of tables, one of columns."""

from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nianbao.dataset.codebook_entries import TableEntry, field_columns, field_entries, table_entries
from nianbao.dataset.export.workbook import workbook
from nianbao.dataset.schema import registry

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]

_MADE = datetime(2021, 9, 29)
"""What the file says of its making: fixed, so that equal codebooks are equal bytes."""

_WIDTHS = {"label": 50, "label_en": 50, "missing": 40, "values": 30}


def write_codebook_xlsx(path: Path) -> None:
    """Write the codebook to `path`; all cells are texts.

    Raises DatasetError where XlsxWriter, of the extra `export`, is not installed, and OSError where the file cannot be
    written.
    """
    with workbook(path, _MADE) as book:
        tables = (astuple(entry) for entry in table_entries())
        _fill(book, "tables", tuple(field.name for field in fields(TableEntry)), tables)
        columns = (entry.texts() for name in registry() for entry in field_entries(name))
        _fill(book, "columns", field_columns(), columns)


def _fill(book: "Workbook", name: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for position, head in enumerate(heads):
        sheet.set_column(position, position, _WIDTHS.get(head, 24))
        sheet.write_string(0, position, head, book.add_format({"bold": True}))
    for number, row in enumerate(rows, start=1):
        for position, text in enumerate(row):
            sheet.write_string(number, position, text)
