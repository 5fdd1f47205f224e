"""A request of a site, with what is remembered of the page: answered from this run, or asked for conditionally."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

import httpx

from parsers.errors import StoreError
from scraper.archive import ArchiveReader
from scraper.barriers import ends_at_home
from scraper.fetch import Fetcher
from scraper.journal import Journal
from scraper.ledger import save_link, seen_again
from scraper.messages import Request, Response, Site
from scraper.outcomes import SUCCESSES, Failure, Outcome
from scraper.robots import Robots, read_robots
from scraper.runs import Run
from scraper.state import ARCHIVED_KINDS, KnownPage, State, Visit, iso, page_key

ROBOTS = "robots"
ROBOTS_PATH = "/robots.txt"
NO_SITE = Site("", "", "")


@dataclass(frozen=True, slots=True)
class Visited:
    """How a request ended: `response` is for discovery, None where there is nothing to go on with.

    `shared` says that another site asked for the same page in this run, and has it in its accounts.
    """

    outcome: Outcome
    detail: str
    response: Response | None
    shared: bool = False


class Visits:
    """Answers the requests of all sites of a run, each page at most once over the network."""

    def __init__(
        self,
        run: Run,
        state: State,
        archive: ArchiveReader,
        journal: Journal,
        fetcher: Fetcher,
        now: Callable[[], datetime],
    ) -> None:
        self._run = run
        self._state = state
        self._archive = archive
        self._journal = journal
        self._fetcher = fetcher
        self._now = now
        self._under_way: dict[str, asyncio.Event] = {}
        self._robots: dict[str, asyncio.Task[Robots]] = {}
        self._since: dict[Site, int] = {}

    def go_on(self, site: Site, since: int) -> None:
        """Take what was fetched for a site in the run `since` and later as fresh: its visit was cut off there."""
        self._since[site] = since

    async def visit(self, site: Site, request: Request) -> Visited:
        """Answer a request; returns when the answer is safe in the store. Raises StoreError."""
        key = page_key(request)
        async with self._alone(key):
            known = self._state.page(key)
            if known is not None and known.run == self._run.id:
                again = await self._answer(key, known, site, request)
                if again is not None:
                    return again
            elif known is not None and self._is_fresh(known, site):
                response = self._kept(key, known, request.kind)
                if response is not None:
                    await self._journal.record(lambda state: seen_again(state, key, self._run.id))
                    return Visited(Outcome.UNCHANGED, "", response)
            return await self._ask(key, known, site, request)

    def close(self) -> None:
        """Let go of what is still under way."""
        for task in self._robots.values():
            task.cancel()

    @asynccontextmanager
    async def _alone(self, key: str) -> AsyncIterator[None]:
        while (other := self._under_way.get(key)) is not None:
            await other.wait()
        done = self._under_way[key] = asyncio.Event()
        try:
            yield
        finally:
            del self._under_way[key]
            done.set()

    async def _answer(self, key: str, known: KnownPage, site: Site, request: Request) -> Visited | None:
        """Answer from this run, where the page was asked for already and what is kept of it suits the request."""
        if known.outcome not in SUCCESSES:
            return Visited(known.outcome, known.detail, None)
        response = self._kept(key, known, request.kind)
        if response is None:
            return None
        shared = (known.code, known.site_url) != (site.code, site.site_url)
        if shared and request.kind in ARCHIVED_KINDS:
            visit = self._visit(key, site, request.url, request.kind, request)
            await self._journal.record(lambda state: save_link(state, visit))
        return Visited(known.outcome, known.detail, response, shared)

    async def _ask(self, key: str, known: KnownPage | None, site: Site, request: Request) -> Visited:
        kept = self._kept(key, known, request.kind)
        validators = _validators(known) if known is not None and kept is not None else {}
        headers = {**request.headers, **validators}
        answer = await self._fetcher.get(request.url, self.robots, headers=headers, form=request.form)
        answer = _as_content(answer, request, may_be_unchanged=kept is not None)
        visit = self._visit(key, site, request.url, request.kind, request)
        if isinstance(answer, Failure):
            visit = replace(visit, outcome=answer.outcome, detail=answer.detail, status=answer.status)
        elif answer.status == 304:
            visit, answer = replace(visit, outcome=Outcome.UNCHANGED, status=304), kept or answer
        else:
            digest = sha256(answer.body).hexdigest()
            comparable = kept is not None or request.kind not in ARCHIVED_KINDS
            same = comparable and known is not None and known.sha256 == digest
            outcome = Outcome.UNCHANGED if same else Outcome.OK
            visit = replace(visit, outcome=outcome, status=answer.status, response=answer, sha256=digest)
        if visit.outcome is not Outcome.PENDING:
            await self._journal.record(visit)
        return Visited(visit.outcome, visit.detail, None if isinstance(answer, Failure) else answer)

    def _is_fresh(self, known: KnownPage, site: Site) -> bool:
        """Whether a page was fetched for this site in the visit that was cut off and now goes on."""
        since = self._since.get(site)
        same = (known.code, known.site_url) == (site.code, site.site_url)
        return since is not None and same and known.run >= since and known.outcome in SUCCESSES

    def _visit(self, key: str, site: Site, url: str, kind: str, request: Request | None = None) -> Visit:
        return Visit(
            key=key,
            url=url,
            kind=kind,
            found_on=request.found_on if request is not None else None,
            text=request.text if request is not None else None,
            site=site,
            run=self._run.id,
            outcome=Outcome.OK,
            detail="",
            status=None,
            seen_at=iso(self._now()),
        )

    def _kept(self, key: str, known: KnownPage | None, kind: str) -> Response | None:
        """Return the last good answer where it is kept as the kind of page asks: reports in the archive."""
        if known is None or known.final_url is None:
            return None
        body = None if kind in ARCHIVED_KINDS else self._state.body(key)
        kept = Response(known.final_url, 200, known.headers, body) if body is not None else None
        if kept is None and known.record is not None:
            kept = self._archived(known.record)
        return kept if kept is not None and sha256(kept.body).hexdigest() == known.sha256 else None

    def _archived(self, record: int) -> Response | None:
        try:
            return self._archive.read(self._state.position(record)).response
        except StoreError:  # damaged on the disk: the page is fetched anew, and archived once more
            return None

    async def robots(self, url: httpx.URL) -> Robots:
        """Return the rules of a URL's host, asked for once a run."""
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        task = self._robots.get(origin)
        if task is None:
            task = self._robots[origin] = asyncio.create_task(self._read_robots(origin + ROBOTS_PATH))
        return await asyncio.shield(task)

    async def _read_robots(self, url: str) -> Robots:
        known = self._state.page(url)
        if known is not None and known.run == self._run.id:
            kept = self._kept(url, known, ROBOTS)
            if known.outcome is Outcome.OK and kept is not None:
                return read_robots(kept)
            if known.outcome is not Outcome.OK:
                return read_robots(Failure(known.outcome, known.detail, known.status))
        answer = await self._fetcher.get(url, None)
        visit = self._visit(url, NO_SITE, url, ROBOTS)
        if isinstance(answer, Failure):
            visit = replace(visit, outcome=answer.outcome, detail=answer.detail, status=answer.status)
        else:
            visit = replace(visit, status=answer.status, response=answer, sha256=sha256(answer.body).hexdigest())
        if visit.outcome is not Outcome.PENDING:
            await self._journal.record(visit)
        return read_robots(answer)


def _validators(known: KnownPage) -> dict[str, str]:
    """Make the request conditional on what the last good answer offered (RFC 9110 §13.1)."""
    pairs = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in pairs.items() if value}


def _as_content(answer: Response | Failure, request: Request, *, may_be_unchanged: bool) -> Response | Failure:
    """Turn what is no content for this request into a failure."""
    if isinstance(answer, Failure):
        return answer
    if answer.status == 304 and not may_be_unchanged:
        return Failure(Outcome.HTTP_ERROR, "status 304, to a request that was not conditional", 304)
    if request.kind in ARCHIVED_KINDS and ends_at_home(answer.url, request.url):
        return Failure(Outcome.BLOCKED, f"error_page (leads to {answer.url})", answer.status)
    return answer
