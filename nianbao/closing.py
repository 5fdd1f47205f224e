"""What a run says at its end: what became of everything that was found, and where things are."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from nianbao.pipeline import Ran
from scraper import Outcome

_UNREACHED = frozenset(Outcome) - {Outcome.OK, Outcome.UNCHANGED, Outcome.NOTHING_FOUND, Outcome.PENDING}


def closing_lines(ran: Ran) -> Iterator[str]:
    """Yield the lines of the closing summary."""
    yield from _harvested(ran)
    yield from _parsed(ran)
    yield _line("archive", _shown(ran.store / "archive"))
    if ran.update is not None:
        yield _line("dataset", f"{_shown(ran.store / 'dataset')} (now generation {ran.update.folder.name})")
    yield _line("run", _shown(ran.store / "runs" / ran.summary.run / "summary.json"))
    if ran.nothing_new:
        yield "Nothing changed since the last run: no page is new, and no file of the dataset was written."


def troubles(ran: Ran) -> Iterator[str]:
    """Yield a line for each thing that went wrong and was not the site's own doing."""
    for site in ran.summary.sites:
        if site.outcome is Outcome.DEFECT:
            yield f"{site.code} {site.name}: {site.detail}"
    if ran.summary.sites and all(site.outcome in _UNREACHED for site in ran.summary.sites):
        yield "no site could be read; check the network, the proxy and the list of sites"
    yield from ran.parsed.failed if ran.parsed else ()


def _harvested(ran: Ran) -> Iterator[str]:
    counts = ran.summary.counts
    yield _line("sites", f"{len(ran.summary.sites)}: {_by_number(ran.summary.outcomes)}")
    states = {
        "fetched": counts.fetched,
        "unchanged": counts.unchanged,
        "skipped": counts.skipped.total(),
        "failed": counts.failed.total(),
        "pending": counts.pending,
    }
    yield _line(
        "discovered", f"{counts.discovered} = " + " + ".join(f"{count} {name}" for name, count in states.items())
    )
    if counts.skipped:
        yield _line("  skipped", _by_number(counts.skipped))
    if counts.failed:
        yield _line("  failed", _by_number(counts.failed))


def _parsed(ran: Ran) -> Iterator[str]:
    if ran.parsed is None or ran.update is None:
        return
    parsed, update = ran.parsed, ran.update
    skipped, failed = parsed.skipped.total(), len(parsed.failed)
    yield _line("documents", f"{parsed.documents} to parse = {parsed.read} read + {skipped} skipped + {failed} failed")
    for reason, count in parsed.skipped.most_common():
        yield _line("  skipped", f"{count} {reason}")
    counts = Counter(new=update.new, changed=update.changed, unchanged=update.unchanged, retired=update.retired)
    yield _line("reports", _by_number(counts) or "none parsed")


def _by_number(counts: Mapping[str, int]) -> str:
    """Return `11 ok, 1 blocked`: the largest first, equals by name, without zeros."""
    ordered = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    return ", ".join(f"{count} {name}" for name, count in ordered if count)


def _line(name: str, text: str) -> str:
    return f"{name:<10} {text}"


def _shown(path: Path) -> str:
    return str(path)
