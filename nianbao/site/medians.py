"""Medians of the counties of a prefecture, a province, the country: over jurisdictions' own reports of one level."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nianbao.site.indicators import indicators
from nianbao.site.series import Atlas, Division
from nianbao.site.values import Numbers, Values

Counts = npt.NDArray[np.int32]
_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Medians:
    """`middle` and the number of reports that it is of, `count`: both years by indicators."""

    middle: Numbers
    count: Counts


@dataclass(frozen=True, slots=True)
class Compared:
    """What a division is held against; None where no such group is known."""

    prefecture: Medians | None
    province: Medians | None
    country: Medians | None


class Groups:
    """The medians of every group of divisions, worked out once."""

    def __init__(self, atlas: Atlas, values: Values) -> None:
        self._years = atlas.years
        members: defaultdict[_Key, list[Division]] = defaultdict(list)
        for division in atlas.divisions.values():
            for key in _keys(division):
                if key is not None and division.own.reports:
                    members[key].append(division)
        self._medians = {key: self._of(group, values) for key, group in members.items()}

    def of(self, division: Division) -> Compared:
        """Return what a division is held against."""
        return Compared(*(self._medians.get(key) if key else None for key in _keys(division)))

    def _of(self, group: Sequence[Division], values: Values) -> Medians:
        shape = (len(self._years), len(indicators()))
        found = Medians(np.full(shape, np.nan), np.zeros(shape, dtype=np.int32))
        for position, year in enumerate(self._years):
            rows = [division.own.reports[year] for division in group if year in division.own.reports]
            if rows:
                found.middle[position], found.count[position] = _median(values.numbers[rows])
        return found


def _keys(division: Division) -> tuple[_Key | None, _Key | None, _Key | None]:
    """Return the prefecture, province and country of a division, each among divisions of its own level."""
    if division.level is None:
        return None, None, None
    county, province = division.level == "county", division.level != "province"
    return (
        (division.level, division.province, division.prefecture) if county and division.prefecture else None,
        (division.level, division.province) if province else None,
        (division.level,),
    )


def _median(numbers: Numbers) -> tuple[Numbers, Counts]:
    """Return the median of each column without its NaN, NaN where nothing is left, and how many were left."""
    ordered = np.sort(numbers, axis=0)  # NaN last
    count = (~np.isnan(numbers)).sum(axis=0).astype(np.int32)
    low, high = np.maximum(count - 1, 0) // 2, count // 2
    columns = np.arange(numbers.shape[1])
    middle = (ordered[low, columns] + ordered[np.minimum(high, len(numbers) - 1), columns]) / 2
    middle[count == 0] = np.nan
    return middle, count
