"""What a host sees of a harvest, from the server's own log."""

import time
from collections.abc import Callable, Mapping
from email.utils import formatdate
from itertools import pairwise
from pathlib import Path

import pytest

from scraper.messages import Site
from scraper.options import default_user_agent
from scraper.outcomes import Outcome
from scraper.summary import Event, Summary
from tests.scraper.conftest import county
from tests.scraper.walker import link
from tests.scraper.web import Reply, Seen, Web

Run = Callable[..., Summary]
CLOCK = 0.005  # what two clocks' readings may differ by


def gaps(seen: list[Seen]) -> list[float]:
    return [after.begun - before.ended for before, after in pairwise(seen)]


def test_one_request_at_a_time_to_each_host_and_many_hosts_side_by_side(web: Web, run: Run) -> None:
    sites = [county(web, number, pause=0.02) for number in range(1, 9)]
    shared = "http://www.county1.gov.cn/gk/2022.html"
    for number in range(2, 9):
        web.put(f"http://www.county{number}.gov.cn/gk/2022.html", link("report", shared), pause=0.02)
    run(sites)
    assert all(
        gap > -CLOCK for number in range(1, 9) for gap in gaps(web.asked(f"www.county{number}.gov.cn", robots=True))
    )
    moments = [(one.begun, 1) for one in web.log] + [(one.ended, -1) for one in web.log]
    most = under_way = 0
    for _, step in sorted(moments):
        under_way += step
        most = max(most, under_way)
    assert most >= 3


def test_requests_at_once_are_bounded_and_a_waiting_host_holds_none_of_them(web: Web, run: Run) -> None:
    sites = [county(web, number, reports=1, pause=0.01) for number in range(1, 5)]
    answers = [Reply("", 503, {"Retry-After": "1"}), Reply("", 404)]
    web.put("http://www.county1.gov.cn/robots.txt", lambda _: answers.pop(0))
    ended: list[str] = []

    def note(event: Event) -> None:
        if event.kind == "site_done" and event.site is not None:
            ended.append(event.site.code)

    run(sites, on_event=note, in_flight=1)
    assert ended[-1] == "430001"
    assert min(gaps(sorted(web.log, key=lambda one: one.begun))) > -CLOCK


def test_two_sites_on_one_host_share_its_pace(web: Web, run: Run) -> None:
    site = county(web, pause=0.01)
    web.put("http://www.county1.gov.cn/b/", link("report", "/gk/b.html"))
    web.put("http://www.county1.gov.cn/gk/b.html", "<p>another report</p>")
    run([site, Site("430099", "乙县", "http://www.county1.gov.cn/b/")], delay=0.06)
    seen = web.asked("www.county1.gov.cn", robots=True)
    assert len(seen) == 9
    assert min(gaps(seen)) >= 0.06 - CLOCK


def test_delay_is_kept_between_all_requests_robots_included(web: Web, run: Run) -> None:
    run([county(web)], delay=0.08)
    seen = web.asked("www.county1.gov.cn", robots=True)
    assert seen[0].path == "/robots.txt"
    assert min(gaps(seen)) >= 0.08 - CLOCK


def test_delay_grows_with_the_latency_of_the_host(web: Web, run: Run) -> None:
    run([county(web, reports=1, pause=0.1)], delay=0.01)
    assert min(gaps(web.asked("www.county1.gov.cn"))) >= 0.2 - CLOCK


def test_crawl_delay_is_kept(web: Web, run: Run) -> None:
    run([county(web, robots="User-agent: *\nCrawl-delay: 0.15\n", reports=1)])
    assert min(gaps(web.asked("www.county1.gov.cn", robots=True))) >= 0.15 - CLOCK


def test_crawl_delay_longer_than_a_run_leaves_the_host_for_later(web: Web, run: Run) -> None:
    summary = run([county(web, robots="User-agent: *\nCrawl-delay: 86400\n")])
    assert web.paths("www.county1.gov.cn") == []
    assert summary.sites[0].outcome is Outcome.PENDING
    assert "86400 s" in summary.sites[0].detail


def test_disallowed_paths_are_not_asked_for(web: Web, run: Run) -> None:
    site = county(web, robots="User-agent: *\nDisallow: /gk/2021\nDisallow: /*.pdf$\n")
    summary = run([site])
    assert web.paths("www.county1.gov.cn") == ["/", "/gk/", "/gk/2020.html", "/gk/2022.html"]
    tallies = summary.sites[0].tallies
    assert dict(tallies["report"].skipped) == {"robots": 1}
    assert dict(tallies["attachment"].skipped) == {"robots": 1}
    assert summary.sites[0].outcome is Outcome.OK


def test_site_that_disallows_everything_is_asked_for_nothing(web: Web, run: Run) -> None:
    summary = run([county(web, robots="User-agent: *\nDisallow: /\n")])
    assert web.paths("www.county1.gov.cn") == []
    assert summary.sites[0].outcome is Outcome.ROBOTS


@pytest.mark.parametrize("status", [503, 500, 429])
def test_host_whose_robots_are_busy_is_left_alone(web: Web, run: Run, status: int) -> None:
    site = county(web)
    web.put("http://www.county1.gov.cn/robots.txt", Reply("", status))
    summary = run([site], retries=1)
    assert web.paths("www.county1.gov.cn") == []
    assert len(web.asked("www.county1.gov.cn", robots=True)) == 2
    assert summary.sites[0].outcome is Outcome.ROBOTS


