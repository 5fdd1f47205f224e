"""Lists over all reports: what does not add up, what was changed after publication, the largest changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.dataset.reader import Dataset
from nianbao.site.bilingual import Text
from nianbao.site.checks import Failure
from nianbao.site.indicators import Indicator, by_id, indicators
from nianbao.site.labels import STATUSES, cell_label
from nianbao.site.links import division_page, source_page
from nianbao.site.numbers import thousands
from nianbao.site.pages import Pages
from nianbao.site.series import OWN, Atlas, Row
from nianbao.site.values import State, Values

_ON_A_PAGE = 400
_LARGEST = 40
_CHANGES = ("req_new_total", "req_handled_total", "app_reconsideration_total")


@dataclass(frozen=True, slots=True)
class Change:
    """A division's number in a year and the year before."""

    name: str
    page: str
    year: int
    before: float
    after: float
    source: str

    @property
    def difference(self) -> float:
        """By how much it grew."""
        return self.after - self.before


def whose(atlas: Atlas, row: Row) -> tuple[str, str | None]:
    """Return the name that a report is listed under and the page of its division."""
    code = row["division_code"]
    name = row["division_name"] if row["scope"] == OWN else row["publisher"]
    known = name or row["publisher"] or row["division_name"] or row["title"] or row["report_id"]
    return known, division_page(code) if code in atlas.divisions else None


def error_pages(pages: Pages, atlas: Atlas, failures: Mapping[str, Sequence[Failure]]) -> Iterator[tuple[str, str]]:
    """Yield the pages of the reports that do not add up, the newest first."""
    rows = [row for row in atlas.rows if row["report_id"] in failures]
    rows.sort(key=lambda row: (-(row["report_year"] or 0), row["report_id"]))
    items = [
        (*whose(atlas, row), row, source_page(row["report_id"], row["report_year"]), failures[row["report_id"]])
        for row in rows
    ]
    yield from _paged(pages, "errors", items)


def revision_pages(pages: Pages, atlas: Atlas, dataset: Dataset) -> Iterator[tuple[str, str]]:
    """Yield the pages of the cells that publishers changed after publication, the newest first."""
    rows = {row["report_id"]: row for row in atlas.rows}
    changed = [each for each in dataset.arrow("revisions").to_pylist() if each["report_id"] in rows]
    changed.sort(key=lambda each: (each["new_first_seen"], each["report_id"]), reverse=True)
    items = [
        (*whose(atlas, rows[each["report_id"]]), each, _revised_source(each), _what(each), _side(each, "old"),
         _side(each, "new"))
        for each in changed
    ]  # fmt: skip
    yield from _paged(pages, "revisions", items)


def _revised_source(revision: Mapping[str, Any]) -> str:
    cell = f"{revision['table']}.{revision['row']}.{revision['column']}"
    return f"{source_page(revision['report_id'], revision['report_year'])}#{cell}"


def _what(revision: Mapping[str, Any]) -> Text:
    return cell_label(revision["form"], revision["table"], revision["row"], revision["column"])


def _side(revision: Mapping[str, Any], side: str) -> Text:
    value, status = revision[f"{side}_value"], revision[f"{side}_status"]
    if value is None:
        return STATUSES.get(status, Text("无此表", "no such table"))
    return Text(thousands(value), thousands(value))


def _paged(pages: Pages, name: str, items: Sequence[Any]) -> Iterator[tuple[str, str]]:
    count = max(1, -(-len(items) // _ON_A_PAGE))
    names = [f"{name}.html" if number == 1 else f"{name}-{number}.html" for number in range(1, count + 1)]
    for number, address in enumerate(names):
        part = items[number * _ON_A_PAGE : (number + 1) * _ON_A_PAGE]
        here = f"{name}.html"
        yield address, pages.render(f"{name}.html", here=here, items=part, total=len(items), names=names, number=number)


def changes_page(pages: Pages, atlas: Atlas, values: Values) -> str:
    """Return the page of the largest changes between the two newest years that any county has both of."""
    lists = [(by_id(identifier), *largest_changes(atlas, values, by_id(identifier))) for identifier in _CHANGES]
    return pages.render("changes.html", here="changes.html", lists=[each for each in lists if each[1] or each[2]])


def largest_changes(atlas: Atlas, values: Values, indicator: Indicator) -> tuple[list[Change], list[Change]]:
    """Return the largest increases and decreases of counties in the newest year that has any."""
    position = indicators().index(indicator)
    for year in reversed(atlas.years):
        found = list(_changes(atlas, values, indicator, position, year))
        if found:
            up = sorted(found, key=lambda change: (-change.difference, change.page))
            down = sorted(found, key=lambda change: (change.difference, change.page))
            return (
                [change for change in up[:_LARGEST] if change.difference > 0],
                [change for change in down[:_LARGEST] if change.difference < 0],
            )
    return [], []


def _changes(atlas: Atlas, values: Values, indicator: Indicator, position: int, year: int) -> Iterator[Change]:
    for division, series in atlas.series(OWN):
        now, then = series.reports.get(year), series.reports.get(year - 1)
        if division.level != "county" or now is None or then is None:
            continue
        if max(values.states[now, position], values.states[then, position]) > State.DERIVED:
            continue
        before, after = float(values.numbers[then, position]), float(values.numbers[now, position])
        row = atlas.rows[now]
        source = f"{source_page(row['report_id'], year)}#{indicator_cell(indicator)}"
        yield Change(division.name, division_page(division.code), year, before, after, source)


def indicator_cell(indicator: Indicator) -> str:
    """Return the name that marks an indicator on a report's page."""
    from nianbao.site.values import cells_of

    cells = dict.fromkeys(cells_of(indicator))
    return next(iter(cells)) if len(cells) == 1 else indicator.id
