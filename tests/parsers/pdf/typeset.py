"""Reports set on paper: headings, text and tables with their rules, one page after another."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.parsers.papers import Printed, paper
from tests.parsers.pdf.press import Paper, bound, width_of
from tests.parsers.shapes import HEADINGS, TITLE, Sheet, sheets

MARGIN = 50
PITCH = 13
PADDING = 3
SIZE = 9


@dataclass
class Setter:
    """Sets a report between `left` and `right`; `ruled` draws the rules of tables, `down` those down as well."""

    size: tuple[int, int] = (595, 842)
    left: float = MARGIN
    right: float = 545
    ruled: bool = True
    down: bool = True
    numbered: bool = True
    cut_rows: bool = False
    papers: list[Paper] = field(default_factory=list)
    y: float = 1e9
    boxes: dict[tuple[int, str], tuple[float, float]] = field(default_factory=dict)

    def report(self, tables: Mapping[int, Sheet], title: str = TITLE) -> list[Paper]:
        self.new_page()
        self.words(title, size=16)
        for number, heading in HEADINGS.items():
            self.words(heading, size=11)
            if number in tables:
                self.table(tables[number])
            else:
                self.words("本部分如实报告有关情况，没有其他需要说明的内容。")
        return self.papers

    def new_page(self) -> None:
        page = Paper(self.size)
        self.papers.append(page)
        if self.numbered:
            number = f"- {len(self.papers)} -"
            page.text((self.left + self.right) / 2, self.size[1] - 25, number, SIZE)
        self.y = MARGIN

    def words(self, text: str, size: float = SIZE) -> None:
        if self.y + 2 * size > self.size[1] - MARGIN:
            self.new_page()
        self.papers[-1].text(self.left, self.y + size, text, size)
        self.y += 2 * size

    def table(self, sheet: Sheet) -> None:
        placed, count = _placed(sheet)
        widths = self._widths(count)
        tops = {0: self.y}
        first = 0
        for row in range(len(sheet)):
            high = self._height(placed, row, widths)
            if tops[row] + high > self.size[1] - MARGIN:
                self._draw(placed, first, row, tops, widths)
                self.new_page()
                first, tops[row] = row, self.y
            tops[row + 1] = tops[row] + high
        self._draw(placed, first, len(sheet), tops, widths)
        self.y = tops[len(sheet)] + 15

    def _widths(self, count: int) -> list[float]:
        """Columns of labels are wider than those of numbers, where there are both."""
        shares = [2.0, 2.5, 4.5] + [1.6] * (count - 3) if count == 10 else [1.0] * count
        return [share / sum(shares) * (self.right - self.left) for share in shares]

    def _lines(self, text: str, width: float) -> list[str]:
        lines = [""]
        for sign in text:
            if width_of(lines[-1] + sign, SIZE) > width - 2 * PADDING:
                lines.append("")
            lines[-1] += sign
        return lines

    def _height(self, placed: "Placed", row: int, widths: list[float]) -> float:
        own = [(text, c, columns) for (r, c), (text, columns, rows) in placed.items() if r == row and rows == 1]
        most = max((len(self._lines(text, sum(widths[c : c + n]))) for text, c, n in own), default=1)
        return most * PITCH + 2 * PADDING

    def _draw(self, placed: "Placed", first: int, last: int, tops: dict[int, float], widths: list[float]) -> None:
        """Draw the rows of one page; a cell begun on the page before goes on without its text."""
        for (row, column), (text, columns, rows) in placed.items():
            if row >= last or row + rows <= first:
                continue
            x0 = self.left + sum(widths[:column])
            x1 = x0 + sum(widths[column : column + columns])
            top, bottom = tops[max(row, first)], tops[min(row + rows, last)]
            if self.ruled:
                across = [(x0, top, x1, top), (x0, bottom, x1, bottom)]
                for line in across + [(x0, top, x0, bottom), (x1, top, x1, bottom)] * self.down:
                    self.papers[-1].line(*line)
            if row >= first:
                self._fill(text, (x0, top, x1, bottom))

    def _fill(self, text: str, box: tuple[float, float, float, float]) -> None:
        x0, top, x1, bottom = box
        lines = self._lines(text, x1 - x0) if text else []
        y = (top + bottom - len(lines) * PITCH) / 2 + SIZE + 1
        for line in lines:
            x = (x0 + x1 - width_of(line, SIZE)) / 2
            self.papers[-1].text(x, y, line, SIZE)
            y += PITCH


Placed = dict[tuple[int, int], tuple[str, int, int]]


def _placed(sheet: Sheet) -> tuple[Placed, int]:
    """Lay the boxes of a sheet out: (row, column) to (text, columns, rows), and how many columns there are."""
    placed: Placed = {}
    taken: set[tuple[int, int]] = set()
    for row, boxes in enumerate(sheet):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            placed[row, column] = box.text, box.columns, box.rows
            taken |= {(row + r, column + c) for r in range(box.rows) for c in range(box.columns)}
            column += box.columns
    return _to_the_edge(placed, taken)


def _to_the_edge(placed: Placed, taken: set[tuple[int, int]]) -> tuple[Placed, int]:
    count = 1 + max(column for _, column in taken)
    for (row, column), (text, columns, rows) in placed.items():
        if all((row, beyond) not in taken for beyond in range(column + columns, count)):
            placed[row, column] = text, count - column, rows
    return placed, count


def printed_report(printed: Printed | None = None, **how: object) -> bytes:
    """A report of hand-written numbers as a PDF file."""
    return bound(Setter(**how).report(sheets(printed or paper())))  # type: ignore[arg-type]
