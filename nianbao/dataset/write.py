"""From parsed documents to the next generation of the dataset; only the years that change are written again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.codebook import datapackage
from nianbao.dataset.contents import CONTENTS, arrange, keyed_schema, named
from nianbao.dataset.coverage import coverage_table
from nianbao.dataset.documents import Document, Visit
from nianbao.dataset.fields import YEAR
from nianbao.dataset.generations import Draft, next_generation
from nianbao.dataset.merge import Merged, merge
from nianbao.dataset.panel import panel_table
from nianbao.dataset.revisions import revisions_table
from nianbao.dataset.schema import UNKNOWN_YEAR, registry
from nianbao.dataset.stored import Stored
from nianbao.dataset.tables import CODEBOOK, file_name, read_part, write_table
from nianbao.dataset.versions import Entry


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


def update(store: Path, documents: Iterable[Document], *, parser_version: str, visits: Iterable[Visit] = ()) -> Update:
    """Merge documents into the store's dataset and say what changed; reports that are not given again are kept.

    `documents` is consumed as a stream. Raises DatasetError if the store cannot be written, another run is writing
    to it, or the dataset in place cannot be read; the dataset in place then stands as it was.
    """
    with next_generation(store) as draft:
        stored = Stored(draft.previous)
        merged = merge(stored, documents, parser_version)
        _Writer(draft, stored, merged).write(visits)
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

    def write(self, visits: Iterable[Visit]) -> None:
        panels = []
        for year in self._years:
            if year in self._merged.years or year not in self._stored.years:
                panels.append(self._write_year(year))
            else:
                self._keep_year(year)
        self._write("panel", self._panel(panels))
        self._write("revisions", self._revisions())
        rows = [entry.row for year in self._years for entry in self._current.get(year, [])]
        self._write("coverage", coverage_table(rows, visits, self._single("coverage")))
        package = datapackage(tuple(self._years))
        self._draft.write(CODEBOOK, partial(_write_bytes, content=package))

    def _write_year(self, year: int) -> pa.Table:
        """Write every table of one year and return the year's rows of the panel."""
        current, past = self._current.get(year, []), self._past.get(year, [])
        self._write("reports", _rows(current, "reports"), year)
        self._write("history/reports", _rows(past, "history/reports"), year)
        self._write("documents", _rows(self._others.get(year, []), "documents"), year)
        arranged = {}
        for name in CONTENTS:
            pool = self._pool([year], name)
            arranged[name] = arrange(pool, [entry.key for entry in current])
            self._write(name, _named(arranged[name], current, name), year)
            superseded = arrange(pool, [entry.key for entry in past])
            self._write(f"history/{name}", _named(superseded, past, f"history/{name}"), year)
        return panel_table([entry.row for entry in current], arranged["cells"], arranged["checks"])

    def _keep_year(self, year: int) -> None:
        for name, table in registry().items():
            if table.folder:
                self._draft.keep(file_name(name, year))

    def _panel(self, fresh: list[pa.Table]) -> pa.Table:
        """Return the whole panel: the old rows of the years that were kept, the new rows of the others."""
        kept_years = [year for year in self._stored.years if year not in self._merged.years]
        kept = {entry.row["report_id"] for year in kept_years for entry in self._current.get(year, [])}
        old = self._single("panel")
        if old is not None:
            fresh = [
                old.filter(pc.is_in(old.column("report_id"), value_set=pa.array(sorted(kept), pa.string()))),
                *fresh,
            ]
        return pa.concat_tables(fresh).sort_by("report_id").combine_chunks()

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

    def _pool(self, years: Sequence[int], name: str) -> list[pa.Table]:
        stored = [table for year in years for table in self._stored.contents(year, name)]
        return [keyed_schema(name).empty_table(), *stored, *(self._merged.spool.table(year, name) for year in years)]

    def _single(self, name: str) -> pa.Table | None:
        return read_part(self._stored.folder, name) if self._stored.folder else None

    def _write(self, name: str, table: pa.Table, year: int | None = None) -> None:
        self._draft.write(file_name(name, year), partial(write_table, table=table))


def _write_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _rows(entries: list[Entry], name: str) -> pa.Table:
    return pa.Table.from_pylist([entry.row for entry in entries], schema=registry()[name].arrow())


def _named(arranged: pa.Table, entries: list[Entry], name: str) -> pa.Table:
    ids: dict[str, list[Any]] = {
        "report_id": [entry.row["report_id"] for entry in entries],
        "version": [entry.row["version"] for entry in entries],
    }
    schema = pa.schema([("report_id", pa.string()), ("version", pa.int32())])
    return named(arranged, pa.table(ids, schema=schema), registry()[name].arrow())
