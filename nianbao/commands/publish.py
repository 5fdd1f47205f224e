"""`nianbao publish` and `nianbao fetch`: stores to object storage and back."""

from pathlib import Path

import click

from nianbao.exits import printable


@click.command("publish", short_help="Publish a store on object storage.")
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The store of a harvest.")
@click.option("--to", "address", required=True, metavar="URL", help="Where to, such as s3://bucket/prefix.")
def publish_store(store: Path, address: str) -> None:
    """Upload what has grown of a store's archive, a snapshot of its state, and its dataset.

    The manifest of the dataset is written last: readers see the old generation or the new one, never a mix. What is
    there already is not sent again, so the same command goes on after a break.
    """
    from nianbao.remote.publishing import publish

    for line in publish(store, address):
        click.echo(printable(line))


@click.command("fetch", short_help="Fetch a published dataset into a folder.")
@click.argument("address", metavar="URL")
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The store to make of it.")
def fetch_store(address: str, store: Path) -> None:
    """Fetch the dataset published at URL into a store on this machine, for every command that reads one.

    Each file is held against the hash in the manifest.
    """
    from nianbao.remote.filesystem import Storage
    from nianbao.remote.publishing import fetch_dataset

    click.echo(printable(f"{store / 'dataset'}: generation {fetch_dataset(Storage(address), store).name}"))
