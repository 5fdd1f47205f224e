"""`nianbao harvest`: a list of sites in, a store with archive and dataset out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.exits import Exit, complain, printable
from parsers.errors import NianbaoError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nianbao.pipeline import Ran
    from scraper import Options, Site

_EPILOG = """\b
Example:
  nianbao harvest --sites sites.csv --store ~/nianbao --max-pages 200"""


@click.command("harvest", short_help="Harvest sites into a store and write the dataset.", epilog=_EPILOG)
@click.option("--sites", required=True, type=click.Path(path_type=Path), metavar="CSV", help="The list of sites.")
@click.option(
    "--store", required=True, metavar="DIR", help="Where all of it is kept, or an address: s3://bucket/prefix."
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="With an address: the folder that is harvested into before the address gets what is new.",
)
@click.option("--proxy", metavar="URL", help="HTTP proxy to go through; it resolves the names.")
@click.option("--delay", type=float, metavar="SECONDS", help="Pause after each response of a host, at least.  [2]")
@click.option("--user-agent", metavar="TEXT", help="How to introduce oneself; name a contact.")
@click.option("--max-pages", type=int, metavar="N", help="Requests a site, at most.  [2000]")
@click.option("--shard", metavar="K/N", help="Only part K of N of the sites, as 3/8; no host falls to two parts.")
@click.pass_context
def harvest_sites(
    context: click.Context,
    sites: Path,
    store: str,
    state: Path | None,
    proxy: str | None,
    delay: float | None,
    user_agent: str | None,
    max_pages: int | None,
    shard: str | None,
) -> None:
    """Harvest the reports of sites, parse what is new, and write the dataset.

    The list is a CSV with the columns code,name,site_url,column_url (column_url may be empty). robots.txt is obeyed,
    and a site that answers with a challenge is recorded as blocked and left alone. A run that was broken off is
    continued by the next; what is unchanged is neither fetched nor parsed nor written again. Shards are harvested into
    stores of their own; `nianbao reparse --from` makes one dataset of them.
    """
    from nianbao.pipeline import run
    from nianbao.progress import watching
    from nianbao.stores import prepare
    from scraper import read_sites

    options = _options(proxy=proxy, delay=delay, user_agent=user_agent, max_pages=max_pages)
    listed = read_sites(sites)
    for problem in listed.problems:
        complain(problem)
    chosen = listed.sites if shard is None else _part(shard, listed.sites)
    folder = _folder(store, state)
    prepare(folder, for_demo=False)
    with watching() as watch:
        ran = run(chosen, folder, options, watch)
    status = close(ran)
    if state is not None and not ran.summary.interrupted:
        _publish(folder, store)
    context.exit(status or (Exit.INPUT if listed.problems else Exit.DONE))


def _folder(store: str, state: Path | None) -> Path:
    """Return the folder to harvest into; an address needs one beside it, and only an address does."""
    from nianbao.remote.addresses import is_remote

    if is_remote(store) != (state is not None):
        needed = f"--store {store} is an address: name a folder for the crawl's state with --state"
        raise click.UsageError(needed if state is None else "--state goes with a --store that is an address")
    return state or Path(store)


def _publish(folder: Path, address: str) -> None:
    from nianbao.remote.publishing import publish

    for line in publish(folder, address):
        click.echo(printable(line))


def _part(shard: str, sites: "Sequence[Site]") -> "Sequence[Site]":
    """Return the sites of a shard; a shard that is none is wrong use."""
    from scraper.shards import read_shard

    try:
        return read_shard(shard).sites(sites)
    except NianbaoError as error:
        raise click.UsageError(str(error)) from error


def close(ran: "Ran") -> Exit:
    """Print the closing summary, what went wrong on stderr, and return the exit status."""
    from nianbao.closing import closing_lines, troubles

    for line in closing_lines(ran):
        click.echo(printable(line))
    found = list(troubles(ran))
    for trouble in found:
        complain(trouble)
    if ran.summary.interrupted:
        complain("interrupted; what was fetched is in the archive, run the same command again to go on")
        return Exit.INTERRUPTED
    return Exit.INPUT if found else Exit.DONE


def _options(**given: object) -> "Options":
    """Return the settings of the harvest, those not given as they stand in `scraper`; wrong ones are wrong use."""
    from scraper import Options

    try:
        return Options(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except NianbaoError as error:
        raise click.UsageError(str(error)) from error
