"""The versions of one report: which document speaks for it, which versions came before, which documents stand by."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

NO_CONTENT = -1
"""Key of an entry whose cells are not in the dataset: a document that stands by."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a document: its row, the key of its cells, and whether the dataset already held those cells."""

    row: dict[str, Any]
    key: int
    stored: bool = False

    @property
    def url(self) -> str:
        """Address of the document."""
        return str(self.row["url"])

    @property
    def source(self) -> tuple[str, str]:
        """Address and hash: the very bytes that were parsed."""
        return self.url, str(self.row["sha256"])

    @property
    def rank(self) -> tuple[bool, bool, str]:
        """Order of preference: the official host first, then pages before attachments, then the smallest address."""
        return (not self.row["host_is_official"], self.row["media"] != "page", self.url)


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

    def without(self, sources: set[tuple[str, str]]) -> "Settled":
        """Return the report without the entries of these very bytes."""
        return Settled(
            current=self.current if self.current and self.current.source not in sources else None,
            history=tuple(entry for entry in self.history if entry.source not in sources),
            documents=tuple(entry for entry in self.documents if entry.source not in sources),
        )


@dataclass(slots=True)
class _Address:
    """What is known of one address: its versions in the order of fetching, equal neighbours taken together."""

    entries: list[Entry] = field(default_factory=list)

    def timeline(self) -> list[Entry]:
        kept: list[Entry] = []
        for entry in sorted(self.entries, key=lambda entry: (entry.row["fetched_at"], entry.row["sha256"])):
            if not kept or kept[-1].row["content"] != entry.row["content"]:
                kept.append(entry)
        return kept


def settle(stored: Settled, fresh: Sequence[Entry]) -> Settled:
    """Return the report with the fresh entries merged in; merging the same entries again changes nothing.

    One document parsed again (same address, same bytes) replaces its former parse. A change of title, cells or
    sections at the report's address makes a new version; `fetched_at` stays that of a version's first fetch.
    """
    addresses: defaultdict[str, _Address] = defaultdict(_Address)
    for entry in _merged([*stored.entries(), *fresh]):
        addresses[entry.url].entries.append(entry)
    speaking = [entry for address in addresses.values() for entry in address.entries if entry.key != NO_CONTENT]
    if not speaking:
        return Settled(documents=stored.documents)
    best = min(speaking, key=lambda entry: entry.rank).url
    timeline = addresses.pop(best).timeline()
    current = timeline[-1]
    others = [entry for address in addresses.values() for entry in address.entries if _is_version(entry)]
    past = [*_superseded(timeline), *(_set_aside(entry, current) for entry in others)]
    past.sort(key=lambda entry: (entry.row["fetched_at"], entry.url))
    return Settled(
        current=_numbered(current, len(past) + 1),
        history=tuple(_numbered(entry, number) for number, entry in enumerate(past, start=1)),
        documents=tuple(_standing_by(addresses[url].timeline()[-1], current) for url in sorted(addresses)),
    )


def _merged(entries: Iterable[Entry]) -> list[Entry]:
    merged: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        earlier = merged.get(entry.source)
        merged[entry.source] = entry if earlier is None else _latest_parse(earlier, entry)
    return list(merged.values())


def _latest_parse(earlier: Entry, later: Entry) -> Entry:
    first = min(earlier.row["fetched_at"], later.row["fetched_at"])
    kept: dict[str, Any] = {name: earlier.row[name] for name in ("superseded_at", "reason") if name in earlier.row}
    key = earlier.key if later.key == NO_CONTENT else later.key
    return Entry({**later.row, "fetched_at": first, **kept}, key, earlier.stored or later.stored)


def _is_version(entry: Entry) -> bool:
    return entry.stored and entry.key != NO_CONTENT


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


def _numbered(entry: Entry, version: int) -> Entry:
    return replace(entry, row={**entry.row, "version": version})


def _standing_by(entry: Entry, current: Entry) -> Entry:
    same = entry.row["content"] == current.row["content"]
    return Entry({**entry.row, "same_content": same}, NO_CONTENT)
