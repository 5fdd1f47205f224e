"""Changes of divisions since 2009: which division became which, in what year, and in what way.

The table is `successions.csv`; `divisions.md` says where it comes from and what its kinds mean.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from parsers.errors import DatasetError

TABLE = "successions.csv"

_COLUMNS = ("year", "kind", "old_code", "old_name", "new_code", "new_name")

# One division became one other with its whole area, or nearly.
_ONE_KIND = ("更名", "改码", "改隶", "升格")
_NEW_KIND = ("撤县设区", "撤县设市", "撤市设区", "撤区设县", "撤区设市", "撤特区设区", "撤地设市")
WHOLE = frozenset((*_ONE_KIND, *_NEW_KIND))
# Its area, or the most of it, was joined with that of another; it was divided without a main heir.
MERGED, DIVIDED = "合并", "拆分"
# A lesser part of an abolished division; a new division out of one that went on.
PART, CARVED = "划入", "析置"
KINDS = WHOLE | {MERGED, DIVIDED, PART, CARVED}


@dataclass(frozen=True, slots=True)
class Change:
    """One division, by code, that became or gave area to another.

    `year` is the first whose end saw the new one; `line` is that of the table, for messages.
    """

    year: int
    kind: str
    old: str
    old_name: str
    new: str
    new_name: str
    line: int = 0

    @property
    def text(self) -> str:
        """The change in a few words: 2020 撤市设区 320684 海门市 → 320614 海门区."""
        return f"{self.year} {self.kind} {self.old} {self.old_name} → {self.new} {self.new_name}"


@cache
def changes() -> tuple[Change, ...]:
    """Return every change of the table, in its order."""
    table = (files(__package__) / TABLE).read_text(encoding="utf-8")
    return read_changes(table.splitlines())


def read_changes(lines: Iterable[str]) -> tuple[Change, ...]:
    """Return the changes of a table with the columns of `successions.csv`.

    Raises DatasetError if a column is missing, a year is no number or a kind is unknown; the text names the line.
    """
    reader = csv.DictReader(lines)
    missing = [name for name in _COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise DatasetError(f"{TABLE}: has no column {missing[0]!r}; its columns are {', '.join(_COLUMNS)}")
    return tuple(_change(row, number) for number, row in enumerate(reader, 2))


def _change(row: dict[str, str], line: int) -> Change:
    if not (row["year"] or "").isascii() or not (row["year"] or "").isdigit():
        raise DatasetError(f"{TABLE} line {line}: {row['year']!r} is no year; write it in four digits")
    if row["kind"] not in KINDS:
        raise DatasetError(f"{TABLE} line {line}: {row['kind']!r} is no kind of change; use {'、'.join(sorted(KINDS))}")
    return Change(
        year=int(row["year"]),
        kind=row["kind"],
        old=row["old_code"],
        old_name=row["old_name"],
        new=row["new_code"],
        new_name=row["new_name"],
        line=line,
    )
