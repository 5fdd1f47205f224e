"""A flow of the zoo drawn on sheets of paper at 300 dots an inch: text, and tables with rules and spans."""

from dataclasses import dataclass, field
from random import Random

from PIL import Image, ImageDraw, ImageFont

from tests.scans.fonts import Faces
from tests.zoo.flow import Flow, Table, Text
from tests.zoo.sheets import Box, Grid

WIDTH, HEIGHT = 2480, 3508
WIDTHS = {"requests": (95, 130, 420, 190, 190, 190, 190, 190, 190, 190), "appeals": (128,) * 15}


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is set: sizes in pixels at 300 dots an inch, shades from 0 (black)."""

    body: int
    cell: int
    rule: int
    frame: int
    shade: int
    padding: int
    margin: int = 250


def look(rng: Random) -> Look:
    """Return a random look: 14 to 16 points of text, 9 to 12 points in cells, rules of a quarter to one point."""
    rule = rng.choice((2, 2, 3, 4))
    return Look(
        rng.choice((58, 62, 66)),
        rng.choice((38, 40, 42, 44, 46, 50)),
        rule,
        rule + rng.choice((0, 0, 2)),
        rng.choice((0, 0, 40, 90)),
        rng.choice((10, 16, 24)),
    )


@dataclass(slots=True)
class Press:
    """Prints on one sheet after another; `at` is how far the sheet is filled."""

    faces: Faces
    look: Look
    sheets: list[Image.Image] = field(default_factory=list)
    at: int = HEIGHT

    @property
    def draw(self) -> ImageDraw.ImageDraw:
        """The pen on the last sheet."""
        return ImageDraw.Draw(self.sheets[-1])

    def need(self, height: int) -> None:
        """Begin a new sheet where that much does not fit any more."""
        if self.at + height > HEIGHT - self.look.margin:
            self.sheets.append(Image.new("L", (WIDTH, HEIGHT), 255))
            self.at = self.look.margin

    def text(self, item: Text) -> None:
        """Print a paragraph, a title larger and in the middle."""
        size = self.look.body + (14 if item.role == "title" else 0)
        font = self.faces.font(size)
        room = WIDTH - 2 * self.look.margin
        indent = "" if item.role in ("title", "meta") else "\u3000\u3000"
        for line in wrapped(indent + item.text, font, room):
            self.need(int(size * 1.6))
            x = self.look.margin + ((room - font.getlength(line)) / 2 if item.role == "title" else 0)
            self.draw.text((x, self.at), line, fill=0, font=font)
            self.at += int(size * 1.6)


def wrapped(text: str, font: ImageFont.FreeTypeFont, room: float) -> list[str]:
    """Cut a text into lines that fit."""
    lines = [""]
    for sign in text:
        if lines[-1] and font.getlength(lines[-1] + sign) > room:
            lines.append("")
        lines[-1] += sign
    return lines


@dataclass(frozen=True, slots=True)
class Placed:
    """A box with the row and column of its upper left corner."""

    box: Box
    row: int
    column: int


def placed(grid: Grid) -> list[Placed]:
    """Give every box its place, as the HTML standard forms a table."""
    taken: set[tuple[int, int]] = set()
    found = []
    for row, boxes in enumerate(grid):
        column = 0
        for box in boxes:
            while (row, column) in taken:
                column += 1
            taken |= {(row + down, column + right) for down in range(box.rows) for right in range(box.columns)}
            found.append(Placed(box, row, column))
            column += box.columns
    return found


def widths(table: Table, columns: int) -> list[int]:
    """Return how wide the columns of a table are."""
    known = WIDTHS.get(table.code, ())
    if len(known) == columns:
        return list(known)
    first = 420 if columns < 8 else 200
    rest = (WIDTH - 560 - first) // max(1, columns - 1)
    return [first, *[rest] * (columns - 1)]


class TablePress:
    """Prints one table; rows go to the next sheet together where a span holds them."""

    def __init__(self, press: Press, table: Table) -> None:
        self.press, self.look = press, press.look
        self.boxes = placed(table.grid)
        self.rows = len(table.grid)
        self.columns = max(each.column + each.box.columns for each in self.boxes)
        self.widths = widths(table, self.columns)
        self.heights = self._heights()

    def _lines(self, each: Placed) -> list[str]:
        room = sum(self.widths[each.column : each.column + each.box.columns]) - 16
        font = self.press.faces.font(self.look.cell, digits=each.box.kind == "value")
        return [piece for line in each.box.lines for piece in wrapped(line, font, room)]

    def _heights(self) -> list[int]:
        step = int(self.look.cell * 1.25)
        heights = [step + 2 * self.look.padding] * self.rows
        for each in self.boxes:
            if each.box.rows == 1:
                need = step * len(self._lines(each)) + 2 * self.look.padding
                heights[each.row] = max(heights[each.row], need)
        for each in self.boxes:
            need = step * len(self._lines(each)) + 2 * self.look.padding
            last = min(self.rows, each.row + each.box.rows)
            lack = need - sum(heights[each.row : last])
            if lack > 0:
                heights[last - 1] += lack
        return heights

    def print(self) -> None:
        """Print the rows, on as many sheets as they need."""
        start = 0
        while start < self.rows:
            self.press.need(sum(self.heights[start : start + 2]))
            room = HEIGHT - self.look.margin - self.press.at
            end = start + 1
            while end < self.rows and sum(self.heights[start : end + 1]) <= room:
                end += 1
            self._part(start, end)
            start = end

    def _part(self, start: int, end: int) -> None:
        left, top = (WIDTH - sum(self.widths)) // 2, self.press.at
        for each in self.boxes:
            first, last = max(start, each.row), min(end, each.row + each.box.rows)
            if first >= last:
                continue
            x0 = left + sum(self.widths[: each.column])
            x1 = x0 + sum(self.widths[each.column : each.column + each.box.columns])
            y0 = top + sum(self.heights[start:first])
            y1 = y0 + sum(self.heights[first:last])
            self.press.draw.rectangle((x0, y0, x1, y1), outline=self.look.shade, width=self.look.rule)
            if each.row >= start or each.box.kind == "stub":
                self._fill(each, (x0, y0, x1, y1))
        frame = (left, top, left + sum(self.widths), top + sum(self.heights[start:end]))
        self.press.draw.rectangle(frame, outline=self.look.shade, width=self.look.frame)
        self.press.at = frame[3] + self.look.body

    def _fill(self, each: Placed, room: tuple[int, int, int, int]) -> None:
        x0, y0, x1, y1 = room
        font = self.press.faces.font(self.look.cell, digits=each.box.kind == "value")
        step = int(self.look.cell * 1.25)
        lines = self._lines(each)
        _, head, _, foot = font.getbbox("国" if each.box.kind != "value" else "0")
        y = (y0 + y1 - step * len(lines)) / 2 + (step - foot - head) / 2
        for line in lines:
            x = x0 + 10 if each.box.kind == "label" else (x0 + x1 - font.getlength(line)) / 2
            self.press.draw.text((x, y), line, fill=0, font=font)
            y += step


def printed(flow: Flow, faces: Faces, look: Look) -> list[Image.Image]:
    """Print a flow; returns its sheets."""
    press = Press(faces, look)
    press.need(HEIGHT)
    for item in flow:
        if isinstance(item, Text):
            press.text(item)
        elif isinstance(item, Table):
            TablePress(press, item).print()
    return press.sheets
