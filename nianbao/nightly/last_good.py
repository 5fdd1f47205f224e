"""The last good version of a report: what a site shows in its place, and holds less, does not displace it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nianbao.dataset.documents import Document
from nianbao.dataset.fields import TABLES
from nianbao.dataset.generations import current
from nianbao.dataset.reader import open_dataset
from scraper import Archived

_COLUMNS = ("report_id", "url", "sha256", "fetched_at", *(f"{table}_grade" for table in TABLES))
NOT_READ = "what stands there now is no report that can be read"

Row = dict[str, Any]


class LastGood:
    """Holds back documents that would displace a better version of a report at the same address.

    `kept` gives the reports whose stored version stays, by address, each with the reason; `renewed` the addresses whose
    new version was taken. Bytes that the dataset has read before are never held back: then the parser is another one,
    and what it says counts.
    """

    def __init__(self, store: Path) -> None:
        self._stored: dict[str, Row] = {}
        if current(store) is not None:
            rows = open_dataset(store).arrow("reports").select(_COLUMNS).to_pylist()
            self._stored = {row["url"]: row for row in sorted(rows, key=lambda row: str(row["report_id"]))}
        self._unread: dict[str, Row] = {}
        self.kept: dict[str, dict[str, str]] = {}
        self.renewed: set[str] = set()

    def arrive(self, item: Archived) -> None:
        """Take note of an archived document before it is parsed."""
        row = self._stored.get(item.url)
        if row is not None and row["sha256"] != item.sha256:
            self._unread[item.url] = row

    def sift(self, documents: Iterator[Document]) -> Iterator[Document]:
        """Yield the documents that the dataset may take; ask for `kept` when all are through."""
        for document in documents:
            row = self._unread.get(document.url)
            reason = worse(document, row) if row is not None else None
            if row is not None and reason is not None:
                self._keep(document.url, row, reason)
                continue
            if document.url in self._stored and document.fetched_at != self._stored[document.url]["fetched_at"]:
                self.renewed.add(document.url)
            yield document
        for url, row in self._unread.items():
            if url not in self.renewed and url not in self.kept:
                self._keep(url, row, NOT_READ)

    def _keep(self, url: str, row: Row, reason: str) -> None:
        self.kept[url] = {"report_id": row["report_id"], "version_of": row["fetched_at"], "reason": reason}


def worse(document: Document, row: Row) -> str | None:
    """Say what a document has lost against the stored version of its address, None where it has lost nothing.

    A table that is gone, or that was read whole and now cannot be. Numbers that no longer add up are no loss: they
    are what is published.
    """
    grades = {table.table: table.grade for table in document.report.tables}
    for table in TABLES:
        before, now = row[f"{table}_grade"], grades.get(table)
        if before is not None and now is None:
            return f"the {table} table is no longer there"
        if before not in (None, "partial") and now == "partial":
            return f"the {table} table can no longer be read whole"
    return None
