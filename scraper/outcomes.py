"""The named outcomes of a page and of a site, and the failure that carries one of them with its reason."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a page, or the visit to a site, ended; the values stand in the state and in `summary.json`."""

    OK = "ok"  # something new was archived
    UNCHANGED = "unchanged"  # everything is as it was
    NOTHING_FOUND = "nothing_found"  # the site answered, and no report was found on it
    BLOCKED = "blocked"  # a challenge, a refusal or an error page in the place of content
    ROBOTS = "robots"  # robots.txt disallows it or cannot be had
    DNS = "dns"  # the name does not resolve
    REFUSED = "refused"  # no connection, or it was reset
    TLS = "tls"  # the certificate or the handshake is broken
    TIMEOUT = "timeout"  # no answer, or not all of it, in time
    HTTP_ERROR = "http_error"  # a status of 400 or more
    MOVED = "moved"  # it leads to a host of somebody else
    REDIRECTS = "redirects"  # a loop, or too many hops
    TOO_LARGE = "too_large"  # over the limit of size, or of expansion
    INCOMPLETE = "incomplete"  # shorter than announced, undecodable, or not HTTP
    UNSAFE = "unsafe"  # not http or https, malformed, or a private address
    PENDING = "pending"  # the budget of the run ended first
    DEFECT = "defect"  # this program failed on the site: a bug to report


SUCCESSES = frozenset({Outcome.OK, Outcome.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Failure:
    """A page that could not be had: its outcome, and one line that says what was seen.

    `status` is the HTTP status where one was received.
    """

    outcome: Outcome
    detail: str
    status: int | None = None
