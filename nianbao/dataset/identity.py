"""Which report a document is: identifiers that stay the same from run to run."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from nianbao.dataset.divisions import without_place
from nianbao.dataset.documents import Document

_OFFICIAL = re.compile(r"(^|\.)gov\.cn$")
_NOT_WORD = re.compile(r"[\W_]+")


def host_of(url: str) -> str:
    """Return the host of an address in lower case, without its port; `local` where it has none."""
    return (urlsplit(url).hostname or "local").rstrip(".").lower()


def host_is_official(url: str) -> bool:
    """Say whether the address is under gov.cn, the only domain that proves an official host."""
    return _OFFICIAL.search(host_of(url)) is not None


def report_id(document: Document) -> str:
    """Return the identifier of the document's report.

    `431229-2024-jurisdiction`; other scopes add 8 hex digits of the publisher's normalised name without the division's,
    a host that is not official adds `@host`. A report without division, year or scope, or of an agency without a
    name, is `x-` and 12 hex digits of its address.
    """
    report = document.report
    nameless = report.scope != "jurisdiction" and not report.publisher
    if report.division is None or report.report_year is None or report.scope == "unknown" or nameless:
        return f"x-{_hex(document.url, 12)}"
    identifier = f"{report.division.code}-{report.report_year}-{report.scope}"
    if report.scope != "jurisdiction":
        agency = without_place(report.publisher or "", report.division)
        identifier += f"-{_hex(normal_publisher(agency), 8)}"
    return identifier if host_is_official(document.url) else f"{identifier}@{host_of(document.url)}"


def normal_publisher(name: str) -> str:
    """Return a name without what varies from page to page: width, blanks, punctuation, 人民 of 人民政府."""
    name = _NOT_WORD.sub("", unicodedata.normalize("NFKC", name)).lower()
    return name.replace("人民政府", "政府").replace("街道办事处", "街道")


def identify(documents: Iterable[Document]) -> Iterator[tuple[str, Document]]:
    """Pair each document with its report's identifier; what one body gives twice the same identifier gets -2, -3."""
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for document in documents:
        identifier = report_id(document)
        occurrence = (identifier, document.url, document.report.sha256, document.fetched_at)
        seen[occurrence] += 1
        count = seen[occurrence]
        yield (identifier if count == 1 else f"{identifier}-{count}"), document


def _hex(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:digits]