def test_robots_that_recover_after_a_wait_open_the_site(web: Web, run: Run) -> None:
    site = county(web, reports=1)
    answers = [Reply("", 503, {"Retry-After": "1"}), Reply("User-agent: *\nDisallow:\n", content_type="text/plain")]
    web.put("http://www.county1.gov.cn/robots.txt", lambda _: answers.pop(0))
    assert run([site]).sites[0].outcome is Outcome.OK
    assert gaps(web.asked("www.county1.gov.cn", robots=True))[0] >= 1.0 - CLOCK


def in_seconds() -> dict[str, str]:
    return {"Retry-After": "1"}


def as_a_date() -> dict[str, str]:
    now = time.time()
    return {"Retry-After": formatdate(now + 1, usegmt=True), "Date": formatdate(now, usegmt=True)}


@pytest.mark.parametrize(("form", "status"), [(in_seconds, 429), (as_a_date, 503)])
def test_retry_after_is_kept_by_the_whole_host(
    web: Web, run: Run, form: Callable[[], dict[str, str]], status: int
) -> None:
    site = county(web, reports=2)
    other = Site("430099", "乙县", "http://www.county1.gov.cn/b/")
    web.put("http://www.county1.gov.cn/b/", "".join(link("report", f"/b/{number}.html") for number in range(5)))
    for number in range(5):
        web.put(f"http://www.county1.gov.cn/b/{number}.html", f"<p>report {number}</p>")
    busy = []

    def once_busy(_: Mapping[str, str]) -> Reply:
        busy.append(1)
        return Reply("", status, form()) if len(busy) == 1 else Reply("<p>the report</p>")

    web.put("http://www.county1.gov.cn/gk/2020.html", once_busy)
    summary = run([site, other])
    seen = web.asked("www.county1.gov.cn")
    refused = next(number for number, one in enumerate(seen) if one.status == status)
    assert seen[refused + 1].begun - seen[refused].ended >= 1.0 - CLOCK
    assert [result.outcome for result in summary.sites] == [Outcome.OK, Outcome.OK]
    assert len(busy) == 2


def test_host_that_asks_for_an_hour_is_left_for_the_next_run(web: Web, run: Run) -> None:
    site = county(web, reports=4)
    web.put("http://www.county1.gov.cn/gk/2021.html", Reply("", 503, {"Retry-After": "3600"}))
    summary = run([site, county(web, 2)])
    tally = summary.sites[0].tallies["report"]
    assert (tally.fetched, tally.pending) == (1, 3)
    assert summary.sites[1].outcome is Outcome.OK
    before = len(web.asked("www.county1.gov.cn"))
    assert web.paths("www.county1.gov.cn")[-1] == "/gk/2021.html"
    web.put("http://www.county1.gov.cn/gk/2021.html", "<p>back again</p>")
    assert run([site]).sites[0].tallies["report"].as_dict()["pending"] == 0
    assert len(web.asked("www.county1.gov.cn")) > before


def test_errors_are_tried_again_after_growing_pauses(web: Web, run: Run) -> None:
    site = county(web, reports=1)
    web.put("http://www.county1.gov.cn/gk/2020.html", Reply("", 502))
    summary = run([site], backoff=0.1, retries=2)
    seen = [one for one in web.asked("www.county1.gov.cn") if one.path == "/gk/2020.html"]
    first, second = gaps(seen)
    assert first >= 0.1 - CLOCK
    assert second >= 0.2 - CLOCK
    assert dict(summary.sites[0].tallies["report"].failed) == {"http_error": 1}


def test_user_agent_names_a_contact_and_can_be_set(web: Web, run: Run) -> None:
    run([county(web)])
    sent = {seen.headers["user-agent"] for seen in web.log}
    assert sent == {default_user_agent()}
    assert "nianbao/" in default_user_agent()
    assert "+https://" in default_user_agent()
    assert "contact" in default_user_agent()
    web.log.clear()
    run([county(web, 2)], user_agent="panel-study (mailto:office@example.org)")
    assert {seen.headers["user-agent"] for seen in web.log} == {"panel-study (mailto:office@example.org)"}


def test_nothing_but_public_http_addresses_is_asked_for(web: Web, run: Run, tmp_path: Path) -> None:
    port = web.url.rpartition(":")[2]
    bad = [
        "http://127.0.0.1/", f"http://127.0.0.1:{port}/secret", "http://127.1/", "http://2130706433/", "http://0x7f.1/",
        "http://[::1]/", "http://[::ffff:10.0.0.1]/", "http://10.0.0.1/", "http://192.168.0.1/",
        "http://169.254.169.254/latest/",
        "http://localhost/", "http://www.localhost/", "ftp://www.county1.gov.cn/a.pdf", "file:///etc/passwd",
        "javascript:alert(1)", "http://@:80/x", "http://a b/", "http://[::1", "https://0.0.0.1/", "data:text/html,x",
    ]  # fmt: skip
    site = county(web, reports=1)
    web.put(
        "http://www.county1.gov.cn/gk/", "".join(link("report", url) for url in bad) + link("report", "/gk/2020.html")
    )
    (tmp_path / "store").mkdir()
    summary = run([site])
    assert {seen.host for seen in web.log} == {"www.county1.gov.cn"}
    tally = summary.sites[0].tallies["report"]
    assert (tally.fetched, dict(tally.failed)) == (1, {"unsafe": len(bad)})


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/x", "http://127.0.0.1/x", "ftp://a.gov.cn/x", "http://[::1]/", "http://[x"]
)
def test_redirect_to_a_private_or_other_address_is_not_followed(web: Web, run: Run, target: str) -> None:
    site = county(web, reports=1)
    web.put("http://www.county1.gov.cn/gk/2020.html", Reply("", 302, {"Location": target}))
    summary = run([site])
    assert {seen.host for seen in web.log} == {"www.county1.gov.cn"}
    assert dict(summary.sites[0].tallies["report"].failed) == {"unsafe": 1}
