"""`nianbao sites`: a list of sites made, filled from somebody's table, and checked."""

from pathlib import Path

import click

from nianbao.commands.sites_check import check_sites
from nianbao.exits import Exit, complain, printable

LIST = click.option(
    "--sites",
    type=click.Path(path_type=Path),
    default=Path("sites.csv"),
    show_default=True,
    metavar="CSV",
    help="The list of sites; made where it is missing.",
)

_EPILOG = """\b
Examples:
  nianbao sites add 431229 http://www.jzx.gov.cn/ --sites sites.csv
  nianbao sites import wikidata.csv --sites sites.csv
  nianbao sites check --sites sites.csv --store ~/nianbao"""
_ADD_EPILOG = """\b
Examples:
  nianbao sites add 431229 http://www.jzx.gov.cn/
  nianbao sites add 431229 http://www.jzx.gov.cn/ --column-url http://www.jzx.gov.cn/gk/"""
_IMPORT_EPILOG = """\b
Example:
  nianbao sites import wikidata.csv --sites sites.csv"""


@click.group("sites", short_help="Make, fill and check a list of sites.", epilog=_EPILOG)
def sites() -> None:
    """Make, fill and check the list of sites that a harvest goes through."""


@sites.command("add", short_help="Add one site.", epilog=_ADD_EPILOG)
@click.argument("code")
@click.argument("url")
@click.option("--name", metavar="TEXT", help="Name of the place.  [the division's]")
@click.option("--column-url", metavar="URL", default="", help="The column of reports, where it is known.")
@LIST
def add_site(code: str, url: str, name: str | None, column_url: str, sites: Path) -> None:
    """Add the site of the division CODE (six digits, GB/T 2260) with the home page URL to the list.

    What stands in the list stays as it is; a site that it has already is refused.
    """
    from nianbao.dataset.places import of_code
    from parsers.errors import SitesError
    from scraper import Site
    from scraper.listing import Listing

    place = of_code(code)
    if place is None and not name:
        raise SitesError(f"code {code!r} is of no division that is known; check it, or give its --name")
    listing = Listing(sites)
    site = Site(code, (name or (place.name if place else "")).strip(), url.strip(), column_url.strip())
    others = listing.urls(code)
    listing.add(site)
    listing.save()
    also = f"; it has {', '.join(others)} too" if others else ""
    click.echo(printable(f"{sites}: added {site.code} {site.name} {site.site_url}{also}"))


@sites.command("import", short_help="Fill the list from any CSV.", epilog=_IMPORT_EPILOG)
@click.argument("file", type=click.Path(path_type=Path))
@LIST
@click.pass_context
def import_file(context: click.Context, file: Path, sites: Path) -> None:
    """Add the websites in FILE, a CSV with a column of names or codes and one of addresses, to the list.

    The columns are found by their headings, Chinese or English, else by what they hold; columns of provinces and
    prefectures tell places of one name apart. A row that is ambiguous, unknown or contradicts itself, and a further
    website of one division, is one line on stderr and left out.
    """
    from nianbao.site_import import import_sites
    from scraper.csv_files import read_csv
    from scraper.listing import Listing

    table, listing = read_csv(file), Listing(sites)
    done = import_sites(table, listing)
    listing.save()
    for line, reason in done.left:
        complain(f"{file}:{line}: {reason}")
    click.echo(
        f"rows: {done.rows} = {len(done.added)} added + {done.known} known + {done.without_address} without an address"
        f" + {len(done.left)} left out"
    )
    context.exit(Exit.INPUT if done.left else Exit.DONE)


sites.add_command(check_sites)
