"""Each way a transfer can go wrong, over real HTTP: its named outcome, nothing stored, no other host delayed."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from scraper.documents import documents
from scraper.harvest import harvest
from scraper.messages import Site
from scraper.options import Options
from scraper.outcomes import Outcome
from scraper.summary import Summary
from tests.scraper.conftest import NOW, QUICK, county
from tests.scraper.walker import LinkWalker, link
from tests.scraper.web import Reply, Web, serving

Run = Callable[..., Summary]
Write = Callable[[bytes], object]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
BAD = "http://www.county1.gov.cn/gk/2020.html"


def short(write: Write) -> None:
    write(HEAD + b"Content-Length: 5000\r\n\r\n<p>" + b"x" * 500)


def short_chunks(write: Write) -> None:
    write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n100\r\n" + b"x" * 256 + b"\r\n")


def no_http(write: Write) -> None:
    write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")


def nothing(write: Write) -> None:
    write(b"")


def stall(write: Write) -> None:
    write(HEAD + b"Content-Length: 5000\r\n\r\n<p>")
    time.sleep(1.5)


def trickle(write: Write) -> None:
    write(HEAD + b"Content-Length: 5000\r\n\r\n")
    for _ in range(40):
        write(b"x")
        time.sleep(0.05)


BOMB = gzip.compress(bytes(60_000_000))


def bomb(write: Write) -> None:
    write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB)


def huge(write: Write) -> None:
    write(HEAD + b"Content-Length: 314572800\r\n\r\n" + bytes(100_000))


def endless(write: Write) -> None:
    write(HEAD + b"\r\n")
    for _ in range(400):
        write(bytes(100_000))


def wrong_coding(write: Write) -> None:
    write(HEAD + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\n<p>no</p>")


LOOP = Reply("", 302, {"Location": "/gk/2020.html"})


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Reply(raw=short), Outcome.INCOMPLETE),
        (Reply(raw=short_chunks), Outcome.INCOMPLETE),
        (Reply(raw=no_http), Outcome.INCOMPLETE),
        (Reply(raw=nothing), Outcome.INCOMPLETE),
        (Reply(raw=wrong_coding), Outcome.INCOMPLETE),
        (Reply(raw=stall), Outcome.TIMEOUT),
        (Reply(raw=trickle), Outcome.TIMEOUT),
        (Reply(raw=bomb), Outcome.TOO_LARGE),
        (Reply(raw=huge), Outcome.TOO_LARGE),
        (Reply(raw=endless), Outcome.TOO_LARGE),
        (LOOP, Outcome.REDIRECTS),
        (Reply("", 302, {"Location": "http://www.elsewhere.com/"}), Outcome.MOVED),
        (Reply("", 302), Outcome.HTTP_ERROR),
        (Reply("gone", 404), Outcome.HTTP_ERROR),
        (Reply("x", 304), Outcome.HTTP_ERROR),
    ],
    ids=lambda value: (
        value.raw.__name__ if isinstance(value, Reply) and value.raw else str(getattr(value, "status", value))
    ),
)
def test_page_that_goes_wrong_ends_as_its_named_outcome(
    web: Web, run: Run, tmp_path: Path, reply: Reply, outcome: Outcome
) -> None:
    site = county(web, reports=2)
    web.put(BAD, reply)
    begun = time.monotonic()
    hurry = {"timeout": 0.4, "total_timeout": 0.8} if outcome is Outcome.TIMEOUT else {}
    summary = run([site, county(web, 2, reports=1)], retries=0, max_bytes=20_000_000, **hurry)
    tally = summary.sites[0].tallies["report"]
    assert (tally.fetched, dict(tally.failed)) == (1, {outcome: 1})
    assert summary.sites[1].outcome is Outcome.OK
    assert BAD not in {document.url for document in documents(tmp_path / "store")}
    assert time.monotonic() - begun < 5


def test_loss_of_a_moment_is_made_good(web: Web, run: Run) -> None:
    site = county(web, reports=1)
    answers = [Reply(raw=short), Reply(raw=nothing), Reply("<p>the report at last</p>")]
    web.put(BAD, lambda _: answers.pop(0))
    assert run([site]).sites[0].tallies["report"].fetched == 1
    assert not answers


def test_stalled_host_costs_no_other_host_time(web: Web, run: Run) -> None:
    sites = [county(web, number, reports=1) for number in range(1, 6)]
    web.put("http://www.county1.gov.cn/", Reply(raw=stall))
    ended: dict[str, float] = {}
    begun = time.monotonic()

    def note(event: object) -> None:
        if getattr(event, "kind", "") == "site_done":
            ended[event.site.code] = time.monotonic() - begun  # type: ignore[attr-defined]

    run(sites, on_event=note, timeout=1.0, retries=0)
    stalled = ended.pop("430001")
    assert stalled >= 1.0
    assert max(ended.values()) < stalled


def test_redirects_are_followed_within_one_government(web: Web, run: Run, tmp_path: Path) -> None:
    site = county(web, reports=1)
    web.put(BAD, Reply("", 301, {"Location": "http://xxgk.county1.gov.cn/a/2020.html#top"}))
    web.put("http://xxgk.county1.gov.cn/a/2020.html", Reply("", 302, {"Location": "../b/2020.html"}))
    web.put("http://xxgk.county1.gov.cn/b/2020.html", "<p>moved twice</p>")
    web.put("http://xxgk.county1.gov.cn/robots.txt", Reply("", 404))
    run([site])
    (document,) = documents(tmp_path / "store")
    assert document.url == "http://xxgk.county1.gov.cn/b/2020.html"
    assert document.body == b"<p>moved twice</p>"


def test_redirects_obey_the_robots_of_the_host_they_lead_to(web: Web, run: Run) -> None:
    site = county(web, reports=1)
    web.put(BAD, Reply("", 301, {"Location": "http://xxgk.county1.gov.cn/a.html"}))
    web.put("http://xxgk.county1.gov.cn/robots.txt", "User-agent: *\nDisallow: /\n", content_type="text/plain")
    assert dict(run([site]).sites[0].tallies["report"].skipped) == {"robots": 1}
    assert web.paths("xxgk.county1.gov.cn") == []


def test_long_chain_of_redirects_ends(web: Web, run: Run) -> None:
    site = county(web, reports=1)
    for hop in range(30):
        web.put(f"http://www.county1.gov.cn/hop{hop}", Reply("", 302, {"Location": f"/hop{hop + 1}"}))
    web.put(BAD, Reply("", 302, {"Location": "/hop0"}))
    assert dict(run([site]).sites[0].tallies["report"].failed) == {"redirects": 1}
    assert len([path for path in web.paths("www.county1.gov.cn") if "hop" in path]) <= 8


def test_site_that_moved_to_somebody_elses_host_says_so(web: Web, run: Run) -> None:
    web.put("http://www.county1.gov.cn/", Reply("", 301, {"Location": "http://www.casino.com/"}))
    summary = run([Site("430001", "甲县", "http://www.county1.gov.cn/")])
    assert summary.sites[0].outcome is Outcome.MOVED
    assert "http://www.casino.com/" in summary.sites[0].detail


def test_endless_calendar_ends_with_the_budget(web: Web, run: Run) -> None:
    def month(number: int) -> Callable[[Mapping[str, str]], Reply]:
        def answer(_: Mapping[str, str]) -> Reply:
            web.put(f"http://www.county1.gov.cn/calendar/{number + 1}", month(number + 1))
            return Reply(link("list", f"/calendar/{number + 1}"))

        return answer

    site = county(web, reports=0)
    web.put("http://www.county1.gov.cn/gk/", month(0))
    summary = run([site], max_pages=20)
    assert len(web.asked("www.county1.gov.cn")) == 20
    assert summary.sites[0].outcome is Outcome.PENDING
    assert summary.sites[0].tallies["list"].pending == 1
    assert summary.sites[0].notes == ("the budget of 20 pages is spent",)


# Without a proxy: names are resolved and addresses connected to here.


def direct(store: Path, sites: list[Site], resolver: Callable[[str], list[str]], **fields: object) -> Summary:
    options = Options(**{**QUICK, "retries": 0, "allow_private": True, "resolver": resolver, **fields})  # type: ignore[arg-type]
    return harvest(sites, store, options, now=lambda: NOW, walker_of=LinkWalker)


def loopback(_: str) -> list[str]:
    return ["127.0.0.1"]


def nowhere(_: str) -> list[str]:
    raise OSError("Name or service not known")


@contextmanager
def mute_port() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def test_name_that_does_not_resolve(tmp_path: Path) -> None:
    (site,) = direct(tmp_path, [Site("430001", "甲县", "http://www.nowhere.example/")], nowhere).sites
    assert site.outcome is Outcome.DNS
    assert "www.nowhere.example does not resolve" in site.detail


def test_connection_refused(tmp_path: Path) -> None:
    (site,) = direct(tmp_path, [Site("430001", "甲县", f"http://www.a.example:{closed_port()}/")], loopback).sites
    assert site.outcome is Outcome.REFUSED


def test_host_that_never_answers(tmp_path: Path) -> None:
    with mute_port() as port:
        (site,) = direct(
            tmp_path, [Site("430001", "甲县", f"http://www.a.example:{port}/")], loopback, timeout=0.3
        ).sites
    assert site.outcome is Outcome.TIMEOUT


def test_private_answer_is_refused_before_any_connection(web: Web, tmp_path: Path) -> None:
    sites = [Site("430001", "甲县", f"http://inside.example:{web.url.rpartition(':')[2]}/")]
    (site,) = direct(tmp_path, sites, loopback, allow_private=False).sites
    assert site.outcome is Outcome.UNSAFE
    assert web.log == []


def test_the_checked_address_is_connected_to_under_the_name_of_the_host(tmp_path: Path) -> None:
    asked: list[str] = []

    def resolver(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving() as web:
        port = web.url.rpartition(":")[2]
        web.put(f"http://www.a.example:{port}/", link("report", "/2020.html"))
        web.put(f"http://www.a.example:{port}/2020.html", "<p>report</p>")
        (site,) = direct(tmp_path, [Site("430001", "甲县", f"http://www.a.example:{port}/")], resolver).sites
        assert site.outcome is Outcome.OK
        assert web.paths(f"www.a.example:{port}") == ["/", "/2020.html"]
    assert asked == ["www.a.example"]


def test_next_address_is_tried_when_the_first_is_dead(tmp_path: Path) -> None:
    with serving("127.0.0.3") as web:
        port = web.url.rpartition(":")[2]
        web.put(f"http://www.a.example:{port}/", link("report", "/2020.html"))
        web.put(f"http://www.a.example:{port}/2020.html", "<p>report</p>")
        sites = [Site("430001", "甲县", f"http://www.a.example:{port}/")]
        assert direct(tmp_path, sites, lambda _: ["127.0.0.2", "127.0.0.3"]).sites[0].outcome is Outcome.OK


def test_two_at_once_to_an_address_that_many_hosts_share(tmp_path: Path) -> None:
    with serving() as web:
        port = web.url.rpartition(":")[2]
        sites = []
        for number in range(6):
            home = f"http://www.h{number}.example:{port}/"
            web.put(home, Reply("<p>home</p>", pause=0.05))
            sites.append(Site(f"43000{number}", "县", home))
        direct(tmp_path, sites, loopback)
        moments = sorted([(one.begun, 1) for one in web.log] + [(one.ended, -1) for one in web.log])
        under_way = [sum(step for _, step in moments[: count + 1]) for count in range(len(moments))]
    assert max(under_way) == 2


CERTIFICATE = Path(__file__).parent / "certificate.pem"  # of www.tls.example, signed by itself


def tls_site(web: Web, host: str) -> Site:
    port = web.url.rpartition(":")[2]
    web.put(f"https://{host}:{port}/", link("report", "/2020.html"))
    web.put(f"https://{host}:{port}/2020.html", "<p>report</p>")
    return Site("430001", "甲县", f"https://{host}:{port}/")


def test_broken_certificate(tmp_path: Path) -> None:
    with serving(certificate=CERTIFICATE) as web:
        (site,) = direct(tmp_path, [tls_site(web, "www.tls.example")], loopback).sites
        assert site.outcome is Outcome.TLS
        assert "certificate" in site.detail
        assert web.log == []


def test_certificate_is_checked_against_the_name_and_not_the_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with serving(certificate=CERTIFICATE) as web:
        assert direct(tmp_path / "a", [tls_site(web, "www.tls.example")], loopback).sites[0].outcome is Outcome.OK
        assert direct(tmp_path / "b", [tls_site(web, "www.other.example")], loopback).sites[0].outcome is Outcome.TLS


def test_https_on_a_port_that_speaks_http(web: Web, tmp_path: Path) -> None:
    sites = [Site("430001", "甲县", web.url.replace("http://127.0.0.1", "https://www.a.example") + "/")]
    assert direct(tmp_path, sites, loopback, timeout=0.5).sites[0].outcome in {Outcome.TLS, Outcome.TIMEOUT}


def test_proxy_that_is_not_there(tmp_path: Path) -> None:
    options = Options(**QUICK, retries=0, proxy=f"http://127.0.0.1:{closed_port()}")  # type: ignore[arg-type]
    sites = [Site("430001", "甲县", "http://www.a.gov.cn/")]
    summary = harvest(sites, tmp_path, options, now=lambda: NOW, walker_of=LinkWalker)
    assert summary.sites[0].outcome is Outcome.REFUSED
    assert threading.active_count() < 50
