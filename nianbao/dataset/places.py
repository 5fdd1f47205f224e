"""Divisions of China from 2008 on, county level and above: codes, names, parents and years of validity.

The table is `divisions.csv`; `divisions.md` says where it comes from.
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from parsers.errors import DatasetError

TABLE = "divisions.csv"

Level = Literal["province", "prefecture", "county"]

_COLUMNS = ("code", "name", "level", "province", "prefecture", "valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Place:
    """One division under one code, name and parent.

    `first` and `last` are the first and last year whose end it saw in force, None where that lies before 2009 or
    where it is in force today. `prefecture` is "" for what is directly under a province.
    """

    code: str
    name: str
    level: Level
    province: str
    prefecture: str
    first: int | None
    last: int | None

    def in_force(self, first: int, last: int) -> bool:
        """Say whether it was in force at the end of any of these years."""
        return (self.first is None or self.first <= last) and (self.last is None or self.last >= first)


@cache
def places() -> tuple[Place, ...]:
    """Return every division of the table, by code and then by year."""
    table = (files(__package__) / TABLE).read_text(encoding="utf-8")
    return read_places(table.splitlines())


def read_places(lines: Iterable[str]) -> tuple[Place, ...]:
    """Return the divisions of a table with the columns of `divisions.csv`, in its order.

    Raises DatasetError if a line is none of such a table; the text names it.
    """
    rows = enumerate(csv.reader(lines), 1)
    if next(rows, (1, None))[1] != list(_COLUMNS):
        raise DatasetError(f"{TABLE} line 1: the columns must be {','.join(_COLUMNS)}")
    return tuple(_place(row, line) for line, row in rows)


def _place(row: list[str], line: int) -> Place:
    try:
        code, name, level, province, prefecture, first, last = row
        years = int(first) if first else None, int(last) if last else None
    except ValueError:
        raise DatasetError(f"{TABLE} line {line}: {','.join(row)!r} is no row of {','.join(_COLUMNS)}") from None
    return Place(code, name, cast(Level, level), province, prefecture, *years)


def parents(code: str) -> tuple[str | None, str | None]:
    """Return the names of province and prefecture of a code, itself included; None for what it is not in."""
    place = of_code(code)
    if place is None:
        return None, None
    province = place.name if place.level == "province" else place.province
    prefecture = place.name if place.level == "prefecture" else place.prefecture
    return province, prefecture or None


@cache
def _by_code() -> dict[str, Place]:
    return {place.code: place for place in places()}


def of_code(code: str) -> Place | None:
    """Return the division of a code as it is today or was last, None for an unknown code."""
    return _by_code().get(code)


@cache
def counties_of(prefecture: str, province: str) -> tuple[Place, ...]:
    """Return the counties that a prefecture has or had; 东莞, 中山, 嘉峪关 and 儋州 have none."""
    return tuple(
        place
        for place in places()
        if place.level == "county" and (place.prefecture, place.province) == (prefecture, province)
    )
