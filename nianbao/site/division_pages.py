"""A division's page: numbers beside medians, what is missing and why, what fails, every source."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, NamedTuple

from nianbao.site.bilingual import Text, in_script
from nianbao.site.checks import Failure
from nianbao.site.indicators import GROUPS, Indicator, indicators
from nianbao.site.labels import reason
from nianbao.site.links import division_page, province_page, source_page
from nianbao.site.medians import Compared, Medians
from nianbao.site.numbers import exact, shown
from nianbao.site.pages import Pages
from nianbao.site.series import Atlas, Division, Series
from nianbao.site.values import State, Values, cells_of

_GROUPS = ("requests", "outcomes", "applicants", "appeals", "disclosure", "rates")
_WORDS = {
    State.ZERO: Text("空白", "blank"),
    State.BLANK: Text("空白", "blank"),
    State.OTHER_FORM: Text("表式无", "not asked"),
    State.NO_DENOMINATOR: Text("÷0", "÷0"),
    State.NO_TABLE: Text("无表", "no table"),
    State.ABSENT: Text("无此格", "absent"),
    State.UNREADABLE: Text("无法识别", "unreadable"),
}
_NOWHERE = (State.OTHER_FORM, State.NO_TABLE)
_STACKED = ("req_granted_total", "req_partial_total", "refused", "unavailable", "declined", "closed")


class Shown(NamedTuple):
    """A number on the page: its text, or the word for why there is none, and the medians beside it.

    `href` is where it leads, "" for nowhere.
    """

    text: str | Text
    href: str
    state: State
    failing: bool
    medians: str
    counts: str


@dataclass(frozen=True, slots=True)
class Line:
    """An indicator over the years; None for a year without a report."""

    indicator: Indicator
    cells: tuple[Shown | None, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A group of indicators; `counts` says for each year how many reports the medians are of."""

    id: str
    heading: Text
    lines: tuple[Line, ...]
    counts: tuple[str, ...]


