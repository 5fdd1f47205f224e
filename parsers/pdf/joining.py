"""Tables that go on over the end of a page: joined to one, and the row that the end cut in two made whole again."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from parsers.characters import clean
from parsers.labels import is_row_label, key
from parsers.page import Kind
from parsers.pdf.cutlabels import refuse_cut_labels
from parsers.pdf.glyphs import Box, TextLine, around
from parsers.pdf.layout import PrintedPage
from parsers.pdf.ruled import PrintedCell, PrintedTable
from parsers.pdf.words import NUMBERED, words_of
from parsers.pieces import kind_of

_SAME_BORDER = 8.0
_MOST_BORDERS = 0.7
_MOST_ROWS = 12
_LONG_ROW = 6
_WIDTHS = frozenset({7, 15})
"""How many cells the long rows of the forms have behind their labels."""

Row = list[PrintedCell]


def join_tables(pages: Sequence[PrintedPage]) -> None:
    """Join each table that a page ends with and the next begins with, where their borders agree.

    Tables side by side at a page's end each go on in the one under it.
    """
    last: list[PrintedTable] = []
    before: PrintedPage | None = None
    for page in pages:
        if before is not None:
            _take_head(before, page)
        beside = _side_by_side(page.blocks)
        if before is not None and len(beside) > 1 and len(last) == 1:
            last = _divide(before, last[0], beside)
        if len(last) > 1 and len(beside) == 1:
            beside = _divide(page, beside[0], sorted(last, key=lambda each: each.box[0]))
        before = page
        for table in beside:
            above = next((each for each in last if _agree(each, table)), None)
            if above is not None:
                _join(above, table)
                page.blocks = [block for block in page.blocks if block is not table]
        if last and page.blocks and isinstance(page.blocks[0], TextLine) and _take_rest(last[0], page.blocks[0]):
            page.blocks.pop(0)
        if page.blocks:
            last = _side_by_side(page.blocks[::-1])
    _settle_empties([block for page in pages for block in page.blocks if isinstance(block, PrintedTable)])
    refuse_cut_labels(pages)


def _settle_empties(tables: Sequence[PrintedTable]) -> None:
    """Take empty cells of open tables away, where no row has one before a filled one.

    A row may end early then, its cells moved up: which column a number is of is not known by its place. So it is in a
    table of which a row with empty cells has as many as none of the forms.
    """
    found = [table for table in tables if table.is_open]
    plain = _cleaned([row for table in found for row in table.rows])
    rows = [(table, row, _values_from(row, plain)) for table in found for row in table.rows]
    misfits = {id(table) for table, row, start in rows if _is_misfit(row[start:])}
    _drop_empties([each for each in rows if id(each[0]) in misfits])
    rows = [each for each in rows if id(each[0]) not in misfits]
    if any(len(row) - start >= _LONG_ROW and _has_inner_empty(row[start:]) for _, row, start in rows):
        return
    _drop_empties(rows)


def _is_misfit(cells: Row) -> bool:
    """Say whether cells, some of them empty, are of columns that no table of the forms has."""
    return (
        len(cells) >= _LONG_ROW
        and len(cells) not in _WIDTHS
        and any(cell.text for cell in cells)
        and not all(cell.text for cell in cells)
    )


def _drop_empties(rows: Sequence[tuple[PrintedTable, Row, int]]) -> None:
    for table, row, start in rows:
        filled = [cell for cell in row[start:] if cell.text]
        if filled and len(row) - start > 1:
            table.rows[next(i for i, each in enumerate(table.rows) if each is row)] = row[:start] + filled


def _values_from(row: Row, plain: Mapping[str, str]) -> int:
    """Return the index of the first cell behind a row's last text."""
    kinds = [kind_of(plain[cell.text]) for cell in row]
    return max((index for index, kind in enumerate(kinds) if kind in (Kind.TEXT, Kind.DEBRIS)), default=-1) + 1


def _has_inner_empty(cells: Row) -> bool:
    filled = [index for index, cell in enumerate(cells) if cell.text]
    return bool(filled) and not all(cell.text for cell in cells[: filled[-1]])


def _take_head(before: PrintedPage, page: PrintedPage) -> None:
    """Put the last line of a page into the empty first row of the next page's table, where a word fits each cell."""
    line, table = before.blocks[-1] if before.blocks else None, page.blocks[0] if page.blocks else None
    if not isinstance(line, TextLine) or not isinstance(table, PrintedTable) or not table.rows:
        return
    row, words = table.rows[0], words_of(line)
    under = [next((i for i, cell in enumerate(row) if _holds(cell.box, word.box)), None) for word in words]
    if any(cell.text for cell in row) or sorted(map(str, under)) != sorted(map(str, range(len(row)))):
        return
    for word, index in zip(words, under, strict=True):
        if index is not None:
            row[index] = replace(row[index], text=word.text, page=before.number)
    before.blocks.pop()


