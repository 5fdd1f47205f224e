"""What leaves the machine after a night, and what others read of it: metrics, alert, ping."""

from collections.abc import Callable
from pathlib import Path

from nianbao.nightly import alerts, metrics
from nianbao.nightly.config import ConfigError
from nianbao.nightly.log import Log
from nianbao.nightly.record import Night, Stage
from nianbao.nightly.redaction import resolved
from nianbao.nightly.settings import SETTINGS, Settings
from parsers.errors import StoreError

_NOT_TAKEN = "the webhook did not take the alert; the next night tries again"


def secrets(settings: Settings) -> dict[str, str]:
    """Return the settings that nobody else may know; raises ConfigError for a variable that is not set."""
    found = {}
    for key in (setting.key for setting in SETTINGS if setting.secret):
        try:
            found[key] = resolved(settings.text(key))
        except ValueError as error:
            raise ConfigError(f"{settings.origins[key]}: {key}: {error}") from error
    return found


class Delivery:
    """Tells of a night that is in the store; what cannot be told is a line in the log, and costs nothing else."""

    def __init__(
        self, store: Path, settings: Settings, known: dict[str, str], log: Log, sleep: Callable[[float], None]
    ) -> None:
        self._store = store
        self._settings = settings
        self._known = known
        self._log = log
        self._sleep = sleep

    def tell(self, night: Night, former: Night | None) -> None:
        """Write the metrics, send the alert of the night, and that of the one before if it was not taken, then ping."""
        if textfile := self._settings.text("metrics.textfile"):
            try:
                metrics.write(Path(textfile), night)
            except StoreError as error:
                self._log.say("metrics_failed", str(error))
        for each in (former, night):
            if each is not None and each.alert is not None:
                self._send(each, night.ended)
        ping = self._known["alert.ping"]
        if ping and (problem := alerts.ping(ping, self._sleep)) is not None:
            self._log.say("ping_failed", f"the ping was not answered ({problem})", reason=problem)

    def _send(self, night: Night, at: str) -> None:
        hook = self._known["alert.webhook"]
        if not hook or night.alert is None or alerts.is_delivered(self._store, night.run):
            return
        problem = alerts.post(hook, self._log.redactor.value(night.alert), self._sleep)
        if problem is None:
            alerts.note_delivered(self._store, night.run, at)
            self._log.say("alert_sent", f"of run {night.run}", run=night.run)
        else:
            self._log.say("alert_failed", f"{_NOT_TAKEN} ({problem})", reason=problem)


def log_morning(night: Night, log: Log, report: Path) -> None:
    """Write the warnings and the end of a night into the log."""
    for warned in night.warnings:
        log.say("warning", f"{warned['name']} {warned['about']}: {warned['what']}".replace(" :", ":"), **warned)
    log.say("stages", ", ".join(map(_told, night.stages)), stages={each.name: each.seconds for each in night.stages})
    for reason in night.reasons:
        log.say("reason", reason)
    counts = {name: count for name, count in night.counts.items() if count}
    told = ", ".join(f"{count} {name}" for name, count in counts.items()) or "nothing new"
    fields = {"status": night.status, "exit": night.exit, "counts": counts, "report": str(report)}
    log.say("night_ended", f"{night.status}: {told}; see {report}", **fields)


def _told(stage: Stage) -> str:
    return f"{stage.name} {stage.seconds:.1f} s" + ("" if stage.status == "done" else f" ({stage.status})")
