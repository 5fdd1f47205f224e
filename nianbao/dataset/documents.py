"""What the pipeline hands to the dataset: parsed documents, and what each site was visited with."""

from dataclasses import dataclass

from parsers.report import Report


@dataclass(frozen=True, slots=True)
class Document:
    """One report as one document published it, and where and when that document was fetched.

    `url` is the document's own address after redirects, `fetched_at` an ISO 8601 time with a zone, `site_code` the
    code of the site that was harvested, `found_on` the page whose link led here, `content_type` the declared one.
    All reports of one body are handed over together, the one that the title names first. `is_attached` says that it
    hangs on the page `found_on`, `differing` names the cells in which it differs from that page.
    """

    report: Report
    url: str
    fetched_at: str
    site_code: str | None = None
    found_on: str | None = None
    content_type: str | None = None
    is_attached: bool = False
    differing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """What a harvest learned of one site, for the coverage.

    `reason` says in a few words why reports are missing (`blocked: script challenge`, `failed: 404`), None where
    nothing went wrong. With a `report_year` it is about a report that the site lists for that year, without one
    about the whole site.
    """

    site_code: str
    site_name: str
    report_year: int | None = None
    reason: str | None = None
