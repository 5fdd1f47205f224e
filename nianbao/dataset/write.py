"""From parsed documents to the next generation of the dataset; only the years that change are written again."""

from collections import deque
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.across import across_checks
from nianbao.dataset.codebook import datapackage
from nianbao.dataset.contents import CONTENTS, KEY, arrange, keyed_schema, named
from nianbao.dataset.coverage import coverage_table
from nianbao.dataset.documents import Document, Visit
from nianbao.dataset.fields import YEAR
from nianbao.dataset.generations import Draft, next_generation
from nianbao.dataset.merge import Merged, Source, merge, merge_packed
from nianbao.dataset.panel import panel_table
from nianbao.dataset.revisions import revisions_table
from nianbao.dataset.schema import UNKNOWN_YEAR, registry
from nianbao.dataset.spool import Spool
from nianbao.dataset.stored import Stored
from nianbao.dataset.tables import CODEBOOK, file_name, read_part, write_slices, write_table
from nianbao.dataset.versions import NO_CONTENT, Entry

_SLICE_ROWS = 100_000
"""Rows of a row group."""

_SLICE_REPORTS = 500
"""Reports whose contents are held and written at once."""

_Slices = Iterator[tuple[list[Entry], pa.Table]]
"""Reports, some at a time, and their contents; the keys are positions among these reports."""


