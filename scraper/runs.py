"""The runs of a store: begun, continued after a break, ended; and the lock that keeps two of them apart."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from parsers.errors import StoreError
from scraper.archive import naming
from scraper.state import State, iso

Status = Literal["finished", "interrupted"]


class StoreLockedError(StoreError):
    """Another program holds the store; the same command works once that has ended."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its number, the name of its folder under `runs/`, and whether it goes on with one that was broken off."""

    id: int
    name: str
    started_at: str
    resumed: bool


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Make the store's folder and hold it for this process alone; the lock ends with the process, however it ends."""
    with naming(store):
        store.mkdir(parents=True, exist_ok=True)
        handle = (store / ".lock").open("ab")
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreLockedError(f"{store}: another harvest is writing here; wait for it to end") from error
        yield


def begin_run(state: State, now: datetime, resume_within: float) -> Run:
    """Continue the last run where it was broken off not longer ago than `resume_within` seconds, else begin one."""
    with state.transaction():
        last = next(state.select("SELECT * FROM runs ORDER BY id DESC LIMIT 1"), None)
        if last is not None and last["status"] in {"running", "interrupted"}:
            age = (now - datetime.fromisoformat(last["started_at"])).total_seconds()
            if age <= resume_within:
                state.write("UPDATE runs SET status = 'running', finished_at = NULL WHERE id = ?", last["id"])
                return Run(last["id"], last["name"], last["started_at"], resumed=True)
            state.write("UPDATE runs SET status = 'abandoned' WHERE id = ?", last["id"])
        number = (last["id"] if last is not None else 0) + 1
        started_at = iso(now)
        name = f"{number:06d}-{started_at.replace('-', '').replace(':', '')}"
        state.write("INSERT INTO runs VALUES (?, ?, ?, NULL, 'running')", number, name, started_at)
    return Run(number, name, started_at, resumed=False)


def end_run(state: State, run: Run, now: datetime, status: Status) -> None:
    """Close a run; an interrupted one is continued by the next."""
    with state.transaction():
        state.write("UPDATE runs SET status = ?, finished_at = ? WHERE id = ?", status, iso(now), run.id)
        if status == "finished":
            state.write(FORGET_BODIES, run.id)


def is_recent(state: State, run: int, now: datetime, seconds: float) -> bool:
    """Say whether a run began less than so many seconds ago, or after `now` because a clock was set back."""
    for row in state.select("SELECT started_at FROM runs WHERE id = ?", run):
        return (now - datetime.fromisoformat(row["started_at"])).total_seconds() <= seconds
    return False


def count_records(state: State, run: Run) -> int:
    """Count what a run has put into the archive."""
    (row,) = state.select("SELECT count(*) AS records FROM records WHERE run = ?", run.id)
    return int(row["records"])


# A body without a validator is of use to the run that may have to be continued, and to none after it.
FORGET_BODIES = """
DELETE FROM bodies WHERE key IN (SELECT key FROM pages WHERE etag IS NULL AND last_modified IS NULL OR run < ? - 30)
"""
