import pytest

from scraper.messages import Response
from scraper.outcomes import Failure, Outcome
from scraper.robots import read_robots

URL = "http://www.a.gov.cn/gk/2024.html"


def answer(body: str, content_type: str = "text/plain", status: int = 200) -> Response:
    return Response("http://www.a.gov.cn/robots.txt", status, {"content-type": content_type}, body.encode())


@pytest.mark.parametrize(
    ("body", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /\n", False),
        ("User-agent: *\nDisallow:\n", True),
        ("User-agent: *\nDisallow: /gk/\n", False),
        ("User-agent: *\nDisallow: /zwgk/\n", True),
        ("User-agent: *\nDisallow: /gk/\nAllow: /gk/2024\n", True),
        ("User-agent: Baiduspider\nDisallow: /\n", True),
        ("User-agent: nianbao\nDisallow: /gk/\n\nUser-agent: *\nDisallow:\n", False),
        ("User-agent: nianbao\nDisallow:\n\nUser-agent: *\nDisallow: /\n", True),
        ("\ufeffUser-agent: *\r\nDisallow: /*.html$\r\n", False),
        ("<html><body>User-agent: *\nDisallow: /</body></html>", True),
    ],
)
def test_rules(body: str, *, allowed: bool) -> None:
    refusal = read_robots(answer(body)).allows(URL)
    assert (refusal is None) is allowed
    assert refusal is None or refusal.outcome is Outcome.ROBOTS


def test_html_by_its_type_is_an_empty_file() -> None:
    assert read_robots(answer("User-agent: *\nDisallow: /", "text/html")).allows(URL) is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418])
def test_refused_robots_allow_everything(status: int) -> None:
    assert read_robots(Failure(Outcome.HTTP_ERROR, "", status)).allows(URL) is None


@pytest.mark.parametrize("status", [429, 500, 502, 503, 521])
def test_busy_host_is_left_alone(status: int) -> None:
    refusal = read_robots(Failure(Outcome.HTTP_ERROR, "", status)).allows(URL)
    assert refusal is not None
    assert refusal.outcome is Outcome.ROBOTS


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.DNS, Outcome.REFUSED, Outcome.TLS])
def test_unreachable_host_is_named_by_what_ails_it(outcome: Outcome) -> None:
    refusal = read_robots(Failure(outcome, "x")).allows(URL)
    assert refusal is not None
    assert refusal.outcome is outcome


@pytest.mark.parametrize(
    ("body", "seconds"),
    [("User-agent: *\nCrawl-delay: 0.5\n", 0.5), ("User-agent: *\nCrawl-delay: 10\nDisallow: /x", 10.0), ("", None)],
)
def test_crawl_delay(body: str, seconds: float | None) -> None:
    assert read_robots(answer(body)).crawl_delay == seconds
