"""The cells of an XLS workbook: values by calamine, and by the file's records ([MS-XLS] 2.4) what it does not tell.

It gives an empty cell for an error, which displays something, and does not tell hidden rows and columns.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from parsers.errors import DocumentError
from parsers.office.cells import Sheet
from parsers.office.compound import stream_of
from parsers.office.formats import displayed

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

_BOUND_SHEET, _ENCRYPTED, _BEGIN, _END = 0x85, 0x2F, 0x809, 0x0A
_ROW, _COLUMNS, _BOOL_OR_ERROR, _FORMULA = 0x208, 0x7D, 0x205, 0x06
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_ERROR_RESULT = 2
_MOST_ROWS, _MOST_COLUMNS = 5_000, 256


@dataclass(slots=True)
class _Marks:
    """What the records of a sheet say beyond its values."""

    errors: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def sheets_of(body: bytes) -> Iterator[Sheet]:
    """Yield the visible sheets of a workbook in their order; raises `DocumentError` for one that cannot be read.

    Numbers show as in the format General: XLS files are read without their number formats.
    """
    from python_calamine import CalamineError, SheetVisibleEnum, load_workbook

    marks = _all_marks(stream_of(body, ("Workbook", "Book")))
    try:
        book = load_workbook(BytesIO(body))
        for index, about in enumerate(book.sheets_metadata):
            if about.visible is SheetVisibleEnum.Visible:
                own = marks[index] if index < len(marks) else _Marks()
                found = Sheet(about.name, index + 1, hidden_rows=own.hidden_rows, hidden_columns=own.hidden_columns)
                _fill(found, book.get_sheet_by_index(index), own)
                yield found
    except CalamineError as error:
        raise DocumentError(f"the workbook is damaged ({' '.join(str(error).split())})") from error


def _fill(found: Sheet, sheet: "CalamineSheet", marks: _Marks) -> None:
    """Enter the values of a sheet, its errors and its merged cells."""
    if sheet.start is None:
        return
    if sheet.height > _MOST_ROWS or sheet.width > _MOST_COLUMNS:
        raise DocumentError(f"the workbook has a sheet of {sheet.height:,} rows, which no report has")
    top, left = sheet.start
    for row, values in enumerate(sheet.to_python(skip_empty_area=True), top + 1):
        for column, value in enumerate(values, left + 1):
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            found.put(row, column, displayed(repr(value), "General") if is_number else str(value))
    for row, column in marks.errors:
        found.put(row, column, "#ERROR!")
    for (first, begin), (last, end) in sheet.merged_cell_ranges or ():
        found.merged.append((first + 1, begin + 1, last + 1, end + 1))


def _all_marks(stream: bytes) -> list[_Marks]:
    """Return the marks of every sheet, in the order of the workbook."""
    starts = []
    for kind, content in _records(stream, 0):
        if kind == _ENCRYPTED:
            raise DocumentError("the workbook is encrypted; remove its password to have it read")
        if kind == _BOUND_SHEET and len(content) >= 4:
            starts.append(struct.unpack_from("<I", content)[0])
    return [_marks(stream, start) for start in starts]


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and content of the records of one substream, those of charts within it left out."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        depth += (kind == _BEGIN) - (kind == _END)
        if depth <= 1:
            yield kind, stream[start + 4 : start + 4 + length]
        start += 4 + length
        if depth <= 0:
            return


def _marks(stream: bytes, start: int) -> _Marks:
    marks = _Marks()
    for kind, content in _records(stream, start):
        if kind == _ROW and len(content) >= 16 and content[12] & _HIDDEN_ROW:
            marks.hidden_rows.add(struct.unpack_from("<H", content)[0] + 1)
        elif kind == _COLUMNS and len(content) >= 10 and content[8] & _HIDDEN_COLUMN:
            first, last = struct.unpack_from("<HH", content)
            marks.hidden_columns.update(range(first + 1, min(last, _MOST_COLUMNS) + 2))
        elif _is_error(kind, content):
            row, column = struct.unpack_from("<HH", content)
            marks.errors.add((row + 1, column + 1))
    return marks


def _is_error(kind: int, content: bytes) -> bool:
    """Say whether a record is of a cell that shows an error, of its own or as a formula's result."""
    if kind == _BOOL_OR_ERROR:
        return len(content) >= 8 and content[7] == 1
    return kind == _FORMULA and len(content) >= 14 and content[6] == _ERROR_RESULT and content[12:14] == b"\xff\xff"
