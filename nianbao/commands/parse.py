"""`nianbao parse`: files in, reports out, one line of JSON each or tables for the terminal."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import BinaryIO

import click

from nianbao.exits import Exit, complain, defect
from nianbao.reports import parse_all
from parsers.errors import DocumentError
from parsers.report import Report

_MAX_BYTES = 256 << 20
_STDIN = "-"

_EPILOG = """\b
Examples:
  nianbao parse report.html --format table
  nianbao parse pages/*.html > reports.jsonl
  curl -s http://www.example.gov.cn/report.html | nianbao parse -"""

Show = Callable[[Report], None]


@click.command("parse", short_help="Print the reports in files as JSON Lines or tables.", epilog=_EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["jsonl", "table"]),
    default="jsonl",
    show_default=True,
    help="One JSON object a line, or tables to read in the terminal.",
)
@click.option("--all", "every", is_flag=True, help="Print every report of a file, not only the one its title names.")
@click.option("--url", help="Where the document was published; tells places of one name apart. For a single FILE.")
@click.pass_context
def parse_files(context: click.Context, files: Sequence[str], form: str, every: bool, url: str | None) -> None:  # noqa: FBT001 - click passes by name
    """Read the reports in FILEs (HTML or text; - is stdin) and print them in the order given.

    Every cell comes out with its status (printed, blank, derived, unreadable, absent), every identity with its
    outcome, every table with its grade. A FILE that cannot be read is one line on stderr; the others are still read.
    """
    if url is not None and len(files) > 1:
        raise click.UsageError("--url is the address of one document: give one FILE with it")
    show = _printer_of_tables() if form == "table" else _print_json
    readable = [_show_file(name, url, show, every=every) for name in files]
    if not all(readable):
        context.exit(Exit.INPUT)


def _show_file(name: str, url: str | None, show: Show, *, every: bool) -> bool:
    """Print the reports of a file; False, with a line on stderr, where it cannot be read."""
    try:
        found = _read_reports(name, url)
    except DocumentError as error:
        complain(f"{name}: {error}")
        return False
    except Exception as error:  # noqa: BLE001 - whatever one file does to the parser, the others are still read
        complain(f"{name}: {defect(error)}")
        return False
    for report in found if every else found[:1]:
        show(report)
    return True


def _read_reports(name: str, url: str | None) -> list[Report]:
    reports = parse_all(_body(name), url=url)
    return [replace(report, source=name) for report in reports]


def _body(name: str) -> bytes:
    """Return the bytes of a file; raises DocumentError with a line that says what to do."""
    try:
        body = _bytes_of(sys.stdin.buffer) if name == _STDIN else _bytes_of_file(Path(name))
    except IsADirectoryError:
        raise DocumentError("is a folder; name the files in it") from None
    except FileNotFoundError:
        raise DocumentError("there is no such file; check the path") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise DocumentError(f"cannot be read ({reason}); check the file and its permissions") from error
    if not body.strip():
        raise DocumentError("is empty; save the page again")
    return body


def _bytes_of_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bytes_of(file)


def _bytes_of(file: BinaryIO) -> bytes:
    body = file.read(_MAX_BYTES + 1)
    if len(body) > _MAX_BYTES:
        raise DocumentError(f"is larger than {_MAX_BYTES >> 20} MiB; no report is, check the file")
    return body


def _print_json(report: Report) -> None:
    line = json.dumps(report.as_json(), ensure_ascii=False, separators=(",", ":"))
    click.echo(line.encode("utf-8", "replace"))


def _printer_of_tables() -> Show:
    from nianbao.display import print_report
    from nianbao.terminal import Terminal

    terminal = Terminal()
    number = count()

    def show(report: Report) -> None:
        if next(number):
            terminal.rule(style="dim")
        print_report(terminal, report)

    return show
