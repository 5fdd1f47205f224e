"""The settings of a night: what can be set, what holds when nothing is said, and what each of them means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nianbao.nightly.times import clock_time_of, seconds_of
from scraper.options import Options

_USUAL = Options()

Value = str | int | float | bool | list[int] | list[str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of the file: its section and name, the default, what it means, and a check that raises ValueError.

    A `secret` one is shown without what only its owner may know.
    """

    section: str
    name: str
    default: Value
    meaning: str
    check: Callable[[Any], object] | None = None
    secret: bool = False

    @property
    def key(self) -> str:
        """The name with its section: `time.until`; the keys of the first lines have none."""
        return f"{self.section}.{self.name}" if self.section else self.name


def _or_nothing(check: Callable[[str], object]) -> Callable[[str], object]:
    return lambda text: check(text) if text else None


def _months(values: list[int]) -> None:
    if not all(isinstance(value, int) and 1 <= value <= 12 for value in values):
        raise ValueError(f"{values} are no months; write numbers from 1 to 12, such as [1, 2, 3, 4]")


def _share(value: float) -> None:
    if not 0 < value <= 1:
        raise ValueError(f"{value} is no share; write a number above 0 and up to 1, such as 0.2")


def _positive(value: float) -> None:
    if value < 1:
        raise ValueError(f"{value} is too small; write 1 or more")


def _web_address(text: str) -> None:
    if text and not text.startswith(("http://", "https://", "env:")):
        raise ValueError("it is no web address; write one that begins with https://, or env:NAME of a variable with it")


def _events(values: list[str]) -> None:
    unknown = sorted(set(values) - set(ALERTS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: no such alert; there are {', '.join(ALERTS)}")


def _format(text: str) -> None:
    if text not in ("text", "json"):
        raise ValueError(f"{text!r} is no format; write text or json")


ALERTS = ("broken", "checks", "mended", "new", "revised", "status", "warnings", "kept")
_DEFAULT_ALERTS = ["broken", "checks", "kept", "mended", "revised", "status", "warnings"]

SETTINGS = (
    Setting("", "sites", "", "CSV of sites, a path from the folder of this file; empty: the list of this program"),
    Setting("time", "until", "", "local time at which the night ends, such as 06:00", _or_nothing(clock_time_of)),
    Setting("time", "budget", "", "longest duration of a night, such as 4h", _or_nothing(seconds_of)),
    Setting("schedule", "season", [1, 2, 3, 4], "months in which the reports appear", _months),
    Setting("schedule", "in_season", "1d", "from visit to visit of a site in these months", seconds_of),
    Setting("schedule", "off_season", "7d", "from visit to visit in the other months", seconds_of),
    Setting("schedule", "after_failure", "1d", "to the next visit after a first failure; doubles", seconds_of),
    Setting("schedule", "after_failure_at_most", "14d", "up to which it doubles", seconds_of),
    Setting("harvest", "proxy", "", "HTTP proxy to go through, or env:NAME", _web_address, secret=True),
    Setting("harvest", "delay", _USUAL.delay, "seconds of pause after each response of a host, at least"),
    Setting("harvest", "user_agent", _USUAL.user_agent, "how to introduce oneself; name a contact"),
    Setting("harvest", "max_pages", _USUAL.max_pages, "requests a site, at most", _positive),
    Setting("harvest", "retries", _USUAL.retries, "further attempts at a page after a passing failure"),
    Setting("harvest", "backoff", _USUAL.backoff, "seconds of pause after a first failure; doubles"),
    Setting("harvest", "patience", _USUAL.patience, "longest pause in seconds that is waited out for a host"),
    Setting("harvest", "timeout", _USUAL.timeout, "seconds of silence after which a request is given up"),
    Setting("site", "write", default=True, meaning="write the web pages too"),
    Setting("alert", "on", _DEFAULT_ALERTS, f"what is worth an alert: {', '.join(sorted(ALERTS))}", _events),
    Setting("alert", "broken_after", 2, "failed visits in a row after which a site is an alert", _positive),
    Setting("alert", "webhook", "", "address that gets a JSON body on change, or env:NAME", _web_address, secret=True),
    Setting("alert", "ping", "", "address asked for after each complete night, or env:NAME", _web_address, secret=True),
    Setting("metrics", "textfile", "", "file of Prometheus metrics, such as …/textfile/nianbao.prom"),
    Setting("log", "format", "text", "text or json", _format),
    Setting("drift", "fewer_reports", 0.2, "share by which reports may stay behind last year's by this date", _share),
    Setting("drift", "fewer_reports_of", 20, "reports that there must have been by this date last year", _positive),
    Setting("drift", "broken_share", 0.2, "share of the visited sites that may break in one night", _share),
    Setting("drift", "unreadable_share", 0.01, "share of unreadable cells to which new reports may rise", _share),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What is in force: every value by its key, and where each came from (`default`, a file's name, an option)."""

    values: Mapping[str, Value]
    origins: Mapping[str, str]
    folder: Path

    def text(self, key: str) -> str:
        """Return a setting that is a text."""
        return str(self.values[key])

    def number(self, key: str) -> float:
        """Return a setting that is a number."""
        return float(self.values[key])  # type: ignore[arg-type]

    def seconds(self, key: str) -> float:
        """Return a setting that is a duration, in seconds."""
        return seconds_of(self.text(key))

    def options(self, *, proxy: str | None = None) -> Options:
        """Return the settings of the harvest; raises NianbaoError for a value that no harvest could keep."""
        return Options(
            proxy=proxy,
            delay=self.number("harvest.delay"),
            user_agent=self.text("harvest.user_agent"),
            max_pages=int(self.number("harvest.max_pages")),
            retries=int(self.number("harvest.retries")),
            backoff=self.number("harvest.backoff"),
            patience=self.number("harvest.patience"),
            timeout=self.number("harvest.timeout"),
            resume_within=RESUME_WITHIN,
        )


RESUME_WITHIN = 20 * 3600.0
"""Age in seconds up to which a night that was broken off is continued; the next one at the same hour begins anew."""
