"""Rows that lost their empty cells: their numbers are placed where exactly one placement satisfies the identities.

All placements that keep the order of the numbers are considered, row by row against the row's total, then together
against the column sums and the balance. A cell that every solution fills alike is placed; every other stays in doubt.
The search is exact and bounded in steps, so the same page always gives the same report; past the bound each row is held
against its own total alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product
from operator import add, sub

from parsers.page import Kind, Piece
from parsers.report import Number

Entry = Number | None
"""A printed number, or None for an empty cell or a blank mark."""
Vector = tuple[Entry, ...]
Amounts = tuple[Number, ...]
"""A vector over the usable columns, blanks as 0."""
Placing = tuple[int | None, ...]
"""For each column the index of the piece that stands there, None for an empty cell."""

MAX_STEPS = 200_000
_NEAR = 1e-9


class TooManyStepsError(Exception):
    """The search was given up; everything it was about stays in doubt."""


def entries(pieces: Sequence[Piece], values: Sequence[Number | None]) -> list[Entry]:
    """Return what the pieces of a row amount to, blank marks as None."""
    return [value if piece.kind is Kind.NUMBER else None for piece, value in zip(pieces, values, strict=True)]


def row_placings(numbers: Sequence[Entry], width: int, *, has_total: bool = False) -> list[Placing]:
    """Return every placement of a row's entries, in order, over `width` columns whose last is the total.

    Keeps those whose total is there and right. A total left blank beside parts that come to something satisfies
    nothing; beside parts that come to nothing it may be blank, unless `has_total` says that it is printed.
    """
    found: list[Placing] = []
    for places in combinations(range(width), len(numbers)):
        placing: list[int | None] = [None] * width
        for index, place in enumerate(places):
            placing[place] = index
        vector = vector_of(placing, numbers)
        if adds_up(vector) and not (has_total and vector[-1] is None):
            found.append(tuple(placing))
    return found


def vector_of(placing: Sequence[int | None], numbers: Sequence[Entry]) -> Vector:
    """Return the entries column by column."""
    return tuple(None if index is None else numbers[index] for index in placing)


def adds_up(vector: Vector) -> bool:
    """Say whether a row's total is the sum of its parts; it may be blank where they come to nothing, 0 or blank."""
    *parts, total = vector
    if total is None:
        return not any(parts)
    return abs(sum(part or 0 for part in parts) - total) < _NEAR


@dataclass
class ColumnRules:
    """The identities over the columns of requests: `total` = sum of `parts`, and `total` + `out` = sum of `into`.

    `usable` are the indexes of the columns in which every cell outside the loose rows is known.
    """

    total: str
    parts: tuple[str, ...]
    into: tuple[str, ...]
    out: tuple[str, ...]
    usable: tuple[int, ...]


