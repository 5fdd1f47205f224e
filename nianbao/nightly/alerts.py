"""Alerts on change only: what is worth one, the webhook that gets it, and the ping that says a night was completed."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from nianbao.nightly.morning import Morning
from nianbao.nightly.record import Night
from nianbao.nightly.settings import Settings
from nianbao.nightly.snapshot import Snapshot
from scraper.archive import naming

DELIVERED = "alert-delivered"
FAILED = ".night-failed"
_ATTEMPTS = 3
_TIMEOUT = 15.0
_MOST = 50  # entries of one kind in a body; `counts` has all of them
_FIELDS = ("code", "name", "site_url", "outcome", "detail", "failing", "failing_since", "last_success", "was")


def compose(night: Night, former: Night | None, found: Morning, settings: Settings) -> dict[str, Any] | None:
    """Return the body of the alert of a night, None where nothing changed that is worth one.

    A first night has nothing that it could be held against: it is told only where it did not end well.
    """
    on = set(settings.values["alert.on"])  # type: ignore[arg-type]
    after = int(settings.number("alert.broken_after"))
    changes = found.changes
    parts: dict[str, Any] = {
        "broken": _crossed(found.before, found.now, after),
        "mended": _mended(found.before, found.now, after),
        "revised": changes.revised,
        "kept": changes.kept,
        "new": changes.new if not changes.baseline else [],
        "checks": changes.worse,
        "warnings": [warned.as_dict() for warned in found.fresh],
    }
    told = {name: value for name, value in parts.items() if name in on and value}
    if "status" in on and night.status != (former.status if former is not None else "done"):
        told["status_before"] = former.status if former is not None else None
    if not told:
        return None
    lists = {name: value[:_MOST] if isinstance(value, list) else value for name, value in told.items()}
    counts = {name: len(value) for name, value in told.items() if isinstance(value, list)}
    return {"event": "night", **_head(night), "counts": counts, **lists}


def _head(night: Night) -> dict[str, Any]:
    names = ("run", "status", "exit", "reasons", "began", "ended")
    return {name: getattr(night, name) for name in names}


def _crossed(before: Snapshot | None, now: Snapshot, after: int) -> list[dict[str, Any]]:
    """Return the sites whose failures in a row have now reached the number that is worth an alert."""
    if before is None:
        return []
    found = []
    for key, site in sorted(now.sites.items()):
        old = before.sites.get(key)
        if site.is_broken and site.failing >= after and not (old and old.is_broken and old.failing >= after):
            found.append({name: getattr(site, name, None) for name in _FIELDS[:-1]})
    return found


def _mended(before: Snapshot | None, now: Snapshot, after: int) -> list[dict[str, Any]]:
    found = []
    for key, old in sorted(before.sites.items() if before else ()):
        site = now.sites.get(key)
        if site is not None and old.is_broken and old.failing >= after and not site.is_broken:
            fields = {name: getattr(site, name, None) for name in _FIELDS}
            found.append({**fields, "was": old.outcome, "failing": old.failing, "failing_since": old.failing_since})
    return found


def post(address: str, body: dict[str, Any], sleep: Callable[[float], None]) -> str | None:
    """Send a JSON body, up to three times; returns why it could not be delivered, None where it was.

    The reason never names the address: it can hold a token.
    """
    return _attempted(lambda client: client.post(address, json=body), sleep)


def ping(address: str, sleep: Callable[[float], None]) -> str | None:
    """Ask for an address, up to three times; returns why it could not be reached, None where it was."""
    return _attempted(lambda client: client.get(address), sleep)


def _attempted(send: Callable[[httpx.Client], httpx.Response], sleep: Callable[[float], None]) -> str | None:
    reason = ""
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=False) as client:
        for attempt in range(_ATTEMPTS):
            if attempt:
                sleep(2.0**attempt)
            try:
                status = send(client).status_code
            except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
                reason = type(error).__name__
                continue
            if 200 <= status < 300:
                return None
            reason = f"status {status}"
    return reason


def is_delivered(store: Path, run: str) -> bool:
    """Say whether the alert of a run has reached the webhook."""
    return (store / "runs" / run / DELIVERED).exists()


def note_delivered(store: Path, run: str, at: str) -> None:
    """Note that the alert of a run has reached the webhook; raises StoreError."""
    path = store / "runs" / run / DELIVERED
    with naming(path):
        path.write_text(f"{at}\n", encoding="utf-8")
