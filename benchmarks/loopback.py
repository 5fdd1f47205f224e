"""A web of as many sites as one likes on loopback, served as an HTTP proxy by a process of its own.

Its hosts are called `h17.test` and the like. Every site has the same pages: a home page with 60 links, a disclosure
page, a column of three reports among three decoys, and the reports, of 5 to 25 KB. No name is ever resolved, and
nothing but 127.0.0.1 is connected to.
"""

import asyncio
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import ClassVar

YEARS = range(2023, 2026)
PAGES_OF_SITE = 3 + len(YEARS)
COUNTS = "/counts-of-requests"
ROBOTS = "/robots.txt"
_FILLER = "全县各级各部门依法依规公开政府信息，回应社会关切，"


def home_page(number: int) -> str:
    """Return the home page of a site."""
    return f"http://h{number}.test/"


def pages() -> dict[str, bytes]:
    """Return the pages of a site by path."""
    news = [(f"/xw/{number}.html", f"新闻中心 要闻{number}") for number in range(59)]
    reports = [(f"/gk/t{year}.html", f"某某县{year}年政府信息公开工作年度报告") for year in YEARS]
    decoys = [(f"/gk/x{year}.html", f"关于做好{year}年政府信息公开工作年度报告编制工作的通知") for year in YEARS]
    found = {
        "/": _page("某某县人民政府", [("/zfxxgk/", "政府信息公开"), *news], 6_000),
        "/zfxxgk/": _page(
            "政府信息公开", [("/zfxxgk/zn.html", "政府信息公开指南"), ("/gk/", "政府信息公开年报")], 1_500
        ),
        "/gk/": _page("政府信息公开年报", [*reports, *decoys], 1_500),
    }
    for path, title in reports:
        found[path] = _page(title, [("/", "首页"), ("/gk/", "返回")], 8_000)
    return {ROBOTS: b"User-agent: *\nDisallow: /admin/\n"} | {path: page.encode() for path, page in found.items()}


def _page(title: str, links: list[tuple[str, str]], characters: int) -> str:
    items = "".join(f'<li><a href="{href}" title="{text}">{text}</a></li>' for href, text in links)
    filler = _FILLER * (characters // len(_FILLER))
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1><ul>{items}</ul><p>一、总体情况</p><p>{filler}</p></body></html>"
    )


class _Exchange(asyncio.Protocol):
    """One connection; requests have no body."""

    answers: ClassVar[dict[bytes, bytes]]
    counts: ClassVar[dict[str, int]] = {"pages": 0, "robots": 0, "missing": 0}

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker
        self._transport = transport
        self._held = b""

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (end := self._held.find(b"\r\n\r\n")) >= 0:
            self._answer(self._held[:end].split(b" ", 2)[1])
            self._held = self._held[end + 4 :]

    def _answer(self, url: bytes) -> None:
        path = b"/" + url.split(b"/", 3)[3] if url.startswith(b"http://") else url
        if path == COUNTS.encode():
            self._transport.write(_answer(json.dumps(self.counts).encode(), "application/json"))
            self.counts.update(dict.fromkeys(self.counts, 0))
            return
        answer = self.answers.get(path)
        kind = "missing" if answer is None else "robots" if path == ROBOTS.encode() else "pages"
        self.counts[kind] += 1
        self._transport.write(answer or _answer(b"<title>404</title>", "text/html", "404 Not Found"))


def _answer(body: bytes, content_type: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass(frozen=True)
class Loopback:
    """A running web."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def counts(self) -> dict[str, int]:
        """Return the requests since the last call: `pages`, `robots`, `missing`."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", COUNTS)
        found: dict[str, int] = json.load(connection.getresponse())
        connection.close()
        return found


@contextmanager
def serving() -> Iterator[Loopback]:
    """Serve until the block ends."""
    command = [sys.executable, "-m", "benchmarks.loopback"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        try:
            yield Loopback(int(process.stdout.readline()))
        finally:
            process.terminate()


async def _serve() -> None:
    kinds = {ROBOTS: "text/plain"}
    _Exchange.answers = {
        path.encode(): _answer(body, kinds.get(path, "text/html; charset=utf-8")) for path, body in pages().items()
    }
    server = await asyncio.get_running_loop().create_server(_Exchange, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_serve())
