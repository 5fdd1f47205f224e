"""Runs to tables: every row is anchored on its own label, nothing is filled by counting from the top.

A page may hold a table more than once (last year's beside this year's); each is one `Instance`.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from parsers.labels import NUMERALS, Found, Labels, find_rows, key, labels_of
from parsers.page import Kind, Piece
from parsers.runs import Run


@dataclass(slots=True)
class AnchoredRow:
    """The cells that follow a row's label; `code` is None where the label is missing or not one of the form's.

    `filled` are the cells in which something stands.
    """

    code: str | None
    run: Run
    values: list[Piece]
    filled: list[Piece] = field(init=False)

    def __post_init__(self) -> None:
        empty, gap = Kind.EMPTY, Kind.GAP
        self.filled = [piece for piece in self.values if piece.kind is not empty and piece.kind is not gap]


@dataclass(slots=True)
class Instance:
    """One occurrence of a table: its rows in reading order, and the runs that its headings were read from."""

    table: str
    rows: list[AnchoredRow] = field(default_factory=list)
    heads: list[Run] = field(default_factory=list)

    @property
    def first_block(self) -> int:
        """Index of the page's block with which the instance begins."""
        return min(run.block for run in (*self.heads[:1], *(row.run for row in self.rows[:1])))

    @property
    def last_block(self) -> int:
        """Index of the page's block with which it ends."""
        return max(run.last_block for run in (*self.heads[-1:], *(row.run for row in self.rows[-1:])))

    @property
    def runs(self) -> list[Run]:
        """Every run of the instance."""
        return [*self.heads, *(row.run for row in self.rows)]

    def text(self) -> str:
        """Return the keys of all its texts, joined."""
        return "".join(run.segment for run in self.runs)


# A repeated heading (a table split at a page's end) ends in 其他 and 总计, which are rows elsewhere.
_OWN_HEADING = "(?:自然人|法人或其他组织|商业企业|科研机构|社会公益组织|法律服务机构)"
_COLUMN_HEADINGS = re.compile(f"(?:申请人情况|其他|总计)*{_OWN_HEADING}(?:{_OWN_HEADING}|申请人情况|其他|总计)*")

# Labels so short that they also head columns or groups: each with the rows after which alone it is a row.
_SHORT_AFTER = {
    "closed_other": ("declined_excessive", "closed_unpaid"),
    "handled": ("granted", "closed"),
    "closed": ("granted", "declined_reissue"),
}
_NEAR_ENOUGH = 0.75
_CLEARLY_NEARER = 0.15
_CUT_LABEL = 4
_LONGEST_LONE_LABEL = 6
_MOST_GUESSES = 300
_MOST_HEADS = 40


@lru_cache(maxsize=16_384)
def _labels_in(table: str, segment: str) -> tuple[str, tuple[Found, ...]]:
    """Return a segment without headings of columns, and the row labels in it."""
    if len(segment) > _LONGEST_LONE_LABEL:
        segment = _COLUMN_HEADINGS.sub("", segment)
    return segment, find_rows(table, segment)


