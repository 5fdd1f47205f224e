"""The rules of a printed page, and the tables that they draw: cells are what no rule divides."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Any, NamedTuple

from parsers.pdf.glyphs import Box

_THIN = 3.0
_SNAP = 3.0
_NARROWEST = 4.5
"""Points between the borders of a cell: what is narrower is the gap of a double border."""
_MOST_SHAPES = 60_000
_MOST_RULES = 1_500
_MOST_PLACES = 20_000
_DRAWN = 0.6
_SHORTEST = 6.0
_WHITE = 0.98
_NARROWEST_STUB, _WIDEST_STUB = 9.0, 120.0


class Rule(NamedTuple):
    """A straight line: `at` is its place across, `start` and `end` along; horizontal or vertical.

    One that is not `drawn` was found between the columns or rows of text.
    """

    at: float
    start: float
    end: float
    drawn: bool = True


@dataclass(slots=True)
class Rules:
    """The rules of a page."""

    across: list[Rule] = field(default_factory=list)
    down: list[Rule] = field(default_factory=list)


class Cell(NamedTuple):
    """A cell of a ruled table: its box, and where it stands among the table's rows and columns, from 0.

    `is_whole` is false where rules enclose more than a rectangle, or leave it open at the table's side.
    """

    box: Box
    row: int
    column: int
    rows: int
    columns: int
    is_whole: bool = True


class RuledTable(NamedTuple):
    """A ruled table: borders of its rows and columns, its cells in reading order, the cell of each place, its rules."""

    tops: list[float]
    lefts: list[float]
    cells: list[Cell]
    owners: list[int]
    rules: Rules

    @property
    def box(self) -> Box:
        """The rectangle that it covers."""
        return self.lefts[0], self.tops[0], self.lefts[-1], self.tops[-1]

    @property
    def is_open(self) -> bool:
        """Whether borders of its columns are not drawn."""
        return any(not rule.drawn for rule in self.rules.down)

    def cell_at(self, x: float, y: float) -> int | None:
        """Return the index of the cell that a point stands in, None outside of the table."""
        x0, top, x1, bottom = self.box
        if not (x0 <= x < x1 and top <= y < bottom):
            return None
        return self.owners[(bisect_right(self.tops, y) - 1) * (len(self.lefts) - 1) + bisect_right(self.lefts, x) - 1]


def rules_of(shapes: Sequence[dict[str, Any]]) -> Rules:
    """Return the rules among pdfplumber's lines, rectangles and curves.

    A thin rectangle is a rule, a small one a dot of a rule across or down; of a larger one the sides are, where its
    outline is drawn or its filling shows. A page with more shapes than tables need is taken to have none.
    """
    if len(shapes) > _MOST_SHAPES:
        return Rules()
    rules = Rules()
    for shape in shapes:
        box = shape["x0"], shape["top"], shape["x1"], shape["bottom"]
        if _is_seen(shape):
            _add(rules, box, outlined=bool(shape.get("stroke")) or shape["object_type"] == "rect")
    rules = Rules(_merged(rules.across), _merged(rules.down))
    return rules if len(rules.across) + len(rules.down) <= _MOST_RULES else Rules()


def _is_seen(shape: dict[str, Any]) -> bool:
    if shape["object_type"] == "line":
        return True
    if shape.get("stroke") and not _is_white(shape.get("stroking_color")):
        return True
    return bool(shape.get("fill")) and not _is_white(shape.get("non_stroking_color"))


def _is_white(color: Any) -> bool:
    """Say whether a colour as pdfplumber gives it is white: all ones in grey or RGB, all zeros in CMYK."""
    values = list(color) if isinstance(color, tuple | list) else [color]
    if not values or not all(isinstance(value, int | float) for value in values):
        return False
    return all(value <= 1 - _WHITE for value in values) if len(values) == 4 else min(values) >= _WHITE


def _add(rules: Rules, box: Box, *, outlined: bool) -> None:
    x0, top, x1, bottom = box
    wide, high = x1 - x0, bottom - top
    if high <= _THIN and wide > _THIN:
        rules.across.append(Rule((top + bottom) / 2, x0, x1))
    elif wide <= _THIN and high > _THIN:
        rules.down.append(Rule((x0 + x1) / 2, top, bottom))
    elif wide <= _THIN and high <= _THIN:
        rules.across.append(Rule((top + bottom) / 2, x0, x1))
        rules.down.append(Rule((x0 + x1) / 2, top, bottom))
    elif outlined and wide > _THIN:
        rules.across += [Rule(top, x0, x1), Rule(bottom, x0, x1)]
        rules.down += [Rule(x0, top, bottom), Rule(x1, top, bottom)]


def _merged(rules: Sequence[Rule]) -> list[Rule]:
    """Join rules that continue or cover each other, and put those that stand side by side in one place."""
    found: list[Rule] = []
    for group in _grouped(rules):
        at = sum(rule.at for rule in group) / len(group)
        start, end = group[0].start, group[0].end
        for rule in sorted(group, key=lambda each: each.start)[0:]:
            if rule.start > end + _SNAP:
                found.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            start, end = min(start, rule.start), max(end, rule.end)
        found.append(Rule(at, start, end))
    return [rule for rule in found if rule.end - rule.start >= _SHORTEST]


def _grouped(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Group rules whose places across are within the tolerance, each group begun by its first."""
    groups: list[list[Rule]] = []
    for rule in sorted(rules):
        if groups and rule.at - groups[-1][0].at <= _SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    for group in groups:
        group.sort(key=lambda each: each.start)
    return groups


