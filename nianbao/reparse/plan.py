"""The plan of a reparse: archived documents as Arrow tables, cut into units that any engine can be given."""

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from scraper.archive import Position
from scraper.journal import ARCHIVE_FOLDER
from scraper.messages import Site
from scraper.places import PagePlace, Place, count_places, places

UNIT_PAGES = 100
"""Documents of a unit, about: a second of work, and a few megabytes."""

_POSITION = [pa.field("file", pa.string()), pa.field("offset", pa.int64()), pa.field("length", pa.int64())]
_PAGE = [*_POSITION, pa.field("content_type", pa.string()), pa.field("text", pa.string())]
_PICTURE = [pa.field("url", pa.string()), *_POSITION]
_TEXTS = ("url", "content_type", "fetched_at", "sha256", "kind", "found_on", "text")
_SITE = ("code", "name", "site_url", "column_url")

PAGES = pa.schema(
    [
        pa.field("root", pa.string()),
        *_POSITION,
        *(pa.field(name, pa.string()) for name in (*_TEXTS, *_SITE)),
        pa.field("page", pa.struct(_PAGE)),
        pa.field("pictures", pa.list_(pa.struct(_PICTURE))),
    ]
)
"""Schema of what is to be parsed, a row a document: `root` is the folder or the address of its archive."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A slice of the plan; its name tells its number and what is in it, so that an equal one is found again."""

    name: str
    pages: pa.Table


def units(archives: Sequence[tuple[Path, str]], size: int = UNIT_PAGES) -> Iterator[Unit]:
    """Yield the units of one or more stores, each given with the root of its archive, in an order of their own.

    All versions of an address stand in one unit, the oldest first. The units depend on what the archives hold, and not
    on how it is spread over them. Raises StoreError where a state cannot be read.
    """
    versions = heapq.merge(*(_rooted(store, root) for store, root in archives), key=_order)
    for number, rows in enumerate(_slices(versions, size)):
        told = hashlib.sha256(repr(rows).encode()).hexdigest()[:16]
        yield Unit(f"unit-{number:06d}-{told}", pages_table(rows))


def count(archives: Iterable[tuple[Path, str]]) -> int:
    """Return how many documents a plan holds; raises StoreError."""
    return sum(count_places(store) for store, _ in archives)


def archive_root(store: Path) -> str:
    """Return the root of a local store's archive, as it stands in a plan."""
    return str((store / ARCHIVE_FOLDER).resolve())


def pages_table(rows: Iterable[tuple[str, Place]]) -> pa.Table:
    """Return places, each with the root of its archive, as a table of the schema PAGES."""
    return pa.Table.from_pylist([_row(root, place) for root, place in rows], schema=PAGES)


def places_of(pages: pa.Table | pa.RecordBatch) -> Iterator[tuple[str, Place]]:
    """Yield the root and the place of each row of a table of the schema PAGES."""
    for row in pages.to_pylist():
        page = row["page"]
        yield (
            row["root"],
            Place(
                position=_position(row),
                site=Site(*(row[name] for name in _SITE)),
                page=PagePlace(_position(page), page["content_type"], page["text"]) if page else None,
                pictures=tuple((each["url"], _position(each)) for each in row["pictures"] or ()),
                **{name: row[name] for name in _TEXTS},
            ),
        )


def _rooted(store: Path, root: str) -> Iterator[tuple[str, Place]]:
    return ((root, place) for place in places(store))


def _order(rooted: tuple[str, Place]) -> tuple[str, str, str]:
    place = rooted[1]
    return place.url, place.fetched_at, place.sha256


def _slices(versions: Iterable[tuple[str, Place]], size: int) -> Iterator[list[tuple[str, Place]]]:
    slice_: list[tuple[str, Place]] = []
    for _, same_address in groupby(versions, key=lambda rooted: rooted[1].url):
        slice_.extend(same_address)
        if len(slice_) >= size:
            yield slice_
            slice_ = []
    if slice_:
        yield slice_


def _row(root: str, place: Place) -> dict[str, Any]:
    page = None
    if place.page is not None:
        page = {**_fields(place.page.position), "content_type": place.page.content_type, "text": place.page.text}
    return {
        "root": root,
        **_fields(place.position),
        **{name: getattr(place, name) for name in _TEXTS},
        **{name: getattr(place.site, name) for name in _SITE},
        "page": page,
        "pictures": [{"url": url, **_fields(position)} for url, position in place.pictures],
    }


def _fields(position: Position) -> dict[str, Any]:
    return {"file": position.file, "offset": position.offset, "length": position.length}


def _position(row: dict[str, Any]) -> Position:
    return Position(row["file"], row["offset"], row["length"])