class RowMatcher:
    """Anchors the runs of a page on the row labels of one table (`disclosure` or `requests`)."""

    def __init__(self, table: str) -> None:
        self.table = table
        self.labels: Labels = labels_of(table)
        self.instances: list[Instance] = []
        self._current: Instance | None = None
        self._rank = -1
        self._heads: list[Run] = []
        self._guesses = 0

    def match(self, runs: Sequence[Run]) -> list[Instance]:
        """Return the instances of the table among the runs of a page."""
        for run in runs:
            if run.is_break:
                self._end()
                self._heads = []
            elif self._current is None and not _labels_in(self.table, run.segment)[1]:
                self._heads.append(run)
            else:
                self._take(run)
        return [instance for instance in self.instances if instance.rows]

    def _end(self) -> None:
        self._current, self._rank = None, -1

    def _take(self, run: Run) -> None:
        code = self.labels.rows.get(run.segment.lstrip(NUMERALS))
        if code and self._current is not None and code not in _SHORT_AFTER and self.labels.order[code] > self._rank:
            self._add(AnchoredRow(code, run, run.values))
        else:
            self._take_apart(run)

    def _take_apart(self, run: Run) -> None:
        """Take a run whose texts are more than the label of the next row."""
        segment, found = _labels_in(self.table, run.segment)
        rows, rest, between = self._anchors(segment, found, run) if found else ([], segment, [])
        for code, text in zip(rows[:-1], between, strict=True):
            self._add_empty(code, text, run)
        if rows and not rest:
            self._add(AnchoredRow(rows[-1], run, run.values))
        elif rows:
            self._add(AnchoredRow(rows[-1], run, []))
            self._add_unnamed(run, rest)
        elif self._current is not None:
            self._add_unnamed(run, segment)
        if self._current is None:
            self._heads.append(run)

    def _add(self, row: AnchoredRow) -> None:
        if self._current is not None and row.code is not None:
            self._current.rows.append(row)
            self._rank = self.labels.order[row.code]

    def _add_empty(self, code: str, after: str, run: Run) -> None:
        """Take a row without cells; what stands after its label can be another label, misprinted, or cells unread."""
        values = _unknown(after, run)
        meant = self._meant(after) if values else None
        self._add(AnchoredRow(code, run, [] if meant else values))
        if meant:
            self._add(AnchoredRow(meant, run, []))

    def _add_unnamed(self, run: Run, rest: str) -> None:
        """Take cells whose label is not known: a label cut or misprinted if one is clearly meant, else no label."""
        if self._current is None:
            return
        code = self._meant(rest) if rest else None
        if code is not None:
            self._add(AnchoredRow(code, run, run.values))
        elif run.values:
            self._current.rows.append(AnchoredRow(None, run, run.values))
        else:
            self._current.heads.append(run)

    def _anchors(self, segment: str, found: Iterable[Found], run: Run) -> tuple[list[str], str, list[str]]:
        """Return the row labels that a segment holds, in order, what follows the last, and what stands between them."""
        rows: list[str] = []
        ends: list[tuple[int, int]] = []
        rank, rest = self._rank, segment
        for code, start, end in found:
            if not self._is_whole(code, segment, start, end, run):
                continue
            place = self.labels.order[code]
            while rows and rows[-1] in _SHORT_AFTER and place <= rank:
                rows.pop()  # a group's heading cut short, (六)其他, was taken for the row 其他
                ends.pop()
                rank = self.labels.order[rows[-1]] if rows else self._rank
            if self._begins(code, place, rank, run, segment, rows):
                for row in rows:
                    self._add(AnchoredRow(row, run, []))
                self._begin(run)
                rows, ends, rank = [], [], -1
            elif self._current is None or place <= rank or not self._may_follow(code, rank):
                continue
            rows.append(code)
            ends.append((start, end))
            rank, rest = place, segment[end:]
        between = [segment[end:start] for (_, end), (start, _) in pairwise(ends)]
        return rows, "" if rows and self._is_explanation(rest, run) else rest, between

    def _begins(self, code: str, place: int, rank: int, run: Run, segment: str, rows: list[str]) -> bool:
        if code in _SHORT_AFTER:
            return False
        if self._current is None:
            return self._may_begin(place, run, segment)
        return place <= rank and not (rows and place == 0) and bool(run.values or place == 0)

    def _may_begin(self, place: int, run: Run, segment: str) -> bool:
        """Say whether a row can be a table's first: of requests the first, of disclosure one under headings."""
        if self.table == "requests":
            return place == 0 or bool(run.values)
        return any(map(has_disclosure_heading, (segment, *(head.segment for head in self._heads[-12:]))))

    def _begin(self, run: Run) -> None:
        self._end()
        self._current = Instance(self.table, heads=[*self._heads[-_MOST_HEADS:], run])
        self._heads = []
        self.instances.append(self._current)

    def _may_follow(self, code: str, rank: int) -> bool:
        after = _SHORT_AFTER.get(code)
        return after is None or rank >= min(self.labels.order[row] for row in after if row in self.labels.order)

    def _is_whole(self, code: str, segment: str, start: int, end: int, run: Run) -> bool:
        """Short labels count only as a whole cell; long ones anywhere."""
        if end - start > 4 or (code not in _SHORT_AFTER and end - start > 3):
            return True
        last = key(run.texts[-1].text)
        if end == len(segment) and last.lstrip(NUMERALS) in (segment[start:end], segment[start:end][-len(last) :]):
            return True
        return any(key(piece.text).lstrip(NUMERALS) == segment[start:end] for piece in run.texts)

    def _is_explanation(self, rest: str, run: Run) -> bool:
        """Say whether what follows a label explains it: in the same cell, or a stray sign of a vertical stub."""
        return len(rest) <= 1 or len(rest) * 2 <= len(key(run.texts[-1].text)) - len(rest)

    def _meant(self, rest: str) -> str | None:
        """Return the row that a label cut in two or misprinted means, None unless exactly one fits."""
        later = [code for code, place in self.labels.order.items() if place > self._rank and code not in _SHORT_AFTER]
        cut = [code for code in later if any(_ends_with_head_of(rest, full) for full in self.labels.full[code])]
        if len(cut) == 1:
            return cut[0]
        self._guesses += 1
        if self._guesses > _MOST_GUESSES:
            return None
        scored = sorted(((self._likeness(rest, code), code) for code in later), reverse=True)[:2]
        if not scored or scored[0][0] < _NEAR_ENOUGH:
            return None
        if len(scored) > 1 and scored[0][0] - scored[1][0] < _CLEARLY_NEARER:
            return None
        return scored[0][1]

    def _likeness(self, text: str, code: str) -> float:
        if len(text) > 60:
            return 0.0
        return max(
            SequenceMatcher(None, text.lstrip(NUMERALS), full, autojunk=False).ratio()
            for full in self.labels.full[code]
        )


