"""Printed pages to one `Page`: blocks numbered through the document, each place with its box."""

from collections.abc import Iterable

from parsers.boxes import box_text
from parsers.page import Grid, Line, Page, Piece, where
from parsers.pdf.glyphs import TextLine
from parsers.pdf.layout import PrintedPage
from parsers.pdf.ruled import PrintedCell, PrintedTable


def assembled(pages: Iterable[PrintedPage]) -> Page:
    """Return the page of a document."""
    assembler = _Assembler()
    for page in pages:
        assembler.number = page.number
        for block in page.blocks:
            if isinstance(block, TextLine):
                assembler.line(block)
            else:
                assembler.table(block)
    return assembler.page


class _Assembler:
    """Numbers lines and tables; `number` is that of the printed page being read."""

    def __init__(self) -> None:
        self.page = Page(blocks=[])
        self.number = 1
        self._lines = 0
        self._tables = 0

    def line(self, line: TextLine) -> None:
        self._lines += 1
        place = (self._lines,)
        if not line.is_caption:  # which can come from the page before
            self.page.boxes[where(place)] = box_text(self.number, line.box)
        self.page.blocks.append(Line(line.text, place))

    def table(self, table: PrintedTable) -> None:
        self._tables += 1
        if table.is_open or table.on_line:
            self.page.unruled.append(self._tables)
        rows = [self._row(row, index) for index, row in enumerate(table.rows, 1)]
        self.page.blocks.append(Grid(rows))

    def _row(self, cells: list[PrintedCell], row: int) -> list[Piece]:
        pieces = []
        for index, cell in enumerate(cells, 1):
            place = (self._tables, row, index)
            self.page.boxes[where(place)] = box_text(cell.page, cell.box)
            pieces.append(Piece(cell.text, place, columns=cell.columns, rows=cell.rows))
        return pieces
