"""Tables of requests without any rules: their rows, told apart by the blank strips between them.

Labels of the form show where such a table stands; between its rows lies more blank than between the lines of a label.
What heads a group of rows stands beside several and is no row's.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.characters import clean
from parsers.labels import NUMERALS, key, labels_of, section_of
from parsers.pdf.glyphs import Box, around
from parsers.pdf.words import Words
from parsers.pieces import is_caption

_ENOUGH_LABELS = 2
_MOST_LINES = 8
_APART = 1.2
"""Words of one label stand no farther apart, in sizes of the type."""
_PITCH = 2.6
_CLOSE = 0.6
_CLEARER = 0.8
_SLACK = 0.3
_SIDE = 2.0
_RAISED = 0.5
_LONGEST = 40
GROUPS = ("三本年度办理结果", "本年度办理结果", "三不予公开", "四无法提供", "五不予处理", "六其他处理")
_POINT = re.compile(r"[1-8１-８][.、．](?!\d)")
"""What a label begins with, of one that the page's end cut too."""
_WHOLE = frozenset({"new", "carried_in", "granted", "partial", "handled", "carried_out", "closed"})
"""Rows whose labels stand across the columns of the groups."""


@dataclass(frozen=True, slots=True)
class Label:
    """A row's label: its code, its words, its rank in the forms."""

    code: str
    words: tuple[Words, ...]
    rank: int

    @property
    def box(self) -> Box:
        """The rectangle around its words."""
        return around(word.box for word in self.words)


@dataclass(frozen=True, slots=True)
class OpenTable:
    """The rows of a table: the heights between them, the words of each, those of headings above, those of groups.

    `inner` is where the labels begin that stand behind a group's.
    """

    tops: list[float]
    rows: list[list[Words]]
    heads: list[Words]
    groups: list[Words]
    inner: float


def open_tables(words: Sequence[Words]) -> list[OpenTable]:
    """Return the tables of requests among the words of a page in which no rule is drawn."""
    found = _labels(words, _plain(words))
    tables: list[OpenTable] = []
    for index, labels in enumerate(found):
        top = found[index - 1][-1].box[3] if index else -1e9
        bottom = found[index + 1][0].box[1] if index + 1 < len(found) else 1e9
        table = _table(labels, [word for word in words if top < word.y < bottom])
        if table is not None:
            tables.append(table)
    return tables


def _plain(words: Sequence[Words]) -> dict[int, str]:
    """Return the cleaned text of each word by its identity; all together tell whether the script is traditional."""
    texts = clean("\n".join(word.text for word in words)).split("\n")
    return {id(word): text for word, text in zip(words, texts, strict=False)}


def _labels(words: Sequence[Words], plain: Mapping[int, str]) -> list[list[Label]]:
    """Return the labels of each table, from top to bottom; none where tables stand side by side."""
    labels = labels_of("requests")
    texts = sorted((word for word in words if not word.is_cell), key=lambda each: (each.base, each.box[0]))
    found: list[Label] = []
    taken: set[int] = set()
    for index, word in enumerate(texts):
        if id(word) in taken:
            continue
        stack = _label_from(texts, index, plain)
        if stack:
            code = labels.rows[_key(stack, plain)]
            found.append(Label(code, tuple(stack), labels.order[code]))
            taken |= {id(each) for each in stack}
    found.sort(key=lambda label: label.box[1])
    tables: list[list[Label]] = []
    for label in found:
        if tables and label.rank > tables[-1][-1].rank and label.box[1] >= tables[-1][-1].box[3] - 1:
            tables[-1].append(label)
        elif label.code in ("handled", "closed_other", "closed"):
            continue  # 总计 and 其他 head columns too
        else:
            tables.append([label])
    tables = [table for table in tables if len(table) >= _ENOUGH_LABELS]
    return tables if all(a[-1].box[3] <= b[0].box[1] for a, b in pairwise(tables)) else []


def _label_from(texts: Sequence[Words], index: int, plain: Mapping[int, str]) -> list[Words]:
    """Return the words of the longest label that begins with those at an index, on lines under each other."""
    found: list[Words] = []
    for start in (_line(texts, texts[index]), [texts[index]]):
        lines = [start]
        best: list[Words] = []
        while len(lines) <= _MOST_LINES:
            stack = [word for line in lines for word in line]
            if _key(stack, plain) in labels_of("requests").rows:
                best = stack
            below = [word for word in texts[index:] if _is_under(word, lines[-1], stack)]
            if not below:
                break
            lines.append(_line(texts, min(below, key=lambda each: each.base)) if len(start) > 1 else below[:1])
        while len(best) > 1 and _key(best[1:], plain) == _key(best, plain):
            best = best[1:]  # an explanation of the columns stands right above
        if len(best) > len(found):
            found = best
    return found


def _key(words: Sequence[Words], plain: Mapping[int, str]) -> str:
    return key(clean("".join(plain[id(word)] for word in words))).lstrip(NUMERALS)


def _line(texts: Sequence[Words], word: Words) -> list[Words]:
    """Return words with those on their line that follow closely."""
    found = [word]
    for other in texts:
        gap = other.box[0] - found[-1].box[2]
        if abs(other.base - word.base) < 1 and 0 <= gap < _APART * word.size:
            found.append(other)
    return found