# What may stand between two rows that hold nothing: groups, block and column headings, numerals.
_BETWEEN_ROWS = re.compile(
    "其他主动公开文件|本年度办理结果|不予公开|无法提供|不予处理|其他处理|第二十条第[一二三四五六七八九十]+项|信息内容|[一二三四五六七八九十]"
    "|本年新?制作数量|本年新?公开数量|对外公开总?数量|上一年项目数量|本年增减?|处理决定数量|采购项目数量|采购总金额|本年制发件数"
    "|本年废止件数|现行有效件数?|本年处理决定数量|本年收费金额|自然失效和不再按规范性文件管理|包括|单位|万?元|区分处理的只计这一情形不计其他情形"
    "|不予|公开|无法|提供|处理|其他"
)


def _unknown(text: str, run: Run) -> list[Piece]:
    """Return what stands after a row's label where it can only be the row's own cells, unreadable; else nothing."""
    left = _BETWEEN_ROWS.sub("", text)
    return [Piece(left, run.texts[-1].place, left, Kind.ODD)] if 2 <= len(left) <= 12 else []


_DISCLOSURE_HEADINGS = (
    "第二十条第", "制发件数", "废止件数", "现行有效件", "新制作数量", "新公开数量", "对外公开总数", "对外公开数",
    "上一年项目", "收费金额", "处理决定数量", "采购项目数", "采购总金额",
)  # fmt: skip


def has_disclosure_heading(segment: str) -> bool:
    """Say whether a segment holds one of the headings of the disclosure table."""
    return any(heading in segment for heading in _DISCLOSURE_HEADINGS)


def _ends_with_head_of(text: str, full: str) -> bool:
    """Say whether a text ends with the beginning of a label, cut off inside it."""
    longest = min(len(text), len(full) - 1)
    return any(text.endswith(full[:size]) for size in range(longest, _CUT_LABEL - 1, -1))
