"""The health page of a store: one file of HTML without scripts, for whoever looks in the morning."""

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from nianbao.nightly.record import Night
from scraper.archive import naming
from scraper.listing import write_whole

FILE_NAME = "health.html"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_MOST_ROWS = 100
_MOST_LAYOUTS = 30
_NIGHTS_SHOWN = 60

Cell = str | int | float | None

_STYLE = """
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --good: #1a7f4b;
  --bad: #b3261e; --doubt: #8a5a00; }
@media (prefers-color-scheme: dark) { :root { --good: #6fcf97; --bad: #ff8a80; --doubt: #f2c14e; } }
body { font: 15px/1.5 system-ui, "Noto Sans CJK SC", sans-serif; max-width: 72rem; margin: 0 auto; padding: 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
p { margin: .3rem 0 } .scroll { overflow-x: auto }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; min-width: 40% }
th, td { text-align: left; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { font-weight: 600 } td.n, th.n { text-align: right } td.t { white-space: nowrap }
.done { color: var(--good) } .partial, .failed { color: var(--bad) } .worse, .input, .skipped { color: var(--doubt) }
.status { font-weight: 700 } .muted { opacity: .7 } td { overflow-wrap: anywhere }
svg { max-width: 100%; height: auto } ul { margin: .3rem 0; padding-left: 1.2rem }
"""


def write(store: Path, night: Night) -> Path:
    """Write the page of a night into the store; a reader sees the old one or the new. Raises StoreError."""
    path = store / FILE_NAME
    with naming(path):
        write_whole(path, page(night).encode("utf-8", "replace"))
    return path