def _is_under(word: Words, line: Sequence[Words], stack: Sequence[Words]) -> bool:
    drop = word.base - line[-1].base
    if not 1 < drop < _PITCH * word.size:
        return False
    left, right = min(each.box[0] for each in stack), max(each.box[2] for each in stack)
    return min(right, word.box[2]) - max(left, word.box[0]) > 0.5 * min(right - left, word.box[2] - word.box[0])


def _table(labels: Sequence[Label], words: Sequence[Words]) -> OpenTable | None:
    """Return a table around its labels; None where its rows cannot be told apart."""
    behind = [label.box[0] for label in labels if label.code not in _WHOLE]
    labels = [label for label in labels if not behind or label.box[2] > min(behind) + 1]
    if len(labels) < _ENOUGH_LABELS:
        return None
    inside, heads = _within(labels, words)
    own = {id(word) for label in labels for word in label.words}
    inner = min(behind, default=min(label.box[0] for label in labels))
    groups = [word for word in inside if id(word) not in own and _is_group(word, inner, known=bool(behind))]
    rows = [word for word in inside if not any(word is group for group in groups)]
    if any(word.is_cell and word.box[0] < max(label.box[2] for label in labels) for word in rows):
        return None  # text that goes on over lines: cells of a table stand right of all its labels
    strips = _strips(rows)
    within = max((gap for label in labels for gap in _gaps(label.words)), default=0.0)
    between = [_widest(strips, up, low) for up, low in pairwise(labels)]
    sizes = sorted(end - start for start, end in between)
    usual = sizes[len(sizes) // 2]
    if sizes[0] < max(within - _SLACK, _SLACK) or usual < within + _CLEARER:
        return None
    least = (within + usual) / 2
    starts = [word for word in rows if id(word) not in own and _POINT.match(word.text)]
    borders = [
        (a + b) / 2 for a, b in strips if b - a > least or (a, b) in between or any(_begins(word, b) for word in starts)
    ]
    if any(label.box[1] < border < label.box[3] for border in borders for label in labels):
        return None
    tops = [min(word.box[1] for word in rows) - _SIDE, *borders, max(word.box[3] for word in rows) + _SIDE]
    return OpenTable(tops, [[word for word in rows if a < word.y < b] for a, b in pairwise(tops)], heads, groups, inner)


def _widest(strips: Sequence[tuple[float, float]], up: Label, low: Label) -> tuple[float, float]:
    """Return the widest strip between two labels."""
    found = [strip for strip in strips if up.box[1] < strip[0] and strip[1] < low.box[3]]
    return max(found, key=lambda strip: strip[1] - strip[0], default=(0.0, 0.0))


def _begins(word: Words, top: float) -> bool:
    """Say whether words stand on the first line under a strip; numbers on it can stand higher."""
    return -1 < word.box[1] - top < _RAISED * word.size


def _within(labels: Sequence[Label], words: Sequence[Words]) -> tuple[list[Words], list[Words]]:
    """Return the words of a table and those of the headings above it; it can begin or end with the page."""
    first, last = labels[0], labels[-1]
    above = sorted((word for word in words if word.y <= first.box[1] - 1), key=lambda each: -each.base)
    below = sorted((word for word in words if word.y >= last.box[3] + 1), key=lambda each: each.base)
    inside = [word for word in words if first.box[1] - 1 < word.y < last.box[3] + 1]
    above = above[: next((index for index, word in enumerate(above) if _is_outside(word)), len(above))]
    below = below[: next((index for index, word in enumerate(below) if _is_outside(word)), len(below))]
    higher = _near(above, first.box)
    inside += above if first.rank > 0 else higher
    inside += _near(below, last.box) if last.code == "carried_out" else below
    return inside, [word for word in above if first.rank == 0 and not any(word is each for each in higher)]


def _near(words: Sequence[Words], box: Box) -> list[Words]:
    """Return the words that stand as closely above or under a box as lines of one cell do: some are higher."""
    found: list[Words] = []
    top, bottom = box[1], box[3]
    for word in words:
        if max(top - word.box[3], word.box[1] - bottom) < _CLOSE * word.size:
            found.append(word)
            top, bottom = min(top, word.box[1]), max(bottom, word.box[3])
    return found


def _is_outside(word: Words) -> bool:
    text = clean(word.text)
    return section_of(text) is not None or len(text) > _LONGEST or text.endswith("。") or is_caption(text)


def _is_group(word: Words, inner: float, *, known: bool) -> bool:
    if word.is_cell or (word.box[2] > inner + 1 and known):
        return False
    text = key(clean(word.text))
    return known or (bool(text) and any(text in name for name in GROUPS))


def _strips(words: Sequence[Words]) -> list[tuple[float, float]]:
    """Return the strips across the table in which nothing stands."""
    found: list[tuple[float, float]] = []
    bottom = None
    for top, end in sorted((word.box[1], word.box[3]) for word in words):
        if bottom is not None and top > bottom:
            found.append((bottom, top))
        bottom = end if bottom is None else max(bottom, end)
    return found


def _gaps(words: Sequence[Words]) -> list[float]:
    return [b - a for a, b in _strips(words)]
