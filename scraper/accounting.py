"""The accounts of a run: what was discovered is fetched, unchanged, skipped, failed or pending; the sum is asserted."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from parsers.errors import NianbaoError
from scraper.outcomes import Outcome

SHARED = "shared"  # another site of the run has the page in its accounts


@dataclass(slots=True)
class Tally:
    """The counts of one kind of page, or of several; `skipped` and `failed` by reason."""

    discovered: int = 0
    fetched: int = 0
    unchanged: int = 0
    pending: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: Outcome) -> None:
        """Enter how a request ended."""
        if outcome is Outcome.OK:
            self.fetched += 1
        elif outcome is Outcome.UNCHANGED:
            self.unchanged += 1
        elif outcome is Outcome.PENDING:
            self.pending += 1
        elif outcome is Outcome.ROBOTS:
            self.skipped[outcome.value] += 1
        else:
            self.failed[outcome.value] += 1

    def add(self, other: "Tally") -> None:
        """Add the counts of another tally to this one."""
        self.discovered += other.discovered
        self.fetched += other.fetched
        self.unchanged += other.unchanged
        self.pending += other.pending
        self.skipped.update(other.skipped)
        self.failed.update(other.failed)

    def verify(self, whose: str) -> None:
        """Raise NianbaoError where something that was discovered is not accounted for."""
        known = self.fetched + self.unchanged + self.pending + self.skipped.total() + self.failed.total()
        if known != self.discovered:
            raise NianbaoError(f"{whose}: {self.discovered} discovered, {known} accounted for; please report this bug")

    def as_dict(self) -> dict[str, int | dict[str, int]]:
        """Return the counts as they stand in `summary.json`."""
        return {
            "discovered": self.discovered,
            "fetched": self.fetched,
            "unchanged": self.unchanged,
            "skipped": dict(sorted(self.skipped.items())),
            "failed": dict(sorted(self.failed.items())),
            "pending": self.pending,
        }


def tally_from_dict(counts: Mapping[str, Any]) -> Tally:
    """Read a tally back from what `as_dict` made of it."""
    return Tally(**{**counts, "skipped": Counter(counts["skipped"]), "failed": Counter(counts["failed"])})


def total(tallies: Iterable[Tally]) -> Tally:
    """Sum tallies."""
    result = Tally()
    for tally in tallies:
        result.add(tally)
    return result
