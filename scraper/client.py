"""The thin seam over httpx: one exchange with one host, within limits of time and size; no cookies, no redirects.

Each host has a transport of its own, all share one TLS context; the least recently used ones are closed. The transport
is given the address that was checked; the name stays in Host, in SNI and in the check of the certificate.
"""

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

import httpx

from scraper.bodies import ACCEPT_ENCODING, BodyError, read_body
from scraper.messages import Response
from scraper.options import Options
from scraper.outcomes import Failure, Outcome

ONE_CONNECTION = httpx.Limits(max_connections=1, max_keepalive_connections=1, keepalive_expiry=60.0)
BODILESS = frozenset({204, 304})


@dataclass(frozen=True, slots=True)
class Call:
    """One exchange to make: URL, addresses that may be connected to (none: the proxy resolves), fields of a POST."""

    url: httpx.URL
    addresses: Sequence[str] = ()
    headers: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = None


class Client(Protocol):
    """What fetching needs of an HTTP library."""

    async def send(self, call: Call) -> Response | Failure:
        """Make one exchange; every way it can end is a value."""

    async def close(self) -> None:
        """Close all connections."""


class HttpxClient:
    """A Client over httpx transports."""

    def __init__(self, options: Options, *, max_idle: int) -> None:
        self._options = options
        self._max_idle = max_idle
        self._context = httpx.create_ssl_context()
        self._idle: OrderedDict[str, httpx.AsyncHTTPTransport] = OrderedDict()

    async def send(self, call: Call) -> Response | Failure:
        """Make one exchange within the limits of the options."""
        try:
            async with asyncio.timeout(self._options.total_timeout):
                return await self._send_to_first_reachable(call)
        except TimeoutError:
            return Failure(Outcome.TIMEOUT, f"not complete after {self._options.total_timeout:g} s")
        except BodyError as error:
            return error.failure
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            return classify(error)

    async def close(self) -> None:
        """Close all connections."""
        while self._idle:
            await self._idle.popitem()[1].aclose()

    async def _send_to_first_reachable(self, call: Call) -> Response:
        *others, last = call.addresses or (None,)
        for address in others:
            try:
                return await self._exchange(call, address)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._exchange(call, last)

    async def _exchange(self, call: Call, address: str | None) -> Response:
        key = f"{call.url.scheme}://{call.url.netloc.decode('ascii')}"
        transport = self._idle.pop(key, None) or self._new_transport()
        try:
            response = await transport.handle_async_request(self._request(call, address))
            try:
                received = await self._receive(call.url, response)
            finally:
                await response.aclose()
        except BaseException:
            await transport.aclose()
            raise
        await self._keep(key, transport)
        return received

    def _new_transport(self) -> httpx.AsyncHTTPTransport:
        return httpx.AsyncHTTPTransport(
            verify=self._context, limits=ONE_CONNECTION, proxy=self._options.proxy, trust_env=False
        )

    async def _keep(self, key: str, transport: httpx.AsyncHTTPTransport) -> None:
        replaced = self._idle.pop(key, None)
        self._idle[key] = transport
        if replaced is None and len(self._idle) > self._max_idle:
            replaced = self._idle.popitem(last=False)[1]
        if replaced is not None:
            await replaced.aclose()

    def _request(self, call: Call, address: str | None) -> httpx.Request:
        silence = self._options.timeout
        headers = {
            "Host": call.url.netloc.decode("ascii"),
            "User-Agent": self._options.user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
            "Accept-Encoding": ACCEPT_ENCODING,
            **(call.headers or {}),
        }
        extensions = {
            "timeout": {"connect": silence, "read": silence, "write": silence, "pool": silence},
            "sni_hostname": call.url.host,
        }
        url = call.url if address is None else call.url.copy_with(host=address)
        if call.form is None:
            return httpx.Request("GET", url, headers=headers, extensions=extensions)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return httpx.Request("POST", url, headers=headers, content=urlencode(call.form), extensions=extensions)

    async def _receive(self, url: httpx.URL, response: httpx.Response) -> Response:
        headers = _plain_headers(response.headers)
        body = b""
        if response.status_code not in BODILESS:
            body = await read_body(
                response.aiter_raw(),
                headers.get("content-encoding", ""),
                headers.get("content-length", ""),
                max_bytes=self._options.max_bytes,
                max_ratio=self._options.max_ratio,
            )
        return Response(str(url), response.status_code, headers, body)


def _plain_headers(headers: httpx.Headers) -> dict[str, str]:
    """Put names in lower case and join the values of a repeated field by commas (RFC 9110 §5.3), in their order."""
    plain: dict[str, str] = {}
    for name, value in headers.multi_items():
        plain[name] = f"{plain[name]}, {value}" if name in plain else value
    return plain


def classify(error: Exception) -> Failure:
    """Name the outcome that an error of the transport stands for."""
    text = str(error) or type(error).__name__
    if isinstance(error, httpx.TimeoutException):
        return Failure(Outcome.TIMEOUT, f"no answer in time ({type(error).__name__})")
    if isinstance(error, ssl.SSLError) or _is_tls(error):
        return Failure(Outcome.TLS, text)
    if isinstance(error, httpx.RemoteProtocolError):
        return Failure(Outcome.INCOMPLETE, text)
    if isinstance(error, httpx.ProxyError):
        return Failure(Outcome.REFUSED, f"by the proxy: {text}")
    if isinstance(error, (httpx.LocalProtocolError, httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return Failure(Outcome.UNSAFE, text)
    return Failure(Outcome.REFUSED, text)


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False
