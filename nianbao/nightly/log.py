"""The log of a night on stderr: one line an event, for a person or as JSON, and never a secret in it."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal

import click

from nianbao.exits import printable
from nianbao.nightly.redaction import Redactor
from nianbao.progress import told
from scraper import Event, Site
from scraper.state import iso

Format = Literal["text", "json"]


class Log:
    """Writes events; it is also the watch of the pipeline, and tells how long its stages take.

    `stage` is called with the name of each stage that begins.
    """

    def __init__(
        self,
        form: Format,
        redactor: Redactor | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        write: Callable[[str], None] = lambda line: click.echo(line, err=True),
    ) -> None:
        self._form = form
        self.redactor = redactor or Redactor()
        self._now = now
        self._write = write
        self._pages: Counter[Site | None] = Counter()
        self._parsed = 0
        self.stage: Callable[[str], None] = lambda name: None

    def say(self, event: str, text: str, **fields: Any) -> None:
        """Write an event: its name and fields as JSON, or its text as a readable line."""
        if self._form == "json":
            line = {"at": iso(self._now()), "event": event, **self.redactor.value(dict(fields))}
            line["message"] = self.redactor.text(printable(text))
            self._write(json.dumps(line, ensure_ascii=False))
        else:
            self._write(self.redactor.text(printable(f"{event}: {text}" if text else event)))

    def event(self, event: Event) -> None:
        """Tell what happened in the harvest: a page only as JSON, for nobody reads so many lines."""
        if event.kind == "page":
            self._pages[event.site] += 1
        if self._form == "json" and event.kind != "note":
            self.say(event.kind, "", **_fields(event))
        elif event.kind in ("note", "site_done"):
            text = told(event, self._pages[event.site])
            self._write(self.redactor.text(text)) if self._form == "text" else self.say("note", event.detail)

    def parsing(self, url: str) -> None:
        """Tell that a document is being parsed."""
        if not self._parsed:
            self.stage("parse")
        self._parsed += 1
        if self._form == "json":
            self.say("parsing", "", url=url)

    def writing(self) -> None:
        """Tell that the dataset is being written."""
        self.stage("dataset")
        self.say("parsed", f"{self._parsed} documents", documents=self._parsed)


def _fields(event: Event) -> Mapping[str, Any]:
    site = event.site
    fields = {
        "code": site.code if site else None,
        "name": site.name if site else None,
        "site_url": site.site_url if site else None,
        "url": event.url,
        "outcome": event.outcome,
        "detail": event.detail or None,
        "done": event.done,
        "total": event.total,
    }
    return {name: value for name, value in fields.items() if value is not None}
