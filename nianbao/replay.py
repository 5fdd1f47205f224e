"""Serves committed sample pages over real HTTP on loopback, as a proxy, so that their sites keep their own host names.

For the demo and for tests: nothing is fetched from anywhere, every answer comes from a folder whose `manifest.csv`
says which file stands at which URL. The crawler that talks to it is the real one; only the far side is replayed.
"""

import csv
import socket
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from parsers.errors import SitesError

MANIFEST = "manifest.csv"
COLUMNS = ("url", "file", "status", "content_type", "etag", "last_modified")
SERVED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""The moment at which every answer says it was made: the `Date` header stands still."""

HTML = "text/html; charset=utf-8"
Key = tuple[str, str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the manifest: the file that answers a URL, its status, declared type, validators ("" for none)."""

    file: Path
    status: int
    content_type: str
    etag: str
    last_modified: str

    def unchanged_for(self, headers: Mapping[str, str]) -> bool:
        """Say whether a request with these headers (names in lower case) is answered 304.

        RFC 9110, 13.2.2: If-None-Match outranks If-Modified-Since.
        """
        if self.status != HTTPStatus.OK:
            return False
        if tags := headers.get("if-none-match"):
            return bool(self.etag) and _same_tag(self.etag, tags)
        since = headers.get("if-modified-since", "")
        return bool(since and self.last_modified) and not _newer(self.last_modified, since)


@dataclass(frozen=True, slots=True)
class LoggedRequest:
    """A request as it came in, its header names in lower case, and the status it was answered with."""

    method: str
    url: str
    headers: Mapping[str, str]
    status: int


class ReplayProxy:
    """An HTTP proxy on 127.0.0.1 that answers from `folder`; a context manager, running between enter and exit.

    Unknown paths get 404, unknown hosts and https 502, requests that are not addressed to a proxy 400, any method but
    GET and HEAD 405 or 501: there is no TLS through it. Queries are matched exactly, in any order.

    Raises SitesError where the manifest is missing, lacks a column, names a file that is not there or a URL twice.
    """

    def __init__(self, folder: Path) -> None:
        self._pages = _read_manifest(folder)
        self._hosts = {host for host, _, _ in self._pages}
        self._log: list[LoggedRequest] = []
        self._lock = threading.Lock()
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """The address to give to a client as its proxy, `http://127.0.0.1:PORT`; RuntimeError outside the context."""
        if self._server is None:
            raise RuntimeError("the replay proxy is not running: enter it with `with` first")
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def requests(self) -> tuple[LoggedRequest, ...]:
        """Every request answered so far, oldest first; still there after the exit."""
        with self._lock:
            return tuple(self._log)

    def __enter__(self) -> Self:
        self._server = _Server(self)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="replay-proxy").start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.hang_up()
            server.server_close()

    def find(self, url: str) -> Page | HTTPStatus:
        """Return the page that stands at an absolute URL, or the status that says why there is none."""
        try:
            key = _key(url)
        except ValueError:
            return HTTPStatus.BAD_REQUEST
        if not urlsplit(url).hostname:
            return HTTPStatus.BAD_REQUEST
        if key[0] not in self._hosts:
            return HTTPStatus.BAD_GATEWAY
        return self._pages.get(key, HTTPStatus.NOT_FOUND)

    def record(self, request: LoggedRequest) -> None:
        """Append to the log; called by the server's threads."""
        with self._lock:
            self._log.append(request)


class _Server(ThreadingHTTPServer):
    """A thread a connection; `hang_up` ends those that clients keep alive, so that closing waits for nobody."""

    daemon_threads = False

    def __init__(self, proxy: ReplayProxy) -> None:
        self.proxy = proxy
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._lock:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client that goes away in mid-answer is no error here
            super().handle_error(request, client_address)

    def hang_up(self) -> None:
        with self._lock:
            for connection in self._open:
                with suppress(OSError):  # the client was faster
                    connection.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "replay"
    sys_version = ""
    server: _Server

    def date_time_string(self, timestamp: float | None = None) -> str:
        return format_datetime(SERVED_AT, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Write nothing: the proxy keeps its own log."""

    def do_GET(self) -> None:
        found = self.server.proxy.find(self.path)
        if isinstance(found, HTTPStatus):
            self._refuse(found)
        elif found.unchanged_for(self._fields()):
            self._answer(HTTPStatus.NOT_MODIFIED, b"", found)
        else:
            self._answer(found.status, found.file.read_bytes(), found)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_CONNECT(self) -> None:
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    def do_POST(self) -> None:
        self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = self.command not in {"GET", "HEAD"}  # a body that nobody reads is on its way
        text = f"<html><head><title>{status} {status.phrase}</title></head><body>{status.phrase}</body></html>\n"
        self._answer(status, text.encode(), None)

    def _answer(self, status: int, body: bytes, page: Page | None) -> None:
        self.server.proxy.record(LoggedRequest(self.command, self.path, self._fields(), int(status)))
        self.send_response(status)
        for name, value in self._response_fields(status, len(body), page).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _response_fields(self, status: int, length: int, page: Page | None) -> dict[str, str]:
        fields = {"ETag": page.etag, "Last-Modified": page.last_modified} if page else {}
        fields["Allow"] = "GET, HEAD" if status == HTTPStatus.METHOD_NOT_ALLOWED else ""
        fields["Connection"] = "close" if self.close_connection else ""
        if status == HTTPStatus.NOT_MODIFIED:
            return fields
        return fields | {"Content-Type": page.content_type if page else HTML, "Content-Length": str(length)}

    def _fields(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}


def _key(url: str) -> Key:
    """Return what the spellings of one URL share: host, decoded path, sorted query. ValueError for a bad port."""
    parts = urlsplit(url)
    port = "" if parts.port in {None, 80} else f":{parts.port}"
    scheme = "" if parts.scheme == "http" else f"{parts.scheme}://"
    query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    return f"{scheme}{parts.hostname or ''}{port}", unquote(parts.path) or "/", query


def _same_tag(etag: str, wanted: str) -> bool:
    tags = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
    return "*" in tags or etag.removeprefix("W/") in tags


def _newer(modified: str, since: str) -> bool:
    try:
        return parsedate_to_datetime(modified) > parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return True


def _read_manifest(folder: Path) -> dict[Key, Page]:
    path = folder / MANIFEST
    pages: dict[Key, Page] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
            if missing:
                raise SitesError(f"{path}: the column {missing[0]} is missing; the manifest needs {','.join(COLUMNS)}")
            for row in rows:
                key, page = _entry(folder, row, f"{path}, line {rows.line_num}")
                if key in pages:
                    raise SitesError(f"{path}, line {rows.line_num}: {row['url']} stands there twice; remove one")
                pages[key] = page
    except OSError as error:
        raise SitesError(f"{path}: cannot be read ({error.strerror}); name the folder of the sample sites") from error
    return pages


def _entry(folder: Path, row: Mapping[str, str], place: str) -> tuple[Key, Page]:
    file = folder / row["file"]
    if not file.resolve().is_relative_to(folder.resolve()) or not file.is_file():
        raise SitesError(f"{place}: {row['file']} is no file of that folder; correct the line")
    if not row["status"].isdecimal():
        raise SitesError(f"{place}: the status {row['status']!r} is no number; correct the line")
    page = Page(file, int(row["status"]), row["content_type"], row["etag"], row["last_modified"])
    return _key(row["url"]), page
