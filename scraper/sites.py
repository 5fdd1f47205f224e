"""Lists of sites: a CSV of `code,name,site_url,column_url`, read row by row."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from parsers.errors import SitesError
from scraper.guard import parse_url
from scraper.messages import Site
from scraper.outcomes import Failure

COLUMNS = ("code", "name", "site_url", "column_url")
REQUIRED = ("code", "name", "site_url")
CODE = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True)
class SiteList:
    """The usable rows of a list in their order, and one line for each row that was left out."""

    sites: tuple[Site, ...]
    problems: tuple[str, ...]


def read_sites(path: Path) -> SiteList:
    """Read a list of sites in UTF-8, with or without a byte order mark, or in GBK.

    A bad row is named in `problems` and the others are used. Raises SitesError when the file cannot be read, when it
    lacks a column, or when no row of it can be used.
    """
    reader = csv.DictReader(io.StringIO(_text(path), newline=""), restkey="", restval="")
    missing = [name for name in REQUIRED if name not in _header(reader)]
    if missing:
        raise SitesError(f"{path}: no column {', '.join(missing)}; the first line must read {','.join(COLUMNS)}")
    sites: dict[tuple[str, str], Site] = {}
    problems: list[str] = []
    for line, row in _rows(reader, path):
        site = _site(row)
        if isinstance(site, str):
            problems.append(f"{path}:{line}: {site}")
        elif sites.setdefault((site.code, site.site_url), site) is not site:
            problems.append(f"{path}:{line}: {site.code} {site.site_url} stands in the list already")
    if not sites:
        raise SitesError("; ".join([f"{path}: no site in it that can be used", *problems[:1]]))
    return SiteList(tuple(sites.values()), tuple(problems))


def known_sites() -> SiteList:
    """Return the official sites that come with this package (`scraper/sites.csv`)."""
    return read_sites(Path(str(files("scraper").joinpath("sites.csv"))))


def _text(path: Path) -> str:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise SitesError(f"{path}: cannot be read: {error.strerror or error}; check the path") from error
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SitesError(f"{path}: neither UTF-8 nor GBK; save it as CSV in UTF-8")


def _header(reader: "csv.DictReader[str]") -> list[str]:
    try:
        reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    except csv.Error:
        return []
    return list(reader.fieldnames)


def _rows(reader: "csv.DictReader[str]", path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        for row in reader:
            fields = {name: (row.get(name) or "").strip() for name in COLUMNS}
            if any(fields.values()):
                yield reader.line_num, fields
    except csv.Error as error:
        raise SitesError(f"{path}:{reader.line_num}: not a CSV file: {error}") from error


def _site(row: dict[str, str]) -> Site | str:
    if not CODE.fullmatch(row["code"]):
        return f"code {row['code']!r} is not six digits (GB/T 2260)"
    if not row["name"]:
        return "the name is empty"
    for column in ("site_url", "column_url"):
        if column == "site_url" or row[column]:
            problem = parse_url(row[column])
            if isinstance(problem, Failure):
                return f"{column} {row[column]!r}: {problem.detail}; give an address such as http://www.example.gov.cn/"
    return Site(row["code"], row["name"], row["site_url"], row["column_url"])
