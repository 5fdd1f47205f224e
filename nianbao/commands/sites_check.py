"""`nianbao sites check`: the home pages of a list visited, and what is wrong with them named."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.exits import Exit, complain, printable
from parsers.errors import NianbaoError

if TYPE_CHECKING:
    from nianbao.site_check import Verdict
    from scraper import Options, Site

_NAMED_AT_MOST = 10

_EPILOG = """\b
Example:
  nianbao sites check --sites sites.csv --store ~/nianbao"""


@click.command("check", short_help="Visit the home pages of the list.", epilog=_EPILOG)
@click.option(
    "--sites",
    type=click.Path(path_type=Path),
    default=Path("sites.csv"),
    show_default=True,
    metavar="CSV",
    help="The list of sites.",
)
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="Record the checks in this store too.")
@click.option("--proxy", metavar="URL", help="HTTP proxy to go through; it resolves the names.")
@click.option("--delay", type=float, metavar="SECONDS", help="Pause after each response of a host, at least.  [2]")
@click.option("--user-agent", metavar="TEXT", help="How to introduce oneself; name a contact.")
@click.pass_context
def check_sites(
    context: click.Context,
    sites: Path,
    store: Path | None,
    proxy: str | None,
    delay: float | None,
    user_agent: str | None,
) -> None:
    """Visit the home page of each site, politely, and print one line a site as it ends.

    A line begins with `ok`; or the outcome of a visit that failed; or `other_place`, where the title of the page does
    not name the place; or `unofficial`, where the host is not below gov.cn. Exit status 1 if any site is not ok.
    """
    from scraper import read_sites

    options = _options(proxy=proxy, delay=delay, user_agent=user_agent)
    listed = read_sites(sites)
    for problem in listed.problems:
        complain(problem)
    with _held(store):
        verdicts, interrupted = _visit(listed.sites, options)
        if store is not None:
            _record(store, verdicts)
    if interrupted:
        complain(f"interrupted; {len(verdicts)} of {len(listed.sites)} sites are checked, run it again for all")
        context.exit(Exit.INTERRUPTED)
    failed = _report(sites, verdicts)
    context.exit(Exit.INPUT if failed or listed.problems else Exit.DONE)


def _visit(sites: Sequence["Site"], options: "Options") -> tuple[list["Verdict"], bool]:
    """Visit the sites, print the line of each; with True where Ctrl-C ended it before."""
    from nianbao.site_check import judge
    from scraper.harvest import THROUGH_PROXY
    from scraper.homes import HomePage, visit_homes

    verdicts: list[Verdict] = []

    def done(home: HomePage) -> None:
        verdict = judge(home)
        verdicts.append(verdict)
        site = home.site
        click.echo(printable(f"{verdict.result:<13} {site.code} {site.name} {site.site_url} {verdict.detail}"))

    if options.proxy is not None:
        click.echo(f"note: {THROUGH_PROXY}", err=True)
    try:
        visit_homes(sites, options, done)
    except KeyboardInterrupt:
        return verdicts, True
    return verdicts, False


def _report(sites: Path, verdicts: Sequence["Verdict"]) -> bool:
    """Name the sites that failed in one line on stderr; True where there are any."""
    failed = sorted(verdict.home.site.code for verdict in verdicts if verdict.result != "ok")
    if failed:
        more = f" and {len(failed) - _NAMED_AT_MOST} more" if len(failed) > _NAMED_AT_MOST else ""
        named = ", ".join(failed[:_NAMED_AT_MOST])
        complain(f"{sites}: {len(failed)} of {len(verdicts)} sites are not ok: {named}{more}; see the line of each")
    return bool(failed)


def _held(store: Path | None) -> AbstractContextManager[None]:
    """Keep a harvest into the store away while its hosts are visited."""
    from nianbao.stores import prepare
    from scraper.runs import locked

    if store is None:
        return nullcontext()
    prepare(store, for_demo=False)
    return locked(store)


def _record(store: Path, verdicts: Sequence["Verdict"]) -> None:
    from nianbao.site_check import record

    path = record(store, verdicts, datetime.now(UTC))
    click.echo(f"recorded in {printable(str(path))}")


def _options(**given: object) -> "Options":
    """Return the settings of the visits, those not given as they stand in `scraper`; wrong ones are wrong use."""
    from scraper import Options

    try:
        return Options(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    except NianbaoError as error:
        raise click.UsageError(str(error)) from error
