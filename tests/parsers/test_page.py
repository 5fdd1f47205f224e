"""Spans: a grid laid out as the HTML Standard lays it out."""

import pytest

from parsers.page import Grid, Piece, expand


def grid(*rows: list[tuple[str, int, int]]) -> Grid:
    """Rows of (text, columns, rows)."""
    return Grid(
        [
            [Piece(text, (1, r, c), text, columns=columns, rows=height) for c, (text, columns, height) in enumerate(row, 1)]
            for r, row in enumerate(rows, 1)
        ]
    )


def laid_out(made: Grid) -> list[str]:
    return ["".join(cell.text if cell else "." for cell in row) for row in expand(made)]


LAYOUTS = [
    ("no spans", grid([("a", 1, 1), ("b", 1, 1)], [("c", 1, 1), ("d", 1, 1)]), ["ab", "cd"]),
    ("across", grid([("a", 2, 1), ("b", 1, 1)], [("c", 1, 1), ("d", 1, 1), ("e", 1, 1)]), ["aab", "cde"]),
    ("down", grid([("a", 1, 2), ("b", 1, 1)], [("c", 1, 1)]), ["ab", "ac"]),
    ("down in the middle", grid([("a", 1, 1), ("b", 1, 2), ("c", 1, 1)], [("d", 1, 1), ("e", 1, 1)]), ["abc", "dbe"]),
    ("a corner", grid([("a", 2, 2), ("b", 1, 1)], [("c", 1, 1)], [("d", 1, 1), ("e", 1, 1), ("f", 1, 1)]), ["aab", "aac", "def"]),
    ("down past the end", grid([("a", 1, 9), ("b", 1, 1)], [("c", 1, 1)]), ["ab", "ac"]),
    ("rows of unequal length", grid([("a", 1, 1)], [("b", 1, 1), ("c", 1, 1)]), ["a", "bc"]),
    ("an empty row", grid([("a", 1, 2), ("b", 1, 1)], []), ["ab", "a"]),
    ("two spans down", grid([("a", 1, 3), ("b", 1, 2), ("c", 1, 1)], [("d", 1, 1)], [("e", 1, 1), ("f", 1, 1)]), ["abc", "abd", "aef"]),
]  # fmt: skip


@pytest.mark.parametrize(("made", "wanted"), [layout[1:] for layout in LAYOUTS], ids=[layout[0] for layout in LAYOUTS])
def test_spans(made: Grid, wanted: list[str]) -> None:
    assert laid_out(made) == wanted


def test_the_same_cell_stands_in_every_place_it_covers() -> None:
    made = grid([("a", 2, 2), ("b", 1, 1)], [("c", 1, 1)])
    matrix = expand(made)
    assert {id(matrix[row][column]) for row in (0, 1) for column in (0, 1)} == {id(made.rows[0][0])}


def test_what_would_be_too_large_is_not_laid_out() -> None:
    made = grid(*([("x", 100, 100)] for _ in range(100)))
    assert expand(made, limit=1_000) == []


def test_nothing_gives_nothing() -> None:
    assert expand(Grid([])) == []
