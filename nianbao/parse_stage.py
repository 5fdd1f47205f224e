"""The parse stage: archived documents in, reports with their divisions out, every document accounted for."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from nianbao.dataset.documents import Document
from nianbao.exits import defect
from nianbao.reports import with_division
from parsers.errors import DocumentError, NianbaoError
from parsers.reading import NO_REPORT, read_reports
from parsers.report import Report
from scraper import Archived


@dataclass(slots=True)
class ParseTally:
    """The accounts of a parse stage: documents are read (then they hold reports), skipped by reason, or failed.

    `failed` holds a line for each document on which the parser itself broke down.
    """

    documents: int = 0
    read: int = 0
    reports: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)

    def verify(self) -> None:
        """Raise NianbaoError where a document is not accounted for."""
        known = self.read + self.skipped.total() + len(self.failed)
        if known != self.documents:
            raise NianbaoError(f"{self.documents} documents, {known} accounted for; please report this bug")

    def as_dict(self) -> dict[str, object]:
        """Return the counts as they stand in `parsed.json`."""
        return {
            "documents": self.documents,
            "read": self.read,
            "reports": self.reports,
            "skipped": dict(sorted(self.skipped.items())),
            "failed": self.failed,
        }


def parse_archived(
    archived: Iterable[Archived], tally: ParseTally, told: Callable[[str], None] = lambda url: None
) -> Iterator[Document]:
    """Yield the reports of archived documents, those of one document together, and enter each document in the tally.

    `told` is called with the address of each. A document on which the parser breaks down costs no other one.
    """
    for item in archived:
        tally.documents += 1
        told(item.url)
        try:
            found = _reports_of(item)
        except DocumentError as error:
            tally.skipped[f"{item.kind}: {_first_clause(str(error))}"] += 1
        except Exception as error:  # noqa: BLE001 - one document may not end the stage; the tally names it
            tally.failed.append(f"{item.url}: {defect(error)}")
        else:
            yield from _entered(found, item, tally)


def _entered(found: list[Report], item: Archived, tally: ParseTally) -> Iterator[Document]:
    reports = [report for report in found if not is_no_report(report)]
    if not reports:
        tally.skipped[f"{item.kind}: {found[0].warnings[0]}"] += 1
        return
    tally.read += 1
    tally.reports += len(reports)
    for report in reports:
        yield Document(report, item.url, item.fetched_at, item.site.code, item.found_on, item.content_type)


def is_no_report(report: Report) -> bool:
    """Say whether the document is another one than a report on open government information: a notice, another form.

    A report whose tables are pictures or stand in an attachment is one all the same: it has a year, or sections.
    """
    if report.tables or report.sections:
        return False
    return report.report_year is None or any(warning.startswith(NO_REPORT) for warning in report.warnings)


def _reports_of(item: Archived) -> list[Report]:
    found = read_reports(item.body, content_type=item.content_type)
    return [with_division(report, site_code=item.site.code, site_name=item.site.name) for report in found]


def _first_clause(text: str) -> str:
    return text.split(";")[0]
