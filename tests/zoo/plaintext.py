"""Flows as text: one cell per line, pipes, a row per line."""

from collections.abc import Iterable, Iterator
from random import Random

from tests.zoo.flow import Beside, Flow, Text
from tests.zoo.sheets import Box, Grid, Row
from tests.zoo.style import Style


def pieces(flow: Flow) -> Iterator[tuple[str, Grid | None]]:
    """Yield (text, None) for a line and ("", grid) for a table; a caption beside a table comes before it."""
    for item in flow:
        if isinstance(item, Text):
            if item.role != "picture":
                yield item.text, None
        elif isinstance(item, Beside):
            for caption, table in item.columns:
                yield caption.text, None
                yield "", table.grid
        else:
            yield "", item.grid


def cell_lines(grid: Grid, *, empties: bool = False) -> list[str]:
    """Return every printed line of every cell in reading order; with `empties` an empty cell of the form leaves "" ."""
    hollow = ("",) if empties else ()
    return [line for row in grid for box in row for line in _lines(box, hollow)]


def _lines(box: Box, hollow: tuple[str, ...]) -> tuple[str, ...]:
    printed = tuple(line for line in box.lines if line)
    return printed if printed or box.kind != "value" else hollow


def _all_lines(flow: Flow, *, empties: bool = False) -> list[str]:
    return [line for text, grid in pieces(flow) for line in (cell_lines(grid, empties=empties) if grid else [text])]


def lines(flow: Flow, style: Style, rng: Random) -> str:
    """Render one cell per line, nothing between; empty cells leave no trace, or an empty line."""
    return "\n".join(_all_lines(flow, empties=rng.random() < 0.3)) + "\n"


def spaced(flow: Flow, style: Style, rng: Random) -> str:
    """Render one cell per line with a blank line between."""
    return "\n\n".join(_all_lines(flow)) + "\n"


def padded(flow: Flow, style: Style, rng: Random) -> str:
    """Render one cell per line, a blank line between, blanks after each and before some."""
    return "\n\n".join(f"{' ' * rng.choice((0, 0, 0, 1, 3, 29))}{line} " for line in _all_lines(flow)) + "\n"


def deduplicated(flow: Flow, style: Style, rng: Random) -> str:
    """Render one cell per line and keep the first of every equal line, as a careless extractor does."""
    return "\n".join(dict.fromkeys(_all_lines(flow))) + "\n"


def _cells(row: Row, joint: str = " ") -> list[str]:
    return [joint.join(box.lines).strip() for box in row]


def _rowwise(flow: Flow, row_line: "RowLine") -> str:
    parts: list[str] = []
    for text, grid in pieces(flow):
        parts += [row_line(_cells(row), index) for index, row in enumerate(grid)] if grid else [text]
    return "\n".join(parts) + "\n"


class RowLine:
    """Turns the cells of a row into its line."""

    def __init__(self, joint: str, before: str = "", after: Iterable[str] = ("",)) -> None:
        self.joint, self.before, self.after = joint, before, tuple(after)

    def __call__(self, cells: list[str], index: int) -> str:
        return self.before + self.joint.join(cells) + self.after[index % len(self.after)]


def pipes(flow: Flow, style: Style, rng: Random) -> str:
    """Render a row per line with pipes between cells, spans lost."""
    return _rowwise(flow, RowLine(" | "))


def padded_pipes(flow: Flow, style: Style, rng: Random) -> str:
    """Render a row per line with pipes between cells, spans lost, and pipes left over at the end of rows."""
    after = rng.choice(((" |",), (" | |",), (" | ||||", " | |", " | |")))
    return _rowwise(flow, _Padded(" | ", after=after))


class _Padded(RowLine):
    """Rows that begin with an empty cell get no pipes at their end, or nobody could count their cells."""

    def __call__(self, cells: list[str], index: int) -> str:
        return super().__call__(cells, index) if cells[0] else self.joint.join(cells)


def framed_pipes(flow: Flow, style: Style, rng: Random) -> str:
    """Render a row per line with pipes between cells and at both ends."""
    return _rowwise(flow, RowLine(" | ", "| ", (" |",)))


def short_pipes(flow: Flow, style: Style, rng: Random) -> str:
    """Render a row per line with pipes between what is printed; empty cells leave no trace."""
    return _rowwise(flow, _Dropping(" | "))


class _Dropping(RowLine):
    """Rows that lose their empty cells."""

    def __call__(self, cells: list[str], index: int) -> str:
        return super().__call__([cell for cell in cells if cell], index)


def lone_pipes(flow: Flow, style: Style, rng: Random) -> str:
    """Render one cell per line with a pipe on its own line between cells."""
    empties = rng.random() < 0.3
    parts = ("\n|\n".join(cell_lines(grid, empties=empties)) if grid else text for text, grid in pieces(flow))
    return "\n".join(parts) + "\n"


def tailed_pipes(flow: Flow, style: Style, rng: Random) -> str:
    """Render one cell per line, each with a pipe behind it, and the pipes left over of each row."""
    parts: list[str] = []
    empties = rng.random() < 0.3
    for text, grid in pieces(flow):
        if not grid:
            parts.append(text)
        for row in grid or ():
            parts += [
                f"{' '.join(box.lines)} |".strip() for box in row if any(box.lines) or (empties and box.kind == "value")
            ]
            parts.append("|" * rng.randint(1, 4))
    return "\n".join(parts) + "\n"


def tabs(flow: Flow, style: Style, rng: Random) -> str:
    """Render a row per line with tabs between cells."""
    return _rowwise(flow, RowLine("\t"))


def blanks(flow: Flow, style: Style, rng: Random) -> str:
    """Render a row per line with blanks between cells, up to 29 of them; empty cells leave no trace."""
    return _rowwise(flow, _Blanks(rng))


class _Blanks(RowLine):
    """Rows whose cells are padded with blanks."""

    def __init__(self, rng: Random) -> None:
        super().__init__(" ")
        self.rng, self.even = rng, rng.choice((1, 2, 0))

    def __call__(self, cells: list[str], index: int) -> str:
        printed = [cell for cell in cells if cell]
        return "".join(f"{cell}{' ' * (self.even or self.rng.choice((1, 4, 11, 29)))}" for cell in printed).rstrip()
