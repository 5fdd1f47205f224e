"""What became of a division: the series that it keeps through changes of code and name, and its successor today.

A series follows one division as long as its whole area, or nearly, stays one division: a county that became a city
district keeps its series. Where divisions were joined or divided the series before end and new ones begin, also where
a name or code goes on. What gave a part of its area to another, or received one, keeps its series.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

from nianbao.dataset.places import Place, of_code, places
from nianbao.dataset.successions import DIVIDED, MERGED, TABLE, WHOLE, Change, changes
from parsers.errors import DatasetError
from parsers.report import Division

_BEGINNING, _TODAY = 0, 9999


class Stretch(NamedTuple):
    """The years in which a code stood for one area, from `first` (0: before the table begins)."""

    code: str
    first: int


class Lineage:
    """The stretches of all divisions, and how they follow one another."""

    def __init__(self, places: Iterable[Place], changes: Sequence[Change]) -> None:
        """Raise DatasetError if the changes lead in a cycle or do not fit the divisions; the text names the line."""
        self._spans: defaultdict[str, list[Place]] = defaultdict(list)
        for place in places:
            self._spans[place.code].append(place)
        self._firsts = {code: _firsts(spans) for code, spans in self._spans.items()}
        for change in changes:
            self._check_codes(change)
            if change.kind in (MERGED, DIVIDED) and change.year not in self._firsts[change.new]:
                self._firsts[change.new] = sorted((*self._firsts[change.new], change.year))
        self._heir: dict[Stretch, Stretch] = {}
        self._continues: dict[Stretch, Stretch] = {}
        for change in changes:
            self._link(change)
        self._check_cycles()
        self._continued = {old: new for new, old in self._continues.items()}
        for change in changes:
            self._check_years(change)
        _check_whole(changes)

    def stretch(self, code: str, year: int) -> Stretch:
        """Return the stretch of a code in a year, else the nearest; KeyError for an unknown code."""
        firsts = self._firsts[code]
        return Stretch(code, firsts[max(bisect_right(firsts, year) - 1, 0)])

    def stretch_of(self, division: Division, year: int | None) -> Stretch:
        """Return the stretch of a division as a report of a year names it; KeyError for an unknown code."""
        spans = self._spans.get(division.code, [])
        named = [span for span in spans if span.name == division.name] or spans
        at = _TODAY if year is None else year
        near = [min(max(at, span.first or _BEGINNING), span.last or _TODAY) for span in named]
        return self.stretch(division.code, min(near, key=lambda there: abs(there - at), default=at))

    def series(self, stretch: Stretch) -> str:
        """Return the series: the code of its first division, with the year if that began after the table does."""
        first = self._first(stretch)
        return first.code if first.first == _BEGINNING else f"{first.code}-{first.first}"

    def then(self, code: str, year: int | None) -> Place | None:
        """Return what the division of a code was called at the end of a year, today without one; None if it was not."""
        at = _TODAY if year is None else year
        stretch: Stretch | None = self._first(Stretch(code, self._firsts[code][-1]))
        while stretch is not None:
            for span in self._spans[stretch.code]:
                if span.in_force(at, at):
                    return span
            stretch = self._continued.get(stretch)
        return None

    def successor(self, stretch: Stretch) -> str | None:
        """Return today's code of what holds the area or the most of it; None if it is divided or the code stands."""
        last = stretch
        while last in self._heir:
            last = self._heir[last]
        in_force = self._spans[last.code][-1].last is None and last.first == self._firsts[last.code][-1]
        return last.code if in_force and last.code != stretch.code else None

    def _first(self, stretch: Stretch) -> Stretch:
        while stretch in self._continues:
            stretch = self._continues[stretch]
        return stretch

    def _link(self, change: Change) -> None:
        old, new = self.stretch(change.old, change.year - 1), self.stretch(change.new, change.year)
        if change.kind in WHOLE and old != new:
            self._continues[new] = old
        if (change.kind in WHOLE or change.kind == MERGED) and old != new:
            self._heir[old] = new

    def _check_codes(self, change: Change) -> None:
        for code in (change.old, change.new):
            if code not in self._spans:
                raise DatasetError(f"{TABLE} line {change.line}: {code} is no code of divisions.csv ({change.text})")

    def _check_cycles(self) -> None:
        for links in (self._heir, self._continues):
            settled: set[Stretch] = set()
            for start in links:
                path: dict[Stretch, None] = {}
                at: Stretch | None = start
                while at is not None and at not in settled and at not in path:
                    path[at] = None
                    at = links.get(at)
                if at in path:
                    raise DatasetError(self._cycle(links, at))
                settled.update(path)

    def _cycle(self, links: dict[Stretch, Stretch], start: Stretch) -> str:
        codes, at = [start.code], links[start]
        while at != start:
            codes.append(at.code)
            at = links[at]
        named = " → ".join(f"{code} {self._spans[code][-1].name}" for code in (*codes, start.code))
        return f"{TABLE}: divisions succeed one another in a cycle, {named}; correct the year or code of one change"

    def _check_years(self, change: Change) -> None:
        for code, name, year in (
            (change.old, change.old_name, change.year - 1),
            (change.new, change.new_name, change.year),
        ):
            if not any(span.name == name and span.in_force(year, year) for span in self._spans[code]):
                raise DatasetError(
                    f"{TABLE} line {change.line}: {code} was not {name} at the end of {year} by divisions.csv "
                    f"({change.text})"
                )


