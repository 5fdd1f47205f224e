"""The cells of an XLSX workbook: values as displayed, formulas by what was last computed, hidden sheets left out.

Read without a library: those at hand give an empty cell for an error and for a formula that nobody has computed, both
of which display something, and do not tell the number formats.
"""

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from parsers.errors import DocumentError
from parsers.office.cells import Range, Sheet
from parsers.office.container import Container
from parsers.office.formats import BUILT_IN, displayed

_ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_BOOK = "xl/workbook.xml"
_TRUE = ("1", "true")
_MOST_SHEETS = 200
_MOST_MERGED = 20_000
_MOST_COLUMNS = 16_384


def sheets_of(body: bytes) -> Iterator[Sheet]:
    """Yield the visible sheets of a workbook in their order; raises `DocumentError` for one that cannot be read."""
    package = Container(body, "the workbook")
    main = next((member for kind, member in package.related("").values() if kind == "officeDocument"), _BOOK)
    related = package.related(main)
    book = package.xml(main)
    parts = {kind: member for kind, member in related.values() if member in package}
    texts = _shared(package.xml(parts["sharedStrings"])) if "sharedStrings" in parts else []
    formats = _formats(package.xml(parts["styles"])) if "styles" in parts else []
    settings = book.find("workbookPr")
    reader = _Reader(texts, formats, from_1904=settings is not None and settings.get("date1904") in _TRUE)
    listed = list(book.iter("sheet"))
    if len(listed) > _MOST_SHEETS:
        raise DocumentError(f"the workbook has more than {_MOST_SHEETS} sheets")
    for number, item in enumerate(listed, 1):
        kind, member = related.get(item.get("id", ""), ("", ""))
        if item.get("state", "visible") == "visible" and kind == "worksheet":
            yield reader.sheet(package.xml(member), item.get("name", ""), number)


def _shared(table: Element) -> list[str]:
    return [_plain(item) for item in table.findall("si")]


def _plain(item: Element) -> str:
    """Return the text of a string, its runs joined, without the phonetic guide."""
    parts = [item, *item.findall("r")]
    return "".join(text.text or "" for part in parts for text in part.findall("t"))


def _formats(styles: Element) -> list[str]:
    """Return the number format of each cell style."""
    own = {item.get("numFmtId", ""): item.get("formatCode", "General") for item in styles.iter("numFmt")}
    named = {str(number): code for number, code in BUILT_IN.items()} | own
    cells = styles.find("cellXfs")
    return [named.get(style.get("numFmtId", "0"), "General") for style in cells] if cells is not None else []


class _Reader:
    """Reads the sheets of one workbook with its strings and formats."""

    def __init__(self, texts: list[str], formats: list[str], *, from_1904: bool) -> None:
        self._texts = texts
        self._formats = formats
        self._from_1904 = from_1904

    def sheet(self, root: Element, name: str, number: int) -> Sheet:
        """Read one sheet."""
        found = Sheet(name, number, hidden_columns=_hidden_columns(root), merged=_merged(root))
        view = root.find("sheetViews/sheetView")
        without_zeros = view is not None and view.get("showZeros") in ("0", "false")
        row = 0
        for item in root.iterfind("sheetData/row"):
            row = _whole(item.get("r", ""), row + 1)
            if item.get("hidden") in _TRUE:
                found.hidden_rows.add(row)
            column = 0
            for cell in item.findall("c"):
                column = _column(cell.get("r", ""), column + 1)
                text = self._text(cell)
                if not (without_zeros and cell.get("t", "n") == "n" and _is_zero(cell)):
                    found.put(row, column, text)
        return found

    def _text(self, cell: Element) -> str:
        kind, value, formula = cell.get("t", "n"), cell.findtext("v") or "", cell.find("f")
        if kind == "inlineStr":
            inline = cell.find("is")
            return _plain(inline) if inline is not None else ""
        if kind == "str":
            return value
        if not value:
            return f"={formula.text or ''}" if formula is not None else ""
        if kind == "s":
            index = _whole(value, -1)
            return self._texts[index] if 0 <= index < len(self._texts) else "#REF!"
        if kind == "b":
            return "TRUE" if value in _TRUE else "FALSE"
        if kind in ("e", "d"):
            return value
        style = _whole(cell.get("s", "0"), 0)
        code = self._formats[style] if style < len(self._formats) else "General"
        return displayed(value, code, from_1904=self._from_1904)


def _is_zero(cell: Element) -> bool:
    try:
        return float(cell.findtext("v") or "1") == 0
    except ValueError:
        return False


def _hidden_columns(root: Element) -> set[int]:
    hidden: set[int] = set()
    for item in root.iterfind("cols/col"):
        if item.get("hidden") in _TRUE:
            first, last = _whole(item.get("min", ""), 1), _whole(item.get("max", ""), 0)
            hidden.update(range(first, min(last, _MOST_COLUMNS) + 1))
    return hidden


def _merged(root: Element) -> list[Range]:
    found = []
    for item in root.iterfind("mergeCells/mergeCell"):
        first, _, last = item.get("ref", "").partition(":")
        start, end = _ADDRESS.fullmatch(first), _ADDRESS.fullmatch(last)
        if start and end:
            found.append((int(start[2]), _letters(start[1]), int(end[2]), _letters(end[1])))
    if len(found) > _MOST_MERGED:
        raise DocumentError(f"the workbook merges more than {_MOST_MERGED:,} cells")
    return found


def _column(address: str, default: int) -> int:
    found = _ADDRESS.fullmatch(address)
    return _letters(found[1]) if found else default


def _letters(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _whole(digits: str, default: int) -> int:
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 9 else default
