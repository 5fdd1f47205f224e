"""`nianbao harvest`: a list of sites in, a store with archive and dataset out."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.exits import Exit, complain, printable
from parsers.errors import NianbaoError

if TYPE_CHECKING:
    from nianbao.pipeline import Ran
    from scraper import Options

_EPILOG = """\b
Example:
  nianbao harvest --sites sites.csv --store ~/nianbao --max-pages 200"""


@click.command("harvest", short_help="Harvest sites into a store and write the dataset.", epilog=_EPILOG)
@click.option("--sites", required=True, type=click.Path(path_type=Path), metavar="CSV", help="The list of sites.")
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where all of it is kept.")
@click.option("--proxy", metavar="URL", help="HTTP proxy to go through; it resolves the names.")
@click.option("--delay", type=float, metavar="SECONDS", help="Pause after each response of a host, at least.  [2]")
@click.option("--user-agent", metavar="TEXT", help="How to introduce oneself; name a contact.")
@click.option("--max-pages", type=int, metavar="N", help="Requests a site, at most.  [2000]")
@click.pass_context
def harvest_sites(
    context: click.Context,
    sites: Path,
    store: Path,
    proxy: str | None,
    delay: float | None,
    user_agent: str | None,
    max_pages: int | None,
) -> None:
    """Harvest the reports of sites, parse what is new, and write the dataset.

    The list is a CSV with the columns code,name,site_url,column_url (column_url may be empty). robots.txt is obeyed,
    and a site that answers with a challenge is recorded as blocked and left alone. A run that was broken off is
    continued by the next; what is unchanged is neither fetched nor parsed nor written again.
    """
    from nianbao.pipeline import run
    from nianbao.progress import watching
    from nianbao.stores import prepare
    from scraper import read_sites

    options = _options(proxy=proxy, delay=delay, user_agent=user_agent, max_pages=max_pages)
    listed = read_sites(sites)
    for problem in listed.problems:
        complain(problem)
    prepare(store, for_demo=False)
    with watching() as watch:
        ran = run(listed.sites, store, options, watch)
    status = close(ran)
    context.exit(status or (Exit.INPUT if listed.problems else Exit.DONE))


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
