"""`nianbao codebook`: what every table and column of the dataset means."""

from collections.abc import Callable
from pathlib import Path

import click

from nianbao.dataset.whole_files import replace_file, write_text

_EPILOG = """\b
Examples:
  nianbao codebook > codebook.md
  nianbao codebook --format xlsx --out codebook.xlsx"""


@click.command("codebook", short_help="Print what every table and column of the dataset means.", epilog=_EPILOG)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "xlsx"]),
    default="md",
    show_default=True,
    help="Markdown, or a workbook.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to FILE instead of stdout."
)
def print_codebook(form: str, out: Path | None) -> None:
    """Print what every table and column of the dataset means, where the forms have it, and how missing values read.

    It comes from the registry that the files are written by, so it needs no store.
    """
    from nianbao.dataset.codebook_markdown import codebook_markdown
    from nianbao.dataset.codebook_sheets import write_codebook_xlsx

    if form == "xlsx" and out is None:
        raise click.UsageError("--format xlsx needs --out FILE")
    if out is None:
        click.echo(codebook_markdown(), nl=False)
        return
    writers: dict[str, Callable[[Path], None]] = {
        "md": lambda path: write_text(path, codebook_markdown()),
        "xlsx": write_codebook_xlsx,
    }
    replace_file(out, writers[form])
