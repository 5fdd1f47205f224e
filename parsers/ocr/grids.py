"""The ruled tables of a sheet laid flat: their rules, also faint or broken ones, and their cells with spans."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from parsers.ocr.straighten import Image, rule_mask

_WINDOW, _SHORT_WINDOW = 31, 21
"""Pixels along which a rule shows nearly everywhere, level and plumb."""
_BEYOND_PRINT = 110
"""Pixels beyond which no stroke of print runs: what is shorter must go from one rule across to another."""
_LONG, _LOW = 45, 26
"""Pixels of the shortest rule, level and plumb: a lone row of cells is low."""
_GAP = 7
_SMALLEST_TABLE = (150, 26)
_SAME_RULE = 7
_BAND = 5
_PRESENT = 0.6
_NEARLY_ALL = 0.93
_AT_END = 0.5
_TRACES = 0.3
_MOST_LINES = 150


@dataclass(frozen=True, slots=True)
class Box:
    """A cell: its box in pixels between its rules, the row and column it begins in, its spans."""

    left: int
    top: int
    right: int
    bottom: int
    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table: its outline in pixels, how many rows it has, its cells in reading order.

    `whole` says that its cells tile it: a rule that breaks off inside leaves a shape that is no cell.
    """

    left: int
    top: int
    right: int
    bottom: int
    rows: int
    cells: tuple[Box, ...]
    whole: bool


def find_tables(ink: Image) -> list[RuledTable]:
    """Find the ruled tables of a sheet, from top to bottom."""
    masks = _masks(ink)
    joined = cv2.dilate(np.maximum(masks.long_level, masks.long_plumb), np.ones((9, 9), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    tables = []
    for left, top, wide, high, _ in stats[1:count].tolist():
        if wide >= _SMALLEST_TABLE[0] and high >= _SMALLEST_TABLE[1]:
            table = _table(masks, (left, top, left + wide, top + high))
            tables += [table] if table else []
    return sorted(tables, key=lambda table: (table.top, table.left))


def _masks(ink: Image) -> "_Masks":
    """Find the rules of a sheet: long ones, and shorter ones that go from one rule across to another."""
    level = rule_mask(ink, _WINDOW)
    plumb = np.ascontiguousarray(rule_mask(np.ascontiguousarray(ink.T), _SHORT_WINDOW).T)
    bars, posts = _joined(level, (1, _GAP)), _joined(plumb, (_GAP, 1))
    long_level = _kept(bars, lambda _left, _top, wide, _high: wide >= _BEYOND_PRINT)
    long_plumb = _kept(posts, lambda _left, _top, _wide, high: high >= _BEYOND_PRINT)
    levels, plumbs = (
        cv2.dilate(long_level, np.ones((13, 7), np.uint8)),
        cv2.dilate(long_plumb, np.ones((7, 13), np.uint8)),
    )

    def is_level(left: int, top: int, wide: int, high: int) -> bool:
        middle = top + high // 2
        return wide >= _BEYOND_PRINT or (
            wide >= _LONG and bool(plumbs[middle, left] and plumbs[middle, left + wide - 1])
        )

    def is_plumb(left: int, top: int, wide: int, high: int) -> bool:
        middle = left + wide // 2
        return high >= _BEYOND_PRINT or (high >= _LOW and bool(levels[top, middle] and levels[top + high - 1, middle]))

    return _Masks(level, plumb, _kept(bars, is_level), _kept(posts, is_plumb))


def _joined(mask: Image, gap: tuple[int, int]) -> Image:
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones(gap, np.uint8)))


