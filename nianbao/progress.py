"""How far a run is: bars on a terminal, plain lines elsewhere; both on stderr, so that stdout holds the result."""

from collections import Counter
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

import click
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from nianbao.exits import printable
from nianbao.terminal import Terminal
from scraper import Event, Outcome, Site

_WELL = {Outcome.OK, Outcome.UNCHANGED}


class Lines(AbstractContextManager["Lines"]):
    """One plain line for each site that is done and for each stage."""

    def __init__(self) -> None:
        self._pages: Counter[Site | None] = Counter()
        self._parsed = 0

    def event(self, event: Event) -> None:
        """Print a line for a site that is done or a remark; count a page."""
        if event.kind == "page":
            self._pages[event.site] += 1
        elif event.kind in {"note", "site_done"}:
            click.echo(told(event, self._pages[event.site]), err=True)

    def parsing(self, url: str) -> None:
        """Count a document."""
        self._parsed += 1

    def writing(self) -> None:
        """Print the line that ends the parse stage and begins the next."""
        click.echo(f"parse: {self._parsed} documents", err=True)
        click.echo("dataset: bringing it up to date", err=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is left to close."""


class Bars(AbstractContextManager["Bars"]):
    """A bar for each stage; sites that went badly scroll by above."""

    def __init__(self, terminal: Terminal) -> None:
        columns = (
            TextColumn("{task.description:<8}"),
            BarColumn(),
            TextColumn("{task.fields[said]}"),
            TimeElapsedColumn(),
        )
        self._bars = Progress(*columns, console=terminal, transient=True)
        self._pages: Counter[Site | None] = Counter()
        self._documents = 0
        self._harvest = self._bars.add_task("harvest", total=None, said="")
        self._parse = self._bars.add_task("parse", total=None, said="", visible=False)
        self._write = self._bars.add_task("dataset", total=None, said="", visible=False)

    def event(self, event: Event) -> None:
        """Move the bar of the sites; print a remark, and a site that did not go well."""
        self._pages[event.site] += event.kind == "page"
        said = f"{event.done}/{event.total} sites, {self._pages.total()} pages"
        self._bars.update(self._harvest, completed=event.done, total=event.total, said=said)
        if event.kind == "note" or (event.kind == "site_done" and event.outcome not in _WELL):
            self._bars.console.print(told(event, self._pages[event.site]), soft_wrap=True)

    def parsing(self, url: str) -> None:
        """Count a document."""
        self._documents += 1
        self._bars.update(self._parse, visible=True, said=f"{self._documents} documents")

    def writing(self) -> None:
        """Show that the dataset is being written."""
        self._bars.update(self._parse, completed=self._documents, total=self._documents)
        self._bars.update(self._write, visible=True)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()


def watching() -> Bars | Lines:
    """Return bars where stderr is a terminal, else lines."""
    terminal = Terminal(stderr=True)
    return Bars(terminal) if terminal.is_terminal else Lines()


def told(event: Event, pages: int) -> str:
    """Say in one line what an event is about: `[ 3/12] 杭州市: ok, 18 pages`."""
    if event.site is None:
        return printable(f"note: {event.detail}")
    place = f"[{event.done:>{len(str(event.total))}}/{event.total}]"
    detail = f" ({event.detail})" if event.detail else ""
    return printable(f"{place} {event.site.name}: {event.outcome}, {pages} page{'' if pages == 1 else 's'}{detail}")
