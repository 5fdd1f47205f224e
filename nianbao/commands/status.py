"""`nianbao status`: how each site of a store stands, the worst first."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.exits import printable

if TYPE_CHECKING:
    from scraper import SiteStatus

_HEAD = ("OUTCOME", "STREAK", "LAST SUCCESS", "CODE", "NAME", "SITE", "DETAIL")
_NUMBERS = {"STREAK"}
_NEVER = "never"

_EPILOG = """\b
Examples:
  nianbao status --store ~/nianbao
  nianbao status --store ~/nianbao --format jsonl"""


@click.command("status", short_help="Show how each site of a store stands, the worst first.", epilog=_EPILOG)
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The store of a harvest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl"]),
    default="table",
    show_default=True,
    help="A table with the number of sites in each class, or one JSON object a site.",
)
def show_status(store: Path, form: str) -> None:
    """Show for each site how its last run ended, for how many runs in a row so, and when it last went well.

    A defect of this program comes first, then sites that could not be read, those without a report, those that the
    budget left over, and those that went well; in each the longest streak first.
    """
    from scraper import status

    sites = sorted(status(store), key=_badness)
    if form == "jsonl":
        for site in sites:
            click.echo(json.dumps(_fields(site), ensure_ascii=False))
        return
    for line in _table(sites):
        click.echo(printable(line))
    click.echo(_counted(sites))


def _badness(site: "SiteStatus") -> tuple[int, int, str, str, str]:
    """Return the order in which sites are shown: the class, the streak, the time since things went well, the code."""
    from scraper import Outcome

    last: list[str] = [Outcome.NOTHING_FOUND, Outcome.PENDING, Outcome.UNCHANGED, Outcome.OK]
    rank = last.index(site.outcome) + 2 if site.outcome in last else int(site.outcome != Outcome.DEFECT)
    rank = min(rank, last.index(Outcome.UNCHANGED) + 2)  # ok is as good as unchanged
    return rank, -site.streak, site.last_success or "", site.site.code, site.site.site_url


def _fields(status: "SiteStatus") -> dict[str, str | int | None]:
    return {
        "code": status.site.code,
        "name": status.site.name,
        "site_url": status.site.site_url,
        "outcome": status.outcome,
        "detail": status.detail,
        "streak": status.streak,
        "last_success": status.last_success,
        "column": status.column,
    }


def _table(sites: Sequence["SiteStatus"]) -> Iterator[str]:
    """Yield the lines of the table; Chinese characters are two columns wide."""
    from rich.cells import cell_len

    rows = [_HEAD, *(_row(site) for site in sites)] if sites else []
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = []
        for heading, width, text in zip(_HEAD, widths, row, strict=True):
            blanks = " " * (width - cell_len(text))
            padded.append(blanks + text if heading in _NUMBERS else text + blanks)
        yield "  ".join(padded).rstrip()


def _row(status: "SiteStatus") -> tuple[str, ...]:
    site = status.site
    return (
        *(status.outcome, str(status.streak), status.last_success or _NEVER),
        *(printable(text) for text in (site.code, site.name, site.site_url, status.detail)),
    )


def _counted(sites: Sequence["SiteStatus"]) -> str:
    counts = Counter(site.outcome for site in sites)
    classes = ", ".join(f"{count} {outcome}" for outcome, count in sorted(counts.items(), key=lambda c: (-c[1], c[0])))
    return f"sites: {len(sites)}" + (f" = {classes}" if classes else "; the store holds no visit yet")
