"""One page over HTTP, as politeness, robots.txt and safety allow: its hops, its retries, and how it ended."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from urllib.parse import urljoin

import httpx
from tldextract import TLDExtract

from scraper.barriers import barrier
from scraper.client import Call, Client
from scraper.guard import Guard, parse_url
from scraper.messages import Response
from scraper.options import Options
from scraper.outcomes import Failure, Outcome
from scraper.politeness import PAGE_STATUSES, Lane, Lanes, retry_after
from scraper.robots import Robots

REDIRECTS = frozenset({301, 302, 303, 307, 308})
KEEPS_METHOD = frozenset({307, 308})
TRANSIENT = frozenset({Outcome.TIMEOUT, Outcome.REFUSED, Outcome.INCOMPLETE})
TRANSIENT_STATUSES = frozenset({429, 500, 502, 503, 504})
OFFICIAL_SUFFIX = ".gov.cn"

RobotsOf = Callable[[httpx.URL], Awaitable[Robots]]


class Fetcher:
    """Fetches pages; knows hosts, and nothing of sites."""

    def __init__(
        self, options: Options, client: Client, guard: Guard, lanes: Lanes, now: Callable[[], datetime]
    ) -> None:
        self._options = options
        self._client = client
        self._guard = guard
        self._lanes = lanes
        self._now = now

    async def get(
        self,
        url: str,
        robots_of: RobotsOf | None,
        *,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Response | Failure:
        """Fetch a page through its redirects; a good response has a status of 2xx, or 304 where `headers` ask for it.

        `robots_of` gives the rules of a host, None leaves them out (for robots.txt itself).
        """
        first = parse_url(url)
        if isinstance(first, Failure):
            return first
        current: httpx.URL | Failure = first
        seen: set[str] = set()
        while not isinstance(current, Failure):
            if str(current) in seen or len(seen) > self._options.max_redirects:
                why = "a loop" if str(current) in seen else f"more than {self._options.max_redirects} hops"
                return Failure(Outcome.REDIRECTS, f"{why}, at {current}")
            seen.add(str(current))
            result = await self._ask(Call(current, headers=headers, form=form), robots_of)
            if isinstance(result, Failure) or result.status not in REDIRECTS:
                return result
            if result.status not in KEEPS_METHOD:
                form = None
            current = self._next_hop(first, current, result)
        return current

    def _next_hop(self, first: httpx.URL, current: httpx.URL, response: Response) -> httpx.URL | Failure:
        try:
            target = parse_url(urljoin(str(current), response.headers["location"].strip()))
        except ValueError as error:
            return Failure(Outcome.UNSAFE, f"redirects to a malformed URL: {error}", response.status)
        if isinstance(target, Failure):
            return Failure(target.outcome, f"redirects to what is no page: {target.detail}", response.status)
        refusal = self._guard.refusal(target.host)
        if refusal is not None:
            return Failure(refusal.outcome, f"redirects to what is refused: {refusal.detail}", response.status)
        if not _same_owner(first.host, target.host):
            return Failure(Outcome.MOVED, f"redirects to a host of somebody else: {target}", response.status)
        return target

    async def _ask(self, call: Call, robots_of: RobotsOf | None) -> Response | Failure:
        """Ask for one hop, again where the trouble may pass, after the pauses that the host's pace sets."""
        addresses = await self._guard.addresses(call.url.host)
        if isinstance(addresses, Failure):
            return addresses
        lane = self._lanes.of(call.url.host)
        if robots_of is not None:
            rules = await robots_of(call.url)
            refusal = rules.allows(str(call.url))
            if refusal is not None:
                return refusal
            lane.pace.set_crawl_delay(rules.crawl_delay or 0.0)
        reachable = replace(call, addresses=addresses)
        examine = _examine_page if robots_of is not None else _examine_status
        for attempt in range(self._options.retries + 1):
            result = await self._attempt(lane, reachable, examine)
            if attempt == self._options.retries or not _may_pass(result):
                break
        if robots_of is not None:
            lane.judge(result if isinstance(result, Failure) else None)
        return result

    async def _attempt(
        self, lane: Lane, call: Call, examine: Callable[[Response], Response | Failure]
    ) -> Response | Failure:
        async with lane.hold():
            if lane.closed is not None:
                return lane.closed
            wait = self._lanes.wait_needed(lane)
            if wait > self._options.patience:
                return Failure(Outcome.PENDING, f"{call.url.host} wants a pause of {wait:.0f} s; left for the next run")
            await self._lanes.wait(lane)
            async with self._lanes.slot(call.addresses[0] if call.addresses else None):
                begun = self._lanes.clock()
                answer = await self._client.send(call)
                ended = self._lanes.clock()
            result = answer if isinstance(answer, Failure) else examine(answer)
            if isinstance(result, Failure) and result.status not in PAGE_STATUSES:
                asked = retry_after(answer.headers, self._now()) if isinstance(answer, Response) else None
                lane.pace.failed(ended, ended - begun, retry_after=asked)
            else:
                lane.pace.answered(ended, ended - begun)
            return result


def _may_pass(result: Response | Failure) -> bool:
    if isinstance(result, Response):
        return False
    return result.outcome in TRANSIENT or (result.outcome is Outcome.HTTP_ERROR and result.status in TRANSIENT_STATUSES)


def _examine_page(response: Response) -> Response | Failure:
    if response.status not in REDIRECTS and response.status != 304:
        reason = barrier(response)
        if reason is not None:
            return Failure(Outcome.BLOCKED, f"{reason} (status {response.status})", response.status)
    return _examine_status(response)


def _examine_status(response: Response) -> Response | Failure:
    status = response.status
    if 200 <= status < 300 or status == 304 or (status in REDIRECTS and response.headers.get("location")):
        return response
    return Failure(Outcome.HTTP_ERROR, f"status {status}", status)


def _same_owner(host: str, other: str) -> bool:
    if host == other or (host.endswith(OFFICIAL_SUFFIX) and other.endswith(OFFICIAL_SUFFIX)):
        return True
    owner = registered_domain(host)
    return owner != "" and owner == registered_domain(other)


@cache
def _suffixes() -> TLDExtract:
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def registered_domain(host: str) -> str:
    """Return what somebody registered of a host name, such as jzx.gov.cn; empty for an address or a bare name."""
    return _suffixes()(host).top_domain_under_public_suffix
