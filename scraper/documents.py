"""What a store holds, for those who parse and those who watch: the archived documents, and the status of each site."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scraper.archive import ArchiveReader, Position, Records
from scraper.journal import ARCHIVE_FOLDER
from scraper.messages import Site
from scraper.state import State


@dataclass(frozen=True, slots=True)
class ReportPage:
    """The page of a report that an attachment hangs on: its address, its newest body, the text of the link to it."""

    url: str
    body: bytes
    content_type: str | None
    text: str | None


class Pictures(Mapping[str, bytes]):
    """The pictures of a report page by their addresses, each read from the archive when it is asked for."""

    def __init__(self, archive: Records | None = None, places: Mapping[str, Position] | None = None) -> None:
        self._archive = archive
        self._places = places or {}

    def __getitem__(self, url: str) -> bytes:
        """Return a picture's body; raises KeyError for an address without one, and StoreError."""
        if self._archive is None:
            raise KeyError(url)
        return self._archive.read(self._places[url]).response.body

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


@dataclass(frozen=True, slots=True)
class Archived:
    """The newest version of a document that was found: a report's page, or an attachment of one.

    `url` is where it was found after redirects, `fetched_at` when this version was first fetched (ISO 8601, UTC),
    `sha256` the hash of `body`. `site` is the site that led there, and the first by code where several did; `found_on`
    and `text` are the page and the text of its link: for an attachment that is the page of the report, which is `page`
    where it is archived too. `pictures` are those that were fetched for a page.
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
    page: ReportPage | None = None
    pictures: Mapping[str, bytes] = field(default_factory=Pictures)


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

    A page is brought again by a new picture of it. Order and content depend on the sites and not on the order of
    fetching. Raises StoreError.
    """
    state, archive = State(store), ArchiveReader(store / ARCHIVE_FOLDER)
    try:
        pictures: defaultdict[str, dict[str, Position]] = defaultdict(dict)
        for row in state.select(PICTURES):
            pictures[row["found_on"]][row["url"]] = position_of(row)
        for row in state.select(DOCUMENTS, run, run, run):
            yield Archived(
                row["url"],
                archive.read(position_of(row)).response.body,
                row["content_type"],
                row["fetched_at"],
                row["sha256"],
                Site(row["code"], row["name"] or "", row["site_url"], row["column_url"] or ""),
                row["found_on"],
                row["text"],
                row["kind"],
                _page(archive, row),
                Pictures(archive, pictures.get(row["url"])),
            )
    finally:
        state.close()


def position_of(row: sqlite3.Row, of: str = "") -> Position:
    """Return the place of a record from the columns `file`, `offset` and `length`, or those with a prefix."""
    return Position(row[f"{of}file"], row[f"{of}offset"], row[f"{of}length"])


def _page(archive: Records, row: sqlite3.Row) -> ReportPage | None:
    if row["page_file"] is None:
        return None
    body = archive.read(position_of(row, "page_")).response.body
    return ReportPage(row["found_on"], body, row["page_content_type"], row["page_text"])


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
FOUND = """
WITH newest AS (SELECT max(records.id) AS id FROM records JOIN pages ON pages.record = records.id GROUP BY records.url),
first_link AS MATERIALIZED (
    SELECT * FROM (
        SELECT key, code, site_url, kind, found_on, text,
            row_number() OVER (PARTITION BY key ORDER BY code, site_url) AS place
        FROM links
    ) WHERE place = 1
),
found AS MATERIALIZED (
    SELECT records.url, records.file, records.offset, records.length, records.content_type, records.fetched_at,
        records.sha256, records.run, first_link.code, first_link.site_url, first_link.kind, first_link.found_on,
        first_link.text
    FROM newest
    JOIN records ON records.id = newest.id
    JOIN first_link ON first_link.key = records.key
),
picture AS (
    SELECT * FROM found WHERE kind = 'attachment' AND found_on IS NOT NULL AND (
        content_type LIKE 'image/%' OR url LIKE '%.jpg' OR url LIKE '%.jpeg' OR url LIKE '%.png' OR url LIKE '%.gif'
        OR url LIKE '%.bmp' OR url LIKE '%.tif' OR url LIKE '%.tiff' OR url LIKE '%.webp')
)
"""
PICTURES = "".join((FOUND, "SELECT found_on, url, file, offset, length FROM picture ORDER BY found_on, url"))
DOCUMENTS = "".join(
    (
        FOUND,
        """
SELECT found.*, sites.name, sites.column_url, page.file AS page_file, page.offset AS page_offset,
    page.length AS page_length, page.content_type AS page_content_type, page.text AS page_text
FROM found
LEFT JOIN found AS page ON found.kind = 'attachment' AND page.kind = 'report' AND page.url = found.found_on
LEFT JOIN sites ON sites.code = found.code AND sites.site_url = found.site_url
WHERE ? IS NULL OR found.run = ? OR found.url IN (SELECT found_on FROM picture WHERE run = ?)
ORDER BY found.code, found.site_url, found.url
""",
    )
)
