"""The placing of numbers whose empty cells were dropped, against an enumeration that shares nothing with it."""

from collections.abc import Iterator
from itertools import product
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers import placing
from parsers.placing import ColumnRules, Entry, Problem, Vector, group_placings, row_placings

WIDTH = 4  # three parts and their total
ROWS = ("into", "brought", "part_a", "part_b", "total", "out")


def fillings(numbers: list[Entry], width: int) -> Iterator[Vector]:
    """Every way to let numbers stand in order in some of the places: a mask of the places that are taken."""
    for mask in product((False, True), repeat=width):
        if sum(mask) == len(numbers):
            rest = iter(numbers)
            yield tuple(next(rest) if taken else None for taken in mask)


def holds(vector: Vector) -> bool:
    """The total is the sum of the parts, blanks counting 0; it may be blank where they come to nothing."""
    come_to = sum(entry or 0 for entry in vector[:-1])
    return come_to == 0 if vector[-1] is None else come_to == vector[-1]


def vectors(numbers: list[Entry], width: int) -> set[Vector]:
    return {
        tuple(None if place is None else numbers[place] for place in found) for found in row_placings(numbers, width)
    }


entries = st.lists(st.none() | st.integers(0, 6), max_size=7)


@given(entries)
def test_row_placements_are_all_there_are(numbers: list[Entry]) -> None:
    assert vectors(numbers, 7) == {vector for vector in fillings(numbers, 7) if holds(vector)}


@given(entries)
def test_a_placement_keeps_every_number_once_and_in_order(numbers: list[Entry]) -> None:
    for found in row_placings(numbers, 7):
        assert len(found) == 7
        assert [place for place in found if place is not None] == list(range(len(numbers)))


def test_more_numbers_than_cells_have_no_placement() -> None:
    assert row_placings([1, 1, 1], 2) == []


@pytest.mark.parametrize(
    ("numbers", "wanted"),
    [
        ([3, 3], 6),  # any of six parts
        ([1, 2, 3], comb(6, 2)),
        ([5], 0),  # a number without the total it needs, or a total without parts
        ([2, 3], 0),
        ([0], 7),
        ([], 1),
    ],
)
def test_how_many_placements_a_row_has(numbers: list[Entry], wanted: int) -> None:
    assert len(vectors(numbers, 7)) == wanted


# ---- several rows: column sums and the balance


def is_solution(rows: dict[str, Vector], usable: tuple[int, ...]) -> bool:
    """In each usable column the parts come to the total (blank only over nothing), and what came in went out."""
    for column in usable:
        at = {row: vector[column] for row, vector in rows.items()}
        parts = (at["part_a"] or 0) + (at["part_b"] or 0)
        if at["total"] is None and parts:
            return False
        if parts != (at["total"] or 0):
            return False
        if (at["into"] or 0) + (at["brought"] or 0) != parts + (at["out"] or 0):
            return False
    return True


def brute_force(
    known: dict[str, Vector], loose: dict[str, list[Vector]], usable: tuple[int, ...]
) -> dict[str, set[Vector]]:
    supported: dict[str, set[Vector]] = {row: set() for row in loose}
    for choice in product(*loose.values()):
        rows = known | dict(zip(loose, choice, strict=True))
        if is_solution(rows, usable):
            for row, vector in zip(loose, choice, strict=True):
                supported[row].add(vector)
    return supported


def rules(usable: tuple[int, ...]) -> ColumnRules:
    return ColumnRules("total", ("part_a", "part_b"), ("into", "brought"), ("out",), usable)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Vector]:
    """A small table whose identities hold, some of its zeros blank."""
    small = st.lists(st.sampled_from((0, 0, 1, 2)), min_size=WIDTH - 1, max_size=WIDTH - 1)
    part_a, part_b, out, brought = (draw(small) for _ in range(4))
    total = [a + b for a, b in zip(part_a, part_b, strict=True)]
    brought = [min(b, t + o) for b, t, o in zip(brought, total, out, strict=True)]
    into = [t + o - b for t, o, b in zip(total, out, brought, strict=True)]
    table: dict[str, Vector] = {}
    for row, parts in zip(ROWS, (into, brought, part_a, part_b, total, out), strict=True):
        blank = draw(st.lists(st.booleans(), min_size=WIDTH, max_size=WIDTH))
        numbers = [*parts, sum(parts)]
        table[row] = tuple(
            None if number == 0 and is_blank else number for number, is_blank in zip(numbers, blank, strict=True)
        )
    return table


