"""What every content system gives: the links of a list page, and the requests for the pages after it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scraper.discovery.links import Link
from scraper.discovery.page import Page
from scraper.messages import Request


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list: its links, what to ask for next, how many pages there are if the system says so."""

    items: tuple[Link, ...]
    more: tuple[Request, ...] = ()
    pages: int | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class System:
    """A content system: how its list pages are recognised, and how they and the answers of its interface are read."""

    name: str
    recognise: Callable[[Page], bool]
    read: Callable[[Page, Request], Listing]


def following(
    request: Request,
    url: str,
    system: str,
    *,
    headers: Mapping[str, str] | None = None,
    **position: str,
) -> Request:
    """Return the request for the next page of the list that `request` belongs to.

    `position` is carried in the request's context, with the system's name; paging adds no hop to the depth.
    """
    return Request(
        url=url,
        kind="list",
        found_on=request.url,
        text=request.text,
        depth=request.depth,
        headers=dict(headers or {}),
        context={"system": system, **position},
    )
