"""Which cells of a row are there: empty ones can be kept, padded or dropped, and only the table around tells."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property

from parsers.labels import key
from parsers.matching import AnchoredRow, Instance
from parsers.page import Kind, Piece
from parsers.placing import adds_up
from parsers.values import read_number

_REQUESTS_WIDTH = 7
_APPEALS_WIDTH = 5
_MOST_WITHOUT_TOTAL = 3
_ENOUGH_ROWS = 5
_ALL_ROWS = 20
_ENOUGH_LINES = 15


class Context:
    """What the tables of a page together say of their blanks; each thing is looked for when it is first asked for.

    `cut_after` is the last block of a document that ends inside a table, None where it goes on; `unruled` says that
    what stands in some table's rows told their cells, no rule being drawn.
    """

    def __init__(
        self, instances: Sequence[Instance] = (), cut_after: int | None = None, *, unruled: bool = False
    ) -> None:
        self.cut_after = cut_after
        self.unruled = unruled
        self._instances = instances

    @cached_property
    def lines_lost(self) -> bool:
        """Whether an extractor kept the first of equal lines only: what the form repeats stands there once."""
        return _lines_lost(self._instances)

    @cached_property
    def gap_step(self) -> int:
        """Whether empty lines stand for empty cells: 1 each, 2 every second, 0 not."""
        return _gap_step(self._instances)

    @cached_property
    def empties_kept(self) -> bool:
        """Whether some row has an empty cell before one that is not: then no row has lost any."""
        rows = [row for instance in self._instances for row in instance.rows if row.run.marked and row.run.closed]
        return any(_has_inner_empty(row.values) for row in rows)

    @cached_property
    def row_cells(self) -> int | None:
        """How many cells follow each label of requests, pads included, None where a fifth of the rows differ."""
        return _row_cells(self._instances)

    @cached_property
    def open_cells_kept(self) -> bool:
        """Whether separators on lines of their own leave each row of requests exactly its cells, empty ones too.

        Separators left over from a heading or from padding look like empty cells; a row alone cannot tell.
        """
        rows = [row for row in _requests(self._instances) if row.code and not row.run.closed]
        sizes = {sum(value.kind is not Kind.GAP for value in row.values) for row in rows}
        return sizes == {_REQUESTS_WIDTH} and len(rows) >= _ENOUGH_ROWS


def _requests(instances: Sequence[Instance]) -> list[AnchoredRow]:
    return [row for instance in instances if instance.table == "requests" for row in instance.rows]


def _lines_lost(instances: Sequence[Instance]) -> bool:
    """Only cells on lines of their own can tell; lines that hold a whole row differ anyway."""
    rows = [row for row in _requests(instances) if row.values]
    if len(rows) >= _ALL_ROWS and all(len(row.filled) >= _REQUESTS_WIDTH for row in rows):
        return False
    runs = [run for instance in instances for run in instance.runs if not run.closed]
    lines = [piece.text.strip() for run in runs for piece in (*run.texts, *run.values) if piece.kind is not Kind.GAP]
    if len(lines) < _ENOUGH_LINES:
        return False
    counts = Counter(lines)
    if max(counts.values()) == 1:
        return True
    blocks = sum("二十条第" in line for line in lines)
    return blocks >= 3 and 0 < sum(key(line) == "信息内容" for line in lines) < blocks


def _gap_step(instances: Sequence[Instance]) -> int:
    """Empty lines count only where every row of requests whose cells stand on lines then has exactly its cells."""
    rows = [row for row in _requests(instances) if row.code and row.values and not row.run.closed]
    if len(rows) < _ENOUGH_ROWS or all(len(row.filled) == _REQUESTS_WIDTH for row in rows):
        return 0
    for step in (1, 2):
        size = step * _REQUESTS_WIDTH
        kept = [_without_end(row.values, size) for row in rows]
        if all(len(values) == size for values in kept):
            between = [value for values in kept for value in values[::step]] if step == 2 else []
            return step if all(value.kind is Kind.GAP for value in between) else 0
    return 0


def _row_cells(instances: Sequence[Instance]) -> int | None:
    rows = [row for row in _requests(instances) if row.code and row.values]
    sizes = Counter(len(row.values) for row in rows if row.run.closed and row.run.marked)
    if not sizes:
        return None
    size, count = sizes.most_common(1)[0]
    return size if count >= _ENOUGH_ROWS and count * 5 >= sizes.total() * 4 else None


def _without_end(values: list[Piece], width: int) -> list[Piece]:
    """Drop what may stand between the last row and the next text: one empty line too many."""
    return values[:-1] if len(values) == width + 1 and values[-1].kind is Kind.GAP else values


def cells_of(row: AnchoredRow, width: int, context: Context) -> list[Piece] | None:
    """Return exactly the row's cells, None where the places of what stands there are not known."""
    filled = row.filled
    if len(filled) == width:
        return filled
    if row.run.closed and row.run.marked and len(row.values) == width:
        return row.values
    values = [value for value in row.values if value.kind is not Kind.GAP]
    step = context.gap_step
    if step and not row.run.closed and len(_without_end(row.values, width * step)) == width * step:
        return row.values[step - 1 : width * step : step]
    if not row.run.marked or len(values) < width or len(filled) > width:
        return None
    if not row.run.closed:
        is_kept = context.open_cells_kept and len(values) == width
        return values if is_kept and (width == _REQUESTS_WIDTH or _adds_up(values, width)) else None
    return _within_pads(values, width, row, context)


def _adds_up(values: list[Piece], width: int) -> bool:
    """Say whether a row among pads, taken as it stands, satisfies its total."""
    if any(value.kind is not Kind.EMPTY for value in values[width:]) or any(v.kind is Kind.ODD for v in values):
        return False
    numbers = [read_number(v.text) if v.kind is Kind.NUMBER else None for v in values[:width]]
    amounts = [None if number is None else number.plain for number in numbers]
    step = _APPEALS_WIDTH if width % _APPEALS_WIDTH == 0 else width
    return all(adds_up(tuple(amounts[start : start + step])) for start in range(0, width, step))


def _has_inner_empty(values: list[Piece]) -> bool:
    filled = [index for index, value in enumerate(values) if value.kind not in (Kind.EMPTY, Kind.GAP)]
    return bool(filled) and any(value.kind is Kind.EMPTY for value in values[filled[0] : filled[-1]])


def _within_pads(values: list[Piece], width: int, row: AnchoredRow, context: Context) -> list[Piece] | None:
    """Find the row's cells among empty cells that pad it on one side."""
    head, tail = values[:width], values[width:]
    from_left = all(value.kind is Kind.EMPTY for value in tail)
    from_right = all(value.kind is Kind.EMPTY for value in values[:-width])
    if from_left and from_right and not row.filled:
        return head
    if from_right and not from_left:
        return values[-width:]
    if not from_left:
        return None
    if width == _REQUESTS_WIDTH and context.row_cells is not None:
        return head if len(values) == context.row_cells else None
    if width <= _MOST_WITHOUT_TOTAL:
        return head if context.empties_kept or head[-1].kind is not Kind.EMPTY else None
    return head if _adds_up(values, width) else None
