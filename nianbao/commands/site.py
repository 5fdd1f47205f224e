"""`nianbao site`: pages that compare counties, from the dataset of a store."""

from pathlib import Path

import click

_EPILOG = """\b
Examples:
  nianbao site --store ~/nianbao --out ~/pages
  nianbao site --store ~/nianbao --serve"""


@click.command("site", short_help="Write pages that compare counties.", epilog=_EPILOG)
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The store of a harvest.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Where to write the pages.  [STORE/site]")
@click.option("--serve", is_flag=True, help="Show the pages on 127.0.0.1 when they are written, until Ctrl-C.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Where to show them.")
def write_site(store: Path, out: Path | None, serve: bool, port: int) -> None:  # noqa: FBT001 - click passes it by name
    """Write a static website from a store's dataset: it opens from disk and from any web host, and asks no other host.

    A site that is there is replaced when the new one is complete.
    """
    from nianbao.site.extra import need_extra

    need_extra()
    from nianbao.site.build import build_site

    out = out or store / "site"
    built = build_site(store, out, _tell)
    wrote = f"{built.divisions} places, {built.reports} reports; {built.files} files, {_size(built.bytes)}"
    click.echo(f"pages      {wrote if built.written else 'unchanged since the last run'}")
    click.echo(f"open       {built.page}")
    if serve:
        _serve(out, port)


def _tell(stage: str) -> None:
    click.echo(f"site: {stage}", err=True)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _serve(folder: Path, port: int) -> None:
    from nianbao.site.serving import server_of

    with server_of(folder, port) as server:
        host, bound = server.server_address[:2]
        click.echo(f"showing    http://{host!s}:{bound}/  (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo()
