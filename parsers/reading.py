"""One body to its reports: open it, find the reports of each page, rebuild and prove the tables of each."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from parsers.boxes import on_paper
from parsers.headings import Heading, choose_title, headings, period_year, published_at, sections, title_lines
from parsers.labels import section_of
from parsers.narrative import check_narrative
from parsers.opening import open_pages
from parsers.page import Page
from parsers.rebuilding import rebuilt
from parsers.report import Report, Table
from parsers.titles import Title, scope_of

NO_REPORT = "no report on open government information"
"""Begins the warning of a document that is none; what it seems to be follows."""
_LONGEST_HEADING = 60


def read_reports(
    body: bytes, *, content_type: str | None = None, resources: Mapping[str, bytes] | None = None
) -> list[Report]:
    """Read every report of a body, the one that the title names first; always at least one `Report`.

    Raises `DocumentError` where the body cannot be opened. `resources` are bodies that the page refers to, by URL.
    """
    digest = hashlib.sha256(body).hexdigest()
    pages = open_pages(body, content_type, resources)
    return [_read_part(page, part, digest) for page in pages for part in _parts(page)]


@dataclass(frozen=True, slots=True)
class _Part:
    """The blocks of one report of a page, and its title."""

    start: int
    end: int
    title: Title | None


def _parts(page: Page) -> list[_Part]:
    """Split a page where a new title is followed by sections of its own."""
    lines = title_lines(page)
    titles = [(index, title) for index, title in lines if title.decoy is None and title.year]
    several = len({(title.year, title.publisher) for _, title in titles}) > 1
    firsts = _report_starts(titles, _all_headings(page)) if several else []
    if len(firsts) < 2:
        return [_Part(0, len(page.blocks), choose_title([title for _, title in lines], page.titles))]
    bounds = [*(index for index, _ in firsts[1:]), len(page.blocks)]
    starts = [0, *(index for index, _ in firsts[1:])]
    parts = [_Part(start, end, title) for start, end, (_, title) in zip(starts, bounds, firsts, strict=True)]
    outside = choose_title([], page.titles)
    named = [
        part
        for part in parts
        if outside and part.title and part.title.year == outside.year and part.title.publisher == outside.publisher
    ]
    return [*named[:1], *(part for part in parts if part not in named[:1])]


def _all_headings(page: Page) -> list[int]:
    """Return the blocks of every heading of a section with a table, repeated ones too."""
    return [index for index, text in page.texts if len(text) < _LONGEST_HEADING and section_of(text) in (2, 3, 4)]


def _report_starts(titles: Sequence[tuple[int, Title]], found: Sequence[int]) -> list[tuple[int, Title]]:
    """Return the titles under which sections stand, one for each different report."""
    starts: list[tuple[int, Title]] = []
    for place, (index, title) in enumerate(titles):
        end = titles[place + 1][0] if place + 1 < len(titles) else found[-1] + 1 if found else index
        if sum(index < heading < end for heading in found) < 2:
            continue
        if not any((t.year, t.publisher) == (title.year, title.publisher) for _, t in starts):
            starts.append((index, title))
    return starts


def _read_part(page: Page, part: _Part, digest: str) -> Report:
    title = part.title
    decoy = title.decoy if title else None
    found = headings(page, part.start, part.end)
    year = (title.year if title else None) or period_year(page, part.start, part.end)
    report = Report(
        sha256=digest,
        title=title.text if title else None,
        publisher=title.publisher if title else None,
        scope=title.scope if title else scope_of(None),
        report_year=year,
        published_at=published_at(page, part.start, part.end),
    )
    made = rebuilt(page, part.start, part.end, year)
    narrative = sections(page, found, made.blocks, part.end)
    tables = on_paper(check_narrative(made.tables, narrative), page.boxes)
    warnings = [*page.warnings, *made.warnings]
    if decoy and not _is_report_all_the_same(decoy, tables):
        return replace(report, warnings=(f"{NO_REPORT}: it seems to be {_named(decoy)}", *page.warnings))
    if not tables and not found and _is_list(page):
        return Report(sha256=digest, warnings=(f"{NO_REPORT}: it seems to be a list of reports", *page.warnings))
    if not tables:
        warnings += _why_no_tables(page, title, found)
    return replace(report, tables=tuple(tables), sections=narrative, warnings=tuple(warnings))


_NAMES = {
    "website_report": "the yearly form of a website (政府网站工作年度报表)",
    "notice": "a notice about the report",
    "template": "a template of the report",
    "half_year": "a half-year or quarterly statistic",
    "summary": "a summary of the year's work",
    "plan": "a plan of work (要点)",
    "rule_of_law": "a report on law-based government (法治政府建设年度报告)",
    "explainer": "an explainer of the report (图解, 解读)",
    "budget": "a budget or final account",
    "work_report": "a government work report",
    "guide": "a disclosure guide (指南)",
    "system": "a rule on disclosure (制度)",
    "catalogue": "a catalogue",
}


def _named(decoy: str) -> str:
    return _NAMES.get(decoy, decoy.replace("_", " "))


def _is_report_all_the_same(decoy: str, tables: Sequence[Table]) -> bool:
    """Say whether a notice carries the report itself: its tables hold numbers then, which a template's do not."""
    return decoy == "notice" and any(cell.value is not None for table in tables for cell in table.cells)


def _is_list(page: Page) -> bool:
    """Say whether the titles of several reports stand on a page."""
    titles = {(title.year, title.publisher) for _, title in title_lines(page) if title.year and not title.decoy}
    return len(titles) > 1


def _why_no_tables(page: Page, title: Title | None, found: Sequence[Heading]) -> list[str]:
    if title is None and not found:
        return [f"{NO_REPORT}: no title and no section of one"]
    if title is not None and not title.year and not found:
        return [f"{NO_REPORT}: no title with a year and no section of one"]
    if page.attachments:
        return [f"no statutory table in the text; the page refers to {page.attachments[0]}"]
    if page.pictures and len(found) >= 2:
        return [f"no statutory table in the text; the page has {page.pictures} pictures"]
    return ["no statutory table found"]
