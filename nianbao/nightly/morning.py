"""What a night comes to: how the store stands, what changed, what is to be warned of, and how the night ended."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nianbao.exits import Exit
from nianbao.nightly import record, snapshot
from nianbao.nightly.changes import Changes, compare
from nianbao.nightly.clock import SteadyClock
from nianbao.nightly.drift import Seen, Warned, warnings
from nianbao.nightly.record import Night
from nianbao.nightly.settings import Settings
from nianbao.nightly.snapshot import Snapshot
from nianbao.nightly.vanished import vanished
from nianbao.pipeline import Ran
from scraper import Outcome, Site
from scraper.ledger import FAILED

_LAG = 60.0  # seconds by which a clock may lag behind the store without a word
_UNREACHED = FAILED - {Outcome.NOTHING_FOUND}
_WORDS = {Exit.DONE: "done", Exit.PARTIAL: "partial", Exit.WORSE: "worse", Exit.INPUT: "input"}


@dataclass(frozen=True, slots=True)
class Morning:
    """How a store stands after a night, against the night before."""

    now: Snapshot
    before: Snapshot | None
    changes: Changes
    warned: list[Warned]

    @property
    def fresh(self) -> list[Warned]:
        """The warnings that were not in force the night before."""
        return [each for each in self.warned if self.before is None or each.key not in self.before.warnings]


def standing(store: Path, sites: Sequence[Site], former: Night | None, before: Snapshot | None, at: str) -> Snapshot:
    """Look at the store, with what is watched from night to night: reports kept and gone, layouts, labels."""
    now, old = snapshot.take(store, sites, at), before or Snapshot()
    found = record.findings_since(store, former.run if former else "")
    now.kept = {url: kept for url, kept in old.kept.items() if url not in found["renewed"]} | found["kept"]
    now.layouts, now.labels = found["layouts"] | old.layouts, found["labels"] | old.labels
    now.gone = vanished(store, now.reports, old.gone)
    for watched, formerly in ((now.kept, old.kept), (now.gone, old.gone)):
        for key, entry in watched.items():
            entry["since"] = formerly.get(key, {}).get("since", at)
    return now


def morning(
    store: Path, now: Snapshot, before: Snapshot | None, visited: int, steady: SteadyClock, settings: Settings
) -> Morning:
    """Hold the store against the night before; raises StoreError and DatasetError."""
    changes = compare(before, now)
    warned = warnings(Seen(store, before, now, changes, visited, steady()), settings)
    if steady.behind.total_seconds() > _LAG:
        what = f"the clock is {steady.behind} behind the newest time in the store; times go on from there"
        warned.append(Warned("clock", "", what, ("date", "timedatectl")))
    old = before.warnings if before is not None else {}
    now.warnings = {each.key: old.get(each.key, now.at) for each in warned}
    return Morning(now, before, changes, warned)


def judge(night: Night, ran: Ran, found: Morning, problems: Sequence[str]) -> None:
    """Decide how the night ended, and why: the first of partial, worse, unusable input, else done."""
    findings = (
        (Exit.PARTIAL, _partial(night, ran, found)),
        (Exit.WORSE, _worse(found)),
        (Exit.INPUT, _unusable(ran, problems)),
    )
    status = next((status for status, reasons in findings if reasons), Exit.DONE)
    night.exit, night.status = int(status), _WORDS[status]
    night.reasons = [reason for _, reasons in findings for reason in reasons]


def describe(night: Night, store: Path, found: Morning) -> None:
    """Fill the report of a night with what changed, how everything stands, and what is kept."""
    now = found.now
    night.changes, night.counts = asdict(found.changes), found.changes.counts()
    if found.changes.baseline:
        night.changes["new"] = []  # all there is: the dataset lists it
    night.totals, night.coverage = record.totals(now), record.coverage(store)
    night.broken = [asdict(site) for site in now.sites.values() if site.is_broken]
    night.broken.sort(key=lambda site: (-site["failing"], site["code"], site["site_url"]))
    night.kept = [{**kept, "url": url} for url, kept in sorted(now.kept.items())]
    night.kept += [{"report_id": identifier, **gone} for identifier, gone in sorted(now.gone.items())]
    for kept in night.kept:
        kept["version_of"] = now.reports.get(kept["report_id"], {}).get("fetched_at", "")
    night.warnings = [{**each.as_dict(), "since": now.warnings[each.key]} for each in found.warned]


def _partial(night: Night, ran: Ran, found: Morning) -> list[str]:
    reasons = [f"the stage {stage.name} failed: {stage.detail}" for stage in night.stages if stage.status == "failed"]
    if ran.summary.out_of_time:
        reasons.append(f"the time ended before {night.left} of {night.due} sites were done")
    if not ran.all_parsed:
        reasons.append("the time ended before all that is new was parsed")
    sites = ran.summary.sites
    if len(sites) > 1 and all(site.outcome in _UNREACHED for site in sites):
        reasons.append("no site could be read; check the network and the proxy")
    return reasons + [each.what for each in found.warned if each.name == "many_broken"]


def _worse(found: Morning) -> list[str]:
    reasons = [f"{len(found.changes.worse)} reports have a worse grade than before"] if found.changes.worse else []
    before = found.before.findings if found.before is not None else None
    if found.now.findings is not None and found.now.findings > (before or 0):
        reasons.append(f"the dataset has {found.now.findings} defects, {before or 0} the night before")
    return reasons


def _unusable(ran: Ran, problems: Sequence[str]) -> list[str]:
    defects = [f"{s.code} {s.name}: {s.detail}" for s in ran.summary.sites if s.outcome is Outcome.DEFECT]
    return [*defects, *(ran.parsed.failed if ran.parsed else ()), *problems]