def candidates(vector: Vector) -> list[Vector]:
    printed: list[Entry] = [entry for entry in vector if entry is not None]
    return sorted((v for v in fillings(printed, WIDTH) if holds(v)), key=repr)


columns = st.sampled_from([(0, 1, 2, 3), (1, 3), (0,)])


@settings(max_examples=60, deadline=None)
@given(tables(), st.sets(st.sampled_from(ROWS), min_size=1, max_size=4), columns)
def test_the_solver_finds_what_brute_force_finds(
    table: dict[str, Vector], dropped: set[str], usable: tuple[int, ...]
) -> None:
    loose = {row: candidates(table[row]) for row in ROWS if row in dropped}
    known = {row: vector for row, vector in table.items() if row not in dropped}
    assert Problem(rules(usable), known, loose).solve() == brute_force(known, loose, usable)


@settings(max_examples=40, deadline=None)
@given(tables(), tables(), st.sets(st.sampled_from(ROWS), min_size=1, max_size=3))
def test_rows_that_do_not_belong_together_have_no_solution_that_is_none(
    table: dict[str, Vector], other: dict[str, Vector], dropped: set[str]
) -> None:
    loose = {row: candidates(table[row]) for row in ROWS if row in dropped}
    known = {row: vector for row, vector in other.items() if row not in dropped}
    usable = tuple(range(WIDTH))
    assert Problem(rules(usable), known, loose).solve() == brute_force(known, loose, usable)


@settings(max_examples=40, deadline=None)
@given(tables(), st.sets(st.sampled_from(ROWS), min_size=1, max_size=4))
def test_the_published_placement_is_never_lost(table: dict[str, Vector], dropped: set[str]) -> None:
    loose = {row: candidates(table[row]) for row in dropped}
    known = {row: vector for row, vector in table.items() if row not in dropped}
    if not is_solution(table, tuple(range(WIDTH))):
        return  # a total left blank beside parts
    found = Problem(rules(tuple(range(WIDTH))), known, loose).solve()
    assert all(table[row] in found[row] for row in dropped)


# ---- the bound


def endless() -> Problem:
    """Twelve rows of nearly equal numbers, each in one of six columns, and column sums that two of them make each."""
    amounts = {f"part_{number}": 100 + number * number for number in range(12)}
    loose = {
        name: sorted((v for v in fillings([amount, amount], 7) if holds(v)), key=repr)
        for name, amount in amounts.items()
    }
    sums = [sum(list(amounts.values())[column::6]) for column in range(6)]
    total: Vector = (*sums, sum(sums))
    known = {"total": total, "into": total, "out": (0,) * 7}
    rules_of_all = ColumnRules("total", tuple(amounts), ("into",), ("out",), tuple(range(7)))
    return Problem(rules_of_all, known, loose)


def test_the_search_is_given_up_after_a_fixed_number_of_steps() -> None:
    steps = []
    for _ in range(2):
        problem = endless()
        with pytest.raises(placing.TooManyStepsError):
            problem.solve()
        steps.append(problem.steps)
    assert steps[0] == steps[1] <= placing.MAX_STEPS + 1


# ---- rows side by side


@settings(deadline=None)
@given(st.lists(st.none() | st.integers(0, 3), max_size=6))
def test_groups_side_by_side_are_placed_as_brute_force_places_them(numbers: list[Entry]) -> None:
    wanted: list[set[Vector]] = [set(), set()]
    for vector in fillings(numbers, 6):
        halves = (vector[:3], vector[3:])
        if all(holds(half) for half in halves):
            for found, half in zip(wanted, halves, strict=True):
                found.add(half)
    assert group_placings(numbers, 2, 3) == wanted
