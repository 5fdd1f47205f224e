"""A fetcher with all it needs, open for as long as a run lasts."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime

from scraper.client import HttpxClient
from scraper.fetch import Fetcher
from scraper.guard import Guard
from scraper.options import Options
from scraper.politeness import Lanes
from scraper.sockets import claim_sockets


@asynccontextmanager
async def open_fetcher(options: Options, now: Callable[[], datetime]) -> AsyncIterator[Fetcher]:
    """Open a fetcher: client, guard, and lanes for as many hosts side by side as the machine has sockets for."""
    async with AsyncExitStack() as stack:
        sockets = claim_sockets(options.in_flight)
        guard = Guard(
            allow_private=options.allow_private,
            through_proxy=options.proxy is not None,
            resolver=options.resolver,
        )
        stack.callback(guard.close)
        client = HttpxClient(options, max_idle=sockets.idle)
        stack.push_async_callback(client.close)
        yield Fetcher(options, client, guard, Lanes(options, in_flight=sockets.in_flight), now)