def tables_of(rules: Rules) -> list[RuledTable]:
    """Return the tables that rules draw, those of one row or one column too, from top to bottom."""
    tables = [_table(part) for part in _parts(rules)]
    return sorted((table for table in tables if table), key=lambda table: (table.box[1], table.box[0]))


def connected(rules: Rules) -> list[Rules]:
    """Split rules into those that touch each other."""
    parts: list[Rules] = []
    every = [(True, rule) for rule in rules.across] + [(False, rule) for rule in rules.down]
    for is_across, rule in every:
        own = Rules([rule] if is_across else [], [] if is_across else [rule])
        touching = [part for part in parts if _touches(part, rule, is_across=is_across)]
        for other in touching:
            own = Rules(other.across + own.across, other.down + own.down)
        parts = [part for part in parts if not any(part is other for other in touching)] + [own]
    return parts


def _parts(rules: Rules) -> list[Rules]:
    """Split rules into those of each table; a side left alone goes with the part that it stands beside."""
    parts = connected(rules)
    whole = [part for part in parts if part.across and part.down]
    for side in (rule for part in parts if not part.across for rule in part.down):
        beside = [part for part in whole if _stands_beside(side, part)]
        if beside:
            min(beside, key=lambda part: _distance(side, part)).down.append(side)
    return whole


def _stands_beside(side: Rule, part: Rules) -> bool:
    """Say whether a rule down is a part's outer side, where the page's end left no rule across to join them.

    One right beside a border is that of a frame around the table, or the second of a double border.
    """
    top, bottom = min(rule.start for rule in part.down), max(rule.end for rule in part.down)
    shared = min(bottom, side.end) - max(top, side.start)
    near = _NARROWEST_STUB < _distance(side, part) <= _WIDEST_STUB
    return near and shared >= _DRAWN * max(bottom - top, side.end - side.start)


def _distance(side: Rule, part: Rules) -> float:
    """Return how far a rule down stands from the nearest border of a part."""
    lefts = [rule.at for rule in part.down] + [end for rule in part.across for end in rule[1:3]]
    return min(abs(side.at - left) for left in lefts)


def _touches(part: Rules, rule: Rule, *, is_across: bool) -> bool:
    others = part.down if is_across else part.across
    return any(
        other.start - _SNAP <= rule.at <= other.end + _SNAP and rule.start - _SNAP <= other.at <= rule.end + _SNAP
        for other in others
    )


def split_at(table: RuledTable, x: float) -> list[RuledTable]:
    """Return what stands left and right of a border as tables of their own, whose rows need not agree."""
    found = (_table(clipped(table.rules, start, end)) for start, end in ((-inf, x), (x, inf)))
    return [part for part in found if part]


def clipped(rules: Rules, start: float, end: float) -> Rules:
    """Return what of the rules stands between two places across the page."""
    across = [Rule(rule.at, max(rule.start, start), min(rule.end, end), rule.drawn) for rule in rules.across]
    return Rules(
        [rule for rule in across if rule.end - rule.start > _NARROWEST],
        [rule for rule in rules.down if start - _SNAP <= rule.at <= end + _SNAP],
    )


