"""A CSV file as people and programs save it: any of the usual encodings, commas or tabs or semicolons."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from parsers.errors import SitesError

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_UTF8_MARK = b"\xef\xbb\xbf"
_DELIMITERS = ",\t;"
_LONGEST_CELL = 131_072


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The headings and the rows of a file, blank rows left out, each row with the number of its last line.

    Rows are as long as the headings. `encoding` and `newline` are those that the file is written in, and `body` is what
    it holds.
    """

    path: Path
    body: bytes
    encoding: str
    newline: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_csv(path: Path) -> CsvFile:
    """Read a CSV file in UTF-8 or UTF-16 with a byte order mark, in UTF-8 without, or in GBK.

    Raises SitesError when the file cannot be read, is in another encoding or is no CSV.
    """
    try:
        body = path.read_bytes()
    except OSError as error:
        raise SitesError(f"{path}: cannot be read: {error.strerror or error}; check the path") from error
    return parse_csv(path, body)


def parse_csv(path: Path, body: bytes) -> CsvFile:
    """Read the body of a CSV file; raises SitesError."""
    text, encoding = _decoded(path, body)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    rows = list(_rows(path, text, delimiter))
    filled = [(line, row) for line, row in rows if any(row)]
    header = tuple(filled[0][1]) if filled else ()
    return CsvFile(
        path,
        body,
        encoding,
        "\r\n" if "\r\n" in text else "\n",
        delimiter,
        header,
        tuple((line, _fitted(row, len(header))) for line, row in filled[1:]),
    )


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row with its line; the limit on a cell is our own, since that of csv is any library's to change."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if max(map(len, row), default=0) > _LONGEST_CELL:
                raise csv.Error("a cell without end")
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise SitesError(f"{path}:{reader.line_num}: not a CSV file ({error}); save it as CSV in UTF-8") from error


def _decoded(path: Path, body: bytes) -> tuple[str, str]:
    if body.startswith(_UTF16_MARKS):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig" if body.startswith(_UTF8_MARK) else "utf-8", "gb18030"]
    for encoding in encodings:
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise SitesError(f"{path}: neither UTF-8 nor GBK; save it as CSV in UTF-8")


def _fitted(row: list[str], length: int) -> tuple[str, ...]:
    return tuple((row + [""] * length)[:length])
