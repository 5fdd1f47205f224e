"""Exact search: where can the printed numbers of rows that lost their empty cells stand?

A row prints some numbers in order; each placement on the columns of the form is tried. A placement stands if every
total is the sum of its parts and, in table 3, if over each column the outcomes sum to those handled and received =
handled + carried over. A blank counts as 0 everywhere, so a total can be blank only beside parts that come to nothing.
A cell is sure if all solutions agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from math import fsum
from operator import add, le, sub

from tests.zoo.truths import Number

Values = tuple[Number | None, ...]
MOST_STEPS = 200_000
OUTER = ("new", "carried_in", "handled", "carried_out")


@dataclass(frozen=True, slots=True)
class Finding:
    """What the search says of a group of rows: per row the values each cell can take, and if it gave up."""

    cells: tuple[tuple[frozenset[Number | None], ...], ...] = ()
    solved: bool = True


NOTHING = Finding()
GAVE_UP = Finding(solved=False)


def total(values: Values) -> Number:
    """Return the sum, a blank counting as 0, exact for integers."""
    known = [value for value in values if value is not None]
    return fsum(known) if any(isinstance(value, float) for value in known) else sum(known)


def spread(printed: Values, width: int) -> list[Values]:
    """Return every placement of the printed numbers, in order, on `width` cells."""
    spreads = []
    for places in combinations(range(width), len(printed)):
        row: list[Number | None] = [None] * width
        for place, value in zip(places, printed, strict=True):
            row[place] = value
        spreads.append(tuple(row))
    return spreads


def adds_up(row: Values) -> bool:
    """Say whether the last cell of a row is the sum of the others."""
    *parts, last = row
    return total(tuple(parts)) == (last or 0)


def alternatives(rows: list[Values]) -> tuple[frozenset[Number | None], ...]:
    """Return the values that each cell takes over several placements of one row."""
    return tuple(map(frozenset, zip(*rows, strict=True)))


def free_row(printed: Values, width: int) -> Finding:
    """Search a row that no identity holds (table 2)."""
    return Finding((alternatives(spread(printed, width)),))


@lru_cache(2_000)
def appeals_line(printed: Values) -> Finding:
    """Search the fifteen cells of table 4 when they stand on one line."""
    good = [row for row in spread(printed, 15) if all(adds_up(row[at : at + 5]) for at in (0, 5, 10))]
    return Finding((alternatives(good),)) if good else NOTHING


def appeals_rows(printed: list[Values]) -> Finding:
    """Search the rows of table 4 when each has its label: each stands for itself."""
    found = [[row for row in spread(values, 5) if adds_up(row)] for values in printed]
    return Finding(tuple(map(alternatives, found))) if all(found) else NOTHING


@dataclass(frozen=True, slots=True)
class Requests:
    """The printed numbers of table 3: the four rows of the balance, and the outcomes that sum to handled."""

    new: Values
    carried_in: Values
    handled: Values
    carried_out: Values
    outcomes: tuple[Values, ...]


def _vector(row: Values) -> tuple[Number, ...]:
    return tuple(0 if value is None else value for value in row[:-1])


def _plus(left: tuple[Number, ...], right: tuple[Number, ...]) -> tuple[Number, ...]:
    return tuple(map(add, left, right))


def _minus(left: tuple[Number, ...], right: tuple[Number, ...]) -> tuple[Number, ...]:
    return tuple(map(sub, left, right))


def _total(row: Values) -> Number:
    """Return the total of a row wherever its numbers stand: the last one printed, or nothing where all are 0."""
    return row[-1] if row and row[-1] is not None else 0


def _totals_hold(table: Requests) -> bool:
    """Say whether the column of totals adds up, which no placement changes."""
    new, before, handled, after = (
        _total(row) for row in (table.new, table.carried_in, table.handled, table.carried_out)
    )
    return new + before == handled + after and sum(map(_total, table.outcomes)) == handled


Vector = tuple[Number, ...]
Balance = tuple[Vector, Vector, Vector]
Options = list[list[Vector]]


def _bounds(options: Options) -> list[tuple[Vector, Vector]]:
    """Return, for each row, the least and the most that the rows from there on can add to each column."""
    zero: Vector = (0,) * 6
    bounds = [(zero, zero)]
    for vectors in reversed(options):
        low = tuple(min(column) for column in zip(*vectors, strict=True))
        high = tuple(max(column) for column in zip(*vectors, strict=True))
        bounds.append((_plus(bounds[-1][0], low), _plus(bounds[-1][1], high)))
    return bounds[::-1]


class Budget:
    """How many steps a search may still take; it gives up when they are spent."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def spend(self, steps: int) -> bool:
        """Take steps, and say whether there were enough."""
        self.steps -= steps
        return self.steps >= 0