def _kept(mask: Image, keep: Callable[[int, int, int, int], bool]) -> Image:
    """Keep the pieces of a mask by their boxes."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    kept = np.array([False, *(keep(*box[:4]) for box in stats[1:count].tolist())])
    return np.asarray(kept[labels], dtype=np.uint8)


@dataclass(frozen=True, slots=True)
class _Masks:
    """Where rules run level and plumb: all that looks like one, and the long ones."""

    level: Image
    plumb: Image
    long_level: Image
    long_plumb: Image


def _table(masks: _Masks, box: tuple[int, int, int, int]) -> RuledTable | None:
    left, top, right, bottom = box
    ys = [top + y for y in _positions(masks.long_level[top:bottom, left:right].sum(axis=1), _LONG)]
    xs = [left + x for x in _positions(masks.long_plumb[top:bottom, left:right].sum(axis=0), _LOW)]
    if not (2 <= len(ys) <= _MOST_LINES and 2 <= len(xs) <= _MOST_LINES):
        return None
    xs, ys = _used(_Edges(masks.level, masks.plumb, xs, ys), xs, ys)
    edges = _Edges(masks.level, masks.plumb, xs, ys)
    cells, whole = _cells(edges, xs, ys)
    return RuledTable(xs[0], ys[0], xs[-1], ys[-1], len(ys) - 1, cells, whole)


def _positions(profile: Any, shortest: int) -> list[int]:
    """Return where rules run, from how many pixels of rules stand at each place; near ones are one."""
    found = np.flatnonzero(profile >= shortest * 0.8)
    groups: list[list[int]] = []
    for at in found.tolist():
        if groups and at - groups[-1][-1] <= _SAME_RULE:
            groups[-1].append(at)
        else:
            groups.append([at])
    return [round(float(np.average(group, weights=profile[group]))) for group in groups]


class _Edges:
    """Which sides of the elementary cells have a rule: most of a side's length is enough."""

    def __init__(self, level: Image, plumb: Image, xs: list[int], ys: list[int]) -> None:
        self.xs, self.ys = xs, ys
        self._level, self._plumb = level, plumb

    def above(self, row: int, column: int) -> bool:
        """Say whether a rule runs above an elementary cell; print may hide some of one that goes through the table."""
        y, (left, right) = self.ys[row], self._inner(self.xs[column], self.xs[column + 1])
        side = self._ruled_at(y, left, right)
        if _is_ruled(side):
            return True
        wide_enough = right - left >= _BEYOND_PRINT and float(side.mean()) >= _TRACES
        return wide_enough and float(self._ruled_at(y, self.xs[0], self.xs[-1]).mean()) >= _PRESENT

    def _ruled_at(self, y: int, left: int, right: int) -> Any:
        return self._level[max(0, y - _BAND) : y + _BAND + 1, left:right].any(axis=0)

    def before(self, row: int, column: int) -> bool:
        """Say whether a rule runs on the left of an elementary cell."""
        x, (top, bottom) = self.xs[column], self._inner(self.ys[row], self.ys[row + 1])
        return _is_ruled(self._plumb[top:bottom, max(0, x - _BAND) : x + _BAND + 1].any(axis=1))

    def _inner(self, start: int, end: int) -> tuple[int, int]:
        spare = min(3, (end - start) // 8)
        return start + spare, end - spare


def _is_ruled(side: Any) -> bool:
    """Say whether a rule runs along a side: over most of it and to both its ends, unlike print between rules."""
    share = float(side.mean())
    ends = max(3, len(side) // 12)
    at_ends = min(float(side[:ends].mean()), float(side[-ends:].mean()))
    return share >= _NEARLY_ALL or (share >= _PRESENT and at_ends >= _AT_END)


def _used(edges: _Edges, xs: list[int], ys: list[int]) -> tuple[list[int], list[int]]:
    """Leave out places where no rule runs, or a level one no longer than print in a narrow cell can look like."""
    rows, columns = len(ys) - 1, len(xs) - 1

    def ruled(row: int) -> int:
        return sum(xs[column + 1] - xs[column] for column in range(columns) if edges.above(row, column))

    level = [0, *(i for i in range(1, rows) if ruled(i) >= _BEYOND_PRINT), rows]
    plumb = [0, *(i for i in range(1, columns) if any(edges.before(row, i) for row in range(rows))), columns]
    return [xs[i] for i in plumb], [ys[i] for i in level]


def _cells(edges: _Edges, xs: list[int], ys: list[int]) -> tuple[tuple[Box, ...], bool]:
    """Join elementary cells that no rule parts; a joined shape that is no rectangle makes the table not whole."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = np.arange(rows * columns).reshape(rows, columns)

    def join(one: int, other: int) -> None:
        owner[owner == max(one, other)] = min(one, other)

    for row in range(rows):
        for column in range(columns):
            if row and not edges.above(row, column):
                join(owner[row, column], owner[row - 1, column])
            if column and not edges.before(row, column):
                join(owner[row, column], owner[row, column - 1])
    cells, whole = [], True
    for index in np.unique(owner):
        at = np.argwhere(owner == index)
        (top, left), (bottom, right) = at.min(axis=0), at.max(axis=0)
        whole &= len(at) == (bottom - top + 1) * (right - left + 1)
        box = (xs[left], ys[top], xs[right + 1], ys[bottom + 1])
        cells.append(Box(*box, int(top), int(left), int(bottom - top + 1), int(right - left + 1)))
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column))), bool(whole)
