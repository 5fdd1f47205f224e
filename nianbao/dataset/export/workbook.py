"""A workbook that is written row by row, and whose failures are errors of this project."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.errors import DatasetError

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]


@contextmanager
def workbook(path: Path, created: datetime) -> Iterator["Workbook"]:
    """Open a workbook for writing, one row after the other, and close it at the end.

    Raises DatasetError if XlsxWriter is missing or the workbook is larger than a ZIP file without extensions may be
    (4 GiB), OSError if it cannot be written.
    """
    try:
        from xlsxwriter.exceptions import FileCreateError, FileSizeError, XlsxWriterException  # type: ignore[import-untyped]
        from xlsxwriter.workbook import Workbook
    except ImportError as error:
        raise DatasetError('XLSX files need nianbao[export]; install it with: pip install "nianbao[export]"') from error
    book = Workbook(path, {"constant_memory": True, "tmpdir": str(path.parent)})
    book.set_properties({"title": "nianbao", "created": created.replace(tzinfo=None)})
    try:
        yield book
    except BaseException:
        with suppress(OSError, XlsxWriterException):
            book.close()  # its temporary files are open
        raise
    try:
        book.close()
    except FileSizeError as error:
        raise DatasetError(f"{path.name}: the panel is too large for a workbook; export csv or sqlite") from error
    except FileCreateError as error:
        reason = error.args[0]
        raise (reason if isinstance(reason, OSError) else OSError(None, str(error), str(path))) from error