def _holds(cell: Box, box: Box) -> bool:
    return cell[0] <= box[0] and box[2] <= cell[2]


def _divide(page: PrintedPage, table: PrintedTable, beside: Sequence[PrintedTable]) -> list[PrintedTable]:
    """Divide a table of a page that goes on as several side by side, or several as it: they have a rule in common."""
    ends = [below.box[2] for below in beside[:-1]] + [inf]
    if abs(table.box[0] - beside[0].box[0]) > _SAME_BORDER or abs(table.box[2] - beside[-1].box[2]) > _SAME_BORDER:
        return [table]
    parts: list[PrintedTable] = []
    for start, end in zip([-inf, *ends], ends, strict=False):
        rows = [[cell for cell in row if start <= (cell.box[0] + cell.box[2]) / 2 < end] for row in table.rows]
        boxes = [cell.box for row in rows for cell in row]
        parts += [PrintedTable(around(boxes), rows)] if boxes else []
    at = next(index for index, block in enumerate(page.blocks) if block is table)
    page.blocks[at : at + 1] = parts
    return parts


def _take_rest(table: PrintedTable, line: TextLine) -> bool:
    """Add a line of numbers alone to the cells above them: the ends of numbers that a page's end cut off.

    What was one number cannot be told from two, so the cells become unreadable.
    """
    row = table.rows[-1]
    words = words_of(line)
    under = [next((i for i, cell in enumerate(row) if _over(cell.box, word.box)), None) for word in words]
    if not all(word.is_cell for word in words) or not all(index for index in under):
        return False
    for word, index in zip(words, under, strict=True):
        if index is not None:
            row[index] = replace(row[index], text=f"{row[index].text} {word.text}")
    return True


def _over(one: Box, other: Box) -> bool:
    return min(one[2], other[2]) > max(one[0], other[0])


def _side_by_side(blocks: Sequence[TextLine | PrintedTable]) -> list[PrintedTable]:
    """Return the tables that blocks begin with, as many as stand beside each other."""
    found: list[PrintedTable] = []
    for block in blocks:
        if not isinstance(block, PrintedTable) or (found and not _beside(found[0].box, block.box)):
            break
        found.append(block)
    return found


def _beside(one: Box, other: Box) -> bool:
    return min(one[3], other[3]) > max(one[1], other[1])


def _agree(above: PrintedTable, below: PrintedTable) -> bool:
    """Say whether two parts can be of one table: their outer borders agree, or one of them and most of the inner."""
    sides = [abs(above.box[side] - below.box[side]) <= _SAME_BORDER for side in (0, 2)]
    if all(sides):
        return True
    ours, theirs = (sorted({x for row in part.rows for cell in row for x in cell.box[::2]}) for part in (above, below))
    shared = sum(any(abs(x - other) <= _SAME_BORDER for other in ours) for x in theirs)
    return any(sides) and shared >= _MOST_BORDERS * len(theirs)


def _join(above: PrintedTable, below: PrintedTable) -> None:
    """Append the rows of a table's second part to its first; columns are those of both parts together."""
    plain = _cleaned((*above.rows, *below.rows))
    if above.is_open and below.is_open and above.rows:
        model = max(above.rows, key=len)
        below.rows = [_aligned(row, model) for row in below.rows]
    rows = [row for row in below.rows if row]
    while above.rows and rows and not any(cell.text for cell in above.rows[-1]):
        above.rows.pop()
    if rows and not any(cell.text for cell in rows[0]):
        rows.pop(0)
    if above.rows and rows and _is_rest(above.rows[-1], rows[0], plain, _first_value(above.rows, plain)):
        above.rows[-1] = _whole(above.rows[-1], rows.pop(0))
    _end_spans(above.rows)
    above.rows += rows
    _span_columns(above.rows)


def _aligned(row: Row, model: Row) -> Row:
    """Return a row whose cells, counted from the right, have the sides of those of a row on the page before."""
    row = list(row)
    for index, (cell, over) in enumerate(zip(row[::-1], model[::-1], strict=False), 1):
        (left, top, right, bottom), (start, _, end, _) = cell.box, over.box
        alike = left < (start + end) / 2 < right and start < (left + right) / 2 < end
        if not alike and not (start - _SAME_BORDER < left and right < end + _SAME_BORDER):
            break
        row[-index] = replace(cell, box=(start, top, end, bottom))
    return row


