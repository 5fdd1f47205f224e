"""Every archived version of every document as a plain value without its body: what a later parse is planned from."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from scraper.archive import Position, Records
from scraper.documents import FOUND, PICTURES, Archived, Pictures, ReportPage, position_of
from scraper.messages import Site
from scraper.state import State
from scraper.summary import SiteResult, result_from_json


@dataclass(frozen=True, slots=True)
class PagePlace:
    """Where the page of a report stands that an attachment hangs on, and the text of the link to it."""

    position: Position
    content_type: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """One version of a document: where its record stands, and all that is known of it without reading that.

    The fields are those of `Archived`; `page` and `pictures` are places too.
    """

    position: Position
    url: str
    content_type: str | None
    fetched_at: str
    sha256: str
    site: Site
    found_on: str | None
    text: str | None
    kind: str
    page: PagePlace | None = None
    pictures: tuple[tuple[str, Position], ...] = field(default=())


def places(store: Path) -> Iterator[Place]:
    """Yield every version of every document of a store, those of one address together and the oldest first.

    Of several records that one run made of an address the last counts, as it did when that run was parsed. The order
    depends on addresses and times alone. Raises StoreError.
    """
    with closing(State(store)) as state:
        pictures: defaultdict[str, list[tuple[str, Position]]] = defaultdict(list)
        for row in state.select(PICTURES):
            pictures[row["found_on"]].append((row["url"], position_of(row)))
        for row in state.select(VERSIONS):
            yield _place(row, tuple(pictures.get(row["url"], ())))


def count_places(store: Path) -> int:
    """Return how many versions `places` yields; raises StoreError."""
    with closing(State(store)) as state:
        (row,) = state.select("SELECT count(*) AS versions FROM (SELECT 1 FROM records GROUP BY url, run)")
        return int(row["versions"])


def archived(place: Place, records: Records) -> Archived:
    """Read the document of a place; its pictures are read when they are asked for.

    Raises StoreError where the record, or that of its page, cannot be read or does not hold the bytes it should.
    """
    body = records.read(place.position).response.body
    page = place.page
    read = None
    if page is not None and place.found_on is not None:
        page_body = records.read(page.position).response.body
        read = ReportPage(place.found_on, page_body, page.content_type, page.text)
    return Archived(
        place.url,
        body,
        place.content_type,
        place.fetched_at,
        place.sha256,
        place.site,
        place.found_on,
        place.text,
        place.kind,
        read,
        Pictures(records, dict(place.pictures)),
    )


def _place(row: sqlite3.Row, pictures: tuple[tuple[str, Position], ...]) -> Place:
    page = None
    if row["page_file"] is not None:
        page = PagePlace(position_of(row, "page_"), row["page_content_type"], row["page_text"])
    return Place(
        position_of(row),
        row["url"],
        row["content_type"],
        row["fetched_at"],
        row["sha256"],
        Site(row["code"], row["name"] or "", row["site_url"], row["column_url"] or ""),
        row["found_on"],
        row["text"],
        row["kind"],
        page,
        pictures,
    )


@dataclass(frozen=True, slots=True)
class LastRun:
    """The last run of a store: its number, the name of its folder, and whether it came to its end."""

    id: int
    name: str
    is_finished: bool


def last_run(store: Path) -> LastRun | None:
    """Return the last run of a store, None where there was none yet; raises StoreError."""
    with closing(State(store)) as state:
        for row in state.select("SELECT id, name, status FROM runs ORDER BY id DESC LIMIT 1"):
            return LastRun(row["id"], row["name"], row["status"] == "finished")
    return None


def results(store: Path) -> list[SiteResult]:
    """Return how the last visit of each site of a store ended, by code and address; raises StoreError."""
    with closing(State(store)) as state:
        rows = state.select("SELECT result FROM sites WHERE result IS NOT NULL ORDER BY code, site_url")
        return [result_from_json(row["result"]) for row in rows]


VERSIONS = "".join(
    (
        FOUND,
        """
, version AS (SELECT max(id) AS id FROM records GROUP BY url, run)
SELECT records.url, records.file, records.offset, records.length, records.content_type, records.fetched_at,
    records.sha256, first_link.code, first_link.site_url, first_link.kind, first_link.found_on, first_link.text,
    sites.name, sites.column_url, page.file AS page_file, page.offset AS page_offset, page.length AS page_length,
    page.content_type AS page_content_type, page.text AS page_text
FROM version
JOIN records ON records.id = version.id
JOIN first_link ON first_link.key = records.key AND first_link.place = 1
LEFT JOIN found AS page ON first_link.kind = 'attachment' AND page.kind = 'report' AND page.url = first_link.found_on
LEFT JOIN sites ON sites.code = first_link.code AND sites.site_url = first_link.site_url
ORDER BY records.url, records.fetched_at, records.sha256
""",
    )
)
