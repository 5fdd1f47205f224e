"""`nianbao reparse`: what is archived is parsed again, on this machine or a cluster, and the dataset rewritten."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.exits import Exit, complain, printable

if TYPE_CHECKING:
    from nianbao.dataset.write import Update
    from nianbao.reparse.accounts import Accounts
    from nianbao.reparse.run import Readers

_EPILOG = """\b
Examples:
  nianbao reparse --store ~/nianbao
  nianbao reparse --store ~/nianbao --scheduler tcp://10.0.0.1:8786
  nianbao reparse --store merged --from shard1 --from shard2 --from shard3"""


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@click.command("reparse", short_help="Parse everything archived again and rewrite the dataset.", epilog=_EPILOG)
@click.option("--store", required=True, metavar="DIR", help="The store, a folder or an address such as s3://bucket/it.")
@click.option(
    "--from",
    "sources",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Read the archive of this store instead; several make one dataset.",
)
@click.option("--workers", type=click.IntRange(min=1), metavar="N", help="Processes.  [one a core]")
@click.option("--scheduler", metavar="URL", help="Use the workers of this Dask scheduler, tcp://host:port.")
@click.pass_context
def reparse_store(
    context: click.Context, store: str, sources: tuple[Path, ...], workers: int | None, scheduler: str | None
) -> None:
    """Parse every archived document again, without the network, and bring the dataset up to date with that.

    What was read is kept until the end: the same command goes on after a kill. A document whose worker dies of it twice
    is set aside by name, a damaged record is named, and the rest is read; what the dataset has of them stays. The bytes
    of the dataset do not depend on who read how much.
    """
    from nianbao.reparse.progress import watching
    from nianbao.reparse.stores import reparse_into

    if scheduler is not None and workers is not None:
        raise click.UsageError("--workers and --scheduler exclude each other: the scheduler has its own workers")
    with watching() as watch:
        accounts, done = reparse_into(store, sources, _readers(workers, scheduler), watch)
    _tell(store, accounts, done)
    troubles = list(accounts.troubles)
    for trouble in troubles:
        complain(trouble)
    context.exit(Exit.INPUT if troubles else Exit.DONE)


def _readers(workers: int | None, scheduler: str | None) -> "Readers":
    if scheduler is not None:
        from nianbao.reparse.cluster import read_on_cluster

        return partial(read_on_cluster, address=scheduler)
    from nianbao.reparse.pool import read_in_processes

    return partial(read_in_processes, workers=workers or _cores())


def _tell(store: str, accounts: "Accounts", done: "Update") -> None:
    from nianbao.reparse.unit import OUTCOMES

    parts = " + ".join(f"{accounts.outcomes[name]} {name.replace('_', ' ')}" for name in OUTCOMES)
    click.echo(f"documents  {accounts.documents} = {parts}")
    for reason, count in accounts.skipped.most_common():
        click.echo(printable(f"  skipped  {count} {reason}"))
    for url, reason in accounts.named.get("held_back", []):
        click.echo(printable(f"  held back  {url}: {reason}"))
    counts = {"new": done.new, "changed": done.changed, "unchanged": done.unchanged, "retired": done.retired}
    told = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    click.echo(f"reports    {accounts.reports} read: {told or 'none'}")
    click.echo(printable(f"dataset    {store} (now generation {done.folder.name})"))
