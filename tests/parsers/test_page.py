"""Spans: a grid laid out as the HTML Standard lays it out."""

import pytest

from parsers.page import Grid, Piece, Place, expand


def grid(*rows: str) -> Grid:
    """Rows of cells such as a, or a2x3 for one that spans two columns and three rows."""
    return Grid([[_cell(text, (1, r, c)) for c, text in enumerate(row.split(), 1)] for r, row in enumerate(rows, 1)])


def _cell(text: str, place: Place) -> Piece:
    columns, _, height = text[1:].partition("x")
    return Piece(text[0], place, text[0], columns=int(columns or 1), rows=int(height or 1))


def laid_out(made: Grid) -> list[str]:
    return ["".join(cell.text if cell else "." for cell in row) for row in expand(made)]


LAYOUTS = [
    ("no spans", grid("a b", "c d"), ["ab", "cd"]),
    ("across", grid("a2x1 b", "c d e"), ["aab", "cde"]),
    ("down", grid("a1x2 b", "c"), ["ab", "ac"]),
    ("down in the middle", grid("a b1x2 c", "d e"), ["abc", "dbe"]),
    ("a corner", grid("a2x2 b", "c", "d e f"), ["aab", "aac", "def"]),
    ("down past the end", grid("a1x9 b", "c"), ["ab", "ac"]),
    ("rows of unequal length", grid("a", "b c"), ["a", "bc"]),
    ("an empty row", grid("a1x2 b", ""), ["ab", "a"]),
    ("two spans down", grid("a1x3 b1x2 c", "d", "e f"), ["abc", "abd", "aef"]),
    ("a table 3", grid("a3x3 b3x1", "c1x2 d2x1", "e f", "g3x1 h i j"), ["aaabbb", "aaacdd", "aaacef", "ggghij"]),
]


@pytest.mark.parametrize(("made", "wanted"), [layout[1:] for layout in LAYOUTS], ids=[layout[0] for layout in LAYOUTS])
def test_spans(made: Grid, wanted: list[str]) -> None:
    assert laid_out(made) == wanted


def test_the_same_cell_stands_in_every_place_it_covers() -> None:
    made = grid("a2x2 b", "c")
    matrix = expand(made)
    assert {id(matrix[row][column]) for row in (0, 1) for column in (0, 1)} == {id(made.rows[0][0])}


def test_what_would_be_too_large_is_not_laid_out() -> None:
    made = grid(*["x100x100"] * 100)
    assert expand(made, limit=1_000) == []


def test_nothing_gives_nothing() -> None:
    assert expand(Grid([])) == []
