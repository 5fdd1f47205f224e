"""Which sites are due: the season, the back-off after failures, clocks that were wrong; none is ever forgotten."""

from datetime import UTC, datetime, timedelta

import pytest

from nianbao.nightly.config import load
from nianbao.nightly.schedule import Visited, due_sites, interval
from scraper import Site

SITE = Site("440823", "遂溪县", "http://www.suixi.gov.cn/")
OTHER = Site("610921", "汉阴县", "http://www.hanyin.gov.cn/")
KEY = (SITE.code, SITE.site_url)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def nights_until_due(last: datetime, failing: int) -> int:
    """Return after how many nights, each 24 hours after the other, the site is visited again."""
    known = {KEY: Visited(last, failing, unfinished=False)}
    for night in range(1, 60):
        if due_sites([SITE], known, load(), last + timedelta(days=night, minutes=-20)).sites:
            return night
    raise AssertionError("forgotten")


@pytest.mark.parametrize(("month", "nights"), [(1, 1), (4, 1), (5, 7), (11, 7), (12, 7)])
def test_every_night_in_the_season_every_week_else(month: int, nights: int) -> None:
    assert nights_until_due(at(f"2026-{month:02}-05T22:30"), 0) == nights


def test_failures_back_off_and_are_never_forgotten() -> None:
    nights = [nights_until_due(at("2026-02-05T22:30"), failing) for failing in range(1, 8)]
    assert nights == [1, 2, 4, 8, 14, 14, 14]
    assert interval(10_000, load(), at("2026-02-05T22:30")) == timedelta(days=14)


def test_who_waits_longest_comes_first_and_who_was_never_visited_before_all() -> None:
    now = at("2026-02-10T22:00")
    known = {
        KEY: Visited(now - timedelta(days=2), 0, unfinished=False),
        (OTHER.code, OTHER.site_url): Visited(now - timedelta(days=3), 0, unfinished=False),
    }
    new = Site("140525", "泽州县", "http://www.zezhou.gov.cn/")
    due = due_sites([SITE, OTHER, new], known, load(), now)
    assert [site.code for site in due.sites] == ["140525", "610921", "440823"]


def test_a_visit_in_the_future_and_one_that_was_cut_off_are_due() -> None:
    now = at("2026-06-10T22:00")
    for last in (Visited(now + timedelta(days=300), 0, unfinished=False), Visited(now, 0, unfinished=True)):
        assert due_sites([SITE], {KEY: last}, load(), now).sites == (SITE,)


def test_what_is_not_due_is_counted() -> None:
    now = at("2026-06-10T22:00")
    due = due_sites([SITE, OTHER], {KEY: Visited(now - timedelta(days=1), 0, unfinished=False)}, load(), now)
    assert (due.sites, due.resting) == ((OTHER,), 1)
