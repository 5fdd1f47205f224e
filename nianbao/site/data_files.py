"""The data that scripts read: files that hand over JSON, since pages opened from a disk cannot fetch any."""

from collections.abc import Iterator
from typing import Any

from nianbao.site.bilingual import Text, in_script
from nianbao.site.indicators import GROUPS, indicators
from nianbao.site.labels import SCOPES, cell_label
from nianbao.site.links import division_page
from nianbao.site.numbers import exact
from nianbao.site.pages import MARKS
from nianbao.site.provinces import scopes_of
from nianbao.site.series import Atlas, Division, Series
from nianbao.site.values import State, Values, cells_of
from parsers.forms import forms

_CODES = {
    State.ZERO: "z",
    State.BLANK: "b",
    State.OTHER_FORM: "o",
    State.NO_DENOMINATOR: "0",
    State.NO_TABLE: "t",
    State.ABSENT: "a",
    State.UNREADABLE: "u",
}
_LEVELS = {"province": 0, "prefecture": 1, "county": 2, None: 3}


def data_files(atlas: Atlas, values: Values) -> Iterator[tuple[str, str]]:
    """Yield name and content of every data file."""
    yield _file("indicators", _indicators())
    yield _file("cells", _cell_names())
    yield _file("places", _places(atlas))
    scopes = scopes_of(atlas)
    yield _file("scopes", {"years": list(atlas.years), "scopes": [[scope, *SCOPES[scope]] for scope in scopes]})
    for scope in scopes:
        members = list(atlas.series(scope))
        yield _file(f"series.{scope}", _series(atlas, members))
        for position, indicator in enumerate(indicators()):
            rows = [_values(atlas, values, series, position) for _, series in members]
            yield _file(f"v.{scope}.{indicator.id}", rows)


def _file(name: str, content: Any) -> tuple[str, str]:
    return f"d/{name}.js", f"NB.take({in_script(name)},{in_script(content)})\n"


def _indicators() -> dict[str, Any]:
    return {
        "groups": {code: list(label) for code, label in GROUPS.items()},
        "list": [
            {
                "id": each.id,
                "group": each.group,
                "kind": each.kind,
                "label": list(each.label),
                "unit": list(each.unit),
                "formula": list(each.formula),
                "forms": each.forms,
                "depth": each.depth,
                "cells": list(dict.fromkeys(cells_of(each))),
            }
            for each in indicators()
        ],
    }


def _cell_names() -> dict[str, list[str]]:
    """Return the label of every cell of every form, the newest form's where several have it."""
    names: dict[str, Text] = {}
    for form in reversed(forms().values()):
        for code, table in form.tables.items():
            for row, column in table.cells():
                names.setdefault(f"{code}.{row}.{column}", cell_label(form.id, code, row, column))
    return {name: list(label) for name, label in names.items()}


def _places(atlas: Atlas) -> dict[str, Any]:
    """Return every division that has a page, for the search box of every page."""
    provinces, prefectures = _names(list(atlas.divisions.values()))
    at_province, at_prefecture = _positions(provinces), _positions(prefectures)
    rows = [
        [each.code, each.name, at_province[each.province], at_prefecture[each.prefecture]]
        for each in atlas.divisions.values()
    ]
    return {
        "provinces": provinces,
        "prefectures": prefectures,
        "rows": rows,
        "irregular": _irregular_pages(atlas),
    }


def _positions(names: list[str]) -> dict[str, int]:
    return {name: position for position, name in enumerate(names)}


def _irregular_pages(atlas: Atlas) -> dict[str, str]:
    pages = {code: division_page(code) for code in atlas.divisions}
    return {code: page for code, page in pages.items() if page != f"c/{code}.html"}


def _names(divisions: list[Division]) -> tuple[list[str], list[str]]:
    return (
        list(dict.fromkeys(division.province for division in divisions)),
        list(dict.fromkeys(division.prefecture for division in divisions)),
    )


def _series(atlas: Atlas, members: list[tuple[Division, Series]]) -> dict[str, Any]:
    provinces, prefectures = _names([division for division, _ in members])
    at_province, at_prefecture = _positions(provinces), _positions(prefectures)
    rows = []
    for division, series in members:
        reports = {year: atlas.rows[number] for year, number in series.reports.items()}
        grades = "".join(MARKS[reports[year]["grade"]] if year in reports else " " for year in atlas.years)
        ids = [_report_id(division, series, year, row["report_id"]) for year, row in sorted(reports.items())]
        head = [series.code, series.name, at_province[division.province], at_prefecture[division.prefecture]]
        rows.append([*head, _LEVELS[division.level], grades, ids if any(ids) else 0])
    return {"provinces": provinces, "prefectures": prefectures, "rows": rows}


def _report_id(division: Division, series: Series, year: int, report_id: str) -> str | int:
    """Return 0 for the identifier that is made of code, year and scope, else the identifier."""
    return 0 if report_id == f"{division.code}-{year}-{series.scope}" else report_id


def _values(atlas: Atlas, values: Values, series: Series, position: int) -> list[Any] | int:
    """Return the number of each year: null without a report, a letter without a number; 0 for a series without any."""
    if not series.reports:
        return 0
    return [_value(values, series.reports[year], position) if year in series.reports else None for year in atlas.years]


def _value(values: Values, report: int, position: int) -> int | float | str:
    state = State(int(values.states[report, position]))
    if state > State.DERIVED:
        return _CODES[state]
    number = exact(float(values.numbers[report, position]))
    return f"d{number}" if state == State.DERIVED else number