def page(night: Night) -> str:
    """Return the page: every text that came from outside is escaped, and there is nothing to run on it."""
    parts = [part for section in _SECTIONS for part in section(night)]
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>nianbao: {escape(night.status)}, {escape(night.ended)}</title><style>{_STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _head(night: Night) -> Iterator[str]:
    yield "<h1>nianbao 年报</h1>"
    yield (
        f'<p><span class="status {escape(night.status)}">{escape(night.status)}</span> (exit status {night.exit}) · '
        f"run {escape(night.run)} · {escape(night.began)} to {escape(night.ended)}</p>"
    )
    left = f"{night.left} left for the next night"
    yield f"<p>{night.listed} sites listed, {night.due} due, {night.resting} resting, {left}</p>"
    if night.reasons:
        yield "<ul>" + "".join(f"<li>{escape(reason)}</li>" for reason in night.reasons[:_MOST_ROWS]) + "</ul>"


def _warnings(night: Night) -> Iterator[str]:
    yield "<h2>Warnings</h2>"
    rows = [
        (warned["name"], warned["about"], warned["what"], " · ".join(warned["look_at"]), warned["since"])
        for warned in night.warnings
    ]
    yield _table(("Warning", "About", "What", "Look at", "Since"), rows, "None in force.")


def _changes(night: Night) -> Iterator[str]:
    yield "<h2>Changed this night</h2>"
    counts = [(name.replace("_", " "), count) for name, count in night.counts.items() if count]
    yield _table(("", "Count"), counts, "Nothing.")
    head = ("Report", "Year", "Place", "Grade", "Address")
    for name in ("new", "revised", "worse", "returned"):
        rows = [
            (row["report_id"], row["report_year"], row["division_name"] or row["publisher"], row["grade"], row["url"])
            for row in night.changes.get(name, [])
        ]
        if rows:
            yield f"<h3>{name.capitalize()} reports</h3>"
            yield _table(head, rows, "")
    mended = [
        (site["code"], site["name"], site["was"], site["failed_visits"], site["since"], site["site_url"])
        for site in night.changes.get("mended", [])
    ]
    if mended:
        yield "<h3>Mended sites</h3>"
        yield _table(("Code", "Site", "Was", "Failed visits", "Since", "Address"), mended, "")
    layouts = list(night.changes.get("layouts", {}).items())
    if layouts:
        yield "<h3>Layouts never seen before</h3>"
        yield _table(("Layout", "First seen at"), layouts[:_MOST_LAYOUTS], "")


def _broken(night: Night) -> Iterator[str]:
    yield "<h2>Broken sites</h2>"
    fresh = {site["site_url"] for site in night.changes.get("broken", [])}
    rows = [
        (
            site["code"],
            site["name"] + (" (new)" if site["site_url"] in fresh else ""),
            site["outcome"],
            site["failing"],
            site["failing_since"],
            site["last_success"] or "never",
            site["detail"] or site["site_url"],
        )
        for site in night.broken
    ]
    yield _table(("Code", "Site", "Outcome", "Failed visits", "Since", "Last success", "Detail"), rows, "None.")


def _kept(night: Night) -> Iterator[str]:
    yield "<h2>Reports kept at their last good version</h2>"
    rows = [(kept["report_id"], kept["reason"], kept["version_of"], kept["since"], kept["url"]) for kept in night.kept]
    yield _table(("Report", "Why", "Version of", "Since", "Address"), rows, "None.")


def _stages(night: Night) -> Iterator[str]:
    yield "<h2>Stages</h2>"
    rows = [(stage.name, stage.status, round(stage.seconds, 1), stage.detail) for stage in night.stages]
    yield _table(("Stage", "Status", "Seconds", "Detail"), rows, "None.")
    outcomes = sorted(night.totals.get("sites", {}).items(), key=lambda pair: (-pair[1], pair[0]))
    yield "<h2>Sites by outcome of the last visit</h2>"
    yield _table(("Outcome", "Sites"), outcomes, "None.")


def _coverage(night: Night) -> Iterator[str]:
    yield "<h2>Coverage by province and year</h2><p class=muted>found / divisions (verified)</p>"
    years = sorted({year for counts in night.coverage.values() for year in counts})
    rows = []
    for province, counts in night.coverage.items():
        told = [counts.get(year) for year in years]
        cells = [f"{each['found']} / {each['divisions']} ({each['verified']})" if each else "" for each in told]
        rows.append((province, *cells))
    yield _table(("Province", *years), rows, "No division yet.")


def _history(night: Night) -> Iterator[str]:
    yield "<h2>Nights</h2><p class=muted>broken sites, this night last</p>"
    shown = night.history[-_NIGHTS_SHOWN:]
    yield _bars(shown)
    rows = [
        (
            entry["ended"],
            entry["status"],
            entry["reports"],
            entry["counts"].get("new", 0),
            entry["counts"].get("revised", 0),
            entry["broken"],
            entry["warnings"],
            round(entry["seconds"]),
        )
        for entry in reversed(shown)
    ]
    yield _table(("Ended", "Status", "Reports", "New", "Revised", "Broken sites", "Warnings", "Seconds"), rows, "None.")


def _bars(entries: Sequence[dict[str, Any]]) -> str:
    """Draw the broken sites of each night as bars; the table below says the same."""
    most = max((entry["broken"] for entry in entries), default=0) or 1
    bars = "".join(
        f'<rect x="{number * 10}" y="{40 - 40 * entry["broken"] / most:.1f}" width="8" '
        f'height="{40 * entry["broken"] / most:.1f}" fill="currentColor" opacity=".55"/>'
        for number, entry in enumerate(entries)
    )
    label = f"broken sites a night, at most {most if any(entry['broken'] for entry in entries) else 0}"
    width = max(10 * len(entries), 10)
    return f'<svg width="{width}" height="40" role="img" aria-label="{label}"><title>{label}</title>{bars}</svg>'


def _table(head: Sequence[str], rows: Iterable[Sequence[Cell]], empty: str) -> str:
    listed = list(rows)
    if not listed:
        return f"<p>{escape(empty)}</p>"
    numeric = [isinstance(value, (int, float)) for value in listed[0]]
    headings = "".join(_heading(name, is_number=number) for name, number in zip(head, numeric, strict=True))
    body = "".join(f"<tr>{''.join(_cell(value) for value in row)}</tr>" for row in listed[:_MOST_ROWS])
    more = f"<p class=muted>and {len(listed) - _MOST_ROWS} more in summary.json</p>" if len(listed) > _MOST_ROWS else ""
    return f'<div class="scroll"><table><tr>{headings}</tr>{body}</table></div>{more}'


def _heading(name: str, *, is_number: bool) -> str:
    kind = ' class="n"' if is_number else ""
    return f'<th scope="col"{kind}>{escape(name)}</th>'


def _cell(value: Cell) -> str:
    if isinstance(value, (int, float)):
        return f'<td class="n">{value}</td>'
    text = escape(value or "")
    if _TIME.fullmatch(text):
        return f'<td class="t"><time datetime="{text}">{text[:10]} {text[11:16]} UTC</time></td>'
    kind = f' class="{text}"' if text in ("done", "failed", "partial", "skipped", "worse", "input") else ""
    return f"<td{kind}><bdi>{text}</bdi></td>"


_SECTIONS = (_head, _warnings, _changes, _broken, _kept, _stages, _coverage, _history)
