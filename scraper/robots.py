"""robots.txt (RFC 9309): what it says for this program, from the way it was answered."""

from dataclasses import dataclass

from protego import Protego

from scraper.messages import Response
from scraper.outcomes import Failure, Outcome

PRODUCT = "nianbao"
PARSED_BYTES = 512 * 1024  # RFC 9309 §2.5 asks for at least 500 KiB
WAITING_STATUSES = frozenset({429, *range(500, 600)})


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of one host: what it lets this program fetch, and at which pace."""

    _rules: Protego | None = None
    unavailable: Failure | None = None

    def allows(self, url: str) -> Failure | None:
        """None where a URL may be fetched, else why not."""
        if self.unavailable is not None:
            return self.unavailable
        if self._rules is None or self._rules.can_fetch(url, PRODUCT):
            return None
        return Failure(Outcome.ROBOTS, "disallowed by robots.txt")

    @property
    def crawl_delay(self) -> float | None:
        """Crawl-delay in seconds, None where there is none."""
        delay = self._rules.crawl_delay(PRODUCT) if self._rules is not None else None
        return None if delay is None else float(delay)


def read_robots(answer: Response | Failure) -> Robots:
    """Return the rules that an answer to the request for robots.txt stands for.

    A status of 4xx other than 429 allows everything (RFC 9309 §2.3.1.3); 429, 5xx and no answer disallow everything for
    now (§2.3.1.4). HTML, as sites send it in place of a missing file, is an empty file.
    """
    if isinstance(answer, Failure):
        if answer.status is not None and answer.status not in WAITING_STATUSES:
            return Robots()
        return Robots(unavailable=_unavailable(answer))
    if _is_html(answer):
        return Robots()
    return Robots(Protego.parse(answer.body[:PARSED_BYTES].decode("utf-8-sig", "replace")))


def _unavailable(answer: Failure) -> Failure:
    if answer.status is None:  # a host that does not answer has that outcome, not one of its rules
        return Failure(answer.outcome, f"robots.txt: {answer.detail}")
    return Failure(
        Outcome.ROBOTS, f"robots.txt cannot be had, so the host is left alone: {answer.detail}", answer.status
    )


def _is_html(response: Response) -> bool:
    start = response.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return start.startswith(b"<") or "html" in (response.content_type or "")
