"""Made-up archives: distinct pages of every layout of the zoo, written by the archive's and the state's own writers.

Two pages of three are documents of the zoo, the third is a word processor's markup of about 110 KB. Every page stands
on a host of its own outside gov.cn, so that each is a report of its own and the dataset is as large as can be.
"""

import hashlib
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.pages import report, spanned
from scraper.accounting import Tally
from scraper.archive import ArchiveWriter
from scraper.journal import ARCHIVE_FOLDER
from scraper.ledger import save_site, save_visit
from scraper.messages import Response, Site
from scraper.outcomes import Outcome
from scraper.runs import begin_run, end_run
from scraper.state import State, Visit
from scraper.summary import SiteResult
from scraper.warc import Page
from tests.zoo.documents import document

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
FETCHED_AT = "2026-03-02T08:00:00Z"
FILE_BYTES = 1 << 28
PAGES_A_SITE = 20


def body_of(number: int, seed: int = 1) -> bytes:
    """Return page `number` of the archive of a seed."""
    if number % 3:
        return document(number, seed).body
    return spanned(report(seed * 1_000_003 + number)).replace("清河县".encode(), f"清河县第{number}号".encode())


def site_of(number: int) -> Site:
    """Return the site that page `number` belongs to."""
    site = number // PAGES_A_SITE
    return Site("130534", "清河县", f"http://www.county{site:05d}.cn/")


def make_store(store: Path, pages: int, *, seed: int = 1, only: range | None = None, workers: int = 1) -> None:
    """Write a store with an archive of so many pages and the state of one finished run, and no dataset.

    `only` limits it to some of the sites, as if the others were another machine's.
    """
    store.mkdir(parents=True, exist_ok=True)
    with closing(State(store, create=True)) as state:
        run = begin_run(state, AT, 0.0)

        def announce(file: str) -> None:
            state.write("INSERT OR IGNORE INTO archives VALUES (?, 0)", file)

        writer = ArchiveWriter(store / ARCHIVE_FOLDER, {}, announce, software="made up", max_bytes=FILE_BYTES)
        with closing(writer), state.transaction():
            for number, body in _bodies(pages, seed, only, workers):
                _add(state, writer, number, body, run.id)
            for file, length in writer.sync().items():
                state.write("UPDATE archives SET length = ? WHERE file = ?", length, file)
            for site in sorted({site_of(number) for number in range(pages) if _is_in(number, only)}, key=repr):
                result = SiteResult(site.code, site.name, site.site_url, None, Outcome.OK, "", {"report": Tally()})
                save_site(state, site, run.id, FETCHED_AT, result)
        end_run(state, run, AT, "finished")


def recorded(store: Path) -> list[tuple[str, int, int]]:
    """Return file, offset and length of every record of a store, in the order of writing."""
    with closing(State(store)) as state:
        rows = state.select("SELECT file, offset, length FROM records ORDER BY id")
        return [(row["file"], row["offset"], row["length"]) for row in rows]


def contents(folder: Path) -> dict[str, str]:
    """Return the hash of every file below a folder, by its path there."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def _is_in(number: int, only: range | None) -> bool:
    return only is None or number // PAGES_A_SITE in only


def _bodies(pages: int, seed: int, only: range | None, workers: int) -> Iterator[tuple[int, bytes]]:
    numbers = [number for number in range(pages) if _is_in(number, only)]
    if workers == 1:
        yield from ((number, body_of(number, seed)) for number in numbers)
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from zip(numbers, pool.map(partial(body_of, seed=seed), numbers, chunksize=50), strict=True)


def _add(state: State, writer: ArchiveWriter, number: int, body: bytes, run: int) -> None:
    site = site_of(number)
    url = f"http://www.county{number:06d}.cn/{number}.html"
    response = Response(url, 200, {"content-type": "text/html"}, body)
    sha256 = hashlib.sha256(body).hexdigest()
    fields = {"Site": site.code, "Site-URL": site.site_url, "Kind": "report", "SHA-256": sha256}
    position = writer.append(Page(response, FETCHED_AT, fields))
    visit = Visit(url, url, "report", None, None, site, run, Outcome.OK, "", 200, FETCHED_AT, response, sha256)
    save_visit(state, visit, position)
