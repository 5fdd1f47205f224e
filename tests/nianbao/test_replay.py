"""The replay proxy, asked over real HTTP."""

import csv
import http.client
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from nianbao.replay import ReplayProxy
from parsers.errors import SitesError

HEADER = ["url", "file", "status", "content_type", "etag", "last_modified"]
MODIFIED = "Wed, 07 Feb 2024 03:04:00 GMT"
GBK = "<title>年度报告</title>".encode("gbk")
ROWS = [
    ["http://www.a.gov.cn/", "a/index.html", "200", "text/html", '"e1"', MODIFIED],
    ["http://www.a.gov.cn/list.jsp?page=2&col=9&name=%E5%8E%BF", "a/list2.xml", "200", "text/xml", "", ""],
    ["http://www.a.gov.cn/old.html", "a/index.html", "200", "text/html", "", MODIFIED],
    ["http://www.a.gov.cn/gone.html", "a/gone.html", "410", "text/html", '"e2"', ""],
    ["http://xxgk.a.gov.cn/%E5%B9%B4%E6%8A%A5.html", "a/index.html", "200", "text/html", 'W/"weak"', ""],
]


def build(folder: Path, rows: list[list[str]], header: list[str] = HEADER) -> Path:
    (folder / "a").mkdir(parents=True, exist_ok=True)
    (folder / "a/index.html").write_bytes(GBK)
    (folder / "a/list2.xml").write_bytes(b"<datastore/>")
    (folder / "a/gone.html").write_bytes(b"gone")
    with (folder / "manifest.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])
    return folder


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[ReplayProxy]:
    with ReplayProxy(build(tmp_path, ROWS)) as running:
        yield running


@pytest.fixture
def client(proxy: ReplayProxy) -> Iterator[httpx.Client]:
    with httpx.Client(proxy=proxy.url, trust_env=False, timeout=10) as ready:
        yield ready


def test_a_page_arrives_as_its_bytes_with_its_declared_type(client: httpx.Client) -> None:
    answer = client.get("http://www.a.gov.cn/")
    assert answer.status_code == 200
    assert answer.content == GBK
    assert answer.headers["content-type"] == "text/html"
    assert answer.headers["content-length"] == str(len(GBK))
    assert answer.headers["etag"] == '"e1"'
    assert answer.headers["last-modified"] == MODIFIED


def test_the_date_stands_still(client: httpx.Client) -> None:
    dates = {client.get(url).headers["date"] for url in ("http://www.a.gov.cn/", "http://www.a.gov.cn/none")}
    assert dates == {"Mon, 02 Mar 2026 08:00:00 GMT"}


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("http://www.a.gov.cn", 200),
        ("http://www.a.gov.cn:80/#news", 200),
        ("http://WWW.A.GOV.CN/old.html", 200),
        ("http://www.a.gov.cn/list.jsp?name=县&col=9&page=2", 200),
        ("http://www.a.gov.cn/list.jsp?page=2&col=9", 404),
        ("http://www.a.gov.cn/list.jsp?page=3&col=9&name=县", 404),
        ("http://www.a.gov.cn/list.jsp?page=2&col=9&name=县&x=1", 404),
        ("http://www.a.gov.cn/?page=2", 404),
        ("http://www.a.gov.cn/gone.html", 410),
        ("http://xxgk.a.gov.cn/年报.html", 200),
        ("http://xxgk.a.gov.cn/", 404),
        ("http://www.a.gov.cn:8080/", 502),
        ("http://www.b.gov.cn/", 502),
    ],
)
def test_urls_are_found_by_host_path_and_whole_query(client: httpx.Client, url: str, status: int) -> None:
    assert client.get(url).status_code == status


@pytest.mark.parametrize(
    ("path", "condition", "status"),
    [
        ("", {"If-None-Match": '"e1"'}, 304),
        ("", {"If-None-Match": 'W/"e1"'}, 304),
        ("", {"If-None-Match": '"other", "e1"'}, 304),
        ("", {"If-None-Match": "*"}, 304),
        ("", {"If-None-Match": '"other"'}, 200),
        ("", {"If-None-Match": '"other"', "If-Modified-Since": MODIFIED}, 200),
        ("", {"If-Modified-Since": MODIFIED}, 304),
        ("", {"If-Modified-Since": "Thu, 08 Feb 2024 00:00:00 GMT"}, 304),
        ("", {"If-Modified-Since": "Tue, 06 Feb 2024 00:00:00 GMT"}, 200),
        ("", {"If-Modified-Since": "yesterday"}, 200),
        ("old.html", {"If-None-Match": '"e1"'}, 200),
        ("gone.html", {"If-None-Match": '"e2"'}, 410),
        ("list.jsp?page=2&col=9&name=县", {"If-None-Match": "*"}, 200),
    ],
)
def test_conditional_requests_follow_the_rfc(
    client: httpx.Client, path: str, condition: dict[str, str], status: int
) -> None:
    answer = client.get(f"http://www.a.gov.cn/{path}", headers=condition)
    assert answer.status_code == status
    assert bool(answer.content) == (status != 304)


