"""Adds sites to a list of sites: what stands in the file stays byte for byte, and the file is replaced as a whole."""

import csv
import io
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from parsers.errors import SitesError, StoreError
from scraper.csv_files import parse_csv
from scraper.discovery.hosts import host_of
from scraper.guard import parse_url
from scraper.messages import Site
from scraper.outcomes import Failure
from scraper.sites import CODE, COLUMNS, REQUIRED

_WRITABLE = {"utf-8", "utf-8-sig", "gb18030"}


class Listing:
    """A list of sites on the disk, and the rows to add to it; a file that is not there is an empty list.

    Raises SitesError where the file is there and is no list of sites.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._body = _body(path)
        self._file = parse_csv(path, self._body or _heading())
        missing = [name for name in REQUIRED if name not in self._file.header]
        if missing:
            raise SitesError(f"{path}: no column {', '.join(missing)}; the first line must read {','.join(COLUMNS)}")
        if self._file.encoding not in _WRITABLE:
            raise SitesError(f"{path}: in {self._file.encoding.upper()}; save it as CSV in UTF-8")
        code, url = self._file.header.index("code"), self._file.header.index("site_url")
        self._urls: dict[str, list[str]] = {}
        for _, row in self._file.rows:
            self._urls.setdefault(row[code], []).append(row[url])
        self._added: list[Site] = []

    def urls(self, code: str) -> tuple[str, ...]:
        """Return the home pages that the list has for a code, in their order."""
        return tuple(self._urls.get(code, ()))

    def holds(self, code: str, url: str) -> bool:
        """Say whether the list has a home page for a code, be it written otherwise (`www.`, https, a last slash)."""
        return any(same_home(url, known) for known in self.urls(code))

    def add(self, site: Site) -> None:
        """Add a site, not yet on the disk; raises SitesError where it stands in the list or no harvest could use it."""
        problem = problem_of(site)
        if problem is not None:
            raise SitesError(problem)
        if self.holds(site.code, site.site_url):
            raise SitesError(f"{self._path}: {site.code} {site.site_url} stands in the list already; edit it there")
        self._urls.setdefault(site.code, []).append(site.site_url)
        self._added.append(site)

    def save(self) -> None:
        """Bring what was added to the disk, all or nothing; raises StoreError."""
        if not self._added:
            return
        body = self._body or _heading()
        newline = self._file.newline.encode()
        body += b"" if body.endswith(b"\n") else newline
        encoding = "utf-8" if self._file.encoding == "utf-8-sig" else self._file.encoding
        body += self._rows().encode(encoding)
        if _body(self._path) != self._body:
            raise StoreError(f"{self._path}: was changed by another program in the meantime; run the command again")
        write_whole(self._path, body)
        self._body, self._added = body, []

    def _rows(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self._file.delimiter, lineterminator=self._file.newline)
        for site in self._added:
            writer.writerow([getattr(site, name) if name in COLUMNS else "" for name in self._file.header])
        return text.getvalue()


def problem_of(site: Site) -> str | None:
    """Say why no harvest could use a site, None where it can be listed."""
    if not CODE.fullmatch(site.code):
        return f"code {site.code!r} is not six digits (GB/T 2260)"
    if not site.name or not site.name.isprintable():
        return f"the name {site.name!r} of {site.code} is empty or no text; give a name"
    for url in (site.site_url, *([site.column_url] if site.column_url else [])):
        parsed = parse_url(url)
        if isinstance(parsed, Failure):
            return f"{url!r}: {parsed.detail}; give an address such as http://www.example.gov.cn/"
        if any(character.isspace() for character in url):
            return f"{url!r}: more than one address; give one"
    return None


def same_home(one: str, other: str) -> bool:
    """Say whether two URLs are one home page, whatever the scheme, `www.` and the last slash."""
    return _home(one) == _home(other)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that a reader, also after a crash, sees the old body or the new one; raises StoreError."""
    path = path.resolve()
    unfinished: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            unfinished = Path(file.name)
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, unfinished)
        else:
            unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(path)
    except OSError as error:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        raise StoreError(f"{path}: cannot be written ({error.strerror or error}); make room or give access") from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _home(url: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(url)
    except ValueError:
        return url, "", ""
    return host_of(url) or url, parts.path.rstrip("/"), parts.query


def _heading() -> bytes:
    return (",".join(COLUMNS) + "\n").encode()


def _body(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise SitesError(f"{path}: cannot be read: {error.strerror or error}") from error
