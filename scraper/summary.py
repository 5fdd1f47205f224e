"""What a harvest tells: its events while it runs, the result of each site, and the summary at the end."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from scraper.accounting import Tally, tally_from_dict, total
from scraper.archive import naming
from scraper.messages import Site
from scraper.outcomes import Outcome

EventKind = Literal["note", "site_started", "page", "site_done"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a remark, a site begun, a page or a site ended (then with its outcome).

    `done` of `total` sites are finished. `site` is None for a remark on the whole run.
    """

    kind: EventKind
    site: Site | None
    done: int
    total: int
    url: str | None = None
    outcome: Outcome | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SiteResult:
    """How the run ended for a site; `tallies` by kind of page, `link` for what discovery saw and left alone."""

    code: str
    name: str
    site_url: str
    column: str | None
    outcome: Outcome
    detail: str
    tallies: Mapping[str, Tally]
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the result as it stands in `summary.json`."""
        return {
            "code": self.code,
            "name": self.name,
            "site_url": self.site_url,
            "column": self.column,
            "outcome": self.outcome.value,
            "detail": self.detail,
            "counts": {kind: tally.as_dict() for kind, tally in sorted(self.tallies.items())},
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Summary:
    """The end of a run: `resumed` when it went on with one broken off, `interrupted` when it was broken off itself.

    It is `out_of_time` when its time ended before all sites were done. `new_records` counts what the run put into the
    archive, before a break too. Sites stand in the order given.
    """

    run: str
    run_id: int
    started_at: str
    finished_at: str
    resumed: bool
    interrupted: bool
    new_records: int
    sites: tuple[SiteResult, ...]
    out_of_time: bool = False

    @property
    def counts(self) -> Tally:
        """The tally of all sites and kinds of page."""
        return total(tally for site in self.sites for tally in site.tallies.values())

    @property
    def outcomes(self) -> dict[str, int]:
        """How many sites ended with each outcome."""
        names = [site.outcome.value for site in self.sites]
        return {name: names.count(name) for name in sorted(set(names))}

    def write(self, store: Path) -> Path:
        """Write `runs/ID/summary.json` into a store, whole or not at all; raises StoreError."""
        path = store / "runs" / self.run / "summary.json"
        unfinished = path.with_suffix(".json.part")
        with naming(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(json.dumps(self.as_dict(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            unfinished.replace(path)
        return path

    def as_dict(self) -> dict[str, object]:
        """Return the summary as it stands in `summary.json`."""
        return {
            "run": self.run,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "resumed": self.resumed,
            "interrupted": self.interrupted,
            "out_of_time": self.out_of_time,
            "new_records": self.new_records,
            "outcomes": self.outcomes,
            "counts": self.counts.as_dict(),
            "sites": [site.as_dict() for site in self.sites],
        }


def result_from_json(text: str) -> SiteResult:
    """Read a result as it was kept in the state."""
    fields = json.loads(text)
    tallies = {kind: tally_from_dict(counts) for kind, counts in fields.pop("counts").items()}
    outcome, notes = Outcome(fields.pop("outcome")), tuple(fields.pop("notes"))
    return SiteResult(**fields, outcome=outcome, notes=notes, tallies=tallies)


def result_to_json(result: SiteResult) -> str:
    """Write a result as it is kept in the state."""
    return json.dumps(result.as_dict(), ensure_ascii=False)
