"""The unit of work: archived documents in, parsed reports out, both as Arrow; any engine can run it.

Nothing is kept between two calls and nothing is written. A document that cannot be read or parsed is a row that says
so, and costs no other one.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from typing import Any, NamedTuple

import pyarrow as pa

from nianbao.dataset.documents import Document
from nianbao.dataset.identity import identify
from nianbao.dataset.packed import pack, packed_schema
from nianbao.exits import defect
from nianbao.nightly.last_good import Row, worse
from nianbao.parse_stage import ParseTally, parse_archived
from nianbao.pipeline import parser_version
from nianbao.reparse.plan import PAGES, places_of
from nianbao.reparse.records import Reader
from parsers.errors import StoreError
from parsers.reading import NO_REPORT
from scraper.places import Place, archived

READ, SKIPPED, FAILED = "read", "skipped", "failed"
DAMAGED = "damaged"
SET_ASIDE = "set_aside"
HELD_BACK = "held_back"
OUTCOMES = (READ, SKIPPED, FAILED, DAMAGED, SET_ASIDE, HELD_BACK)
"""What can become of a document: it holds reports; it holds none; the parser broke down; its record cannot be read;
whoever read it died of it; it holds less than the version before it at its address."""

SET_ASIDE_REASON = "whoever reads it dies of it; set aside"

READINGS = pa.schema(
    [
        pa.field("document", pa.int32()),  # its row in the pages given
        pa.field("url", pa.string()),
        pa.field("sha256", pa.string()),
        pa.field("outcome", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("silent", pa.bool_()),  # it could be opened, and is no report
        pa.field("parser", pa.string()),  # the version of the parser that read it
        *packed_schema(),
    ]
)
"""Schema of what comes out: a row a report, and one row for a document without any."""


def read_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """Read a stream of pages, sorted by url, fetched_at and sha256; what engines call (Spark's mapInArrow).

    Wherever the engine cuts the stream, the versions of an address are read together.
    """
    rest = PAGES.empty_table()
    for batch in batches:
        table = pa.concat_tables([rest, pa.Table.from_batches([batch]).select(PAGES.names).cast(PAGES)])
        urls = table.column("url")
        last = table.num_rows
        while last and urls[last - 1] == urls[-1]:
            last -= 1
        rest = table.slice(last)
        if last:
            yield from read_pages(table.slice(0, last)).to_batches()
    if rest.num_rows:
        yield from read_pages(rest).to_batches()


class _Outcome(NamedTuple):
    outcome: str
    reason: str | None = None
    documents: tuple[tuple[str, Document], ...] = ()


def read_pages(
    pages: pa.Table | pa.RecordBatch,
    *,
    told: Callable[[int], None] = lambda document: None,
    set_aside: Container[int] = frozenset(),
) -> pa.Table:
    """Read archived documents (schema PAGES) and return their reports (schema READINGS), in the order given.

    All versions of an address must stand in one table, the oldest first: a version that holds less than the one before
    it is held back. `told` is called with the row of each document before it is read; rows in `set_aside` are not read.
    Equal pages give equal readings.
    """
    rooted = list(places_of(pages))
    reader = Reader(rooted)
    outcomes: list[_Outcome] = []
    for _, same_address in groupby(rooted, key=lambda each: each[1].url):
        good: dict[str, Row] = {}
        for root, place in same_address:
            told(len(outcomes))
            is_aside = len(outcomes) in set_aside
            outcome = _Outcome(SET_ASIDE, SET_ASIDE_REASON) if is_aside else _read(reader, root, place)
            outcomes.append(_held_back(outcome, good))
    return _table([place for _, place in rooted], outcomes)


def _read(reader: Reader, root: str, place: Place) -> _Outcome:
    tally = ParseTally()
    documents: tuple[tuple[str, Document], ...] = ()
    with suppress(StoreError):
        item = archived(place, reader.of(root))
        documents = tuple(identify(parse_archived([item], tally)))
    damage = reader.take_damage()
    if damage is not None:
        return _Outcome(DAMAGED, damage)
    if tally.failed:
        return _Outcome(FAILED, tally.failed[0])
    if tally.skipped:
        return _Outcome(SKIPPED, next(iter(tally.skipped)))
    return _Outcome(READ, None, documents)


def _held_back(outcome: _Outcome, good: dict[str, Row]) -> _Outcome:
    """Return an outcome without the reports that hold less than the last good version at their address."""
    kept, reasons = [], []
    for identifier, document in outcome.documents:
        reason = worse(document, good[identifier]) if identifier in good else None
        if reason is None:
            kept.append((identifier, document))
            good[identifier] = _grades(document)
        else:
            reasons.append(reason)
    if not reasons:
        return outcome
    return _Outcome(READ if kept else HELD_BACK, reasons[0], tuple(kept))


def _grades(document: Document) -> Row:
    grades: Row = dict.fromkeys(("disclosure_grade", "requests_grade", "appeals_grade"))
    return grades | {f"{table.table}_grade": table.grade for table in document.report.tables}


def _table(places: list[Place], outcomes: list[_Outcome]) -> pa.Table:
    packed = _packed(outcomes)
    rows, taken = [], []
    for row, report in _rows(places, outcomes):
        rows.append(row)
        taken.append(report)
    accounts = pa.Table.from_pylist(rows, schema=pa.schema([field for field in READINGS if field.name in _ACCOUNT]))
    reports = packed.take(pa.array(taken, pa.int64()))
    return pa.Table.from_arrays([*accounts.columns, *reports.columns], schema=READINGS)


def _packed(outcomes: list[_Outcome]) -> pa.Table:
    """Pack all reports; a document that no column can hold (text that is no Unicode, say) has failed."""
    try:
        return pack((pair for outcome in outcomes for pair in outcome.documents), parser_version())
    except Exception:  # noqa: BLE001 - which document it was is found out one by one
        for number, outcome in enumerate(outcomes):
            try:
                pack(outcome.documents, parser_version())
            except Exception as error:  # noqa: BLE001 - one document may not end the run; its row names it
                outcomes[number] = _Outcome(FAILED, f"{outcome.documents[0][1].url}: {defect(error)}")
        return pack((pair for outcome in outcomes for pair in outcome.documents), parser_version())


_ACCOUNT = ("document", "url", "sha256", "outcome", "reason", "silent", "parser")


def _rows(places: list[Place], outcomes: list[_Outcome]) -> Iterator[tuple[dict[str, Any], int | None]]:
    """Yield the account of each report or document, and the place of its report among those packed."""
    packed = 0
    for number, (place, outcome) in enumerate(zip(places, outcomes, strict=True)):
        silent = outcome.outcome == SKIPPED and f": {NO_REPORT}" in (outcome.reason or "")
        values = (number, place.url, place.sha256, outcome.outcome, outcome.reason, silent, parser_version())
        row = dict(zip(_ACCOUNT, values, strict=True))
        for _ in outcome.documents:
            yield row, packed
            packed += 1
        if not outcome.documents:
            yield row, None
