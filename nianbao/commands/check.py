"""`nianbao check`: all checks over a dataset, what fails by county and year, and the validation report."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.exits import Exit, complain, printable

if TYPE_CHECKING:
    from rich.table import Table as Grid

    from nianbao.dataset.validation_findings import Failure, Findings

_HEADS = ("CODE", "WHOSE", "YEAR", "FAIL", "WHAT DOES NOT ADD UP")
_SHOWN = 3

_EPILOG = """\b
Examples:
  nianbao check --store ~/nianbao
  nianbao check --store ~/nianbao --format jsonl | jq 'select(.id == "requests.total")'

\b
Exit statuses: 0 the dataset is sound, whatever its publishers got wrong; 3 it cannot be read, contradicts its
codebook or itself, or the report cannot be written."""


@click.command("check", short_help="Run all checks over a dataset and show what fails.", epilog=_EPILOG)
@click.option("--store", required=True, type=click.Path(path_type=Path), metavar="DIR", help="The store of a harvest.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "jsonl"]),
    default="table",
    show_default=True,
    help="A line for each county and year with failing checks, or one JSON object a failing check.",
)
@click.pass_context
def check_dataset(ctx: click.Context, store: Path, form: str) -> None:
    """Run all checks over the dataset of a store: identities, narratives, across reports, and the files themselves.

    Prints which checks fail, by county and year, and writes the validation report to STORE/validation.md. Published
    mistakes are shown as they are and change nothing; a dataset that contradicts itself ends with exit status 3.
    """
    from nianbao.dataset.validation import REPORT, check
    from nianbao.pipeline import parser_version

    findings = check(store)
    if form == "jsonl":
        for failure in findings.failures:
            click.echo(json.dumps(failure._asdict(), ensure_ascii=False))
    else:
        _print_failing(findings)
        for line in _closing(findings, store / REPORT, parser_version()):
            click.echo(printable(line))
    for defect in findings.defects:
        complain(f"{store / 'dataset'}: {defect}")
    if not findings.sound:
        complain(_HOW_TO_GO_ON)
        ctx.exit(Exit.STORE)


_HOW_TO_GO_ON = (
    "the dataset is not sound; the archive has all of it: remove the store's link `dataset` and its folder "
    "`generations`, then harvest again, which builds it anew"
)


def _print_failing(findings: "Findings") -> None:
    """Print a table that fits into a terminal, and into anything else one line a report."""
    from nianbao.terminal import Terminal

    terminal = Terminal()
    if terminal.is_terminal and findings.failures:
        terminal.print(failing_table(findings))
        return
    for line in _lines(findings):
        click.echo(line)


def failing_table(findings: "Findings") -> "Grid":
    """Return what fails as a table for the terminal: a row a report, each failing check on lines of its own."""
    from rich import box
    from rich.table import Table as Grid

    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False)
    for head in _HEADS:
        grid.add_column(head, justify="right" if head == "FAIL" else "left", overflow="fold")
    for first, failures in findings.by_report():
        *cells, told = _row(first, failures)
        grid.add_row(*cells, told.replace("; ", "\n"))
    return grid


def _lines(findings: "Findings") -> Iterator[str]:
    """Yield a line a report, the columns as wide as they need; Chinese characters are two columns wide."""
    from rich.cells import cell_len

    rows = [_row(first, failures) for first, failures in findings.by_report()]
    if not rows:
        return
    rows.insert(0, _HEADS)
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (text + " " * (width - cell_len(text)) for text, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _row(first: "Failure", failures: list["Failure"]) -> tuple[str, ...]:
    told = [_in_words(failure) for failure in failures[:_SHOWN]]
    if len(failures) > _SHOWN:
        told.append(f"and {len(failures) - _SHOWN} more")
    cells = (
        first.division_code or "-",
        first.whose,
        str(first.report_year or "-"),
        str(len(failures)),
        "; ".join(told),
    )
    return tuple(printable(cell) for cell in cells)


def _in_words(failure: "Failure") -> str:
    """Say both sides of a failing check as the form has them; a check that is no identity by what it compares."""
    from nianbao.dataset.check_meanings import check_meanings, place_label
    from nianbao.wording import check_in_words, number
    from parsers.forms import forms
    from parsers.report import Check

    table = forms()[failure.form].tables[failure.table]
    if any(identity.id == failure.id for identity in table.identities):
        return check_in_words(Check(failure.id, failure.at, failure.left, failure.right, "fail"), table)
    meaning, place = check_meanings().get(failure.id), place_label(failure.table, failure.at)
    left, right = (meaning.left, meaning.right) if meaning else ("left", "right")
    return f"{failure.id}, {place}: {left} = {number(failure.left)}, {right} = {number(failure.right)}"


def _closing(findings: "Findings", report: Path, parser: str) -> Iterator[str]:
    outcomes = dict.fromkeys(("pass", "fail", "undecidable"), 0)
    for (_id, outcome), count in findings.outcomes.items():
        outcomes[outcome] += count
    counted = " + ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    yield f"checks   {findings.outcomes.total()} = {counted}"
    yield f"reports  {findings.reports.total()}, with failing checks {sum(1 for _ in findings.by_report())}"
    older = findings.parsers.total() - findings.parsers[parser]
    if older:
        yield f"parser   {older} reports were read by another version of the parser; the next harvest reads them again"
    yield f"dataset  {'sound' if findings.sound else 'NOT SOUND'}"
    yield f"report   {report}"
