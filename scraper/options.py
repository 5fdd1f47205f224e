"""What can be set for a harvest, with the limits that hold when nothing is said."""

from dataclasses import dataclass, field
from importlib.metadata import version
from urllib.parse import urlsplit

from parsers.errors import NianbaoError
from scraper.guard import Resolver, system_resolver

MEBIBYTE = 1 << 20
PROJECT_URL = "https://github.com/nianbao/nianbao"


def default_user_agent() -> str:
    """Return the User-Agent sent when none is given: product, version, and where its operator can be reached."""
    return f"nianbao/{version('nianbao')} (+{PROJECT_URL}; contact: the issues of that page)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The settings of a harvest; times are in seconds, sizes in bytes.

    With `delay` 0 the pause does not grow with the latency of the host either; Crawl-delay, Retry-After and the backoff
    after errors are kept all the same. Raises NianbaoError for a value that makes no sense.
    """

    delay: float = 2.0  # pause after a response, at least
    max_delay: float = 30.0  # to which the host's latency can raise it
    backoff: float = 5.0  # pause after a first error; doubles with each one that follows
    patience: float = (
        600.0  # the longest pause that a run waits out; a host that asks for more is left for the next run
    )
    retries: int = 2  # further attempts after a timeout, a lost connection, 429 or 5xx
    strikes: int = 3  # pages lost in a row to one cause, after which the host is left alone
    max_pages: int = 2000  # requests a site
    max_site_time: float = 4 * 3600.0
    max_bytes: int = 64 * MEBIBYTE  # of a body, before and after decompression
    max_ratio: float = 200.0  # expansion by decompression, beyond the first mebibyte
    max_redirects: int = 8
    timeout: float = 30.0  # silence while connecting or reading
    total_timeout: float = 180.0  # from connecting to the last byte
    in_flight: int | None = None  # requests at once, over all hosts; None: as many as the machine has sockets for
    per_address: int = 2  # requests at once to one address, over the hosts that share it
    archive_bytes: int = 1024 * MEBIBYTE  # after which the next archive file is begun
    resume_within: float = 24 * 3600.0  # age up to which a broken-off run is continued
    proxy: str | None = None
    user_agent: str = field(default_factory=default_user_agent)
    allow_private: bool = False  # private, loopback and link-local addresses
    resolver: Resolver = system_resolver

    def __post_init__(self) -> None:
        """Refuse what no run could keep."""
        if not 0 <= self.delay <= self.patience:
            raise NianbaoError(f"delay {self.delay}: give seconds from 0 to {self.patience:g}")
        if self.max_pages < 1:
            raise NianbaoError(f"max-pages {self.max_pages}: give 1 or more")
        if not self.user_agent.strip() or not self.user_agent.isprintable() or not self.user_agent.isascii():
            raise NianbaoError(f"user-agent {self.user_agent!r}: give one line of ASCII that names you and a contact")
        if self.proxy is not None and not _is_proxy_url(self.proxy):
            raise NianbaoError(f"proxy {self.proxy!r}: give a URL such as http://127.0.0.1:8080")


def _is_proxy_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
