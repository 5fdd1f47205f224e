"""Which archived documents the parser has not read yet, and how far it came where its time ended first."""

import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parsers.errors import StoreError
from scraper import Archived, documents

RECORD = "parsed.json"
"""In the folder of a run: what the parse stage made of it, written when the dataset holds it."""

Place = tuple[str, str, str]
"""Where a document stands in the order of `scraper.documents`: code, home page and address."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a parser came: all runs up to `through` are read.

    Where `after` is a place, the pass in progress ended there: a pass over the run that follows `through`, or with
    `whole` one over all of the archive as it stood after the run `through`.
    """

    through: int = 0
    after: Place | None = None
    whole: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing of the runs up to `through` is left."""
        return self.after is None


class Unparsed:
    """The documents that are left for a parser, up to a run, each once; iterate once, then ask for `mark`."""

    def __init__(self, store: Path, run: int, before: Mark | None, out_of_time: Callable[[], bool]) -> None:
        self._store = store
        self._run = run
        self._before = before or Mark(run, ("", "", ""), whole=True)
        self._out_of_time = out_of_time
        self._given: set[str] = set()
        self.mark = self._before

    def __iter__(self) -> Iterator[Archived]:
        """Yield the documents until none is left or the time is over; raises StoreError."""
        before, through, after = self._before, self._before.through, self._before.after
        if before.whole:
            if not (yield from self._past(documents(self._store), before)):
                return
            after = None
        for run in range(through + 1, self._run + 1):
            if not (yield from self._past(documents(self._store, run=run), Mark(run - 1, after))):
                return
            after = None
        self.mark = Mark(max(self._run, through))

    def _past(self, found: Iterator[Archived], mark: Mark) -> Generator[Archived, None, bool]:
        """Yield what stands after the place of a mark; False where the time ended."""
        self.mark = mark
        for item in found:
            place = (item.site.code, item.site.site_url, item.url)
            if item.url in self._given or (mark.after is not None and place <= mark.after):
                continue
            if self._out_of_time():
                return False
            self._given.add(item.url)
            yield item
            self.mark = Mark(mark.through, place, mark.whole)
        return True


def last_mark(store: Path, version: str) -> Mark | None:
    """Return how far a version of the parser came in a store, None where another one read it last, or none did."""
    records = sorted((store / "runs").glob(f"*/{RECORD}"), reverse=True)
    if not records:
        return None
    try:
        record = json.loads(records[0].read_bytes())
        if record["parser_version"] != version:
            return None
        through = record.get("through", int(records[0].parent.name.split("-")[0]))
        after = record.get("after")
        return Mark(int(through), None if after is None else (after[0], after[1], after[2]), bool(record.get("whole")))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None  # torn or foreign: all of the archive is parsed again, which costs time and changes nothing


def write_record(store: Path, run: str, mark: Mark, fields: dict[str, Any]) -> None:
    """Write what became of a parse stage and how far it came, whole or not at all; raises StoreError."""
    path = store / "runs" / run / RECORD
    place = {"through": mark.through, "after": mark.after, "whole": mark.whole}
    unfinished = path.with_suffix(".json.part")
    try:
        unfinished.write_text(json.dumps(fields | place, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); make room, then run again") from error
