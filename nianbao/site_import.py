"""Maps somebody's table of websites onto the divisions, and adds what is certain to a list of sites.

What is ambiguous, unknown or contradicts itself is left out with the reason: nothing is guessed.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from nianbao.dataset.divisions import resolve
from nianbao.dataset.places import Place, of_code
from nianbao.site_columns import Columns, address_of, code_of, find_columns
from nianbao.site_names import DoubtError, bare, division_named, is_called, simplified, where
from parsers.errors import NianbaoError, SitesError
from scraper.csv_files import CsvFile
from scraper.discovery.hosts import is_official
from scraper.listing import Listing, problem_of
from scraper.messages import Site

_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(slots=True)
class Imported:
    """What became of the rows of a table.

    `known` stand in the list already, `without_address` name no website; `left` are left out, each with its line in
    the file and the reason.
    """

    rows: int
    added: list[Site] = field(default_factory=list)
    known: int = 0
    without_address: int = 0
    left: list[tuple[int, str]] = field(default_factory=list)

    def verify(self) -> None:
        """Raise NianbaoError where a row is not accounted for."""
        told = len(self.added) + self.known + self.without_address + len(self.left)
        if told != self.rows:
            raise NianbaoError(f"{self.rows} rows, {told} accounted for; please report this bug")


def import_sites(table: CsvFile, listing: Listing) -> Imported:
    """Add the websites of a table to a list, in the order of their codes; the list is not yet saved.

    Of several websites of one division that which the list has stays, else the first official one counts, else the
    first; the others are left out and named. Raises SitesError where the table lacks a column.
    """
    columns = find_columns(table)
    done = Imported(len(table.rows))
    found: defaultdict[str, list[tuple[int, Site]]] = defaultdict(list)
    for line, row in table.rows:
        if not row[columns.url]:
            done.without_address += 1
            continue
        try:
            site = _site(row, columns)
        except SitesError as error:
            done.left.append((line, str(error)))
        else:
            found[site.code].append((line, site))
    for code in sorted(found):
        _choose(found[code], listing, done)
    done.left.sort()
    done.verify()
    return done


def _choose(rows: list[tuple[int, Site]], listing: Listing, done: Imported) -> None:
    """Take over one website of a division."""
    for line, site in sorted(rows, key=lambda row: (not is_official(row[1].site_url), row[0])):
        if listing.holds(site.code, site.site_url):
            done.known += 1
        elif urls := listing.urls(site.code):
            done.left.append((line, f"{site.code} {site.name} has {urls[0]} already; {site.site_url} is left out"))
        else:
            listing.add(site)
            done.added.append(site)


def _site(row: tuple[str, ...], columns: Columns) -> Site:
    """Return the site of a row; raises SitesError where it is in doubt."""
    address = address_of(row[columns.url])
    if address is None:
        raise SitesError(
            f"{row[columns.url]!r} is no address of a website; give one such as http://www.example.gov.cn/"
        )
    code = row[columns.code] if columns.code is not None else ""
    name = row[columns.name] if columns.name is not None else ""
    parents = [row[column] for column in columns.parents]
    place = _place(code, name, parents)
    site = Site(place.code, place.name, _with_path(address))
    problem = problem_of(site)
    if problem is not None:
        raise SitesError(problem)
    return site


def _with_path(address: str) -> str:
    """Return an address as a browser shows it: a home page ends in a slash."""
    try:
        url = httpx.URL(address)
    except httpx.InvalidURL:
        return address
    return str(url.copy_with(path="/")) if url.path == "/" else address


def _place(code: str, name: str, parents: list[str]) -> Place:
    """Return the division of a row; raises DoubtError where code, name and parents do not agree on one."""
    place = _by_code(code, name) if code else division_named(name, parents=" ".join(parents))
    for above in _above(parents):
        if above.name not in (place.name, place.province, place.prefecture):
            told = f"{place.code} {place.name} is in {where(place) or place.name}"
            raise DoubtError(f"{told}, and the row says {above.name}; correct one of them")
    return place


def _by_code(code: str, name: str) -> Place:
    six = code_of(code)
    place = of_code(six) if six else None
    if six is None or place is None:
        raise DoubtError(f"code {code!r} is of no division; give six digits (GB/T 2260)")
    if not _CHINESE.search(name) or is_called(place, name):
        return place
    named = division_named(name, parents=where(place))
    if named.code != six:
        raise DoubtError(f"code {six} is {place.name}, and the name {name} is {named.code}; correct one of them")
    return place


def _above(parents: list[str]) -> Iterator[Place]:
    """Yield the provinces and prefectures that the parents of a row name."""
    for parent in parents:
        found = resolve(simplified(bare(parent))) if parent else None
        place = of_code(found.code) if found else None
        if place is not None and place.level != "county":
            yield place
