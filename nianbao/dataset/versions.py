"""The versions of one report: which document speaks for it, which versions came before, which documents stand by."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from nianbao.dataset.fields import TABLES
from nianbao.dataset.schema import registry

NO_CONTENT = -1
"""Key of an entry whose cells are not in the dataset: a document that stands by."""

_END = ("superseded_at", "reason")


@dataclass(frozen=True, slots=True)
class Entry:
    """One fetch of a document: its row, the key of its cells, and whether the dataset has it as a version already."""

    row: dict[str, Any]
    key: int
    is_version: bool = False

    @property
    def url(self) -> str:
        """Address of the document."""
        return str(self.row["url"])

    @property
    def source(self) -> tuple[str, str]:
        """Address and hash: the very bytes that were parsed."""
        return self.url, str(self.row["sha256"])

    @property
    def rank(self) -> tuple[int, bool, str]:
        """Order of preference: what has most of the tables, pages before attachments, the smallest address.

        A page whose tables are in a file attached to it must not displace that file, nor a file with one table another
        with all. That the official host comes first needs no rule here: a copy on another host is a report of its own.
        """
        missing = sum(self.row.get(f"{table}_form") is None for table in TABLES)
        return (missing, self.row["media"] != "page", self.url)


@dataclass(frozen=True, slots=True)
class Settled:
    """A report as the dataset will hold it; `history` is oldest first, `current` None where only history is left."""

    current: Entry | None = None
    history: tuple[Entry, ...] = ()
    documents: tuple[Entry, ...] = ()

    def versions(self) -> tuple[Entry, ...]:
        """Return the versions, oldest first, the current one last."""
        return (*self.history, self.current) if self.current else self.history

    def entries(self) -> tuple[Entry, ...]:
        """Return versions and other documents."""
        return (*self.versions(), *self.documents)

    def rows(self) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Return the rows of the versions and of the other documents: equal rows, nothing changed."""
        return [entry.row for entry in self.versions()], [entry.row for entry in self.documents]

    def without(self, sources: set[tuple[str, str]]) -> "Settled":
        """Return the report without the entries of these very bytes."""
        return Settled(
            current=self.current if self.current and self.current.source not in sources else None,
            history=tuple(entry for entry in self.history if entry.source not in sources),
            documents=tuple(entry for entry in self.documents if entry.source not in sources),
        )


def settle(stored: Settled, fresh: Sequence[Entry]) -> Settled:
    """Return the report with the fresh entries merged in; merging the same entries again changes nothing.

    One document parsed again (same address, same bytes) replaces its former parse. A change of title, cells or
    sections at the report's address makes a new version; `fetched_at` stays that of a version's first fetch.
    """
    addresses: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in _merged([*stored.entries(), *fresh]):
        addresses[entry.url].append(entry)
    readable = [entry for entries in addresses.values() for entry in entries if entry.key != NO_CONTENT]
    if not readable:
        return stored
    timeline = _timeline(addresses.pop(min(readable, key=lambda entry: entry.rank).url))
    current = timeline[-1]
    elsewhere = [entry for entries in addresses.values() for entry in entries if entry.is_version]
    past = [*_superseded(timeline), *(_set_aside(entry, current) for entry in elsewhere)]
    past.sort(key=lambda entry: (entry.row["fetched_at"], entry.url))
    return Settled(
        current=_numbered(_without_end(current), len(past) + 1),
        history=tuple(_numbered(entry, number) for number, entry in enumerate(past, start=1)),
        documents=tuple(_standing_by(_timeline(addresses[url])[-1], current) for url in sorted(addresses)),
    )


def _merged(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Yield every fetch once, each with the latest parse of its bytes."""
    parsed = {entry.source: entry for entry in sorted(entries, key=lambda entry: entry.key != NO_CONTENT)}
    fetches = {(entry.source, entry.row["fetched_at"]): entry for entry in reversed(entries)}
    for (source, fetched_at), entry in fetches.items():
        latest = _without_end(parsed[source])
        end = {name: entry.row[name] for name in _END if name in entry.row}
        yield Entry({**latest.row, **end, "fetched_at": fetched_at}, latest.key, entry.is_version)


def _timeline(entries: list[Entry]) -> list[Entry]:
    """Return the versions at one address in the order of fetching: of equal neighbours the first."""
    kept: list[Entry] = []
    for entry in sorted(entries, key=lambda entry: (entry.row["fetched_at"], entry.row["sha256"])):
        if not kept or kept[-1].row["content"] != entry.row["content"]:
            kept.append(entry)
    return kept


def _superseded(timeline: list[Entry]) -> list[Entry]:
    past = []
    for old, new in pairwise(timeline):
        published = old.row["parser_version"] == new.row["parser_version"] or old.row.get("reason") == "revised"
        past.append(_closed(old, new.row["fetched_at"], "revised" if published else "parsed_again"))
    return past


def _set_aside(entry: Entry, current: Entry) -> Entry:
    if "reason" in entry.row:
        return entry
    return _closed(entry, current.row["fetched_at"], "better_document")


def _closed(entry: Entry, superseded_at: str, reason: str) -> Entry:
    return replace(entry, row={**entry.row, "superseded_at": superseded_at, "reason": reason})


def _without_end(entry: Entry) -> Entry:
    return replace(entry, row={name: value for name, value in entry.row.items() if name not in _END})


def _numbered(entry: Entry, version: int) -> Entry:
    """Return an entry as a version, without what only a document that stands by has."""
    row = {name: value for name, value in entry.row.items() if name != "differing"}
    return replace(entry, row={**row, "version": version})


def _standing_by(entry: Entry, current: Entry) -> Entry:
    same = entry.row["content"] == current.row["content"]
    row = {**entry.row, "same_content": same, "differing": entry.row.get("differing")}
    return Entry({field.name: row[field.name] for field in registry()["documents"].fields}, NO_CONTENT)
