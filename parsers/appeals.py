"""The appeals table: fifteen cells side by side under three labels, or five beside each label."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from parsers.blanks import Context, cells_of
from parsers.cells import LooseRow, Sheet, read_cell
from parsers.forms import forms
from parsers.labels import key, labels_of, section_of
from parsers.matching import AnchoredRow, Instance
from parsers.page import Kind, Piece
from parsers.pieces import CELL_KINDS, kind_of
from parsers.runs import Run


def match_appeals(runs: Sequence[Run]) -> list[Instance]:
    """Return the instances of the appeals table: the runs under its headings, up to the next section."""
    instances: list[Instance] = []
    current: Instance | None = None
    in_section = False
    for run in runs:
        if run.is_break:
            number = section_of(run.texts[0].text)
            in_section = number == 4 or (in_section and number is None)
            current = None
            continue
        segment = run.segment
        if _is_heading(segment, in_section=in_section):
            if current is None or _begins_again(current, segment):
                current = Instance("appeals")
                instances.append(current)
        elif current is None:
            continue
        if run.values:
            current.rows.append(AnchoredRow(None, run, run.values))
        else:
            current.heads.append(run)
    return [instance for instance in instances if instance.rows or _has_all_headings(instance)]


def _has_all_headings(instance: Instance) -> bool:
    """Say whether an instance without cells is the heading of a table that was left empty, or lost its lines."""
    text = instance.text()
    if any(_COUNTED.search(piece.text) for run in instance.runs for piece in run.texts):
        return False
    return all(label in text for label in ("维持", "未经复议直接起诉", "复议后起诉"))


_COUNTED = re.compile(r"\d\s*[件起宗]")
_ALL_CELLS = 15
_OUTCOMES = ("结果维持", "结果纠正", "其他结果", "尚未审结", "尚未结案")


@lru_cache(maxsize=4096)
def _is_heading(segment: str, *, in_section: bool) -> bool:
    outcomes = sum(outcome in segment for outcome in _OUTCOMES)
    suits = sum(suit in segment for suit in ("未经复议直接起诉", "复议后起诉"))
    if outcomes + suits >= 3 or (outcomes >= 2 and "总计" in segment):
        return True
    return in_section and (suits > 0 or segment.endswith(("行政复议", "行政诉讼")) or outcomes > 0)


def _begins_again(current: Instance, segment: str) -> bool:
    """Say whether a heading begins another table: 行政复议 comes first in every layout, 复议后起诉 last."""
    if "行政复议" not in segment.replace("未经复议", "").replace(_SECTION, ""):
        return False
    cells = sum(len(row.filled) for row in current.rows)
    return cells >= _ALL_CELLS or any("复议后起诉" in run.segment for run in current.runs)


def read_appeals(instance: Instance, form: str, context: Context) -> Sheet:
    """Read an appeals table: fifteen cells side by side, or five under each of its three labels."""
    sheet = Sheet(form, forms()[form].tables["appeals"])
    block = sheet.table.blocks[0]
    order = [row.code for row in block.rows]
    waiting = list(order)
    row_by_row = _is_row_by_row(instance) and not context.lines_lost
    for row in _appeals_rows(instance, len(block.columns)):
        if not waiting:
            break
        codes = _rows_filled(row, instance, waiting, len(block.columns))
        if not codes:
            continue
        waiting = [code for code in waiting if code not in codes]
        if len(codes) > 1 and row_by_row and _ends_with_label(row) and len(row.filled) <= len(block.columns):
            _blank_appeals(sheet, codes[:-1], context)
            codes = codes[-1:]
        cut = context.cut_after is not None and row.run.last_block >= context.cut_after
        _read_group(sheet, row, codes, context, at_end=cut)
    if waiting == order:
        _settle_empty(sheet, instance, context)
    elif _is_reordered(instance):
        sheet.refuse("the headings of its columns stand in another order than the form's")
    elif waiting and context.cut_after is None and row_by_row:
        _blank_appeals(sheet, waiting, context)
    return sheet


def _settle_empty(sheet: Sheet, instance: Instance, context: Context) -> None:
    """Take a table without cells for blank, unless something stands among its words."""
    if _has_stray_cells(instance):
        sheet.refuse("cells and words stand on one line")
    else:
        _blank_appeals(sheet, list(sheet.table.columns), context)


def _is_reordered(instance: Instance) -> bool:
    """Say whether the last five headings of columns are those of the form in another order."""
    codes = labels_of("appeals").columns
    own = [column.code for column in forms()["2021"].tables["appeals"].blocks[0].columns]
    headed = [code for run in instance.runs for piece in run.texts if (code := codes.get(key(piece.text)))]
    return headed[-len(own) :] != own and sorted(headed[-len(own) :]) == sorted(own)


def _has_stray_cells(instance: Instance) -> bool:
    """Say whether numbers or marks stand among the words of a table that seems to hold none."""
    words = [word for run in instance.runs for piece in run.texts for word in piece.text.split()]
    return any(kind_of(word) in CELL_KINDS for word in words)


def _is_row_by_row(instance: Instance) -> bool:
    """Say whether each row's cells follow its own label: then the outcomes head the columns before the first label."""
    before, label, _ = instance.text().replace(_SECTION, "").partition("行政复议")
    return bool(label) and "维持" in before and any(row.filled and _ends_with_label(row) for row in instance.rows)


