"""A web of hosts on loopback: one threaded server that acts as an HTTP proxy, or as the origin, and keeps a log."""

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Seen:
    """A request as the server saw it; `ended` is taken before the last byte is sent, so gaps are never overstated."""

    host: str
    path: str
    headers: Mapping[str, str]
    method: str
    body: bytes
    status: int
    begun: float
    ended: float


@dataclass
class Reply:
    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"
    pause: float = 0.0
    raw: Callable[[Callable[[bytes], object]], None] | None = None  # writes the whole response itself

    @property
    def payload(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


Answer = Reply | Callable[[Mapping[str, str]], Reply]


class Web:
    """The hosts and pages to serve; a page not known is a 404, a host not known a 502, as a proxy answers."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str], Answer] = {}
        self.log: list[Seen] = []
        self.url = ""
        self._lock = threading.Lock()

    def put(self, url: str, answer: Answer | str | bytes, **fields: object) -> None:
        """Serve a page at a URL; a text or bytes become its body."""
        if isinstance(answer, (str, bytes)):
            answer = Reply(answer, **fields)  # type: ignore[arg-type]
        parts = urlsplit(url)
        path = parts.path or "/"
        self.pages[parts.netloc, f"{path}?{parts.query}" if parts.query else path] = answer

    def find(self, host: str, path: str, headers: Mapping[str, str]) -> Reply:
        if not any(known == host for known, _ in self.pages):
            return Reply("no such host", 502)
        answer = self.pages.get((host, path))
        if answer is None:
            return Reply("<title>404 Not Found</title>", 404)
        reply = answer if isinstance(answer, Reply) else answer(headers)
        etag, modified = reply.headers.get("ETag"), reply.headers.get("Last-Modified")
        if (etag and headers.get("if-none-match") == etag) or (
            modified and headers.get("if-modified-since") == modified
        ):
            return Reply(b"", 304, reply.headers)
        return reply

    def note(self, seen: Seen) -> None:
        with self._lock:
            self.log.append(seen)

    def asked(self, host: str, *, robots: bool = False) -> list[Seen]:
        """The requests to a host in the order of their beginning, without robots.txt unless asked for."""
        seen = [one for one in self.log if one.host == host and (robots or one.path != "/robots.txt")]
        return sorted(seen, key=lambda one: one.begun)

    def paths(self, host: str) -> list[str]:
        return [one.path for one in self.asked(host)]


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            begun = time.monotonic()
            parts = urlsplit(self.path)
            host = parts.netloc or self.headers["Host"]
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = web.find(host, path, headers)
            if reply.pause:
                time.sleep(reply.pause)
            web.note(Seen(host, path, headers, self.command, body, reply.status, begun, time.monotonic()))
            try:
                self._send(reply)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_POST = do_GET  # noqa: N815 - the name that http.server calls

        def _send(self, reply: Reply) -> None:
            if reply.raw is not None:
                self.close_connection = True
                reply.raw(self.wfile.write)
                return
            head = {"Content-Type": reply.content_type, "Content-Length": str(len(reply.payload)), **reply.headers}
            if reply.status == 304:
                del head["Content-Length"]
            lines = [f"HTTP/1.1 {reply.status} Reply", *(f"{name}: {value}" for name, value in head.items())]
            self.wfile.write("\r\n".join([*lines, "", ""]).encode() + (b"" if reply.status == 304 else reply.payload))

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no news."""


@contextmanager
def serving(address: str = "127.0.0.1", certificate: Path | None = None, port: int = 0) -> Iterator[Web]:
    """Serve a web of its own until the block ends, over TLS where there is a certificate."""
    web = Web()
    with _Server((address, port), _handler(web)) as server:
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        web.url = f"{'http' if certificate is None else 'https'}://{address}:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()
            thread.join()
