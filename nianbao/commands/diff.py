"""`nianbao diff`: two datasets compared cell by cell, before a new version of the parser is released."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from nianbao.exits import Exit, printable

if TYPE_CHECKING:
    from nianbao.dataset.diff import Comparison

COLUMNS = (
    *("kind", "report_id", "report_id_after", "report_year", "url", "table", "row", "column"),
    *("value_before", "status_before", "value_after", "status_after"),
)
_TABLES = ("disclosure", "requests", "appeals")
_MOST_NAMED = 20

_EPILOG = """\b
Examples:
  nianbao diff ~/nianbao ~/nianbao-new
  nianbao diff ~/nianbao ~/nianbao-new --out changes.csv
\b
Exit status 5 where a cell is lost or changed, else 0."""


@click.command("diff", short_help="Compare two datasets cell by cell.", epilog=_EPILOG)
@click.argument("before", metavar="STORE_A")
@click.argument("after", metavar="STORE_B")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write every cell that differs: a CSV, or JSON lines where the name ends in .jsonl.",
)
@click.pass_context
def diff_datasets(context: click.Context, before: str, after: str, out: Path | None) -> None:
    """Say what STORE_B has gained, lost and changed against STORE_A, cell by cell.

    A cell is gained where only the second reads it, lost where only the first does, changed where their values differ,
    and of another status where only the status does. Reports are the same by identifier, else by address.
    """
    from nianbao import open_dataset
    from nianbao.dataset.diff import compare

    comparison, differences = compare(open_dataset(before), open_dataset(after))
    if out is None:
        for _ in differences:
            pass
    else:
        _write(out, differences)
    for line in _summary(comparison):
        click.echo(printable(line))
    kinds = comparison.kinds
    context.exit(Exit.WORSE if kinds["lost"] or kinds["changed"] else Exit.DONE)


def _write(path: Path, rows: Iterator[dict[str, Any]]) -> None:
    unfinished = path.with_name(f"{path.name}.part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        (_write_jsonl if path.suffix == ".jsonl" else _write_csv)(file, rows)
    unfinished.replace(path)


def _write_csv(file: IO[str], rows: Iterator[dict[str, Any]]) -> None:
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: f"{value:.15g}" if isinstance(value, float) else value for name, value in row.items()})


def _write_jsonl(file: IO[str], rows: Iterator[dict[str, Any]]) -> None:
    for row in rows:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _summary(comparison: "Comparison") -> Iterator[str]:
    from nianbao.dataset.diff import KINDS

    pairs = comparison.pairs
    lost, gained, renamed = pairs.lost, pairs.gained, pairs.renamed
    yield f"reports  {pairs.both} in both ({len(renamed)} renamed), {len(lost)} lost, {len(gained)} gained"
    for name, found in (("lost", lost), ("gained", gained)):
        for pair in found[:_MOST_NAMED]:
            yield f"  {name}  {pair.before or pair.after}  {pair.url}"
    for pair in renamed[:_MOST_NAMED]:
        yield f"  renamed  {pair.before} -> {pair.after}  {pair.url}"
    for (old, new), count in sorted(pairs.grades.items()):
        yield f"  grade  {count} from {old} to {new}"
    yield f"cells    {comparison.same} the same"
    yield f"{'':9}" + "".join(f"{name:>12}" for name in (*_TABLES, "all"))
    for kind in KINDS:
        counts = [comparison.cells[kind, table] for table in _TABLES]
        yield f"{kind:<9}" + "".join(f"{count:>12}" for count in (*counts, sum(counts)))
