"""Division by year: how far its own report got, and why no further."""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from nianbao.dataset.documents import Visit
from nianbao.dataset.fields import TABLES
from nianbao.dataset.places import parents
from nianbao.dataset.schema import UNKNOWN_YEAR, registry

Row = dict[str, Any]

_NOT_FOUND = "not found on its site"
_NOT_LOOKED_FOR = "not looked for yet"
_LISTED = "listed, not fetched yet"
_ONLY_COPY = "only a copy on another host"
_NOT_VERIFIED = {
    "consistent": "an identity cannot be decided",
    "inconsistent": "an identity fails as printed",
    "partial": "a table or a cell was not read",
    None: "no statutory table in the document",
}


def coverage_table(reports: Iterable[Row], visits: Iterable[Visit], before: pa.Table | None) -> pa.Table:
    """Return one row a division and year, for every division that was visited or has a report of its own.

    Its own report is that of scope `jurisdiction`. The years run from the first to the last that any division has.
    What earlier visits learned is taken from `before`; a new visit to a site replaces it.
    """
    own = _own_reports(reports)
    missing = _Missing()
    missing.learn_before(before.to_pylist() if before else [])
    missing.learn(list(visits))
    names = missing.names | {code: row["division_name"] for (code, _year), row in own.items()}
    years = {year for _code, year in (*own, *missing.states)}
    span = range(min(years), max(years) + 1) if years else range(0)
    rows = [
        {
            **_division(code, names[code]),
            "report_year": year,
            **(_of_report(own[code, year]) if (code, year) in own else missing.state(code, year)),
        }
        for code in sorted(names)
        for year in span
    ]
    return pa.Table.from_pylist(rows, schema=registry()["coverage"].arrow())


class _Missing:
    """What visits learned of the reports that are not there."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.states: dict[tuple[str, int], Row] = {}
        self._reasons: dict[str, str] = {}

    def learn_before(self, rows: list[Row]) -> None:
        for row in rows:
            self.names[row["code"]] = row["name"]
            if row["report_id"] is None:
                self.states[row["code"], row["report_year"]] = _state(
                    found=row["found"], reason=row["reason"], published=row["published"]
                )

    def learn(self, visits: list[Visit]) -> None:
        visited = {visit.site_code for visit in visits}
        self.states = {place: state for place, state in self.states.items() if place[0] not in visited}
        for visit in visits:
            self.names[visit.site_code] = visit.site_name
            if visit.report_year is None:
                self._reasons[visit.site_code] = visit.reason or _NOT_FOUND
            else:
                listed = _state(found=True, reason=visit.reason or _LISTED, published=True)
                self.states[visit.site_code, visit.report_year] = listed

    def state(self, code: str, year: int) -> Row:
        reason = self._reasons.get(code, _NOT_LOOKED_FOR)
        return self.states.get((code, year)) or _state(found=False, reason=reason, published=None)


def _own_reports(reports: Iterable[Row]) -> dict[tuple[str, int], Row]:
    own: dict[tuple[str, int], Row] = {}
    candidates = [row for row in reports if row["scope"] == "jurisdiction" and row["division_code"]]
    for row in sorted(candidates, key=lambda row: (not row["host_is_official"], row["report_id"])):
        if row["report_year"] != UNKNOWN_YEAR:
            own.setdefault((row["division_code"], row["report_year"]), row)
    return own


def _of_report(row: Row) -> Row:
    if not row["host_is_official"]:
        return {**_state(found=False, reason=_ONLY_COPY, published=True), "report_id": row["report_id"]}
    verified = row["grade"] == "verified"
    return {
        "published": True,
        "found": True,
        "fetched": True,
        "parsed": all(row[f"{table}_form"] for table in TABLES),
        "verified": verified,
        "report_id": row["report_id"],
        "reason": None if verified else _NOT_VERIFIED[row["grade"]],
    }


def _state(*, found: bool, reason: str, published: bool | None) -> Row:
    """Return the state of a report that is not there; `published` None is not known."""
    later = dict.fromkeys(("fetched", "parsed", "verified"), False)
    return {"published": published, "found": found, **later, "report_id": None, "reason": reason}


def _division(code: str, name: str) -> Row:
    province, prefecture = parents(code)
    return {"code": code, "name": name, "province": province, "prefecture": prefecture}
