"""Given documents merged with what the dataset holds: every report settled, and what that changes."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field, replace

import pyarrow as pa

from nianbao.dataset.documents import Document
from nianbao.dataset.identity import identify
from nianbao.dataset.packed import ROW, claims_of, contents_of, rows_of
from nianbao.dataset.rows import report_row
from nianbao.dataset.spool import Spool
from nianbao.dataset.stored import Stored
from nianbao.dataset.versions import Entry, Settled, settle

Source = tuple[str, str]
"""Address and hash of a document: the very bytes that were parsed."""

_NOTHING = Settled()


@dataclass(frozen=True, slots=True)
class Merged:
    """Every report as it shall be; which identifiers were given, and which of all are new, changed or retired.

    `years` are the report years in which anything changes, `spool` has the cells that the dataset has not.
    """

    reports: dict[str, Settled]
    given: frozenset[str]
    new: frozenset[str]
    changed: frozenset[str]
    retired: frozenset[str]
    years: frozenset[int]
    spool: Spool


@dataclass(slots=True)
class _Batch:
    spool: Spool
    entries: defaultdict[str, list[Entry]] = field(default_factory=lambda: defaultdict(list))


def merge(stored: Stored, documents: Iterable[Document], parser_version: str, spool: Spool) -> Merged:
    """Settle the reports of the documents with the stored ones; all other reports stay as they are.

    The cells that the dataset has not go to the spool.
    """
    return _settled(stored, _take_in(stored, documents, parser_version, _Batch(spool)))


def merge_packed(stored: Stored, packed: Iterable[pa.Table], silent: Container[Source], spool: Spool) -> Merged:
    """Settle packed reports (`nianbao.dataset.packed`) with the stored ones.

    `silent` has the documents that were read again and hold no report any more; it is asked when all of `packed` is
    consumed. What they gave the dataset before is taken out; all other reports stay as they are.
    """
    batch = _Batch(spool)
    key = stored.keys
    keys: list[int] = []
    for table in packed:
        key = _take_in_packed(stored, table, spool, keys, key)
    rows = (row for table in spool.rows() for row in rows_of(table))
    for row, entry_key in zip(rows, keys, strict=True):
        batch.entries[row["report_id"]].append(Entry(row, entry_key))
    return _settled(stored, batch, silent)


def _settled(stored: Stored, batch: _Batch, silent: Container[Source] = frozenset()) -> Merged:
    settled = _without_renamed(stored, batch, silent)
    retired = frozenset(identifier for identifier in settled if identifier not in batch.entries)
    given = frozenset(batch.entries)
    for identifier in given:
        fresh = batch.entries.pop(identifier)
        settled[identifier] = settle(settled.get(identifier, stored.reports.get(identifier, _NOTHING)), fresh)
    changed = frozenset(
        identifier
        for identifier, report in settled.items()
        if report.rows() != stored.reports.get(identifier, _NOTHING).rows()
    )
    return Merged(
        reports=stored.reports | settled,
        given=given,
        new=given - stored.reports.keys(),
        changed=changed,
        retired=retired,
        years=frozenset(_years(changed, stored.reports, settled)),
        spool=batch.spool,
    )


def _take_in(stored: Stored, documents: Iterable[Document], parser_version: str, batch: _Batch) -> _Batch:
    key = stored.keys
    for identifier, document in identify(documents):
        row = report_row(identifier, document, parser_version)
        held = _same_content(stored.reports.get(identifier, _NOTHING), row)
        batch.entries[identifier].append(Entry(row, key if held is None else held.key))
        if held is None:
            batch.spool.add(row["report_year"], key, document.report)
            key += 1
    return batch


def _take_in_packed(stored: Stored, table: pa.Table, spool: Spool, keys: list[int], key: int) -> int:
    """Put a packed table in the spool, its contents under keys from `key`; append the key of each of its reports.

    Returns the first key that is still free. The rows of the reports go there too: until all is read, the workers need
    the memory that they take as Python objects.
    """
    places: list[tuple[int, int, int]] = []
    for position, claim in enumerate(claims_of(table, ("report_id", *_SAME))):
        held = _same_content(stored.reports.get(claim["report_id"], _NOTHING), claim)
        if held is None:
            places.append((position, claim["report_year"], key))
            key += 1
        keys.append(key - 1 if held is None else held.key)
    spool.take_rows(table.select([ROW]))
    for year, name, contents in contents_of(table, places):
        spool.take(year, name, contents)
    return key


_SAME = ("url", "sha256", "content", "parser_version", "report_year")


def _same_content(report: Settled, row: dict[str, object]) -> Entry | None:
    """Return the stored version that has these very cells: the same bytes, read by the same parser as the same."""
    return next((held for held in report.versions() if all(held.row[name] == row[name] for name in _SAME)), None)


def _without_renamed(stored: Stored, batch: _Batch, silent: Container[Source]) -> dict[str, Settled]:
    """Return the stored reports that lose documents: the same bytes now give other reports, or none."""
    given: defaultdict[Source, set[str]] = defaultdict(set)
    for identifier, entries in batch.entries.items():
        for entry in entries:
            given[entry.source].add(identifier)
    stripped = {}
    for identifier, report in stored.reports.items():
        renamed = {
            entry.source
            for entry in report.entries()
            if entry.source in silent or identifier not in given.get(entry.source, {identifier})
        }
        if renamed:
            kept = report.without(renamed)
            stands = kept.current is not None or identifier in batch.entries
            stripped[identifier] = kept if stands else replace(kept, documents=())
    return stripped


def _years(changed: frozenset[str], before: dict[str, Settled], after: dict[str, Settled]) -> Iterator[int]:
    for identifier in changed:
        for report in (before.get(identifier, _NOTHING), after[identifier]):
            yield from (entry.row["report_year"] for entry in report.entries())