@dataclass
class Problem:
    """Loose rows with their candidate vectors, and the vectors of the rows that are known."""

    rules: ColumnRules
    known: dict[str, Vector]
    loose: dict[str, list[Vector]]
    steps: int = 0
    _supported: dict[str, set[Vector]] = field(default_factory=dict)

    def solve(self) -> dict[str, set[Vector]]:
        """Return for each loose row the vectors that stand in at least one solution.

        Raises `TooManyStepsError` when the search passes `MAX_STEPS`.
        """
        self._supported = {row: set() for row in self.loose}
        for total in self._choices(self.rules.total):
            self._try_total(total)
        return self._supported

    def _choices(self, row: str) -> list[Vector]:
        return self.loose[row] if row in self.loose else [self.known[row]]

    def _try_total(self, total: Vector) -> None:
        balanced = self._balanced(total)
        if not balanced:
            return
        parts = self._parts(total)
        if parts is None:
            return
        for solution in ({self.rules.total: [total]}, parts, *balanced):
            for row, vectors in solution.items():
                if row in self._supported:
                    self._supported[row].update(vectors)

    def _balanced(self, total: Vector) -> list[dict[str, list[Vector]]]:
        """Return the choices of the rows around the total under which every usable column balances."""
        rows = [*self.rules.into, *self.rules.out]
        signs = [1] * len(self.rules.into) + [-1] * len(self.rules.out)
        target = self._amounts(total)
        found = []
        kinds = [self._alike(self._choices(row)) for row in rows]
        for choice in product(*kinds):
            self._step()
            sums = (
                sum(sign * amount for sign, amount in zip(signs, column, strict=True))
                for column in zip(*choice, strict=True)
            )
            if all(abs(a - b) < _NEAR for a, b in zip(sums, target, strict=True)):
                found.append({row: kind[amounts] for row, kind, amounts in zip(rows, kinds, choice, strict=True)})
        return found

    def _amounts(self, vector: Vector) -> Amounts:
        return tuple(vector[column] or 0 for column in self.rules.usable)

    def _alike(self, vectors: Iterable[Vector]) -> dict[Amounts, list[Vector]]:
        """Group vectors that amount to the same in the usable columns: sums cannot tell a blank from a 0."""
        groups: dict[Amounts, list[Vector]] = {}
        for vector in vectors:
            groups.setdefault(self._amounts(vector), []).append(vector)
        return groups

    def _parts(self, total: Vector) -> dict[str, list[Vector]] | None:
        """Return the supported vectors of the loose parts under a total, None where no choice adds up to it."""
        blank = [column for column in self.rules.usable if total[column] is None]
        known = [self.known[row] for row in self.rules.parts if row in self.known]
        if any(vector[column] for vector in known for column in blank):
            return None
        fixed = [self._amounts(vector) for vector in known]
        target = tuple(whole - sum(column) for whole, *column in zip(self._amounts(total), *fixed, strict=True))
        rows = sorted((row for row in self.rules.parts if row in self.loose), key=self._largest, reverse=True)
        kinds = [self._alike(v for v in self.loose[row] if not any(v[c] for c in blank)) for row in rows]
        return self._ways(rows, kinds, target)

    def _largest(self, row: str) -> Number:
        """Rows with large numbers come first: what they leave bounds the rest most."""
        return max((entry or 0 for vector in self.loose[row] for entry in vector), default=0)

    def _ways(
        self, rows: list[str], kinds: list[dict[Amounts, list[Vector]]], target: Amounts
    ) -> dict[str, list[Vector]] | None:
        """Walk forward over the sums that can be reached, then back from the target, keeping what lies on a way."""
        if not kinds:
            return None if any(target) else {}
        bounds = _bounds(kinds, target)
        forward: list[set[Amounts]] = [{tuple(0 for _ in target)}]
        for kind, bound in zip(kinds, bounds, strict=True):
            forward.append({s for state in forward[-1] for v in kind if (s := self._plus(state, v, bound)) is not None})
        alive = {state for state in forward[-1] if all(abs(a - b) < _NEAR for a, b in zip(state, target, strict=True))}
        supported: dict[str, list[Vector]] = {}
        layers = zip(rows[::-1], kinds[::-1], bounds[::-1], forward[-2::-1], strict=True)
        for row, kind, bound, states in layers:
            ways = [(s, amounts) for s in states for amounts in kind if self._plus(s, amounts, bound) in alive]
            alive = {state for state, _ in ways}
            supported[row] = [vector for amounts in {amounts for _, amounts in ways} for vector in kind[amounts]]
        return supported if alive else None

    def _plus(self, state: Amounts, amounts: Amounts, bound: tuple[Amounts, Amounts]) -> Amounts | None:
        self._step()
        added = tuple(map(add, state, amounts))
        least, most = bound
        within = all(low - _NEAR <= sum_ <= high + _NEAR for low, sum_, high in zip(least, added, most, strict=True))
        return added if within else None

    def _step(self) -> None:
        self.steps += 1
        if self.steps > MAX_STEPS:
            raise TooManyStepsError


def _bounds(kinds: Sequence[Iterable[Amounts]], target: Amounts) -> list[tuple[Amounts, Amounts]]:
    """Return after each row the least and the most that the sums can be if the rest is to reach the target."""
    bounds = [(target, target)]
    for kind in reversed(kinds[1:]):
        columns = list(zip(*kind, strict=True)) or [(0,)] * len(target)
        least, most = bounds[-1]
        bounds.append((tuple(map(sub, least, map(max, columns))), tuple(map(sub, most, map(min, columns)))))
    return bounds[::-1]


def group_placings(numbers: Sequence[Entry], groups: int, width: int) -> list[set[Vector]]:
    """Place entries over `groups` rows of `width` columns side by side; return the supported vectors of each row."""
    rows: list[set[Vector]] = [set() for _ in range(groups)]
    for split in _splits(len(numbers), groups, width):
        choices = []
        start = 0
        for size in split:
            part = numbers[start : start + size]
            choices.append({vector_of(placing, part) for placing in row_placings(part, width)})
            start += size
        if all(choices):
            for row, vectors in zip(rows, choices, strict=True):
                row |= vectors
    return rows


def _splits(count: int, groups: int, width: int) -> Iterable[tuple[int, ...]]:
    return (split for split in product(range(width + 1), repeat=groups) if sum(split) == count)
