"""What the dataset holds already: the rows of every report, ready to be settled with new documents."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.across import without_across
from nianbao.dataset.contents import keyed
from nianbao.dataset.tables import check_format, read_groups, read_part, years_of
from nianbao.dataset.versions import NO_CONTENT, Entry, Settled

_ID_COLUMNS = {"reports": ("report_id",), "history/reports": ("report_id", "version")}


class Stored:
    """The generation in place: its years, its reports settled as they were, and where their cells are.

    `keys` counts the versions whose cells it holds; each has a key below that number. Raises DatasetError if a file
    is missing or damaged.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.years: list[int] = []
        self.keys = 0
        self._places: dict[tuple[str, int], tuple[pa.Array, int]] = {}
        held: defaultdict[str, defaultdict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        if folder is not None:
            check_format(folder)
            self.years = years_of(folder)
            for year, name in product(self.years, (*_ID_COLUMNS, "documents")):
                for entry in self._entries(name, year, read_part(folder, name, year)):
                    held[entry.row["report_id"]][name].append(entry)
        self.reports = {identifier: _settled(entries) for identifier, entries in held.items()}

    def contents(self, year: int, name: str) -> Iterator[pa.Table]:
        """Yield the cells, checks or sections of that year, current and superseded, under their keys, part by part.

        Checks across reports are left out: they are worked out anew.
        """
        if self.folder is None or year not in self.years:
            return
        for rows_name, contents_name in (("reports", name), ("history/reports", f"history/{name}")):
            ids, first = self._places[rows_name, year]
            for group in read_groups(self.folder, contents_name, year):
                part = without_across(group) if name == "checks" else group
                positions = pc.index_in(_joined(part, rows_name), value_set=ids)
                yield keyed(part, name, pc.add(positions, pa.scalar(first, pa.int32())))

    def _entries(self, name: str, year: int, part: pa.Table) -> list[Entry]:
        rows: list[dict[str, Any]] = [{**row, "report_year": year} for row in part.to_pylist()]
        if name == "documents":
            return [Entry(row, NO_CONTENT) for row in rows]
        first = self.keys
        self.keys += len(rows)
        self._places[name, year] = (_joined(part, name).combine_chunks(), first)
        return [Entry(row, first + position, is_version=True) for position, row in enumerate(rows)]


def _joined(part: pa.Table, rows_name: str) -> pa.ChunkedArray:
    columns = [part.column(column).cast(pa.string()) for column in _ID_COLUMNS[rows_name]]
    return columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, " ")


def _settled(entries: defaultdict[str, list[Entry]]) -> Settled:
    current = entries["reports"]
    return Settled(current[0] if current else None, tuple(entries["history/reports"]), tuple(entries["documents"]))
