"""`nianbao export`: the dataset as CSV, XLSX, Stata or SQLite files."""

from pathlib import Path

import click

from nianbao.exits import complain

_FORMATS = ("csv", "xlsx", "dta", "sqlite")  # the test holds them to those of the dataset: its libraries load late
_EPILOG = """\b
Examples:
  nianbao export --store ~/nianbao --to csv exported
  nianbao export --store ~/nianbao --to dta stata"""


@click.command("export", short_help="Write the dataset as CSV, XLSX, Stata or SQLite files.", epilog=_EPILOG)
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The store of a harvest.")
@click.option("--to", "form", required=True, type=click.Choice(_FORMATS), help="The format of the files.")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT_DIR")
def export_dataset(store: Path, form: str, out: Path) -> None:
    """Write the dataset of a store into OUT_DIR.

    csv: every table, UTF-8 with a byte order mark. xlsx: the panel and the codebook as sheets. dta: Stata 118 with
    labels, and missing values told apart (.a blank, .b unreadable, .c absent, .d not in this form). sqlite: one
    database with keys and views, and a metadata.json for Datasette. Files of the same names are replaced when all new
    ones are complete.
    """
    from nianbao.dataset.export import export

    for file in export(store, form, out):
        rows = "" if file.rows is None else f"  {file.rows} rows"
        click.echo(f"{out / file.name}{rows}")
        for note in file.notes:
            complain(f"note: {file.name}: {note}")
