"""Which reports of two datasets are the same: by identifier, else by the address that each has once."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from nianbao.dataset.reader import Dataset
from nianbao.dataset.schema import UNKNOWN_YEAR

_COLUMNS = ["report_id", "report_year", "url", "grade"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Pair:
    """A report in two datasets; what only one has is None on the other side. Years are those of the folders."""

    before: str | None
    after: str | None
    year_before: int | None
    year_after: int | None
    url: str

    @property
    def year(self) -> int:
        """The year that the pair is told under."""
        year = self.year_before if self.year_before is not None else self.year_after
        return UNKNOWN_YEAR if year is None else year


class Pairs:
    """All reports of two datasets, paired; `grades` counts those of both whose grade differs, by (before, after)."""

    def __init__(self, before: Dataset, after: Dataset) -> None:
        old, new = _rows(before), _rows(after)
        named = {identifier: identifier for identifier in old if identifier in new}
        named |= _renamed(
            [row for identifier, row in old.items() if identifier not in named],
            [row for identifier, row in new.items() if identifier not in named],
        )
        taken = set(named.values())
        self.all = [_pair(row, new.get(named.get(identifier, ""))) for identifier, row in sorted(old.items())]
        self.all += [_pair(None, row) for identifier, row in sorted(new.items()) if identifier not in taken]
        self.grades: Counter[tuple[str, str]] = Counter()
        for identifier, other in named.items():
            grades = (old[identifier]["grade"] or "no table", new[other]["grade"] or "no table")
            if grades[0] != grades[1]:
                self.grades[grades] += 1

    @property
    def both(self) -> int:
        """How many reports both have."""
        return sum(pair.before is not None and pair.after is not None for pair in self.all)

    @property
    def renamed(self) -> list[Pair]:
        """The reports that both have under different identifiers."""
        return [pair for pair in self.all if pair.before and pair.after and pair.before != pair.after]

    @property
    def lost(self) -> list[Pair]:
        """The reports that only the first has."""
        return [pair for pair in self.all if pair.after is None]

    @property
    def gained(self) -> list[Pair]:
        """The reports that only the second has."""
        return [pair for pair in self.all if pair.before is None]


def _rows(dataset: Dataset) -> dict[str, Row]:
    return {row["report_id"]: row for row in dataset.arrow("reports").select(_COLUMNS).to_pylist()}


def _renamed(old: list[Row], new: list[Row]) -> dict[str, str]:
    """Return what goes by another name: reports whose address stands once among those left on either side."""
    olds, news = _single(old), _single(new)
    return {identifier: news[url] for url, identifier in olds.items() if url in news}


def _single(rows: list[Row]) -> dict[str, str]:
    counts = Counter(row["url"] for row in rows)
    return {row["url"]: row["report_id"] for row in rows if counts[row["url"]] == 1}


def _pair(old: Row | None, new: Row | None) -> Pair:
    either = old or new or {}
    return Pair(
        old["report_id"] if old else None,
        new["report_id"] if new else None,
        _folder(old),
        _folder(new),
        either["url"],
    )


def _folder(row: Row | None) -> int | None:
    if row is None:
        return None
    year: int | None = row["report_year"]
    return UNKNOWN_YEAR if year is None else year
