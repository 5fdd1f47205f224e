"""A harvest: all sites visited side by side, each host at its own pace, everything found archived and accounted for."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from scraper.archive import ArchiveReader
from scraper.discovery.limits import Limits
from scraper.discovery.walk import Discovery
from scraper.fetchers import open_fetcher
from scraper.journal import ARCHIVE_FOLDER, Journal
from scraper.ledger import mark_unfinished, save_site
from scraper.messages import Request, Site
from scraper.options import Options
from scraper.outcomes import Outcome
from scraper.runs import begin_run, count_records, end_run, is_recent, locked
from scraper.state import State, iso
from scraper.summary import Event, EventKind, SiteResult, Summary, result_from_json
from scraper.visits import Visited, Visits
from scraper.walks import SiteWalk, Walker

SITES_AT_ONCE = 4000  # bounds the memory of lists longer than any country's
DUE_MONTH = 3
UNFINISHED_FOR = 7 * 24 * 3600.0  # seconds for which what an unfinished visit has fetched counts as fresh
THROUGH_PROXY = "through the proxy only addresses written as literals can be checked; it resolves the names"

WalkerOf = Callable[[Site, str | None], Walker]
_End = Literal["finished", "interrupted", "out of time"]


def utc_now() -> datetime:
    """Return the time of day in UTC."""
    return datetime.now(UTC)


def due_year(today: datetime) -> int:
    """Return the newest report year that must be out: a county's is due on 31 March (国务院令第711号, art. 50)."""
    return today.year - 1 if today.month > DUE_MONTH else today.year - 2


def harvest(
    sites: Sequence[Site],
    store: Path,
    options: Options | None = None,
    on_event: Callable[[Event], None] | None = None,
    *,
    now: Callable[[], datetime] = utc_now,
    walker_of: WalkerOf | None = None,
    seconds: float | None = None,
) -> Summary:
    """Fetch and archive the reports of sites into a store, and return when all of them are done.

    A run that was broken off less than `options.resume_within` seconds ago is continued: what it has is not fetched
    again. Ctrl-C ends the run in good order, and so do `seconds` when they are over; the summary says so, and the next
    run goes on with the sites that were cut off. `now` gives the times that are recorded, `walker_of` a discovery in
    the place of `scraper.discovery`. Raises StoreError when the store cannot be used; what happens to a site stands in
    the summary.
    """
    limits = Limits(expected_year=due_year(now()))

    def discover(site: Site, column: str | None) -> Walker:
        return Discovery(site, column, limits)

    with locked(store):
        run = _Harvest(sites, store, options or Options(), on_event, now, walker_of or discover, seconds)
        return asyncio.run(run.main())


class _Harvest:
    def __init__(
        self,
        sites: Sequence[Site],
        store: Path,
        options: Options,
        on_event: Callable[[Event], None] | None,
        now: Callable[[], datetime],
        walker_of: WalkerOf,
        seconds: float | None,
    ) -> None:
        self._sites = list({(site.code, site.site_url): site for site in sites}.values())
        self._store = store
        self._options = options
        self._on_event = on_event
        self._now = now
        self._walker_of = walker_of
        self._seconds = seconds
        self._results: dict[Site, SiteResult] = {}
        self._under_way: dict[Site, SiteWalk] = {}

    async def main(self) -> Summary:
        async with AsyncExitStack() as stack:
            self._state = State(self._store, create=True)
            stack.callback(self._state.close)
            self._run = begin_run(self._state, self._now(), self._options.resume_within)
            software = f"nianbao/{version('nianbao')}"
            self._journal = Journal(self._store, software=software, max_bytes=self._options.archive_bytes)
            stack.push_async_callback(self._journal.close)
            archive = ArchiveReader(self._store / ARCHIVE_FOLDER)
            fetcher = await stack.enter_async_context(open_fetcher(self._options, self._now))
            self._visits = Visits(self._run, self._state, archive, self._journal, fetcher, self._now)
            stack.callback(self._visits.close)
            return self._finish(await self._visit_all())

    async def _visit_all(self) -> _End:
        """Visit every site, unless Ctrl-C or the time ends it before."""
        if self._options.proxy is not None:
            self._tell("note", None, detail=THROUGH_PROXY)
        if self._run.resumed:
            self._tell("note", None, detail=f"goes on with run {self._run.name}, which was broken off")
        room = asyncio.Semaphore(SITES_AT_ONCE)
        tasks = [asyncio.create_task(self._visit(site, room)) for site in self._sites]
        limit = asyncio.timeout(self._seconds)
        try:
            async with limit:
                for ended in asyncio.as_completed(tasks):
                    await ended
        except asyncio.CancelledError:
            return "interrupted"
        except TimeoutError:
            if not limit.expired():
                raise
            return "out of time"
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return "finished"

    async def _visit(self, site: Site, room: asyncio.Semaphore) -> None:
        async with room:
            known = self._state.site(site)
            if known is not None and known.run == self._run.id and known.result is not None:
                self._results[site] = result_from_json(known.result)
                return
            self._tell("site_started", site)
            since = known.unfinished_since if known is not None else None
            if since is not None and is_recent(self._state, since, self._now(), UNFINISHED_FOR):
                self._visits.go_on(site, since)
            walker = self._walker_of(site, known.column if known is not None else None)
            walk = SiteWalk(site, walker, self._visits, self._options, time.monotonic, self._page_teller(site))
            self._under_way[site] = walk
            await walk.run()
            result = walk.result(finished=True)
            at = iso(self._now())
            await self._journal.record(lambda state: save_site(state, site, self._run.id, at, result))
            self._results[site] = result
            del self._under_way[site]
            self._tell("site_done", site, outcome=result.outcome, detail=result.detail)

    def _finish(self, end: _End) -> Summary:
        for site, walk in self._under_way.items():
            self._results[site] = walk.result(finished=False)
        mark_unfinished(self._state, self._under_way, self._run.id)
        interrupted = end == "interrupted"
        summary = Summary(
            run=self._run.name,
            run_id=self._run.id,
            started_at=self._run.started_at,
            finished_at=iso(self._now()),
            resumed=self._run.resumed,
            interrupted=interrupted,
            new_records=count_records(self._state, self._run),
            sites=tuple(self._results[site] for site in self._sites if site in self._results),
            out_of_time=end == "out of time",
        )
        summary.counts.verify(f"run {self._run.name}")
        summary.write(self._store)
        end_run(self._state, self._run, self._now(), "interrupted" if interrupted else "finished")
        return summary

    def _page_teller(self, site: Site) -> Callable[[Request, Visited], None]:
        def tell(request: Request, visited: Visited) -> None:
            self._tell("page", site, url=request.url, outcome=visited.outcome, detail=visited.detail)

        return tell

    def _tell(
        self,
        kind: EventKind,
        site: Site | None,
        *,
        url: str | None = None,
        outcome: Outcome | None = None,
        detail: str = "",
    ) -> None:
        if self._on_event is not None:
            done, total = len(self._results), len(self._sites)
            self._on_event(Event(kind, site, done, total, url, outcome, detail))
