from datetime import UTC, datetime

import pytest

from parsers.errors import NianbaoError
from scraper.options import Options
from scraper.outcomes import Failure, Outcome
from scraper.politeness import Lane, Pace, retry_after

NOW = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def pace(**fields: float) -> Pace:
    return Pace("www.a.gov.cn", Options(**{"delay": 2.0, "max_delay": 30.0, "backoff": 5.0, **fields}))  # type: ignore[arg-type]


def test_first_request_waits_for_nothing_and_the_next_for_the_delay() -> None:
    host = pace()
    assert host.ready_at == 0.0
    host.answered(100.0, 0.1)
    assert host.ready_at == 102.0


def test_delay_grows_with_latency_and_comes_back_slowly() -> None:
    host = pace()
    host.answered(100.0, 10.0)
    assert host.delay == 20.0
    waits = []
    for _ in range(5):
        host.answered(0.0, 0.1)
        waits.append(host.delay)
    assert waits == [11.0, 6.5, 4.25, 3.125, 2.5625]


def test_delay_is_bounded_by_the_setting_and_below_by_the_option() -> None:
    host = pace(max_delay=15.0)
    host.answered(0.0, 100.0)
    assert host.delay == 15.0
    for _ in range(100):
        host.answered(0.0, 0.0)
    assert host.delay == pytest.approx(2.0)
    assert host.delay >= 2.0


def test_errors_never_shrink_the_delay() -> None:
    host = pace()
    host.answered(0.0, 10.0)
    before = host.delay
    for _ in range(4):
        host.failed(0.0, 0.001, retry_after=None)
        assert host.delay == before
    host.failed(0.0, 14.0, retry_after=None)
    assert host.delay == 28.0


def test_backoff_doubles_with_jitter_that_differs_between_hosts_and_is_bounded() -> None:
    host, other = pace(), Pace("www.b.gov.cn", Options(delay=2.0, backoff=5.0))
    waits = []
    for _ in range(9):
        host.failed(0.0, 0.1, retry_after=None)
        waits.append(host.ready_at)
    other.failed(0.0, 0.1, retry_after=None)
    assert all(5 * 2**n <= wait <= 5 * 2**n * 1.5 for n, wait in enumerate(waits[:6]))
    assert max(waits) <= 600.0
    assert other.ready_at != waits[0]
    host.answered(0.0, 0.1)
    host.failed(0.0, 0.1, retry_after=None)
    assert host.ready_at == waits[0]


def test_retry_after_lengthens_and_never_shortens() -> None:
    host = pace()
    host.failed(100.0, 0.1, retry_after=60.0)
    assert host.ready_at == 160.0
    host = pace()
    host.failed(100.0, 0.1, retry_after=0.0)
    assert host.ready_at >= 105.0


def test_crawl_delay_holds_for_the_pause_now_running_and_without_any_other_delay() -> None:
    host = pace(delay=0.0)
    host.answered(100.0, 0.1)
    assert host.ready_at == 100.0
    host.set_crawl_delay(3.0)
    host.set_crawl_delay(3.0)
    assert host.ready_at == 103.0
    host.answered(104.0, 50.0)
    assert host.ready_at == 107.0


def test_delay_zero_does_not_grow_with_latency() -> None:
    host = pace(delay=0.0)
    host.answered(100.0, 9.0)
    assert host.ready_at == 100.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "Sun, 01 Mar 2026 08:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 01 Mar 2026 07:00:00 GMT"}, 0.0),
        ({"retry-after": "Wed, 01 Jan 2020 00:00:07 GMT", "date": "Wed, 01 Jan 2020 00:00:00 GMT"}, 7.0),
        ({"retry-after": "Sunday, 01-Mar-26 08:00:30 GMT"}, 30.0),
    ],
)
def test_retry_after_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


def lane(strikes: int = 3) -> Lane:
    return Lane("www.a.gov.cn", Options(strikes=strikes))


def test_lane_closes_after_losses_of_one_kind_in_a_row() -> None:
    host, blocked = lane(), Failure(Outcome.BLOCKED, "forbidden", 403)
    for _ in range(3):
        assert host.closed is None
        host.judge(blocked)
    assert host.closed is not None
    assert host.closed.outcome is Outcome.BLOCKED
    assert "left alone after 3" in host.closed.detail


def test_lane_stays_open_while_some_pages_come_or_errors_are_the_pages_own() -> None:
    host = lane()
    for result in [Failure(Outcome.TIMEOUT, ""), Failure(Outcome.TIMEOUT, ""), None] * 3:
        host.judge(result)
    for _ in range(9):
        host.judge(Failure(Outcome.HTTP_ERROR, "", 404))
        host.judge(Failure(Outcome.TOO_LARGE, ""))
    for result in [Failure(Outcome.TIMEOUT, ""), Failure(Outcome.BLOCKED, "", 403)] * 3:
        host.judge(result)
    assert host.closed is None


@pytest.mark.parametrize(
    "fields",
    [
        {"delay": -1.0},
        {"delay": float("nan")},
        {"max_pages": 0},
        {"user_agent": ""},
        {"user_agent": "a\r\nX-Evil: 1"},
        {"user_agent": "中文"},
        {"proxy": "127.0.0.1:8080"},
        {"proxy": "socks5://127.0.0.1:1"},
        {"proxy": "http://[::1"},
    ],
)
def test_settings_that_make_no_sense_are_one_clear_line(fields: dict[str, object]) -> None:
    with pytest.raises(NianbaoError) as error:
        Options(**fields)  # type: ignore[arg-type]
    assert "give" in str(error.value)
    assert "\n" not in str(error.value)
