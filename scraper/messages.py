"""What discovery and fetching say to each other: sites, requests, responses, steps.

Discovery never touches the network: it answers a response with a `Step`, and the harvest fetches what the step asks
for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["home", "disclosure", "column", "list", "report", "attachment"]


@dataclass(frozen=True, slots=True)
class Site:
    """One line of a list of sites: GB/T 2260 code, name, home page, and the report column where it is known."""

    code: str
    name: str
    site_url: str
    column_url: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A page to fetch: what it is expected to be, the link that led there, and how many hops from the home page.

    `text` is the full text of that link, `form` the fields of a POST (None for GET), `headers` what the content system
    asks for beyond the usual (a Referer). `context` carries a content system's own position from one list page to the
    next.
    """

    url: str
    kind: Kind
    found_on: str | None = None
    text: str | None = None
    depth: int = 0
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """A page as fetched: the final URL after redirects, status, headers in lower case, the decompressed body."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def content_type(self) -> str | None:
        """The declared Content-Type, None where there is none."""
        return self.headers.get("content-type")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A link that discovery saw and left alone, with the reason (a decoy's name, `depth`, `other_host`, …)."""

    url: str
    text: str
    reason: str
    found_on: str


@dataclass(frozen=True, slots=True)
class Step:
    """Discovery's answer to a response: what to fetch next, what was left alone, and remarks for the log."""

    requests: tuple[Request, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()
