"""The state of a store, as values: what is known of runs, sites, pages and records."""

import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from scraper.archive import Position
from scraper.messages import Request, Response, Site
from scraper.outcomes import Outcome
from scraper.schema import FILE_NAME, connect, naming, transaction

ARCHIVED_KINDS = frozenset({"report", "attachment"})


@dataclass(frozen=True, slots=True)
class KnownPage:
    """Return what is known of a page: the last request for it, and below `etag` the last good answer."""

    kind: str
    code: str
    site_url: str
    run: int
    outcome: Outcome
    detail: str
    status: int | None
    etag: str | None
    last_modified: str | None
    sha256: str | None
    final_url: str | None
    headers: Mapping[str, str]
    record: int | None


@dataclass(frozen=True, slots=True)
class KnownSite:
    """What is known of a site: the column found, and how its last run ended."""

    column: str | None
    run: int | None
    outcome: str | None
    streak: int
    last_success: str | None
    result: str | None
    unfinished_since: int | None


@dataclass(frozen=True, slots=True)
class Visit:
    """One request as it ended: the link that asked for it, and where there is one the good response with its hash."""

    key: str
    url: str
    kind: str
    found_on: str | None
    text: str | None
    site: Site
    run: int
    outcome: Outcome
    detail: str
    status: int | None
    seen_at: str
    response: Response | None = None
    sha256: str | None = None


def iso(moment: datetime) -> str:
    """Write a moment as it stands in the state, in the archive and in the dataset: ISO 8601 in UTC, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def page_key(request: Request) -> str:
    """Return what tells pages apart: the URL without its fragment, and the fields of a POST."""
    url = request.url.partition("#")[0]
    return url if request.form is None else f"POST {url} {json.dumps(dict(request.form), ensure_ascii=False)}"


class State:
    """One connection to the state; each thread has its own."""

    def __init__(self, store: Path, *, create: bool = False) -> None:
        self._path = store / FILE_NAME
        self._connection = connect(store, create=create)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All the writes within it, or none."""
        return transaction(self._connection, self._path)

    def select(self, query: str, *values: object) -> Iterator[sqlite3.Row]:
        """Return the rows of a query; raises StoreError."""
        with naming(self._path):
            yield from self._connection.execute(query, values)

    def write(self, statement: str, *values: object) -> int:
        """Run one statement; returns the number of the row it inserted. Raises StoreError."""
        with naming(self._path):
            return self._connection.execute(statement, values).lastrowid or 0

    def page(self, key: str) -> KnownPage | None:
        """Return what is known of a page, None where it was never asked for."""
        for row in self.select(PAGE_QUERY, key):
            fields = dict(row)
            fields["outcome"] = Outcome(fields["outcome"])
            fields["headers"] = json.loads(fields["headers"] or "{}")
            return KnownPage(**fields)
        return None

    def body(self, key: str) -> bytes | None:
        """Return the last good body of a page that is not archived, None where none is kept."""
        for row in self.select("SELECT body FROM bodies WHERE key = ?", key):
            return zlib.decompress(row["body"])
        return None

    def position(self, record: int) -> Position:
        """Where an archived record stands."""
        (row,) = self.select("SELECT file, offset, length FROM records WHERE id = ?", record)
        return Position(row["file"], row["offset"], row["length"])

    def site(self, site: Site) -> KnownSite | None:
        """Return what is known of a site, None where it was never visited."""
        for row in self.select(SITE_QUERY, site.code, site.site_url):
            return KnownSite(**dict(row))
        return None

    def lengths(self) -> dict[str, int]:
        """Up to where each archive file counts."""
        return {row["file"]: row["length"] for row in self.select("SELECT file, length FROM archives")}


PAGE_QUERY = """
SELECT kind, code, site_url, run, outcome, detail, status, etag, last_modified, sha256, final_url, headers, record
FROM pages WHERE key = ?
"""
SITE_QUERY = """
SELECT column_found AS "column", run, outcome, streak, last_success, result, unfinished_since
FROM sites WHERE code = ? AND site_url = ?
"""
