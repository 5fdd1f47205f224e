"""What the home page of a listed site shows: whether it answers, names its place, and stands on an official host."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nianbao.dataset.places import of_code
from nianbao.site_names import title_names
from parsers.errors import SitesError, StoreError
from scraper import Outcome, Site
from scraper.csv_files import read_csv
from scraper.discovery.hosts import host_of, is_official
from scraper.homes import HomePage
from scraper.listing import write_whole
from scraper.state import iso

RECORD = "site_checks.csv"
"""In the store: the last check of every site that was ever checked."""

COLUMNS = (
    *("code", "name", "site_url", "checked_at", "result", "names_place", "host_is_official"),
    *("final_url", "title", "detail"),
)
OTHER_PLACE, UNOFFICIAL = "other_place", "unofficial"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a check; `names_place` and `official` are None where the page was not had."""

    home: HomePage
    names_place: bool | None
    official: bool | None

    @property
    def result(self) -> str:
        """Return `ok`, the outcome of the visit where it is no good one, `other_place`, or `unofficial`."""
        if self.home.outcome is not Outcome.OK:
            return self.home.outcome.value
        if not self.names_place:
            return OTHER_PLACE
        return Outcome.OK.value if self.official else UNOFFICIAL

    @property
    def detail(self) -> str:
        """Say what is wrong, or what the title is where nothing is."""
        home = self.home
        if home.outcome is not Outcome.OK:
            return home.detail
        faults = []
        if not self.names_place:
            titled = f"the title {home.title!r} does not name" if home.title else "there is no title to name"
            faults.append(f"{titled} {home.site.name}")
        if not self.official:
            other = next(url for url in (home.site.site_url, home.url) if not is_official(url))
            faults.append(f"{host_of(other)} is not below gov.cn")
        return "; ".join(faults) or home.title


def judge(home: HomePage) -> Verdict:
    """Judge a home page by its title, and by its host as listed and as it was in the end."""
    if home.outcome is not Outcome.OK:
        return Verdict(home, None, None)
    named = title_names(home.title, of_code(home.site.code), home.site.name)
    return Verdict(home, named, is_official(home.site.site_url) and is_official(home.url))


def record(store: Path, verdicts: Iterable[Verdict], at: datetime) -> Path:
    """Enter verdicts in the record of a store, in the place of earlier ones of the same sites; raises StoreError."""
    path = store / RECORD
    rows = _recorded(path)
    for verdict in verdicts:
        site = verdict.home.site
        rows[site.code, site.site_url] = _row(site, verdict, iso(at))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows[key] for key in sorted(rows))
    write_whole(path, text.getvalue().encode())
    return path


def _row(site: Site, verdict: Verdict, at: str) -> tuple[str, ...]:
    said = {None: "", True: "true", False: "false"}
    return (
        *(site.code, site.name, site.site_url, at, verdict.result),
        *(said[verdict.names_place], said[verdict.official]),
        *(verdict.home.url, verdict.home.title, verdict.detail),
    )


def _recorded(path: Path) -> dict[tuple[str, str], tuple[str, ...]]:
    if not path.exists():
        return {}
    try:
        table = read_csv(path)
    except SitesError as error:
        raise StoreError(str(error)) from error
    if table.header != COLUMNS:
        raise StoreError(f"{path}: is no record of checks, or one of another version; move it away")
    return {(row[0], row[2]): row for _, row in table.rows}
