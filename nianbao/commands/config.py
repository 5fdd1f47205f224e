"""`nianbao config`: the settings of the night that are in force, and where each came from."""

from pathlib import Path

import click

from nianbao.exits import Exit, complain, printable

_EPILOG = """\b
Examples:
  nianbao config
  nianbao config --store ~/nianbao > nianbao.toml"""


@click.command("config", short_help="Show the settings of the night and where each came from.", epilog=_EPILOG)
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="Take nianbao.toml of this store.")
@click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Take this file.")
@click.pass_context
def show_config(context: click.Context, store: Path | None, config: Path | None) -> None:
    """Print every setting of `nianbao nightly` that is in force, as TOML, with where it came from and what it means.

    Addresses that can hold a token or a password are printed without it.
    """
    from nianbao.nightly.config import ConfigError, lines, load

    try:
        settings = load(config, store)
    except ConfigError as error:
        complain(str(error))
        context.exit(Exit.CONFIG)
    for line in lines(settings):
        click.echo(printable(line))