_SECTION = "政府信息公开行政复议行政诉讼情况"


def _ends_with_label(row: AnchoredRow) -> bool:
    return row.run.segment.endswith(("行政复议", "直接起诉", "复议后起诉"))


def _appeals_rows(instance: Instance, width: int) -> list[AnchoredRow]:
    """Keep the rows that hold cells: empty ones with all fifteen, or with a label where no row has fifteen."""
    filled = [row for row in instance.rows if row.filled]
    side_by_side = any(len(row.filled) > width for row in filled)
    kept = []
    for row in instance.rows:
        empties = 0 if row.filled else len(row.values)
        labelled = _ends_with_label(row)
        if row.filled or (empties >= 3 * width and not filled) or (empties >= width and labelled and not side_by_side):
            kept.append(row)
    return kept


def _blank_appeals(sheet: Sheet, order: list[str], context: Context) -> None:
    if context.cut_after is None:
        columns = [column.code for column in sheet.table.blocks[0].columns]
        for code in order:
            if context.lines_lost:
                sheet.doubt(code, columns, [], None)
            else:
                sheet.fill(code, columns, "blank")


def _read_group(sheet: Sheet, row: AnchoredRow, codes: list[str], context: Context, *, at_end: bool) -> None:
    """Read a run of cells onto the rows that it fills."""
    columns = sheet.table.blocks[0].columns
    width = len(columns)
    uneven = context.unruled and _is_uneven(row)
    exact = None if uneven else cells_of(row, width * len(codes), context)
    if exact is None and not context.unruled:
        exact = _with_texts(row, width * len(codes))
    names = tuple(column.code for column in columns)
    if exact is not None and not (at_end and len(row.filled) < width * len(codes)):
        for index, code in enumerate(codes):
            for column, piece in zip(columns, exact[index * width :], strict=False):
                sheet.cells[code, column.code] = read_cell(piece, code, column)
    elif uneven or len(row.filled) > width * len(codes) or context.lines_lost:
        for code in codes:
            sheet.doubt(code, names, row.filled, row.values[0].place)
        lines = " on uneven lines" if uneven else ""
        sheet.warnings.append(f"appeals: {len(row.filled)} values{lines} for {width * len(codes)} cells, not read")
    else:
        sheet.loose.append(LooseRow(" ".join(codes), names, row.filled, row.values[0].place, at_end))


_PART_OF_MARK = re.compile(r"[不适用\s]+")


def _is_uneven(row: AnchoredRow) -> bool:
    """Say whether cells of a row went on over lines: these do not hold equally many, or part of a mark stands above."""
    lines = Counter(piece.place[0] for piece in row.filled).values()
    above = row.run.texts[-1].text if row.run.texts else ""
    return not row.run.marked and (len(set(lines)) > 1 or _PART_OF_MARK.fullmatch(above) is not None)


def _with_texts(row: AnchoredRow, cells: int) -> list[Piece] | None:
    """Return a row of markup that is all cells, where words stand in the first of them instead of a number."""
    pieces = row.run.row
    if not row.run.marked or len(pieces) != cells or cells != _ALL_CELLS:
        return None
    return [replace(piece, kind=Kind.ODD) if piece.kind is Kind.TEXT else piece for piece in pieces]


_APPEALS = ("reconsideration", "direct_suit", "later_suit")
_APPEALS_LABELS = {"reconsideration": "行政复议", "direct_suit": "未经复议直接起诉", "later_suit": "复议后起诉"}


def _rows_filled(row: AnchoredRow, instance: Instance, waiting: list[str], width: int) -> list[str]:
    """Return which rows a run of cells fills: those that its own headings name, else all still waiting."""
    segment = row.run.segment
    named = [code for code in waiting if _names(segment, code)]
    if named and len(row.filled) <= width * len(named):
        return named
    if not named and not row.run.texts:
        named = [code for code in waiting if any(_names(head.segment, code) for head in instance.heads)]
    return named or waiting


def _names(segment: str, code: str) -> bool:
    label = _APPEALS_LABELS[code]
    if code == "reconsideration":
        segment = segment.replace("未经复议", "").replace("行政复议行政诉讼情况", "")
    return label in segment
