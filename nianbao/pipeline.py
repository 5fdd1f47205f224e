"""From sites to the dataset: harvest, parse what the parser has not read yet, write; nothing is done twice."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Protocol

from nianbao import __version__
from nianbao.dataset.documents import Document, Visit
from nianbao.dataset.generations import current
from nianbao.dataset.places import of_code
from nianbao.dataset.write import Update, update
from nianbao.nightly.last_good import LastGood
from nianbao.parse_stage import ParseTally, parse_archived
from nianbao.unparsed import Unparsed, last_mark, write_record
from scraper import Archived, Event, Options, Outcome, Site, SiteResult, Summary, harvest

_JOINING_FILES = ("attached.py", "parse_stage.py", "reports.py", "resources.py")
_DIVISION_MODULES = ("divisions", "hints", "lineage", "place_names", "places", "successions")
_DIVISION_FILES = (*(f"{name}.py" for name in _DIVISION_MODULES), "divisions.csv", "successions.csv")


class Watch(Protocol):
    """Whoever wants to know how far a run is."""

    def event(self, event: Event) -> None:
        """Tell what happened in the harvest."""

    def parsing(self, url: str) -> None:
        """Tell that a document is being parsed."""

    def writing(self) -> None:
        """Tell that all documents are parsed and the dataset is being written."""


class Glean(Protocol):
    """Whoever looks at the documents of a run while they pass by."""

    def item(self, item: Archived) -> None:
        """Look at an archived document."""

    def document(self, document: Document) -> None:
        """Look at a report that goes into the dataset."""

    def findings(self) -> dict[str, Any]:
        """Return what was found, as JSON can hold it."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run did; `parsed` and `update` are None where Ctrl-C ended the harvest, and the next run goes on there.

    `all_parsed` is False where the time of the parse stage ended first.
    """

    store: Path
    summary: Summary
    parsed: ParseTally | None = None
    update: Update | None = None
    all_parsed: bool = True

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
    return Ran(store, summary) if summary.interrupted else bring_up_to_date(store, summary, watch)


def bring_up_to_date(
    store: Path,
    summary: Summary,
    watch: Watch,
    *,
    out_of_time: Callable[[], bool] = lambda: False,
    glean: Glean | None = None,
) -> Ran:
    """Parse what a harvest and those before it brought, and write the dataset.

    Where `out_of_time` becomes true, what was parsed until then is written, and the next run goes on from there. A
    version that is worse than the one in the dataset is held back. `glean` is shown what passes by, and its findings
    are kept in the record of the run. Raises StoreError and DatasetError.
    """
    tally, version, good = ParseTally(), parser_version(), LastGood(store)
    unparsed = Unparsed(store, summary.run_id, last_mark(store, version) if current(store) else None, out_of_time)

    def arriving() -> Iterator[Archived]:
        for item in unparsed:
            good.arrive(item)
            if glean is not None:
                glean.item(item)
            yield item

    def reports() -> Iterator[Document]:
        for document in good.sift(parse_archived(arriving(), tally, watch.parsing)):
            if glean is not None:
                glean.document(document)
            yield document
        tally.verify()
        watch.writing()

    done = update(store, reports(), parser_version=version, visits=visits(summary.sites))
    counts = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged, "retired": done.retired}
    fields = {"parser_version": version, **tally.as_dict(), "dataset": counts}
    findings = {"kept": good.kept, "renewed": sorted(good.renewed), **(glean.findings() if glean else {})}
    write_record(store, summary.run, unparsed.mark, fields | findings)
    return Ran(store, summary, tally, done, unparsed.mark.complete)


@cache
def parser_version() -> str:
    """Return what `parser_version` says in the dataset: the version of this program and a digest of its parser.

    The digest covers every source file and form that turns a page into a report and its division, so that no change of
    them goes unnoticed.
    """
    digest = hashlib.sha256()
    division_files = [files("nianbao.dataset") / name for name in _DIVISION_FILES]
    joining = [files("nianbao") / name for name in _JOINING_FILES]
    for source in (*_sources(files("parsers")), *division_files, *joining):
        content = source.read_bytes()
        digest.update(f"{source.name} {len(content)}\n".encode() + content)
    return f"{__version__}+{digest.hexdigest()[:8]}"


def visits(sites: Iterable[SiteResult]) -> list[Visit]:
    """Return what the coverage needs to know of each site that was visited."""
    return [Visit(site.code, _division_name(site), reason=_reason(site)) for site in sites]


def _sources(folder: Traversable) -> Iterator[Traversable]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from _sources(entry)
        elif entry.name.endswith((".py", ".toml", ".onnx")):
            yield entry


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
