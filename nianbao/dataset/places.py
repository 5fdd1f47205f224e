"""Divisions of China from 2008 on, county level and above: codes, names, parents and years of validity.

The table is `divisions.csv`; `divisions.md` says where it comes from.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

Level = Literal["province", "prefecture", "county"]


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
    table = (files(__package__) / "divisions.csv").read_text(encoding="utf-8")
    return tuple(
        Place(
            code=row["code"],
            name=row["name"],
            level=row["level"],  # type: ignore[arg-type]  # the test of the table holds it to the three
            province=row["province"],
            prefecture=row["prefecture"],
            first=int(row["valid_from"]) if row["valid_from"] else None,
            last=int(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in csv.DictReader(table.splitlines())
    )


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
