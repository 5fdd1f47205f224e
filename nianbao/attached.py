"""Attachments of a report's page: what they take from the page, and how their numbers compare with the page's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from parsers.characters import clean
from parsers.errors import DocumentError
from parsers.reading import NO_REPORT, read_reports
from parsers.report import Cell, Report, Table
from parsers.titles import Title, read_short_title, read_title, scope_of
from scraper import Archived

NAMED_BY_PAGE = "publisher or year are those of the page, or of the link, that leads to the file"
"""Warning of an attachment that does not say itself whose report it is."""
_READ = frozenset({"printed", "blank", "derived"})
_MOST_NAMED = 40
"""Cells that are named of those that differ; how many there are is said in any case."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A report as an attachment holds it, and the cells in which it differs from its page."""

    report: Report
    differing: tuple[str, ...] = ()


def is_no_report(report: Report) -> bool:
    """Say whether a document is another one than a report on open government information: a notice, another form.

    A report whose tables are pictures or stand in an attachment is one all the same: it has a year, or sections.
    """
    if report.tables or report.sections:
        return False
    return report.report_year is None or any(warning.startswith(NO_REPORT) for warning in report.warnings)


def attached(reports: Sequence[Report], item: Archived) -> list[Attached]:
    """Return the reports of an attachment with what the link to it and its page say where they do not say it.

    The name of the file and the text of the link count before the page; a page never lends its name to the tables of
    another unit. Numbers are compared where both hold the same table of the same report.
    """
    page = _page_report(item)
    named = [_named(report, item, page) for report in reports]
    return [Attached(report, differing_cells(page, report) if page is not None else ()) for report in named]


def _page_report(item: Archived) -> Report | None:
    """Return the report of the page that an attachment hangs on, None where there is none that can be read."""
    if item.page is None:
        return None
    try:
        report = read_reports(item.page.body, content_type=item.page.content_type)[0]
    except DocumentError:
        return None
    return None if is_no_report(report) else report


def _named(report: Report, item: Archived, page: Report | None) -> Report:
    if is_no_report(report) or (report.publisher and report.report_year):
        return report
    title = next((one for one in _said(item) if one.publisher or one.year), None)
    if title is not None:
        report = _filled(report, title.publisher, title.year, title.text if title.publisher and title.year else None)
    if page is None or report.publisher not in (None, page.publisher):
        return report
    if report.publisher is None and any(map(_names_unit, _names(item))):
        return report
    filled = _filled(report, page.publisher, page.report_year, page.title)
    return filled if filled is report else replace(filled, published_at=report.published_at or page.published_at)


def _filled(report: Report, publisher: str | None, year: int | None, title: str | None) -> Report:
    """Return a report with publisher, year and title where it has none itself, and a warning that says so."""
    missing = (report.publisher is None and publisher) or (report.report_year is None and year)
    if not missing:
        return report
    warnings = report.warnings if NAMED_BY_PAGE in report.warnings else (*report.warnings, NAMED_BY_PAGE)
    publisher = report.publisher or publisher
    scope = scope_of(publisher) if report.scope == "unknown" else report.scope
    return replace(
        report,
        title=report.title or title,
        publisher=publisher,
        report_year=report.report_year or year,
        scope=scope,
        warnings=warnings,
    )


def _names(item: Archived) -> tuple[str, ...]:
    """Return what an attachment is called: the text of its link, and its file's name without the ending."""
    name = PurePosixPath(unquote(urlsplit(item.url).path)).stem
    text = (item.text or "").strip()
    return tuple(clean(PurePosixPath(each).stem if "." in each else each) for each in (text, name) if each)


def _said(item: Archived) -> list[Title]:
    titles = [read_title(name) or read_short_title(name) for name in _names(item)]
    return [title for title in titles if title is not None and title.decoy is None]


def _names_unit(name: str) -> bool:
    return scope_of(name) not in ("unknown", "jurisdiction")


def differing_cells(page: Report, other: Report) -> tuple[str, ...]:
    """Return the cells in which two readings of one report differ, as `table.row.column: the page's | the other's`.

    Cells that either cannot read are not compared, nor are tables of different forms or reports of different years or
    publishers.
    """
    if (page.publisher, page.report_year) != (other.publisher, other.report_year):
        return ()
    found = [line for table in page.tables for line in _differing(table, other.table(table.table))]
    return (*found[:_MOST_NAMED], *([f"… {len(found)} in all"] if len(found) > _MOST_NAMED else []))


def _differing(table: Table, other: Table | None) -> Iterator[str]:
    if other is None or other.form != table.form:
        return
    for ours, theirs in zip(table.cells, other.cells, strict=True):
        if ours.status in _READ and theirs.status in _READ and ours.value != theirs.value:
            yield f"{table.table}.{ours.row}.{ours.column}: {_shown(ours)} | {_shown(theirs)}"


def _shown(cell: Cell) -> str:
    return "blank" if cell.value is None else f"{cell.value:.15g}"
