"""A night from its settings to its exit status: nothing goes wrong without a line, a status and an alert."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast

from nianbao.exits import Exit, complain, defect
from nianbao.nightly import alerts
from nianbao.nightly.ending import status_of
from nianbao.nightly.log import Log
from nianbao.nightly.night import NightRun, utc_now
from nianbao.nightly.redaction import resolved
from nianbao.nightly.settings import Settings
from parsers.errors import NianbaoError
from scraper.state import iso


def conduct(
    store: Path,
    settings: Settings,
    *,
    make: Callable[[Path, Settings, Log], NightRun] = NightRun,
) -> Exit:
    """Do a night and return its exit status; errors are one line on stderr."""
    log = Log(cast(Literal["text", "json"], settings.text("log.format")))
    try:
        night = make(store, settings, log).run()
    except KeyboardInterrupt:
        log.say("interrupted", "what was fetched is in the archive; the next night goes on")
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last resort: the scheduler gets a status and a person a sentence
        status = status_of(error)
        text = str(error) if isinstance(error, (NianbaoError, OSError)) else defect(error)
        complain(log.redactor.text(text))
        _tell_failure(store, settings, log, status, log.redactor.text(text))
        return status
    _forget_failure(store)
    return Exit(night.exit)


def _tell_failure(store: Path, settings: Settings, log: Log, status: Exit, text: str) -> None:
    """Send an alert of a night that could not be done, unless the one before it ended the same way."""
    log.say("night_failed", text, exit=int(status), status="failed")
    mark = store / alerts.FAILED
    if status in (Exit.LOCKED, Exit.CONFIG) or "status" not in cast(list[str], settings.values["alert.on"]):
        return
    if _marked(mark) == int(status):
        return
    try:
        hook = resolved(settings.text("alert.webhook"))
    except ValueError:
        return
    body: dict[str, Any] = {"event": "night", "status": "failed", "exit": int(status), "reasons": [text]}
    if hook and alerts.post(hook, body, lambda seconds: None) is None:
        _mark(mark, {"exit": int(status), "at": iso(utc_now())})


def _marked(mark: Path) -> int | None:
    try:
        return int(json.loads(mark.read_text(encoding="utf-8"))["exit"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mark(mark: Path, fields: dict[str, Any]) -> None:
    try:
        mark.write_text(json.dumps(fields), encoding="utf-8")
    except OSError:  # the store itself is what failed; the alert is then repeated
        return


def _forget_failure(store: Path) -> None:
    (store / alerts.FAILED).unlink(missing_ok=True)
