"""`nianbao release`: the dataset as a dated folder that can be cited."""

from pathlib import Path

import click

from nianbao import __version__

_EPILOG = """\b
Example:
  nianbao release --store ~/nianbao --out releases"""


@click.command("release", short_help="Write the dataset as a dated folder that can be cited.", epilog=_EPILOG)
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The store of a harvest.")
@click.option("--out", required=True, type=click.Path(path_type=Path), metavar="DIR", help="Where releases are kept.")
def release_dataset(store: Path, out: Path) -> None:
    """Write the dataset of a store as a folder of --out that is named by the date of its latest fetch.

    It holds the Parquet files, the codebook, the validation report, a citation file, checksums, and what changed since
    the last release in --out. Run again, it is the same in every byte; a dataset that contradicts itself is refused.
    """
    from nianbao.dataset.release import release
    from nianbao.stores import MARK

    made = release(store, out, made_with=f"nianbao {__version__}", made_up=(store / MARK).exists())
    changes = made.changes
    counts = ", ".join(f"{changes.count(change)} {change}" for change in ("new", "changed", "gone"))
    click.echo(f"release   {made.folder}" + ("" if made.fresh else " (there already, the same in every byte)"))
    click.echo(f"reports   {counts}")
    click.echo(f"cells     {len(changes.cells)} changed in the reports that changed")
    click.echo(f"since     {made.before or 'the beginning: this is the first release'}")
