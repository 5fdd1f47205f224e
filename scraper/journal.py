"""The one writer of a run: what was fetched goes to the archive, onto the disk, then into the state, many at a time.

Whoever records a visit waits until it is safe. While one batch is being written the next one gathers, so that the cost
of reaching the disk is shared by all hosts.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from scraper.archive import ArchiveWriter, Position
from scraper.ledger import save_visit
from scraper.outcomes import Outcome
from scraper.state import ARCHIVED_KINDS, State, Visit
from scraper.warc import Page

ARCHIVE_FOLDER = "archive"

Write = Callable[[State], None]


class Journal:
    """Writes visits and the results of sites; all of it happens in one thread."""

    def __init__(self, store: Path, *, software: str, max_bytes: int) -> None:
        self._state = State(store)
        try:
            folder, lengths = store / ARCHIVE_FOLDER, self._state.lengths()
            self._archive = ArchiveWriter(folder, lengths, self._announce, software=software, max_bytes=max_bytes)
        except BaseException:
            self._state.close()
            raise
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._waiting: list[tuple[Visit | Write, asyncio.Future[None]]] = []
        self._turn: asyncio.Task[None] | None = None
        self._failure: Exception | None = None

    async def record(self, entry: Visit | Write) -> None:
        """Return when a visit, or another write to the state, is safe; after a StoreError nothing more is written."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        if self._turn is None or self._turn.done():
            self._turn = asyncio.create_task(self._write_batches())
        await done

    async def close(self) -> None:
        """Wait for the last batch and close the files."""
        if self._turn is not None:
            await asyncio.wait([self._turn])
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    def _close(self) -> None:
        self._archive.close()
        self._state.close()

    def _announce(self, file: str) -> None:
        with self._state.transaction():
            self._state.write("INSERT OR IGNORE INTO archives VALUES (?, 0)", file)

    async def _write_batches(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            batch, self._waiting = self._waiting, []
            if self._failure is None:
                try:
                    await loop.run_in_executor(self._thread, self._write, [entry for entry, _ in batch])
                except Exception as error:  # noqa: BLE001 - whoever waits for the write gets it, whatever it is
                    self._failure = error
            _settle([done for _, done in batch], self._failure)

    def _write(self, batch: list[Visit | Write]) -> None:
        positions = [self._archived(entry) if isinstance(entry, Visit) else None for entry in batch]
        lengths = self._archive.sync() if any(positions) else {}
        with self._state.transaction():
            for file, length in lengths.items():
                self._state.write("UPDATE archives SET length = ? WHERE file = ?", length, file)
            for entry, position in zip(batch, positions, strict=True):
                if isinstance(entry, Visit):
                    save_visit(self._state, entry, position)
                else:
                    entry(self._state)

    def _archived(self, visit: Visit) -> Position | None:
        if visit.outcome is not Outcome.OK or visit.kind not in ARCHIVED_KINDS or visit.response is None:
            return None
        return self._archive.append(Page(visit.response, visit.seen_at, _fields(visit)))


def _fields(visit: Visit) -> dict[str, str]:
    return {
        "Site": visit.site.code,
        "Site-Name": visit.site.name,
        "Site-URL": visit.site.site_url,
        "Kind": visit.kind,
        "Requested": visit.url,
        "Found-On": visit.found_on or "",
        "Link-Text": visit.text or "",
        "SHA-256": visit.sha256 or "",
    }


def _settle(waiting: list[asyncio.Future[None]], error: Exception | None) -> None:
    for done in waiting:
        if done.done():  # whoever waited was cancelled
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
