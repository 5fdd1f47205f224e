"""From sites to the dataset: harvest, parse what the parser has not read yet, write; nothing is done twice."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Protocol

from nianbao import __version__
from nianbao.dataset.documents import Document, Visit
from nianbao.dataset.generations import current
from nianbao.dataset.places import of_code
from nianbao.dataset.write import Update, update
from nianbao.parse_stage import ParseTally, parse_archived
from parsers.errors import StoreError
from scraper import Archived, Event, Options, Outcome, Site, SiteResult, Summary, documents, harvest

RECORD = "parsed.json"
"""In the folder of a run: what the parse stage made of it, written when the dataset holds it."""

_DIVISION_FILES = ("divisions.csv", "divisions.py", "hints.py", "place_names.py", "places.py")


class Watch(Protocol):
    """Whoever wants to know how far a run is."""

    def event(self, event: Event) -> None:
        """Tell what happened in the harvest."""

    def parsing(self, url: str) -> None:
        """Tell that a document is being parsed."""

    def writing(self) -> None:
        """Tell that all documents are parsed and the dataset is being written."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did; `parsed` and `update` are None where Ctrl-C ended the harvest, and the next run goes on there."""

    store: Path
    summary: Summary
    parsed: ParseTally | None = None
    update: Update | None = None

    @property
    def nothing_new(self) -> bool:
        """Whether every site was as before and no file of the dataset was written."""
        return self.summary.new_records == 0 and self.update is not None and not self.update.written


def run(
    sites: Sequence[Site],
    store: Path,
    options: Options,
    watch: Watch,
    *,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Ran:
    """Harvest sites into a store, parse what is new there, and bring its dataset up to date.

    `now` gives the times that are recorded. What the parser has read stays as it is while the parser is the same; after
    a change of the parser, or where there is no dataset, all of the archive is parsed. Raises StoreError and
    DatasetError where store or dataset cannot be used.
    """
    summary = harvest(sites, store, options, watch.event, now=now)
    if summary.interrupted:
        return Ran(store, summary)
    tally = ParseTally()
    version = parser_version()

    def reports() -> Iterator[Document]:
        yield from parse_archived(_unparsed(store, summary.run_id, version), tally, watch.parsing)
        tally.verify()
        watch.writing()

    done = update(store, reports(), parser_version=version, visits=visits(summary))
    _record(store, summary.run, version, tally, done)
    return Ran(store, summary, tally, done)


@cache
def parser_version() -> str:
    """Return what `parser_version` says in the dataset: the version of this program and a digest of its parser.

    The digest covers every source file and form that turns a page into a report and its division, so that no change of
    them goes unnoticed.
    """
    digest = hashlib.sha256()
    division_files = [files("nianbao.dataset") / name for name in _DIVISION_FILES]
    for source in (*_sources(files("parsers")), *division_files, files("nianbao") / "reports.py"):
        content = source.read_bytes()
        digest.update(f"{source.name} {len(content)}\n".encode() + content)
    return f"{__version__}+{digest.hexdigest()[:8]}"


def visits(summary: Summary) -> list[Visit]:
    """Return what the coverage needs to know of each site that was visited."""
    return [Visit(site.code, _division_name(site), reason=_reason(site)) for site in summary.sites]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".toml")):
            yield entry


def _unparsed(store: Path, run_id: int, version: str) -> Iterable[Archived]:
    """Yield what this parser has not read yet: what later runs brought than the last one it has read, else all."""
    through = _last_parsed(store, version) if current(store) else None
    if through is None:
        yield from documents(store)
        return
    for later in range(through + 1, run_id + 1):
        yield from documents(store, run=later)


def _last_parsed(store: Path, version: str) -> int | None:
    """Return the number of the last run that was parsed, None where another parser did it, or none."""
    records = sorted((store / "runs").glob(f"*/{RECORD}"), reverse=True)
    if not records:
        return None
    try:
        record = json.loads(records[0].read_bytes())
        return int(records[0].parent.name.split("-")[0]) if record["parser_version"] == version else None
    except (OSError, ValueError, KeyError, TypeError):
        return None  # torn or foreign: all of the archive is parsed again, which costs time and changes nothing


def _record(store: Path, run_name: str, version: str, tally: ParseTally, done: Update) -> None:
    path = store / "runs" / run_name / RECORD
    reports = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged, "retired": done.retired}
    record = {"parser_version": version, **tally.as_dict(), "dataset": reports}
    unfinished = path.with_suffix(".json.part")
    try:
        unfinished.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); make room, then run again") from error


def _division_name(site: SiteResult) -> str:
    """Return the name that belongs to a site's code; a department's site counts for its county."""
    place = of_code(site.code)
    return place.name if place else site.name


def _reason(site: SiteResult) -> str | None:
    """Say why reports of a site may be missing, None where nothing went wrong."""
    if site.outcome not in (Outcome.OK, Outcome.UNCHANGED):
        return f"{site.outcome.value}: {site.detail}" if site.detail else site.outcome.value
    lost = {outcome: count for tally in site.tallies.values() for outcome, count in sorted(tally.failed.items())}
    if not lost:
        return None
    return "not found; pages not to be had: " + ", ".join(f"{count} {outcome}" for outcome, count in lost.items())