def _forward(options: Options, target: Vector, budget: Budget) -> list[set[Vector]] | None:
    """Return what can be left of the target before each row, None if there are too many."""
    bounds = _bounds(options)
    layers = [{target}]
    for vectors, (low, high) in zip(options, bounds[1:], strict=True):
        if not budget.spend(len(layers[-1]) * len(vectors)):
            return None
        layer = {_minus(state, vector) for state in layers[-1] for vector in vectors}
        layers.append({s for s in layer if all(map(le, low, s)) and all(map(le, s, high))})
        if not layers[-1]:
            break
    return layers


def _outcomes(options: Options, target: Vector, budget: Budget) -> Options | None:
    """Return what each outcome row adds in some solution ([] if there is none), None if too many to search.

    The rows with the largest numbers come first: what they leave bounds the rest most.
    """
    if not all(options):
        return []
    order = sorted(range(len(options)), key=lambda index: -max(map(max, options[index])))
    layers = _forward([options[index] for index in order], target, budget)
    if layers is None:
        return None
    kept: dict[int, list[Vector]] = {}
    alive: set[Vector] = layers[-1] if len(layers) > len(order) else set()
    for index, before in zip(reversed(order), reversed(layers[: len(order)]), strict=False):
        if not alive or not budget.spend(len(alive) * len(options[index])):
            return None if alive else []
        kept[index] = [vector for vector in options[index] if any(_plus(state, vector) in before for state in alive)]
        alive = {state for vector in kept[index] for s in alive if (state := _plus(s, vector)) in before}
    return [kept[index] for index in range(len(options))]


def _standing(printed: Values) -> dict[Vector, list[Values]]:
    """Return the placements of a row of table 3 whose total is right, by what they add to each column."""
    grouped: dict[Vector, list[Values]] = {}
    for row in spread(printed, 7):
        if adds_up(row):
            grouped.setdefault(_vector(row), []).append(row)
    return grouped


def _balances(new: Iterable[Vector], before: Iterable[Vector], out: Iterable[Vector], handled: Vector) -> set[Balance]:
    """Return (new, carried in, carried out) that balance with those handled."""
    able = set(out)
    triples = ((n, b, _minus(_plus(n, b), handled)) for n, b in product(new, before))
    return {triple for triple in triples if triple[2] in able}


def requests(table: Requests) -> Finding:
    """Search table 3; the rows of the finding are new, carried in, handled, carried out, then the outcomes."""
    grouped = [
        _standing(row) for row in (table.new, table.carried_in, table.handled, table.carried_out, *table.outcomes)
    ]
    new, before, handled, after, *outcomes = grouped
    budget, seen = Budget(MOST_STEPS), [set[Vector]() for _ in grouped]
    for target in handled if _totals_hold(table) else ():
        balances = _balances(new, before, after, target)
        kept = _outcomes([list(rows) for rows in outcomes], target, budget) if balances else []
        if kept is None:
            return GAVE_UP
        if kept or (balances and not outcomes):
            good = [set(vectors) for vectors in zip(*balances, strict=True)]
            for vectors, more in zip(seen, (good[0], good[1], {target}, good[2], *map(set, kept)), strict=True):
                vectors |= more
    if not seen[0]:
        return NOTHING
    cells = ([row for v in vectors for row in rows[v]] for vectors, rows in zip(seen, grouped, strict=True))
    return Finding(tuple(map(alternatives, cells)))


def stands(outer: list[Values], outcomes: list[Values]) -> bool:
    """Say whether table 3 as it is (new, carried in, handled, carried out; outcomes) is itself a solution."""
    new, before, handled, after = outer
    if not all(map(adds_up, (*outer, *outcomes))):
        return False
    for column in range(7):
        parts = tuple(row[column] for row in outcomes)
        if total(parts) != (handled[column] or 0):
            return False
        if total((new[column], before[column])) != total((handled[column], after[column])):
            return False
    return True
