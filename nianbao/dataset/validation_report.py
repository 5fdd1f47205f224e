"""The validation report: a Markdown document that goes with a dataset, the same for the same dataset."""

from collections.abc import Iterable, Iterator, Sequence

from nianbao.dataset.check_meanings import check_meanings, place_label
from nianbao.dataset.fields import GRADES, OUTCOMES, STATUSES
from nianbao.dataset.validation_findings import Failure, Findings
from parsers.report import Number

_NO_GRADE = "no table"


def validation_markdown(findings: Findings) -> str:
    """Return how well the reports were read, which checks fail and where, and whether the files are sound."""
    lines = ["# Validation of the dataset", ""]
    lines += _summary(findings)
    lines += _files(findings)
    lines += _grades(findings)
    lines += _statuses(findings)
    lines += _checks(findings)
    lines += _failing(findings)
    return "\n".join(lines) + "\n"


def number(value: Number | None) -> str:
    """Write a number as short as it is exact, nothing for None."""
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else repr(value)


def _summary(findings: Findings) -> Iterator[str]:
    reports = sum(1 for _ in findings.by_report())
    latest = f"; the latest was fetched {findings.latest_fetch}" if findings.latest_fetch else ""
    yield f"- Reports: {findings.reports.total()}{latest}."
    yield f"- Checks that fail as published: {len(findings.failures)}, in {reports} reports. They are left as printed."
    sound = "sound: it agrees with its codebook and with itself" if findings.sound else "**not sound**, see below"
    yield f"- The dataset is {sound}."
    parsers = ", ".join(f"{version} ({count})" for version, count in sorted(findings.parsers.items()))
    yield f"- Read by parser: {parsers or 'none'}."


def _files(findings: Findings) -> Iterator[str]:
    if findings.defects:
        rows = [(f"`{defect.file}`", defect.rule, defect.text) for defect in findings.defects]
        yield from _section("Defects of the dataset", ("file", "rule", "what"), rows)


def _grades(findings: Findings) -> Iterator[str]:
    years = sorted({year for year, _grade in findings.reports}, key=lambda year: year or 9999)
    rows = []
    for year in years:
        counts = [findings.reports[year, grade] for grade in (*GRADES, None)]
        rows.append((str(year or "no year"), *map(str, [sum(counts), *counts])))
    yield from _section("Reports by year and grade", ("year", "reports", *GRADES, _NO_GRADE), rows)


def _statuses(findings: Findings) -> Iterator[str]:
    rows = [(status, str(findings.statuses[status])) for status in STATUSES]
    yield from _section("Cells by status", ("status", "cells"), rows)


def _checks(findings: Findings) -> Iterator[str]:
    ids = {identifier for identifier, _outcome in findings.outcomes}
    rows = []
    for meaning in check_meanings().values():
        if meaning.id in ids:
            counts = [str(findings.outcomes[meaning.id, outcome]) for outcome in OUTCOMES]
            rows.append((f"`{meaning.id}`", meaning.left, meaning.right, meaning.text, *counts))
    yield from _section("Checks", ("check", "left", "right", "says that", *OUTCOMES), rows)


def _failing(findings: Findings) -> Iterator[str]:
    heads = ("code", "whose", "year", "check", "at", "left", "right", "report")
    yield from _section("What fails, by division and year", heads, (_failure(each) for each in findings.failures))


def _failure(failure: Failure) -> tuple[str, ...]:
    return (
        *(failure.division_code or "", failure.whose, str(failure.report_year or "")),
        *(f"`{failure.id}`", place_label(failure.table, failure.at)),
        *(number(failure.left), number(failure.right), f"`{failure.report_id}`"),
    )


def _section(heading: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    rows = list(rows)
    yield from ("", f"## {heading}", "")
    if not rows:
        yield "None."
        return
    for row in (heads, ["---"] * len(heads), *rows):
        yield f"| {' | '.join(_cell(text) for text in row)} |"


def _cell(text: str) -> str:
    """Return a text of a page as it can stand in a table: one line, and nothing that Markdown or HTML would act on."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return plain.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
