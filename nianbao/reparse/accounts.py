"""The accounts of a reparse: what became of every archived document, and the sum."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce

import pyarrow as pa
import pyarrow.compute as pc

from nianbao.reparse.unit import HELD_BACK, OUTCOMES, READ, SKIPPED
from parsers.errors import NianbaoError

_MOST_NAMED = 10_000  # documents of one outcome that are kept by name; all are counted


@dataclass(slots=True)
class Accounts:
    """How many documents there were, how many reports, what became of each, and what must be told by name.

    `named` has (address, reason) for the outcomes that are nobody's wish: failed, damaged, set aside, held back;
    `silent` the documents (address, hash) that could be opened and are no reports.
    """

    documents: int = 0
    reports: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    named: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    silent: set[tuple[str, str]] = field(default_factory=set)

    def enter(self, pages: int | None, readings: pa.Table) -> None:
        """Enter the readings of so many documents, None where nobody counted them.

        Raises NianbaoError where the readings do not tell of each.
        """
        firsts = _first_rows(readings)
        if pages not in (None, firsts.num_rows):
            raise NianbaoError(f"{pages} documents, {firsts.num_rows} accounted for; please report this bug")
        self.documents += firsts.num_rows
        self.reports += readings.num_rows - readings.column("report").null_count
        for row in firsts.to_pylist():
            self._enter(row)

    @property
    def troubles(self) -> Iterator[str]:
        """One line for each document that could not be used, with the reason."""
        for outcome, entries in self.named.items():
            if outcome != HELD_BACK:
                for url, reason in entries:
                    yield reason if url in reason else f"{url}: {reason}"

    def as_dict(self) -> dict[str, object]:
        """Return the counts as a run's record keeps them."""
        return {
            "documents": self.documents,
            "reports": self.reports,
            "outcomes": {outcome: self.outcomes[outcome] for outcome in OUTCOMES},
            "skipped": dict(sorted(self.skipped.items())),
            "named": {outcome: dict(entries) for outcome, entries in sorted(self.named.items())},
        }

    def _enter(self, row: dict[str, str]) -> None:
        outcome = row["outcome"]
        self.outcomes[outcome] += 1
        if outcome == SKIPPED:
            self.skipped[row["reason"]] += 1
            if row["silent"]:
                self.silent.add((row["url"], row["sha256"]))
        elif outcome != READ:
            entries = self.named.setdefault(outcome, [])
            if len(entries) < _MOST_NAMED:
                entries.append((row["url"], row["reason"]))


def _first_rows(readings: pa.Table) -> pa.Table:
    """Return one row a document; the rows of a document stand together."""
    table = readings.select(["document", "url", "sha256", "outcome", "reason", "silent"]).combine_chunks()
    if not table.num_rows:
        return table
    differs = [
        pc.not_equal(column[1:], column[:-1])
        for column in (table.column(name).combine_chunks() for name in ("document", "url", "sha256"))
    ]
    is_first = pa.concat_arrays([pa.array([True]), reduce(pc.or_, differs)])
    return table.filter(is_first)