def _table(rules: Rules) -> RuledTable | None:
    """Lay the rules of one table out as cells; None where they draw no row, or more places than a page can hold."""
    tops = _places([rule.at for rule in rules.across] + [end for rule in _inner(rules.down) for end in rule[1:3]])
    lefts = _places([rule.at for rule in rules.down] + _ends_across(rules))
    rows, columns = len(tops) - 1, len(lefts) - 1
    if rows < 1 or columns < 1 or rows * columns > _MOST_PLACES:
        return None
    owners = _owners(rules, tops, lefts)
    groups: dict[int, list[int]] = {}
    for place, owner in enumerate(owners):
        groups.setdefault(owner, []).append(place)
    order = {owner: index for index, owner in enumerate(groups)}
    cells = [_cell(group, tops, lefts) for group in groups.values()]
    return RuledTable(tops, lefts, _closed(cells, rules, lefts), [order[owner] for owner in owners], rules)


def _ends_across(rules: Rules) -> list[float]:
    """Return where rules across end; of those that reach over the last rule down, to a side not drawn, the furthest."""
    ends = [end for rule in rules.across for end in rule[1:3]]
    left, right = min(rule.at for rule in rules.down) - _NARROWEST, max(rule.at for rule in rules.down) + _NARROWEST
    return [end for end in ends if left <= end <= right or end in (min(ends), max(ends))]


def _inner(down: Sequence[Rule]) -> list[Rule]:
    """Leave out the outer line of a double border at either side: that of a frame can go on where the table ends."""
    left, right = min(rule.at for rule in down), max(rule.at for rule in down)

    def is_outer(rule: Rule) -> bool:
        inward = [other.at - rule.at for other in down if min(other.end, rule.end) > max(other.start, rule.start)]
        return (rule.at - left <= _NARROWEST and any(0 < step <= _NARROWEST for step in inward)) or (
            right - rule.at <= _NARROWEST and any(-_NARROWEST <= step < 0 for step in inward)
        )

    return [rule for rule in down if not is_outer(rule)]


def _closed(cells: Sequence[Cell], rules: Rules, lefts: Sequence[float]) -> list[Cell]:
    """Mark cells that are open at a side of the table which is drawn elsewhere: what stands there is beside it."""
    sides = [side for side in (lefts[0], lefts[-1]) if any(abs(rule.at - side) <= _NARROWEST for rule in rules.down)]
    return [
        cell._replace(is_whole=False)
        if any(
            cell.box[end] == side and not _is_drawn(rules.down, side, cell.box[1], cell.box[3])
            for side in sides
            for end in (0, 2)
        )
        else cell
        for cell in cells
    ]


def _places(values: Sequence[float]) -> list[float]:
    """Return the places of borders, those within the tolerance taken for one."""
    found: list[list[float]] = []
    for value in sorted(values):
        if found and value - found[-1][0] <= _NARROWEST:
            found[-1].append(value)
        else:
            found.append([value])
    return [sum(group) / len(group) for group in found]


def _owners(rules: Rules, tops: Sequence[float], lefts: Sequence[float]) -> list[int]:
    """Join the places of the grid that no rule divides; return for each place the first of those it is joined with."""
    columns = len(lefts) - 1
    owner = list(range((len(tops) - 1) * columns))
    for row, (top, bottom) in enumerate(pairwise(tops)):
        for column, (left, right) in enumerate(pairwise(lefts)):
            place = row * columns + column
            if column and not _is_drawn(rules.down, left, top, bottom):
                _join(owner, place - 1, place)
            if row and not _is_drawn(rules.across, top, left, right):
                _join(owner, place - columns, place)
    return [_root(owner, place) for place in range(len(owner))]


def _is_drawn(rules: Sequence[Rule], at: float, start: float, end: float) -> bool:
    covered = sum(
        max(0.0, min(rule.end, end) - max(rule.start, start)) for rule in rules if abs(rule.at - at) <= _NARROWEST
    )
    return covered >= _DRAWN * (end - start)


def _root(owner: list[int], place: int) -> int:
    while owner[place] != place:
        owner[place] = owner[owner[place]]
        place = owner[place]
    return place


def _join(owner: list[int], one: int, other: int) -> None:
    first, second = sorted((_root(owner, one), _root(owner, other)))
    owner[second] = first


def _cell(group: Sequence[int], tops: Sequence[float], lefts: Sequence[float]) -> Cell:
    columns = len(lefts) - 1
    rows, across = [place // columns for place in group], [place % columns for place in group]
    first, last, left, right = min(rows), max(rows), min(across), max(across)
    box = lefts[left], tops[first], lefts[right + 1], tops[last + 1]
    is_whole = len(group) == (last - first + 1) * (right - left + 1)
    return Cell(box, first, left, last - first + 1, right - left + 1, is_whole)
