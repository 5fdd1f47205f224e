"""One site in one run: asks discovery what to fetch, has it fetched, and keeps the accounts."""

import traceback
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from scraper.accounting import SHARED, Tally
from scraper.messages import Request, Response, Site, Step
from scraper.options import Options
from scraper.outcomes import SUCCESSES, Outcome
from scraper.state import ARCHIVED_KINDS
from scraper.summary import SiteResult
from scraper.visits import Visited, Visits

LINK = "link"  # the kind of what discovery saw and left alone
# What keeps a site from being read at all; a single missing page does not.
OBSTACLES = frozenset(
    {
        Outcome.BLOCKED,
        Outcome.ROBOTS,
        Outcome.DNS,
        Outcome.REFUSED,
        Outcome.TLS,
        Outcome.TIMEOUT,
        Outcome.MOVED,
        Outcome.REDIRECTS,
        Outcome.TOO_LARGE,
        Outcome.INCOMPLETE,
        Outcome.UNSAFE,
    }
)


class Walker(Protocol):
    """Discovery, as the harvest drives it."""

    @property
    def column(self) -> str | None:
        """The report column that was found, None before."""

    def start(self) -> Step:
        """Say what to fetch first."""

    def receive(self, request: Request, response: Response | None) -> Step:
        """Say what to fetch after a response; None stands for one that could not be had."""


class SiteWalk:
    """The walk through one site; `emit` is told of each page."""

    def __init__(
        self,
        site: Site,
        walker: Walker,
        visits: Visits,
        options: Options,
        clock: Callable[[], float],
        emit: Callable[[Request, Visited], None],
    ) -> None:
        self.site = site
        self._walker = walker
        self._visits = visits
        self._options = options
        self._clock = clock
        self._emit = emit
        self._reports: deque[Request] = deque()
        self._others: deque[Request] = deque()
        self._tallies: dict[str, Tally] = defaultdict(Tally)
        self._ends: list[tuple[Request, Outcome, str]] = []
        self._notes: list[str] = []
        self._defect: str | None = None

    async def run(self) -> None:
        """Walk until nothing is left to fetch or the site's budget is spent; raises StoreError."""
        until = self._clock() + self._options.max_site_time
        if not self._advance(self._walker.start):
            return
        while (queue := self._reports or self._others) and self._clock() < until:
            if len(self._ends) >= self._options.max_pages:
                self._notes.append(f"the budget of {self._options.max_pages} pages is spent")
                return
            request = queue[0]
            visited = await self._visits.visit(self.site, request)
            queue.popleft()
            self._enter(request, visited)
            if not self._advance(lambda: self._walker.receive(request, visited.response)):  # noqa: B023 - called at once
                return

    def result(self, *, finished: bool) -> SiteResult:
        """Close the accounts, with what was asked for and not fetched as pending; once. Raises NianbaoError."""
        for request in [*self._reports, *self._others]:
            self._tallies[request.kind].pending += 1
        for kind, tally in self._tallies.items():
            tally.verify(f"{self.site.code} {self.site.name}, {kind}")
        outcome, detail = self._outcome() if finished else (Outcome.PENDING, "the run was broken off")
        return SiteResult(
            self.site.code,
            self.site.name,
            self.site.site_url,
            self._walker.column,
            outcome,
            detail,
            self._tallies,
            tuple(dict.fromkeys(self._notes)),
        )

    def _advance(self, ask: Callable[[], Step]) -> bool:
        try:
            step = ask()
        except Exception as error:  # noqa: BLE001 - one site's page may not end the run; the site says so
            last = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{Path(last.filename).name}:{last.lineno}"
            self._defect = f"{type(error).__name__}: {error} ({place}); please report this bug"
            return False
        for request in step.requests:
            self._tallies[request.kind].discovered += 1
            (self._reports if request.kind in ARCHIVED_KINDS else self._others).append(request)
        for skipped in step.skipped:
            self._tallies[LINK].discovered += 1
            self._tallies[LINK].skipped[skipped.reason] += 1
        self._notes.extend(step.notes)
        return True

    def _enter(self, request: Request, visited: Visited) -> None:
        tally = self._tallies[request.kind]
        if visited.shared:
            tally.skipped[SHARED] += 1
        else:
            tally.count(visited.outcome)
        self._ends.append((request, visited.outcome, visited.detail))
        self._emit(request, visited)

    def _outcome(self) -> tuple[Outcome, str]:
        if self._defect is not None:
            return Outcome.DEFECT, self._defect
        ends = [end for end in self._ends if end[0].kind in ARCHIVED_KINDS]
        for outcome in (Outcome.OK, Outcome.UNCHANGED):
            if any(end[1] is outcome for end in ends):
                return outcome, ""
        failed = ends or [end for end in self._ends if end[1] in OBSTACLES or end[0].kind == "home"]
        trouble = Counter(end[1] for end in failed if end[1] not in SUCCESSES)
        if trouble:
            worst = trouble.most_common(1)[0][0]
            request, _, detail = next(end for end in failed if end[1] is worst)
            return worst, f"{request.url}: {detail}"
        if self._reports or self._others:
            return Outcome.PENDING, "the site's budget was spent before a report was found"
        return Outcome.NOTHING_FOUND, "no report was found"
