"""A whole night: lock, harvest what is due, parse what is new, write the dataset, check it, write the pages, report."""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from nianbao.dataset.generations import current
from nianbao.nightly import alerts, health, record, snapshot
from nianbao.nightly.clock import SteadyClock, newest_moment
from nianbao.nightly.config import ConfigError
from nianbao.nightly.delivery import Delivery, log_morning, secrets
from nianbao.nightly.gleaning import Gleanings
from nianbao.nightly.locking import sole_night
from nianbao.nightly.log import Log
from nianbao.nightly.morning import describe, judge, morning, standing
from nianbao.nightly.record import Night
from nianbao.nightly.redaction import Redactor
from nianbao.nightly.schedule import due_sites, visited
from nianbao.nightly.settings import Settings
from nianbao.nightly.snapshot import Snapshot
from nianbao.nightly.stages import SITE, Stages, check_dataset, write_pages
from nianbao.nightly.timing import TimeTable
from nianbao.pipeline import Ran, bring_up_to_date
from nianbao.stores import prepare
from parsers.errors import NianbaoError
from scraper import Outcome, SiteList, harvest, known_sites, read_sites
from scraper.state import iso

Last = tuple[Night, Snapshot] | tuple[None, None]


def utc_now() -> datetime:
    """Return the time of day in UTC."""
    return datetime.now(UTC)


class NightRun:
    """One night over a store; call `run` once.

    `now` gives the times that are recorded, `clock` seconds for the budget, `sleep` waits between attempts at an alert.
    Raises ConfigError for settings that cannot be used.
    """

    def __init__(
        self,
        store: Path,
        settings: Settings,
        log: Log,
        *,
        now: Callable[[], datetime] = utc_now,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._store = store
        self._settings = settings
        self._log = log
        self._now = now
        self._clock = clock
        known = secrets(settings)
        log.redactor = Redactor(known.values())
        self._delivery = Delivery(store, settings, known, log, sleep)
        try:
            self._options = settings.options(proxy=known["harvest.proxy"] or None)
        except NianbaoError as error:
            raise ConfigError(f"[harvest] {error}") from error
        self._stages = Stages(log, clock)

    def run(self) -> Night:
        """Do the night and return its report, which is in the store then.

        Raises SitesError for a list of sites that cannot be used, StoreLockedError where another run holds the store,
        StoreError and DatasetError where the store cannot be used, KeyboardInterrupt where it was interrupted.
        """
        listed = self._listed()
        with sole_night(self._store, iso(self._now())):
            prepare(self._store, for_demo=False)
            return self._held(listed)

    def _listed(self) -> SiteList:
        named = self._settings.text("sites")
        listed = read_sites(self._settings.folder / named) if named else known_sites()
        for problem in listed.problems:
            self._log.say("site_left_out", problem)
        return listed

    def _held(self, listed: SiteList) -> Night:
        last: Last = record.last_night(self._store) or (None, None)
        steady = SteadyClock(self._now, newest_moment(self._store))
        times = TimeTable(self._settings, self._now(), self._clock, last[0])
        due = due_sites(listed.sites, visited(self._store), self._settings, self._now())
        night = Night("", iso(steady()), listed=len(listed.sites), due=len(due.sites), resting=due.resting)
        self._log.say("night", f"{night.due} of {night.listed} sites are due", due=night.due, listed=night.listed)
        with self._stages.one("harvest"):
            told = self._log.event
            summary = harvest(due.sites, self._store, self._options, told, now=steady, seconds=times.harvest())
        if summary.interrupted:
            raise KeyboardInterrupt
        with self._stages.in_turn("parse", "dataset"):
            over, glean = times.parse_is_over, Gleanings()
            ran = bring_up_to_date(self._store, summary, self._log, out_of_time=over, glean=glean)
        night.run, night.outcomes = summary.run, summary.outcomes
        night.left = night.due - sum(site.outcome is not Outcome.PENDING for site in summary.sites)
        return self._concluded(night, listed, ran, last, steady)

    def _concluded(self, night: Night, listed: SiteList, ran: Ran, last: Last, steady: SteadyClock) -> Night:
        former, before = last
        folder = current(self._store)
        night.generation = folder.name if folder is not None else ""
        as_it_was = former is not None and former.generation == night.generation
        findings = self._checked(before if as_it_was else None)
        self._write_pages(as_it_was=as_it_was)
        with self._stages.one("report"):
            now = standing(self._store, listed.sites, former, before, iso(steady()))
            now.findings = findings
            found = morning(self._store, now, before, len(ran.summary.sites), steady, self._settings)
        night.stages = self._stages.done
        judge(night, ran, found, listed.problems)
        describe(night, self._store, found)
        night.ended = now.at = iso(steady())
        night.alert = alerts.compose(night, former, found, self._settings)
        night.history = [*(former.history if former else []), night.entry()][-record.HISTORY :]
        snapshot.save(now, self._store / "runs" / night.run)
        self._report(night, former)
        return night

    def _checked(self, unchanged: Snapshot | None) -> int | None:
        """Return the number of defects that the checks find; that of the night before where nothing changed since."""
        with self._stages.one("checks") as stage:
            if unchanged is not None and unchanged.findings is not None:
                stage.detail = "the dataset is as it was"
                return unchanged.findings
            self._stages.attempt(stage, check_dataset, self._store)
            return stage.found

    def _write_pages(self, *, as_it_was: bool) -> None:
        with self._stages.one("site") as stage:
            if not self._settings.values["site.write"]:
                stage.status, stage.detail = "skipped", "site.write is false"
            elif as_it_was and (self._store / SITE / "index.html").exists():
                stage.detail = "the dataset is as it was"
            else:
                self._stages.attempt(stage, write_pages, self._store)

    def _report(self, night: Night, former: Night | None) -> None:
        """Write the report, from when on this is the last night; then tell those who want to know."""
        redact = self._log.redactor
        path = record.write(night, self._store, redact.value)
        health.write(self._store, replace(night, reasons=[redact.text(reason) for reason in night.reasons]))
        record.forget_snapshots(self._store)
        self._delivery.tell(night, former)
        log_morning(night, self._log, path)
