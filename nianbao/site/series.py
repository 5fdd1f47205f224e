"""Who is compared: one series a publisher, its report of each year, never a jurisdiction's with an office's."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from nianbao.dataset.identity import normal_publisher
from nianbao.dataset.places import Level, of_code
from nianbao.dataset.reader import Dataset

Row = Mapping[str, Any]

OWN = "jurisdiction"
COLUMNS = (
    *("report_id", "division_code", "division_name", "prefecture", "province", "publisher", "scope", "title"),
    *("report_year", "published_at", "url", "host_is_official", "found_on", "fetched_at", "sha256", "grade"),
    *("disclosure_form", "requests_form", "appeals_form", "failed_checks", "unread_cells", "warnings"),
    *("series", "successor_code"),
)


@dataclass(slots=True)
class Series:
    """The reports of one publisher: of a division itself, or of one of its offices; by year the row in `Atlas.rows`."""

    code: str
    name: str
    scope: str
    reports: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Division:
    """A division with a page: its names, its level (None where the code is unknown), its series, its missing years.

    `related` are the codes under which the same place reported in other years: before or after a change of code.
    """

    code: str
    name: str
    level: Level | None
    province: str
    prefecture: str
    own: Series
    others: list[Series] = field(default_factory=list)
    coverage: dict[int, Row] = field(default_factory=dict)
    related: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Atlas:
    """Everything that has a page: reports (`rows`), divisions by code, and the reports that belong to no division."""

    rows: list[Row]
    years: tuple[int, ...]
    divisions: dict[str, Division]
    unplaced: list[int]

    def series(self, scope: str) -> Iterator[tuple[Division, Series]]:
        """Yield the series of a scope, by code."""
        for _code, division in sorted(self.divisions.items()):
            if scope == OWN:
                yield division, division.own
            else:
                yield from ((division, series) for series in division.others if series.scope == scope)


def read_atlas(dataset: Dataset) -> Atlas:
    """Read whose reports there are; raises DatasetError where the dataset cannot be read."""
    reports = dataset.arrow("reports").select(list(COLUMNS)).sort_by("report_id").to_pylist()
    coverage = dataset.arrow("coverage").to_pylist()
    years = {row["report_year"] for row in (*reports, *coverage) if row["report_year"]}
    divisions = _divisions(reports, coverage)
    _fill(divisions, reports)
    _relate(divisions, reports)
    unplaced = [number for number, row in enumerate(reports) if not row["division_code"] or not row["report_year"]]
    span = range(min(years), max(years) + 1) if years else range(0)
    return Atlas(reports, tuple(span), divisions, unplaced)


def _divisions(reports: list[Row], coverage: list[Row]) -> dict[str, Division]:
    named: dict[str, Row] = {}
    for row in reports:
        if row["division_code"]:
            head = {"name": row["division_name"], "prefecture": row["prefecture"], "province": row["province"]}
            named.setdefault(row["division_code"], head)
    for row in coverage:
        named.setdefault(row["code"], row)
    found = {code: _division(code, row) for code, row in sorted(named.items())}
    for row in coverage:
        found[row["code"]].coverage[row["report_year"]] = row
    return found


def _division(code: str, row: Row) -> Division:
    place = of_code(code)
    name = row["name"] or (place.name if place else "") or code
    level = place.level if place else None
    return Division(code, name, level, row["province"] or "", row["prefecture"] or "", Series(code, name, OWN))


def _fill(divisions: Mapping[str, Division], reports: list[Row]) -> None:
    """Give each series its reports; of several for one year that of an official host, then the first by identifier."""
    others: defaultdict[tuple[str, str, str], dict[int, int]] = defaultdict(dict)
    for number, row in sorted(enumerate(reports), key=lambda each: not each[1]["host_is_official"]):
        code, year = row["division_code"], row["report_year"]
        if not code or not year:
            continue
        if row["scope"] == OWN:
            divisions[code].own.reports.setdefault(year, number)
        else:
            others[code, row["scope"], normal_publisher(row["publisher"] or "")].setdefault(year, number)
    for (code, scope, _), numbers in sorted(others.items()):
        newest = reports[numbers[max(numbers)]]
        name = newest["publisher"] or newest["title"] or divisions[code].name
        divisions[code].others.append(Series(code, name, scope, dict(sorted(numbers.items()))))
    for division in divisions.values():
        division.own.reports = dict(sorted(division.own.reports.items()))


def _relate(divisions: Mapping[str, Division], reports: list[Row]) -> None:
    """Join the codes of one series, and a former code with its successor's."""
    codes: defaultdict[str, set[str]] = defaultdict(set)
    for row in reports:
        if row["division_code"] and row["series"]:
            codes[row["series"]].add(row["division_code"])
    pairs = {(row["division_code"], row["successor_code"]) for row in reports if row["successor_code"] in divisions}
    pairs |= {(one, other) for same in codes.values() for one in same for other in same}
    for one, other in sorted(pairs):
        if one != other and one in divisions:
            for code, related in ((one, other), (other, one)):
                if related not in divisions[code].related:
                    divisions[code].related.append(related)
