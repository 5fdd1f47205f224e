"""What may be connected to: http and https only, and no private address unless it is allowed.

A name is resolved once, every address of the answer is checked, and one of those is connected to, so that an answer
which changes between the check and the connection (DNS rebinding) leads nowhere. Through a proxy no name is resolved
here, and only addresses written as literals can be checked.
"""

import asyncio
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from scraper.outcomes import Failure, Outcome

Address = IPv4Address | IPv6Address
Resolver = Callable[[str], list[str]]

RESOLVER_THREADS = 64  # a name that the system's resolver gives up on after ten seconds keeps one busy
HOST = re.compile(rb"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
NAT64 = IPv6Network("64:ff9b::/96")


def system_resolver(host: str) -> list[str]:
    """Return the addresses of a host name as the system gives them, in its order of preference; raises OSError."""
    answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


def parse_url(url: str) -> httpx.URL | Failure:
    """Parse a URL without its fragment, or say why it cannot be fetched: not http(s), no host, malformed (RFC 3986)."""
    try:
        parsed = httpx.URL(url.strip())
        port = parsed.port
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        return Failure(Outcome.UNSAFE, f"malformed URL: {error}")
    if parsed.scheme not in {"http", "https"}:
        return Failure(Outcome.UNSAFE, f"not http or https: {parsed.scheme or 'no scheme'}")
    if not HOST.fullmatch(parsed.raw_host) or (port is not None and not 0 < port < 1 << 16):
        return Failure(Outcome.UNSAFE, f"no host to connect to: {parsed.netloc.decode('ascii', 'replace')!r}")
    if parsed.fragment or parsed.userinfo or "#" in url:
        parsed = parsed.copy_with(fragment=None, userinfo=b"")
    return parsed


def literal_address(host: str) -> Address | None:
    """Return the address that a host is written as, in the spellings of inet_aton too; None for a name."""
    text = host.strip("[]").partition("%")[0]
    try:
        return ip_address(text)
    except ValueError:
        pass
    if not text or not all(part[:1].isdigit() for part in text.rstrip(".").split(".")):
        return None
    try:
        return IPv4Address(socket.inet_aton(text.rstrip(".")))
    except OSError:
        return None


def is_public(address: Address) -> bool:
    """Tell whether an address is a public one (IANA special-purpose registries), and an IPv4 one inside it too."""
    embedded = _embedded(address) if isinstance(address, IPv6Address) else None
    if embedded is not None:
        return is_public(embedded)
    return address.is_global and not address.is_multicast


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


class Guard:
    """Decides for a host which addresses may be connected to; remembers each answer for the length of a run."""

    def __init__(self, *, allow_private: bool, through_proxy: bool, resolver: Resolver) -> None:
        self._allow_private = allow_private
        self._through_proxy = through_proxy
        self._resolver = resolver
        self._answers: dict[str, asyncio.Future[list[str] | Failure]] = {}
        self._threads = ThreadPoolExecutor(RESOLVER_THREADS, thread_name_prefix="resolve")

    def refusal(self, host: str) -> Failure | None:
        """Say why a host may not be connected to, as far as its spelling tells; None where it may, or is a name."""
        literal = literal_address(host)
        if self._allow_private:
            return None
        if literal is not None and not is_public(literal):
            return Failure(Outcome.UNSAFE, f"{host} is not a public address")
        if host == "localhost" or host.endswith(".localhost"):
            return Failure(Outcome.UNSAFE, f"{host} is this machine")
        return None

    async def addresses(self, host: str) -> list[str] | Failure:
        """Return the checked addresses of a host, the preferred one first; none where the proxy resolves the name."""
        refusal = self.refusal(host)
        if refusal is not None:
            return refusal
        literal = literal_address(host)
        if literal is not None:
            return [str(literal)]
        if self._through_proxy:
            return []
        known = self._answers.get(host)
        if known is None:
            known = self._answers[host] = asyncio.ensure_future(self._resolve(host))
        return await asyncio.shield(known)

    async def _resolve(self, host: str) -> list[str] | Failure:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, self._resolver, host)
        except (OSError, UnicodeError) as error:
            return Failure(Outcome.DNS, f"{host} does not resolve: {error}")
        return self._permitted(host, found)

    def _permitted(self, host: str, found: list[str]) -> list[str] | Failure:
        permitted = [text for text in found if self._allow_private or is_public(ip_address(text.partition("%")[0]))]
        if not found:
            return Failure(Outcome.DNS, f"{host} has no address")
        if not permitted:
            return Failure(Outcome.UNSAFE, f"{host} is at {found[0]}, which is not a public address")
        return permitted

    def close(self) -> None:
        """Let the resolver's threads go."""
        self._threads.shutdown(wait=False, cancel_futures=True)
