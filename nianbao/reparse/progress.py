"""How far a reparse is: a bar with an estimate on a terminal, a line every tenth elsewhere; both on stderr."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from nianbao.terminal import Terminal


class Lines(AbstractContextManager["Lines"]):
    """A plain line for each tenth of the documents and for each stage."""

    def __init__(self) -> None:
        self._total = self._done = self._told = 0

    def planned(self, documents: int) -> None:
        """Say how many documents there are."""
        self._total = documents
        click.echo(f"parse: {documents} documents", err=True)

    def read(self, documents: int) -> None:
        """Count documents that are read."""
        self._done += documents
        tenth = 10 * self._done // max(1, self._total)
        if tenth > self._told:
            self._told = tenth
            click.echo(f"parse: {self._done}/{self._total}", err=True)

    def writing(self) -> None:
        """Say that the dataset is next."""
        click.echo("dataset: bringing it up to date", err=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left to close."""


class Bar(AbstractContextManager["Bar"]):
    """A bar with the time that is left."""

    def __init__(self, terminal: Terminal) -> None:
        columns = (TextColumn("{task.description:<8}"), BarColumn(), TextColumn("{task.fields[said]}"))
        self._bars = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=terminal, transient=True)
        self._parse = self._bars.add_task("parse", total=None, said="")

    def planned(self, documents: int) -> None:
        """Set the length of the bar."""
        self._bars.update(self._parse, total=documents)

    def read(self, documents: int) -> None:
        """Move the bar."""
        self._bars.advance(self._parse, documents)
        task = self._bars.tasks[self._parse]
        self._bars.update(self._parse, said=f"{task.completed:.0f}/{task.total or 0:.0f} documents")

    def writing(self) -> None:
        """Show that the dataset is being written."""
        self._bars.update(self._parse, visible=False)
        self._bars.add_task("dataset", total=None, said="")

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()


def watching() -> Bar | Lines:
    """Return a bar where stderr is a terminal, else lines."""
    terminal = Terminal(stderr=True)
    return Bar(terminal) if terminal.is_terminal else Lines()
