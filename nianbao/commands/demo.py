"""`nianbao demo`: the main job on the sample sites, and a look at what came of it."""

from pathlib import Path

import click

from nianbao.commands.harvest import close

_EPILOG = """\b
Example:
  nianbao demo --store /tmp/demo"""


@click.command("demo", short_help="Harvest the sample sites and show what comes of it.", epilog=_EPILOG)
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="Where to harvest to.  [data/harvest]")
@click.pass_context
def demo(context: click.Context, store: Path | None) -> None:
    """Harvest the sample sites of this repository, served on loopback, and show what the dataset then holds.

    Nothing leaves this machine. A second run finds nothing changed and rewrites nothing.
    """
    from nianbao.demo import STORE, run_demo
    from nianbao.progress import watching

    store = store or _near(STORE)
    with watching() as watch:
        ran = run_demo(store, watch)
    status = close(ran)
    if ran.update is not None:
        _show_dataset(store)
        _write_pages(store)
    context.exit(status)


def _show_dataset(store: Path) -> None:
    from nianbao.dataset.reader import open_dataset
    from nianbao.demo import LEGEND, PYTHON, SQL, failures, years_grid
    from nianbao.terminal import Terminal

    dataset = open_dataset(store)
    terminal = Terminal()
    terminal.print()
    terminal.print(years_grid(dataset))
    terminal.print(LEGEND, style="dim", soft_wrap=True)
    click.echo("\nIdentities that fail as printed:")
    for failure in failures(dataset):
        click.echo(f"  {failure}")
    click.echo(f"\nA query to try, in DuckDB:\n\n{SQL.format(store=store)}")
    click.echo(f"and in Python:\n\n{PYTHON.format(store=store)}", nl=False)


def _write_pages(store: Path) -> None:
    from nianbao.site.extra import ADVICE, has_extra

    if not has_extra():
        click.echo(f"\nPages to compare places: {ADVICE}")
        return
    from nianbao.site.build import build_site

    built = build_site(store, store / "site")
    click.echo(f"\nPages to compare places, to open in any browser:\n\n  {built.page}")


def _near(path: Path) -> Path:
    """Return a path relative to the folder one is in where it lies below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
