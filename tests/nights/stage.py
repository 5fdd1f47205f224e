"""A stage for nights: a web of counties, a store, a list of sites, a webhook that keeps what it gets."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from nianbao.exits import Exit
from nianbao.nightly.conduct import conduct
from nianbao.nightly.config import load
from nianbao.nightly.log import Log
from nianbao.nightly.night import NightRun
from nianbao.nightly.settings import Settings
from scraper import Site
from tests.nights.world import County, counties
from tests.scraper.web import Web, serving

TOKEN = "T0KEN-secret-of-the-hook"  # noqa: S105 - made up
CONFIG = """\
sites = "sites.csv"
[harvest]
proxy = "{proxy}"
delay = 0
retries = 0
backoff = 0.0
timeout = 5
[site]
write = {site}
[alert]
webhook = "{hook}/hook/{token}"
ping = "{hook}/ping/{token}"
[metrics]
textfile = "{metrics}"
[drift]
fewer_reports_of = 2
"""


@dataclass
class Stage:
    """Everything that a night needs; `lines` are those of the log."""

    folder: Path
    web: Web
    hook: Web
    world: dict[str, County]
    lines: list[str] = field(default_factory=list)
    log_format: str = "json"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    def configure(self, *, site: bool = False) -> None:
        text = CONFIG.format(
            proxy=self.web.url,
            site=str(site).lower(),
            hook=self.hook.url,
            token=TOKEN,
            metrics=self.folder / "nianbao.prom",
        )
        (self.folder / "nianbao.toml").write_text(text, encoding="utf-8")

    def list_sites(self, sites: list[Site]) -> None:
        rows = "".join(f"{site.code},{site.name},{site.site_url},{site.column_url}\n" for site in sites)
        (self.folder / "sites.csv").write_text(f"code,name,site_url,column_url\n{rows}", encoding="utf-8")

    def night(self, at: datetime, store: Path | None = None, **given: Any) -> Exit:
        """Do a night at a time."""

        def make(store: Path, settings: Settings, log: Log) -> NightRun:
            kept = Log(self.log_format, now=lambda: at, write=self.lines.append)  # type: ignore[arg-type]
            return NightRun(store, settings, kept, now=lambda: at, sleep=lambda seconds: None)

        settings = load(self.folder / "nianbao.toml", given={"log.format": self.log_format, **given})
        return conduct(store or self.store, settings, make=make)

    def report(self, store: Path | None = None) -> dict[str, Any]:
        """Return the report of the last night."""
        path = sorted(((store or self.store) / "runs").glob("*/summary.json"))[-1]
        return json.loads(path.read_text(encoding="utf-8"))["night"]  # type: ignore[no-any-return]

    def alerts(self) -> list[dict[str, Any]]:
        """Return the bodies that the webhook got so far."""
        return [json.loads(seen.body) for seen in self.hook.log if seen.path.startswith("/hook/")]

    def pings(self) -> int:
        return sum(seen.path.startswith("/ping/") for seen in self.hook.log)


@contextmanager
def staged(folder: Path, build: Callable[[Web], dict[str, County]] = counties) -> Iterator[Stage]:
    """Serve a web of counties and a webhook for as long as the block lasts."""
    with serving() as web, serving() as hook:
        stage = Stage(folder, web, hook, build(web))
        host = hook.url.removeprefix("http://")
        for path in ("hook", "ping"):
            hook.put(f"http://{host}/{path}/{TOKEN}", "ok")
        stage.configure()
        yield stage
