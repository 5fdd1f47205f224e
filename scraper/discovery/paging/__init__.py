"""The content systems, each in a module of its own, recognised by what is on the page rather than by its host."""

from scraper.discovery.page import Page
from scraper.discovery.paging import gkmlpt, hex32, jcms, jpaas, openness, plain, trs, vsb
from scraper.discovery.paging.listing import Listing, System
from scraper.messages import Request

__all__ = ["SYSTEMS", "Listing", "System", "read_list", "system_of"]

SYSTEMS: tuple[System, ...] = (
    gkmlpt.SYSTEM,
    jpaas.SYSTEM,
    trs.SYSTEM,
    jcms.SYSTEM,
    vsb.SYSTEM,
    openness.SYSTEM,
    hex32.SYSTEM,
    plain.SYSTEM,
)
"""In the order in which they are tried; the last one accepts every page."""

_BY_NAME = {system.name: system for system in SYSTEMS}
_INTERFACES = ("base", "shown")
"""Entries of a request's context that only answers of an interface have: they are no pages to recognise anew."""


def system_of(page: Page, request: Request) -> System:
    """Return the system of a list page: the one whose interface was asked, else the first that recognises the page."""
    asked = _BY_NAME.get(request.context.get("system", ""))
    if asked and any(entry in request.context for entry in _INTERFACES):
        return asked
    return next((system for system in SYSTEMS if system.recognise(page)), plain.SYSTEM)


def read_list(page: Page, request: Request) -> Listing:
    """Read a list page, or an answer of a system's interface, that `request` brought."""
    return system_of(page, request).read(page, request)
