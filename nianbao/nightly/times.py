"""Durations and times of day as people write them, and when a night must end."""

import re
from datetime import datetime, time, timedelta

_DURATION = re.compile(r"(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m(?:in)?)?(?:(\d+(?:\.\d+)?)s)?")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_UNITS = (86400.0, 3600.0, 60.0, 1.0)


def seconds_of(text: str) -> float:
    """Read a duration such as `90m`, `4h`, `1h30m`, `7d`; returns seconds.

    Raises ValueError, with what to write, for anything else and for a duration of nothing.
    """
    match = _DURATION.fullmatch(text.strip())
    parts = match.groups() if match else ()
    seconds = sum(float(part) * unit for part, unit in zip(parts, _UNITS, strict=False) if part)
    if seconds <= 0:
        raise ValueError(f"{text!r} is no duration; write one such as 4h, 90m or 1h30m")
    return seconds


def clock_time_of(text: str) -> time:
    """Read a local time of day such as `06:00`; raises ValueError, with what to write, for anything else."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no time of day; write one from 00:00 to 23:59, such as 06:00")
    return time(int(match[1]), int(match[2]))


def seconds_until(clock: time, now: datetime) -> float:
    """Return the seconds from a moment to the next time that the local clock shows a time of day."""
    local = now.astimezone()
    wanted = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    if wanted <= local:
        wanted = (wanted.replace(tzinfo=None) + timedelta(days=1)).astimezone()
    return (wanted - local).total_seconds()
