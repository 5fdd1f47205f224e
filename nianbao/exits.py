"""Exit statuses of the command line, and the one line on stderr that goes with each thing that went wrong."""

import os
import sys
from enum import IntEnum
from pathlib import Path
from traceback import extract_tb

import click

ISSUES = "https://github.com/nianbao/nianbao/issues"


class Exit(IntEnum):
    """How a command ended."""

    DONE = 0
    INPUT = 1
    USAGE = 2
    STORE = 3
    PARTIAL = 4
    WORSE = 5
    CONFIG = 6
    LOCKED = 7
    DISK = 8
    INTERRUPTED = 130
    NO_READER = 141


EXIT_HELP = {
    Exit.DONE: "all done",
    Exit.INPUT: "some input could not be used, each named in a line on stderr; the rest was done",
    Exit.USAGE: "the command was used wrongly; nothing was done",
    Exit.STORE: "the store, its dataset or the output cannot be read or written",
    Exit.PARTIAL: "nightly: done in part, for time, a stage or the network gave out; the next night goes on",
    Exit.WORSE: "nightly: the checks are worse than the night before; diff: a cell is lost or changed",
    Exit.CONFIG: "nightly, config: the configuration or the list of sites cannot be used; nothing was done",
    Exit.LOCKED: "nightly: another run holds the store; nothing was done",
    Exit.DISK: "nightly: the disk is full, read-only or broken; what was saved before is whole",
    Exit.INTERRUPTED: "interrupted (Ctrl-C); the same command goes on where it was",
    Exit.NO_READER: "whoever read the output went away (as in `| head`)",
}
"""What each status means, as `nianbao --help` prints it."""


def complain(text: str) -> None:
    """Print one line on stderr: `nianbao: …`, whatever the text holds."""
    click.echo(f"nianbao: {printable(text)}", err=True)


def printable(text: str) -> str:
    """Return a text as one line without control characters: a page or a file name cannot steer the terminal."""
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text)


def defect(error: Exception) -> str:
    """Say of an exception that nobody foresaw what and where it was, and where to report it."""
    last = extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    return f"this program failed ({type(error).__name__}: {error} at {place}); please report it at {ISSUES}"


def silence_output() -> None:
    """Give stdout another end: what is left in its buffer has no reader, and the interpreter would say so at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