class DivisionPages:
    """Makes the pages of divisions, one at a time."""

    def __init__(self, pages: Pages, atlas: Atlas, values: Values, failures: Mapping[str, Sequence[Failure]]) -> None:
        self._pages = pages
        self._atlas = atlas
        self._values = values
        self._failures = failures
        self._positions = {indicator.id: position for position, indicator in enumerate(indicators())}
        self._cells = {indicator.id: frozenset(cells_of(indicator)) for indicator in indicators()}

    def page(self, division: Division, compared: Compared, province_code: str | None) -> str:
        """Return the page of a division; `compared` are the medians that it is held against."""
        rows = [self._atlas.rows[number] for number in division.own.reports.values()]
        return self._pages.render(
            "division.html",
            root="../",
            here=division_page(division.code),
            division=division,
            province=province_page(province_code) if province_code else None,
            reports={
                row["report_year"]: (row, "../" + source_page(row["report_id"], row["report_year"])) for row in rows
            },
            related=[(self._atlas.divisions[code], f"../{division_page(code)}") for code in division.related],
            missing=self._missing(division),
            sections=[section for group in _GROUPS if (section := self._section(group, division, compared)).lines],
            key_figures=list(self._key_figures(division)),
            failures=[(row, self._failures[row["report_id"]]) for row in rows if row["report_id"] in self._failures],
            others=[(series, self._links(series)) for series in division.others],
            chart=in_script(self._chart(division, compared)),
            has_medians=compared.country is not None,
        )

    def _section(self, group: str, division: Division, compared: Compared) -> Section:
        wanted = [indicator for indicator in indicators() if indicator.group == group]
        counts = [self._group_counts(wanted, compared, year) for year in range(len(self._atlas.years))]
        lines = (Line(each, tuple(self._row(each, division, compared, counts))) for each in wanted)
        return Section(
            group,
            GROUPS[group],
            tuple(line for line in lines if any(cell and cell.state != State.OTHER_FORM for cell in line.cells)),
            tuple(_joined(count, str) for count in counts),
        )

    def _group_counts(self, wanted: Sequence[Indicator], compared: Compared, year: int) -> tuple[int, ...]:
        positions = [self._positions[indicator.id] for indicator in wanted]
        return tuple(int(median.count[year, positions].max()) if median else 0 for median in _three(compared))

    def _row(
        self, indicator: Indicator, division: Division, compared: Compared, counts: Sequence[tuple[int, ...]]
    ) -> Iterator[Shown | None]:
        position = self._positions[indicator.id]
        for index, year in enumerate(self._atlas.years):
            report = division.own.reports.get(year)
            if report is None:
                yield None
                continue
            medians = [_median(median, index, position) for median in _three(compared)]
            own = tuple(count for _, count in medians)
            state = State(int(self._values.states[report, position]))
            value = float(self._values.numbers[report, position])
            yield Shown(
                text=shown(value, indicator) if state <= State.DERIVED else _WORDS[state],
                href="" if state in _NOWHERE else self._href(report, indicator),
                state=state,
                failing=self._fails(report, indicator),
                medians=_joined([median for median, _ in medians], lambda each: shown(each, indicator)),
                counts="" if own == counts[index] or not any(own) else _joined(own, str),
            )

    def _href(self, report: int, indicator: Indicator) -> str:
        row = self._atlas.rows[report]
        cells = self._cells[indicator.id]
        fragment = next(iter(cells)) if len(cells) == 1 else indicator.id
        return f"../{source_page(row['report_id'], row['report_year'])}#{fragment}"

    def _fails(self, report: int, indicator: Indicator) -> bool:
        failures = self._failures.get(self._atlas.rows[report]["report_id"], ())
        return indicator.kind == "cell" and any(self._cells[indicator.id] & failure.cells for failure in failures)

    def _key_figures(self, division: Division) -> Iterator[tuple[int, Indicator, str | Text, str]]:
        if not division.own.reports:
            return
        year = max(division.own.reports)
        report = division.own.reports[year]
        for identifier in ("req_new_total", "share_granted", "appeals_per_100"):
            position = self._positions[identifier]
            indicator = indicators()[position]
            state = State(int(self._values.states[report, position]))
            value = float(self._values.numbers[report, position])
            text = shown(value, indicator) if state <= State.DERIVED else _WORDS[state]
            yield year, indicator, text, self._href(report, indicator)

    def _missing(self, division: Division) -> list[tuple[int, Text]]:
        return [
            (year, reason(division.coverage[year]["reason"] if year in division.coverage else "not looked for yet"))
            for year in self._atlas.years
            if year not in division.own.reports
        ]

    def _links(self, series: Series) -> dict[int, tuple[str, str | None]]:
        rows = {year: self._atlas.rows[number] for year, number in series.reports.items()}
        return {year: ("../" + source_page(row["report_id"], year), row["grade"]) for year, row in rows.items()}

    def _chart(self, division: Division, compared: Compared) -> dict[str, Any]:
        """Return what the page's two charts draw: requests beside the medians, and what became of them."""
        position = self._positions["req_new_total"]
        medians = {
            name: [_number(median.middle[index, position]) for index in range(len(self._atlas.years))]
            for name, median in zip(("prefecture", "province", "country"), _three(compared), strict=True)
            if median is not None
        }
        return {
            "years": list(self._atlas.years),
            "own": self._over_years(division, "req_new_total"),
            "medians": medians,
            "outcomes": {identifier: self._over_years(division, identifier) for identifier in _STACKED},
        }

    def _over_years(self, division: Division, identifier: str) -> list[int | float | None]:
        position = self._positions[identifier]
        reports = (division.own.reports.get(year) for year in self._atlas.years)
        return [None if report is None else _number(self._values.numbers[report, position]) for report in reports]


def _three(compared: Compared) -> tuple[Medians | None, Medians | None, Medians | None]:
    return compared.prefecture, compared.province, compared.country


def _median(median: Medians | None, year: int, position: int) -> tuple[float | None, int]:
    if median is None or not median.count[year, position]:
        return None, 0
    return float(median.middle[year, position]), int(median.count[year, position])


def _joined(each: Sequence[Any], text: Any) -> str:
    return " · ".join("–" if one is None or (one == 0 and text is str) else text(one) for one in each)


def _number(value: float) -> int | float | None:
    return None if isnan(value) else exact(float(value))
