"""Flows as the text layer of a PDF: wrapped lines, page numbers anywhere, cut labels, stubs one character a line."""

from random import Random

from tests.zoo.flow import Flow
from tests.zoo.plaintext import pieces
from tests.zoo.sheets import Box, Grid
from tests.zoo.style import Style

PAGE_NUMBERS = ("- {} -", "— {} —", "－ {} －", "-{}-")
WRAPS = {"label": 16, "header": 9, "title": 30, "stub": 5}


def _wrap(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def _upright(text: str, rng: Random) -> list[str]:
    """Return a stub one character a line; the mark of its number stands with it (三、) or is gone."""
    return [text[:2], *text[2:]] if rng.random() < 0.5 else [text[0], *text[2:]]


def _box_lines(box: Box, rng: Random) -> list[str]:
    if box.kind == "stub" and box.rows > 12:
        return _upright(box.text, rng)
    width = WRAPS.get(box.kind)
    return [part for line in box.lines if line for part in (_wrap(line, width) if width else [line])]


def _stub_lines(box: Box, index: int, rng: Random) -> tuple[list[str], tuple[int, list[str]]]:
    """Return a stub's lines that stand before its first row, and (row, lines) of those before a later one."""
    lines = _box_lines(box, rng)
    if box.rows > 12 and rng.random() < 0.5:
        return [], (index + rng.randint(1, box.rows - 1), lines)
    if box.rows > 2 and len(lines) > 1 and rng.random() < 0.3:
        return lines[:1], (index + 1, lines[1:])
    return lines, (index, [])


def _grid_lines(grid: Grid, rng: Random) -> list[str]:
    """Return the lines of a table; a stub, or the rest of one, can stand between later rows."""
    lines: list[str] = []
    waiting: list[tuple[int, list[str]]] = []
    for index, row in enumerate(grid):
        lines += [line for at, stub in waiting for line in stub if at == index]
        for box in row:
            if box.kind == "stub":
                now, later = _stub_lines(box, index, rng)
                waiting.append(later)
                lines += now
            else:
                lines += _box_lines(box, rng)
    return lines


def paged(flow: Flow, style: Style, rng: Random) -> str:
    """Render the flow as wrapped lines with a page number wherever a page ends."""
    lines: list[str] = []
    for text, grid in pieces(flow):
        lines += _grid_lines(grid, rng) if grid else _wrap(text, 28)
    mark, height, number = rng.choice(PAGE_NUMBERS), rng.randint(24, 60), 1
    out: list[str] = []
    for index, line in enumerate(lines, 1):
        out.append(line)
        if index % height == 0:
            out.append(mark.format(number))
            number += 1
    return "\n".join(out) + "\n"