@dataclass(frozen=True, slots=True)
class Update:
    """What an update did: how many of the reports given were new, changed, unchanged, and the files that differ.

    `retired` counts the identifiers that gave way because their bytes are now known to be another report.
    """

    folder: Path
    new: int
    changed: int
    unchanged: int
    retired: int
    written: tuple[str, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The report years of which any file was written; UNKNOWN_YEAR stands for reports that name none."""
        mark = f"/{YEAR.name}="
        return tuple(sorted({int(name.split(mark)[1].split("/")[0]) for name in self.written if mark in name}))


def update(
    store: Path,
    documents: Iterable[Document],
    *,
    parser_version: str,
    visits: Iterable[Visit] = (),
    all_checks: bool = False,
) -> Update:
    """Merge documents into the store's dataset and say what changed; reports that are not given again are kept.

    `documents` is consumed as a stream. The checks across reports are worked out again where they can have changed, or
    with `all_checks` in every year. Raises DatasetError if the store cannot be written, another run is writing
    to it, or the dataset in place cannot be read; the dataset in place then stands as it was.
    """
    return _update(store, partial(_merge_documents, documents, parser_version), visits, all_checks=all_checks)


def update_packed(
    store: Path, packed: Iterable[pa.Table], *, silent: Container[Source] = frozenset(), visits: Iterable[Visit] = ()
) -> Update:
    """Merge packed reports (`nianbao.dataset.packed`) into the store's dataset, as `update` does with documents.

    `silent` has what was read again and holds no report any more: the dataset loses what it had from there.
    """
    return _update(store, partial(_merge_packed, packed, silent), visits, all_checks=False)


def _merge_documents(documents: Iterable[Document], parser_version: str, stored: Stored, spool: Spool) -> Merged:
    return merge(stored, documents, parser_version, spool)


def _merge_packed(packed: Iterable[pa.Table], silent: Container[Source], stored: Stored, spool: Spool) -> Merged:
    return merge_packed(stored, packed, silent, spool)


def _update(
    store: Path, merge_with: Callable[[Stored, Spool], Merged], visits: Iterable[Visit], *, all_checks: bool
) -> Update:
    with next_generation(store) as draft, closing(Spool(draft.folder)) as spool:
        stored = Stored(draft.previous)
        merged = merge_with(stored, spool)
        _Writer(draft, stored, merged).write(visits, all_checks=all_checks)
        folder = draft.publish()
        return Update(
            folder=folder,
            new=len(merged.new),
            changed=len((merged.changed & merged.given) - merged.new),
            unchanged=len(merged.given - merged.changed),
            retired=len(merged.retired),
            written=tuple(draft.written),
        )


class _Writer:
    """Writes the years that changed, keeps the others, then writes what spans all years."""

    def __init__(self, draft: Draft, stored: Stored, merged: Merged) -> None:
        self._draft = draft
        self._stored = stored
        self._merged = merged
        self._spooled: set[tuple[int, str]] = set()
        self._current: dict[int, list[Entry]] = {}
        self._past: dict[int, list[Entry]] = {}
        self._others: dict[int, list[Entry]] = {}
        for _identifier, report in sorted(merged.reports.items()):
            for place, entries in (
                (self._current, (report.current,) if report.current else ()),
                (self._past, report.history),
                (self._others, report.documents),
            ):
                for entry in entries:
                    place.setdefault(entry.row["report_year"], []).append(entry)
        self._years = sorted({*self._current, *self._past, *self._others}) or [UNKNOWN_YEAR]

    def write(self, visits: Iterable[Visit], *, all_checks: bool) -> None:
        """Write the generation; the checks across reports also in the years after those that changed, or everywhere."""
        old_panel = self._single("panel")
        panels = {year: self._kept_panel(old_panel, year) for year in self._years}
        changed = self._merged.years | (set(self._years) - set(self._stored.years))
        for year in self._years:
            if year in changed:
                panels[year] = self._write_year(year)
            else:
                self._keep_year(year)
            if all_checks or year in changed or year - 1 in changed:
                self._write_checks(year, panels)
            else:
                self._draft.keep(file_name("checks", year))
            pa.default_memory_pool().release_unused()
        self._write("panel", _sorted_panel(panels))
        self._write("revisions", self._revisions())
        rows = [entry.row for year in self._years for entry in self._current.get(year, [])]
        self._write("coverage", coverage_table(rows, visits, self._single("coverage")))
        package = datapackage(tuple(self._years))
        self._draft.write(CODEBOOK, partial(_write_bytes, content=package))

    def _write_year(self, year: int) -> pa.Table:
        """Write the tables of one year but its checks; return its rows of the panel."""
        current, past = self._current.get(year, []), self._past.get(year, [])
        self._write("reports", _rows(current, "reports"), year)
        self._write("history/reports", _rows(past, "history/reports"), year)
        self._write("documents", _rows(self._others.get(year, []), "documents"), year)
        panel = [registry()["panel"].arrow().empty_table()]
        contents = {
            "cells": self._cells_and_panel(year, current, panel),
            "sections": self._arranged("sections", year, current),
        }
        for name in CONTENTS:
            if name in contents:
                self._write_contents(name, contents[name], current, year)
            self._write_contents(f"history/{name}", self._arranged(name, year, past), past, year)
        return pa.concat_tables(panel).combine_chunks()

    def _arranged(self, name: str, year: int, entries: list[Entry]) -> _Slices:
        for start in range(0, len(entries), _SLICE_REPORTS):
            part = entries[start : start + _SLICE_REPORTS]
            yield part, arrange(self._pool([year], name), [entry.key for entry in part])

    def _cells_and_panel(self, year: int, current: list[Entry], panel: list[pa.Table]) -> _Slices:
        """Yield the cells of a year, and append to `panel` what they make of it."""
        both = (self._arranged(name, year, current) for name in ("cells", "checks"))
        for (part, cells), (_, checks) in zip(*both, strict=True):
            panel.append(panel_table([entry.row for entry in part], cells, checks))
            yield part, cells

    def _write_checks(self, year: int, panels: dict[int, pa.Table]) -> None:
        """Write the checks of one year: each report's own, then those that compare it with others."""
        before = panels.get(year - 1, registry()["panel"].arrow().empty_table())
        across = across_checks(panels[year], before, partial(self._narratives, year))
        self._write_contents("checks", self._all_checks(year, across), self._current.get(year, []), year)

    def _all_checks(self, year: int, across: pa.Table) -> _Slices:
        keys, start = across.column(KEY).to_numpy(), 0
        for part, own in self._arranged("checks", year, self._current.get(year, [])):
            first, end = np.searchsorted(keys, (start, start + len(part)))
            here = _shifted(across.slice(first, end - first), -start)
            yield part, pa.concat_tables([own, here]).unify_dictionaries().sort_by(KEY)
            start += len(part)

    def _write_contents(self, name: str, slices: _Slices, entries: list[Entry], year: int) -> None:
        schema, ids = registry()[name].arrow(), _ids(entries)
        keyed_parts = _row_groups(_numbered(slices), keyed_schema(name.removeprefix("history/")))
        groups = (named(group, ids, schema) for group in keyed_parts)
        self._draft.write(file_name(name, year), partial(write_slices, schema=schema, slices=groups))

    def _narratives(self, year: int, identifiers: list[str]) -> dict[str, str]:
        keys = {identifier: self._key(identifier) for identifier in identifiers}
        sections = arrange(self._pool([year], "sections"), list(keys.values()))
        texts: dict[str, str] = dict.fromkeys(identifiers, "")
        for position, text in zip(*(sections.column(name).to_pylist() for name in (KEY, "text")), strict=True):
            texts[identifiers[position]] += f"{text}\n"
        return texts

    def _key(self, identifier: str) -> int:
        current = self._merged.reports[identifier].current
        return NO_CONTENT if current is None else current.key

    def _keep_year(self, year: int) -> None:
        for name, table in registry().items():
            if table.folder and name != "checks":
                self._draft.keep(file_name(name, year))

    def _kept_panel(self, old: pa.Table | None, year: int) -> pa.Table:
        """Return a year's rows of the panel in place, in the order of the year's reports."""
        ids = pa.array([entry.row["report_id"] for entry in self._current.get(year, [])], pa.string())
        if old is None:
            return registry()["panel"].arrow().empty_table()
        return old.filter(pc.is_in(old.column("report_id"), value_set=ids)).sort_by("report_id")

    def _revisions(self) -> pa.Table:
        """Return all revisions: the old ones of the reports that did not change, the others worked out anew."""
        changed = [self._merged.reports[identifier] for identifier in sorted(self._merged.changed)]
        years = {entry.row["report_year"] for report in changed if report.history for entry in report.versions()}
        fresh = revisions_table(changed, self._pool(sorted(years), "cells"))
        old = self._single("revisions")
        if old is None:
            return fresh
        gone = pc.is_in(old.column("report_id"), value_set=pa.array(sorted(self._merged.changed), pa.string()))
        return pa.concat_tables([old.filter(pc.invert(gone)), fresh]).sort_by("report_id").combine_chunks()

    def _pool(self, years: Sequence[int], name: str) -> Iterator[pa.Table]:
        """Yield the contents of some years under their keys, part by part; what is stored goes to the spool first."""
        yield keyed_schema(name).empty_table()
        for year in years:
            if (year, name) not in self._spooled:
                self._spooled.add((year, name))
                for table in self._stored.contents(year, name):
                    self._merged.spool.take(year, name, table)
            yield from self._merged.spool.tables(year, name)

    def _single(self, name: str) -> pa.Table | None:
        return read_part(self._stored.folder, name) if self._stored.folder else None

    def _write(self, name: str, table: pa.Table, year: int | None = None) -> None:
        self._draft.write(file_name(name, year), partial(write_table, table=table))


def _numbered(slices: _Slices) -> Iterator[pa.Table]:
    """Yield the contents with keys that are positions among all reports of the slices."""
    start = 0
    for part, arranged in slices:
        yield _shifted(arranged, start)
        start += len(part)
        pa.default_memory_pool().release_unused()


def _shifted(arranged: pa.Table, by: int) -> pa.Table:
    return arranged.set_column(0, KEY, pc.add(arranged.column(KEY), pa.scalar(by, pa.int32())))


def _row_groups(parts: Iterable[pa.Table], schema: pa.Schema) -> Iterator[pa.Table]:
    """Yield the rows of the parts, the same number each time but the last; one table without rows if there are none."""
    rest, is_first = schema.empty_table(), True
    for part in parts:
        rest = pa.concat_tables([rest, part]).unify_dictionaries()
        while len(rest) >= _SLICE_ROWS:
            yield rest.slice(0, _SLICE_ROWS).combine_chunks()
            rest, is_first = rest.slice(_SLICE_ROWS), False
    if len(rest) or is_first:
        yield rest.combine_chunks()


def _sorted_panel(panels: dict[int, pa.Table]) -> pa.Table:
    """Return the panels of all years as one, by report id; they are used up column by column, to spare memory."""
    together = pa.concat_tables([registry()["panel"].arrow().empty_table(), *panels.values()])
    order = pc.sort_indices(together, sort_keys=[("report_id", "ascending")])
    schema, columns = together.schema, deque(together.columns)
    panels.clear()
    del together
    arrays = []
    while columns:
        arrays.append(columns.popleft().take(order).combine_chunks())
        pa.default_memory_pool().release_unused()
    return pa.Table.from_arrays(arrays, schema=schema)


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _rows(entries: list[Entry], name: str) -> pa.Table:
    return pa.Table.from_pylist([entry.row for entry in entries], schema=registry()[name].arrow())


def _ids(entries: list[Entry]) -> pa.Table:
    ids: dict[str, list[Any]] = {
        "report_id": [entry.row["report_id"] for entry in entries],
        "version": [entry.row["version"] for entry in entries],
    }
    return pa.table(ids, schema=pa.schema([("report_id", pa.string()), ("version", pa.int32())]))