def test_a_304_repeats_the_validators_and_the_connection_goes_on(client: httpx.Client) -> None:
    answer = client.get("http://www.a.gov.cn/", headers={"If-None-Match": '"e1"'})
    assert answer.headers["etag"] == '"e1"'
    assert client.get("http://www.a.gov.cn/").content == GBK


def test_head_has_the_headers_and_no_body(client: httpx.Client) -> None:
    answer = client.head("http://www.a.gov.cn/")
    assert answer.status_code == 200
    assert answer.headers["content-length"] == str(len(GBK))
    assert answer.content == b""
    assert client.get("http://www.a.gov.cn/").content == GBK


def test_there_is_no_tls_and_no_post(client: httpx.Client, proxy: ReplayProxy) -> None:
    with pytest.raises(httpx.ProxyError, match="405"):
        client.get("https://www.a.gov.cn/")
    assert client.post("http://www.a.gov.cn/", data={"a": "b"}).status_code == 405
    assert [request.method for request in proxy.requests] == ["CONNECT", "POST"]


def test_a_request_that_is_not_addressed_to_a_proxy_is_refused(proxy: ReplayProxy) -> None:
    direct = http.client.HTTPConnection(proxy.url.removeprefix("http://"), timeout=10)
    try:
        for path in ("/", "http://www.a.gov.cn:port/"):
            direct.request("GET", path)
            answer = direct.getresponse()
            assert answer.status == 400
            answer.read()
    finally:
        direct.close()


def test_the_log_tells_what_was_asked_in_order(client: httpx.Client, proxy: ReplayProxy) -> None:
    client.get("http://www.a.gov.cn/old.html", headers={"User-Agent": "nianbao test"})
    client.get("http://www.b.gov.cn/x?y=1")
    first, second = proxy.requests
    assert (first.method, first.url, first.status) == ("GET", "http://www.a.gov.cn/old.html", 200)
    assert first.headers["user-agent"] == "nianbao test"
    assert (second.url, second.status) == ("http://www.b.gov.cn/x?y=1", 502)


def test_the_log_loses_nothing_when_many_ask_at_once(proxy: ReplayProxy) -> None:
    def ask(worker: int) -> None:
        with httpx.Client(proxy=proxy.url, trust_env=False, timeout=10) as client:
            for i in range(20):
                client.get(f"http://www.a.gov.cn/{worker}/{i}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(8)))
    assert sorted(request.url for request in proxy.requests) == sorted(
        f"http://www.a.gov.cn/{worker}/{i}" for worker in range(8) for i in range(20)
    )


@pytest.mark.timeout(20)
def test_leaving_closes_kept_connections_and_frees_the_port(tmp_path: Path) -> None:
    with ReplayProxy(build(tmp_path, ROWS)) as proxy:
        port = int(proxy.url.rsplit(":", 1)[1])
        idle = socket.create_connection(("127.0.0.1", port), timeout=10)
        idle.sendall(b"GET http://www.a.gov.cn/ HTTP/1.1\r\nHost: www.a.gov.cn\r\n\r\n")
        assert idle.recv(12) == b"HTTP/1.1 200"
    while idle.recv(4096):
        pass
    idle.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=1)
    assert len(proxy.requests) == 1
    with pytest.raises(RuntimeError, match="not running"):
        _ = proxy.url


@pytest.mark.parametrize(
    ("rows", "header", "text"),
    [
        (ROWS, HEADER[:-1], "the column last_modified is missing"),
        ([["http://www.a.gov.cn/", "a/none.html", "200", "", "", ""]], HEADER, "line 2: a/none.html is no file"),
        ([["http://www.a.gov.cn/", "../secret.html", "200", "", "", ""]], HEADER, "secret.html is no file of that"),
        ([["http://www.a.gov.cn/", "a/index.html", "ok", "", "", ""]], HEADER, "the status 'ok' is no number"),
        ([ROWS[0], ROWS[0]], HEADER, "line 3: http://www.a.gov.cn/ stands there twice"),
    ],
)
def test_a_bad_manifest_is_one_clear_line(tmp_path: Path, rows: list[list[str]], header: list[str], text: str) -> None:
    (tmp_path / "secret.html").write_text("secret")
    folder = build(tmp_path / "sites", [row[: len(header)] for row in rows], header)
    with pytest.raises(SitesError, match=text) as caught:
        ReplayProxy(folder)
    assert "\n" not in str(caught.value)


def test_a_folder_without_manifest_is_named(tmp_path: Path) -> None:
    with pytest.raises(SitesError, match=r"manifest\.csv: cannot be read"):
        ReplayProxy(tmp_path)
