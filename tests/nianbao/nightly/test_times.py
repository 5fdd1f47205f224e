"""Durations, times of day, and the end of a night."""

from datetime import UTC, datetime, time

import pytest

from nianbao.nightly.times import clock_time_of, seconds_of, seconds_until


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("4h", 14400), ("90m", 5400), ("90min", 5400), ("1h30m", 5400), ("7d", 604800), ("45s", 45), (" 0.5h ", 1800)],
)
def test_durations(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "h", "-4h", "0h", "4 hours", "30m1h", "４h "])
def test_what_is_no_duration_says_what_to_write(text: str) -> None:
    if text.startswith("４"):
        assert seconds_of(text) == 14400  # a full-width digit is one
        return
    with pytest.raises(ValueError, match="such as 4h"):
        seconds_of(text)


def test_times_of_day() -> None:
    assert clock_time_of("06:00") == time(6)
    assert clock_time_of("23:59") == time(23, 59)
    assert clock_time_of("7:05") == time(7, 5)


@pytest.mark.parametrize("text", ["24:00", "6", "06:60", "6am", "", "06:00:00"])
def test_what_is_no_time_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="such as 06:00"):
        clock_time_of(text)


@pytest.mark.parametrize(
    ("now", "seconds"),
    [("22:00", 8 * 3600), ("05:59", 60), ("06:00", 24 * 3600), ("06:01", 24 * 3600 - 60)],
)
def test_the_end_is_the_next_time_the_clock_shows_it(now: str, seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    import time as system

    monkeypatch.setenv("TZ", "Asia/Shanghai")
    system.tzset()
    try:
        local = datetime.fromisoformat(f"2026-03-01T{now}:00+08:00")
        assert seconds_until(time(6), local.astimezone(UTC)) == seconds
    finally:
        monkeypatch.undo()
        system.tzset()
