"""XLSX: the panel and the codebook as sheets, for readers who rank and compare in a spreadsheet.

Numbers are numbers, codes stay text, and no text of a page is a formula. Source: Excel specifications and limits.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nianbao.dataset.codebook_entries import field_columns
from nianbao.dataset.export.codebook_rows import codebook_rows
from nianbao.dataset.export.files import ExportedFile
from nianbao.dataset.export.formulas import NEUTRAL, neutral
from nianbao.dataset.export.parts import batches
from nianbao.dataset.export.workbook import workbook
from nianbao.dataset.fields import Field
from nianbao.dataset.reader import Dataset
from nianbao.dataset.release_date import latest_fetch
from nianbao.dataset.schema import registry

if TYPE_CHECKING:
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

WORKBOOK = "nianbao.xlsx"
MAX_ROWS = 1_048_576
MAX_CHARACTERS = 32_767

_ROWS_AT_ONCE = 512
_CUT = "…"
_HEAD_COLUMN = 22
# What XML 1.0 cannot hold; the tab and the line ends it can.
_ILLEGAL = {code: "\N{REPLACEMENT CHARACTER}" for code in (*range(32), 0x7F, 0xFFFE, 0xFFFF) if code not in (9, 10, 13)}


def write(dataset: Dataset, folder: Path) -> list[ExportedFile]:
    """Write the workbook into `folder`; equal datasets give equal bytes, its date is that of the latest fetch.

    A panel that is longer than a sheet goes on in `panel_2` and so on. Raises DatasetError if XlsxWriter is missing,
    or the workbook would be larger than the format allows.
    """
    path = folder / WORKBOOK
    with workbook(path, latest_fetch(dataset)) as book:
        texts = Texts()
        rows = _write_panel(_Sheets(book, registry()["panel"].fields), dataset, texts)
        _write_codebook(book.add_worksheet("codebook"), _bold(book), texts)
    return [ExportedFile(WORKBOOK, rows, texts.notes())]


class Texts:
    """Prepares texts for cells, and counts what it had to alter."""

    def __init__(self) -> None:
        self._formulas = 0
        self._cut = 0
        self._illegal = 0

    def cell(self, text: str) -> str:
        """Return what a cell can hold of a text."""
        legal = text.translate(_ILLEGAL)
        harmless = neutral(legal)
        short = _shortened(harmless)
        self._illegal += legal != text
        self._formulas += harmless != legal
        self._cut += short != harmless
        return short

    def notes(self) -> tuple[str, ...]:
        """Say what was altered."""
        counted = (
            (self._formulas, f"texts that a spreadsheet would take for formulas begin with {NEUTRAL}"),
            (self._illegal, "texts have control characters replaced"),
            (self._cut, f"texts are cut to the {MAX_CHARACTERS} characters of a cell"),
        )
        return tuple(f"{count} {what}" for count, what in counted if count)


class _Sheets:
    """The sheets of the panel, a new one where a row no longer fits."""

    def __init__(self, book: "Workbook", fields: Sequence[Field]) -> None:
        self._book = book
        self._fields = fields
        self._bold = _bold(book)
        self._number = 0
        self.row = 0
        self.codes: Format = book.add_format({"num_format": "@"})
        self.sheet: Worksheet = self._next()

    def advance(self) -> None:
        """Go on to the next row, on a new sheet where this one is full."""
        if self.row + 1 == MAX_ROWS:
            self.sheet = self._next()
        self.row += 1

    def _next(self) -> "Worksheet":
        self._number += 1
        sheet = self._book.add_worksheet("panel" if self._number == 1 else f"panel_{self._number}")
        _head(sheet, [field.name for field in self._fields], self._bold)
        last = len(self._fields) - 1
        sheet.ignore_errors({"number_stored_as_text": f"A1:{_letters(last)}{MAX_ROWS}"})
        self.row = 0
        return sheet


def _write_panel(sheets: _Sheets, dataset: Dataset, texts: Texts) -> int:
    rows = 0
    for batch in batches(dataset, "panel", size=_ROWS_AT_ONCE):
        columns = [column.to_pylist() for column in batch.columns]
        for values in zip(*columns, strict=True):
            sheets.advance()
            _write_row(sheets, values, texts)
        rows += len(batch)
    return rows


def _write_row(sheets: _Sheets, values: Sequence[Any], texts: Texts) -> None:
    sheet, row = sheets.sheet, sheets.row
    for column, value in enumerate(values):
        if isinstance(value, str):
            sheet.write_string(row, column, texts.cell(value), sheets.codes)
        elif isinstance(value, bool):
            sheet.write_boolean(row, column, value)
        elif value is not None:
            sheet.write_number(row, column, value)


def _write_codebook(sheet: "Worksheet", bold: "Format", texts: Texts) -> None:
    _head(sheet, field_columns(), bold)
    for row, values in enumerate(codebook_rows(), start=1):
        for column, value in enumerate(values):
            if value:
                sheet.write_string(row, column, texts.cell(value))


def _head(sheet: "Worksheet", names: Sequence[str], bold: "Format") -> None:
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, bold)
    sheet.set_column(0, len(names) - 1, _HEAD_COLUMN)
    sheet.freeze_panes(1, 1)


def _bold(book: "Workbook") -> "Format":
    return book.add_format({"bold": True})


def _letters(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

    return str(xl_col_to_name(column))


def _shortened(text: str) -> str:
    """Return a text within a cell's limit, which Excel counts in UTF-16 units."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * MAX_CHARACTERS:
        return text
    return units[: 2 * (MAX_CHARACTERS - len(_CUT))].decode("utf-16-le", "ignore") + _CUT