def series_of(division: Division, year: int | None) -> str | None:
    """Return the series of a division as a report of a year names it, None for an unknown code.

    It is the code that the division had at the end of 2008, such as 320684 for 海门市 and for 海门区; for one that
    began later its first code and year, such as 330383-2019.
    """
    return _both(division.code, division.name, year)[0]


def successor_of(division: Division, year: int | None) -> Place | None:
    """Return the division of today that holds the area of a former one, or the most of it.

    None where the code still stands, where the area was divided without a main heir, and for an unknown code.
    """
    code = _both(division.code, division.name, year)[1]
    return of_code(code) if code else None


@lru_cache(maxsize=65536)
def place_then(code: str, year: int | None) -> Place | None:
    """Return the division of a code as it was at the end of a year: 海门市 of 320614 in 2015, 海门区 of 320684 today.

    None for an unknown code, and where the division had not begun or was joined or divided.
    """
    return lineage().then(code, year) if of_code(code) else None


@lru_cache(maxsize=65536)
def _both(code: str, name: str, year: int | None) -> tuple[str | None, str | None]:
    if of_code(code) is None:
        return None, None
    stretch = lineage().stretch_of(Division(code, name), year)
    return lineage().series(stretch), lineage().successor(stretch)


@cache
def lineage() -> Lineage:
    """Return the lineage of the divisions and changes of the package."""
    return Lineage(places(), changes())


def _firsts(spans: list[Place]) -> list[int]:
    """Return the first years of a code's unbroken runs; where only name or prefecture changed the run goes on."""
    firsts = [spans[0].first or _BEGINNING]
    for before, after in pairwise(spans):
        if (before.last or _TODAY) + 1 != (after.first or _BEGINNING):
            firsts.append(after.first or _BEGINNING)
    return firsts


def _check_whole(changes: Sequence[Change]) -> None:
    """Hold that what became another as a whole became nothing else, and that nothing else became that."""
    for role in ("old", "new"):
        seen: dict[tuple[str, int], Change] = {}
        for change in (change for change in changes if change.kind in WHOLE or change.kind in (MERGED, DIVIDED)):
            other = seen.setdefault((getattr(change, role), change.year), change)
            if other is not change and (change.kind in WHOLE or other.kind in WHOLE):
                raise DatasetError(
                    f"{TABLE} line {change.line}: {change.text} cannot stand beside line {other.line}, {other.text}; "
                    f"use {MERGED}, {DIVIDED} or the kind of a part"
                )
