"""What a validation found: counts, the checks that fail by county and year, where the dataset contradicts itself."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import NamedTuple

from nianbao.dataset.validation_tables import Defect


class Failure(NamedTuple):
    """A check that fails as published, with the report it stands with; `form` is that of its table."""

    division_code: str | None
    report_year: int | None
    report_id: str
    division_name: str | None
    publisher: str | None
    scope: str
    url: str
    table: str
    form: str
    id: str
    at: str
    left: float
    right: float

    @property
    def whose(self) -> str:
        """Whose report it is, as people call it: the division, an agency by the name it prints."""
        own = self.scope == "jurisdiction" and self.division_name
        return own or self.publisher or self.division_name or self.report_id


@dataclass(slots=True)
class Findings:
    """All that a validation of one generation found.

    `reports` counts by (year, grade), `statuses` cells by status, `outcomes` checks by (id, outcome), `parsers` reports
    by the version of their parser; years and grades are None where a report has none.
    """

    reports: Counter[tuple[int | None, str | None]] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    parsers: Counter[str] = field(default_factory=Counter)
    latest_fetch: str | None = None
    failures: list[Failure] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether the dataset agrees with its codebook and with itself; reports that do not add up are no defect."""
        return not self.defects

    def by_report(self) -> Iterator[tuple[Failure, list[Failure]]]:
        """Yield the failures of each report together, by division and year; the first of them stands for the report."""
        for _report, group in groupby(self.failures, key=lambda failure: failure.report_id):
            failures = list(group)
            yield failures[0], failures


def sort_failures(failures: list[Failure]) -> list[Failure]:
    """Return failures by division, year and report, those without a division or year last."""
    return sorted(
        failures,
        key=lambda failure: (failure.division_code or "~", failure.report_year or 9999, failure.report_id),
    )
