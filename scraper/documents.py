"""What a store holds, for those who parse and those who watch: the archived documents, and the status of each site."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scraper.archive import ArchiveReader, Position
from scraper.journal import ARCHIVE_FOLDER
from scraper.messages import Site
from scraper.state import State


@dataclass(frozen=True, slots=True)
class Archived:
    """The newest version of a document that was found: a report's page, or an attachment of one.

    `url` is where it was found after redirects, `fetched_at` when this version was first fetched (ISO 8601, UTC),
    `sha256` the hash of `body`. `site` is the site that led there, and the first by code where several did; `found_on`
    and `text` are the page and the text of its link: for an attachment that is the page of the report.
    """

    url: str
    body: bytes
    content_type: str | None
    fetched_at: str
    sha256: str
    site: Site
    found_on: str | None
    text: str | None
    kind: str


@dataclass(frozen=True, slots=True)
class SiteStatus:
    """How the last run ended for a site, for how many runs in a row it has ended so, and when it last went well."""

    site: Site
    column: str | None
    outcome: str
    detail: str
    streak: int
    last_success: str | None


def documents(store: Path, *, run: int | None = None) -> Iterator[Archived]:
    """Yield the newest version of every document of a store, by site and URL; with `run` those that this run brought.

    Order and content depend on the sites and not on the order of fetching. Raises StoreError.
    """
    state, archive = State(store), ArchiveReader(store / ARCHIVE_FOLDER)
    try:
        for row in state.select(DOCUMENTS, run, run):
            page = archive.read(Position(row["file"], row["offset"], row["length"]))
            site = Site(row["code"], row["name"] or "", row["site_url"], row["column_url"] or "")
            yield Archived(
                row["url"],
                page.response.body,
                row["content_type"],
                row["fetched_at"],
                row["sha256"],
                site,
                row["found_on"],
                row["text"],
                row["kind"],
            )
    finally:
        state.close()


def status(store: Path) -> list[SiteStatus]:
    """Return the status of every site that was ever visited, by code; raises StoreError."""
    state = State(store)
    try:
        return [
            SiteStatus(
                Site(row["code"], row["name"], row["site_url"], row["column_url"]),
                row["column_found"],
                row["outcome"],
                row["detail"],
                row["streak"],
                row["last_success"],
            )
            for row in state.select("SELECT * FROM sites ORDER BY code, site_url")
        ]
    finally:
        state.close()


# Of pages that end at one URL the newest record counts; of sites that link there the first by code.
DOCUMENTS = """
WITH newest AS (SELECT max(records.id) AS id FROM records JOIN pages ON pages.record = records.id GROUP BY records.url),
first_link AS (
    SELECT key, code, site_url, kind, found_on, text,
        row_number() OVER (PARTITION BY key ORDER BY code, site_url) AS place
    FROM links
)
SELECT records.*, first_link.code, first_link.site_url, first_link.kind, first_link.found_on, first_link.text,
    sites.name, sites.column_url
FROM newest
JOIN records ON records.id = newest.id
JOIN first_link ON first_link.key = records.key AND first_link.place = 1
LEFT JOIN sites ON sites.code = first_link.code AND sites.site_url = first_link.site_url
WHERE ? IS NULL OR records.run = ?
ORDER BY first_link.code, first_link.site_url, records.url
"""