def _first_value(rows: Sequence[Row], plain: Mapping[str, str]) -> float | None:
    """Return where the cells of most rows begin, behind their labels."""
    starts: Counter[int] = Counter()
    for row in rows[-_MOST_ROWS:]:
        kinds = [kind_of(plain[cell.text]) for cell in row]
        last = max((index for index, kind in enumerate(kinds) if kind in (Kind.TEXT, Kind.DEBRIS)), default=-1)
        if 0 <= last < len(row) - 1:
            starts[round(row[last + 1].box[0])] += 1
    return float(starts.most_common(1)[0][0]) if starts else None


def _cleaned(rows: Sequence[Row]) -> dict[str, str]:
    """Return the cleaned text of every text; all together tell whether the script is traditional."""
    texts = [cell.text for row in rows for cell in row]
    return dict(zip(texts, clean("\n".join(texts)).split("\n"), strict=False))


def _end_spans(rows: Sequence[Row]) -> None:
    """Let no cell reach below the last row: the part on the next page has its own."""
    for index, row in enumerate(rows):
        row[:] = [replace(cell, rows=min(cell.rows, len(rows) - index)) for cell in row]


def _span_columns(rows: Sequence[Row]) -> None:
    """Count each cell's columns anew: parts of a table have the borders that stand on their own page."""
    borders: list[float] = []
    for x in sorted(x for row in rows for cell in row for x in (cell.box[0], cell.box[2])):
        if not borders or x - borders[-1] > _SAME_BORDER:
            borders.append(x)
    for row in rows:
        for index, cell in enumerate(row):
            first, last = (bisect_right(borders, x + 0.01) for x in (cell.box[0], cell.box[2]))
            row[index] = replace(cell, columns=max(1, last - first))


def _is_rest(row: Row, rest: Row, plain: Mapping[str, str], first: float | None) -> bool:
    """Say whether a row is the rest of the one above: without a label, or with the second half of its label.

    A half is no row's label and not numbered as one; together the halves are a row's label, or only one row has cells.
    """
    if first is None:
        return False
    above, values = _parted(row, plain, first)
    below, more = _parted(rest, plain, first)
    if not values or len(more) != len(values) or not all(map(_is_under, more, values)):
        return False
    filled, filled_more = any(cell.text for cell in values), any(cell.text for cell in more)
    if is_row_label(above + below) and not is_row_label(above) and not (filled and filled_more):
        return True  # the rest can be a label too: 第三方合法权益
    if _is_label(below):
        return False
    if not below or is_row_label(above + below):
        return True
    return bool(above) and not is_row_label(above) and not (filled and filled_more)


def _is_label(text: str) -> bool:
    """Say whether a text begins a row: it is the label of one, or numbered as one."""
    return is_row_label(text) or NUMBERED.match(text) is not None or key(text) in ("其他", "总计", "合计")


def _parted(row: Row, plain: Mapping[str, str], first: float) -> tuple[str, Row]:
    """Return the label of a row, the last text before the place where cells begin, and the cells from there on."""
    labels = [plain[cell.text] for cell in row if cell.box[0] < first - _SAME_BORDER and cell.text]
    return (labels[-1] if labels else ""), [cell for cell in row if cell.box[0] >= first - _SAME_BORDER]


def _whole(row: Row, rest: Row) -> Row:
    """Return a row with each cell's rest added where it stands under it; a cell begun further up keeps its part."""
    made = [_with_rest(cell, [part for part in rest if _is_under(part, cell)]) for cell in row]
    extra = [part for part in rest if part.text and not any(_is_under(part, cell) for cell in row)]
    return [*(part for part in extra if key(part.text)), *made, *(part for part in extra if not key(part.text))]


def _is_under(part: PrintedCell, cell: PrintedCell) -> bool:
    return all(abs(part.box[side] - cell.box[side]) <= _SAME_BORDER for side in (0, 2))


def _with_rest(cell: PrintedCell, parts: Row) -> PrintedCell:
    texts = [text for text in (cell.text, *(part.text for part in parts)) if text]
    between = " " if len(texts) > 1 and texts[0][-1:].isascii() and texts[1][:1].isascii() else ""
    place = next((part for part in parts if part.text), cell) if not cell.text else cell
    return PrintedCell(between.join(texts), place.page, place.box, cell.columns, cell.rows)
