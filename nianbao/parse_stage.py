"""The parse stage: archived documents in, reports with their divisions out, every document accounted for."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from nianbao.attached import Attached, attached, is_no_report
from nianbao.dataset.documents import Document
from nianbao.exits import defect
from nianbao.reports import with_division
from nianbao.resources import Resources
from parsers.errors import DocumentError, NianbaoError
from parsers.reading import read_reports
from parsers.report import Report
from parsers.sniff import format_of
from scraper import Archived

ATTACHMENT = "attachment"
PICTURE_OF_PAGE = "a picture of its page, read with the page"
"""Why the picture of a report's page is no document of its own."""


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


def _entered(found: list[Attached], item: Archived, tally: ParseTally) -> Iterator[Document]:
    reports = [each for each in found if not is_no_report(each.report)]
    if not reports:
        tally.skipped[f"{item.kind}: {found[0].report.warnings[0]}"] += 1
        return
    tally.read += 1
    tally.reports += len(reports)
    for each in reports:
        report = with_division(each.report, site_code=item.site.code, site_name=item.site.name)
        yield Document(
            report,
            item.url,
            item.fetched_at,
            item.site.code,
            item.found_on,
            item.content_type,
            is_attached=item.kind == ATTACHMENT,
            differing=each.differing,
        )


def _reports_of(item: Archived) -> list[Attached]:
    """Read a document: a page with its pictures, an attachment with what its page says of it."""
    if item.kind != ATTACHMENT:
        return [Attached(report) for report in _of_page(item)]
    if item.page is not None and _is_picture(item.body):
        raise DocumentError(PICTURE_OF_PAGE)
    return attached(read_reports(item.body, content_type=item.content_type), item)


def _of_page(item: Archived) -> list[Report]:
    """Read a page; where its pictures cannot be read it is read without them, and its warnings say why."""
    try:
        resources = Resources(item.url, item.pictures)
        return read_reports(item.body, content_type=item.content_type, resources=resources)
    except DocumentError as error:
        if not item.pictures:
            raise
        found = read_reports(item.body, content_type=item.content_type)
        return [replace(report, warnings=(*report.warnings, str(error))) for report in found]


def _is_picture(body: bytes) -> bool:
    found = format_of(body)
    return found is not None and found.code == "image"


def _first_clause(text: str) -> str:
    return text.split(";")[0]
