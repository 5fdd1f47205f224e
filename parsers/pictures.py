"""Pictures in place of tables: when a document needs them read, which they are, and where what they say belongs."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import unquote

from parsers.characters import clean
from parsers.errors import DocumentError
from parsers.labels import is_row_label
from parsers.page import Grid, Line, Page, Piece, where
from parsers.sniff import format_of

_ENOUGH_LABELS = 3
_MOST_PICTURES = 12
_SMALLEST = 3_000
"""Bytes below which a picture holds no table: icons, rules, codes to scan."""


def lacks_tables(page: Page) -> bool:
    """Say whether a page, cleaned or not, holds too few labels of rows to hold a statutory table."""
    texts = [block.text for block in page.lines()]
    texts += [cell.raw for block in page.blocks if isinstance(block, Grid) for row in block.rows for cell in row]
    labels = {text for text in clean("\n".join(texts)).split("\n") if is_row_label(text)}
    return len(labels) < _ENOUGH_LABELS


def pictures_of(page: Page, resources: Mapping[str, bytes]) -> list[tuple[int, bytes]]:
    """Return the pictures of a page that can hold tables, each with the index of the block before which it stands."""
    found = [(index, resource(source, resources)) for index, source in page.sources]
    fitting = [(index, body) for index, body in found if body is not None and _can_hold_table(body)]
    return fitting[:_MOST_PICTURES]


def _can_hold_table(body: bytes) -> bool:
    kind = format_of(body)
    return len(body) >= _SMALLEST and kind is not None and kind.code == "image"


def resource(source: str, resources: Mapping[str, bytes]) -> bytes | None:
    """Return the body that an address of a page means, by whole URL, else by the one URL that ends with its path."""
    if source in resources:
        return resources[source]
    path = "/" + unquote(source.split("#")[0]).lstrip("./")
    fitting = [body for url, body in resources.items() if unquote(url).endswith(path)] if len(path) > 1 else []
    return fitting[0] if len(fitting) == 1 else None


def read_pictures(body: bytes, *lengths: str) -> list[Page]:
    """Read pictures given one after another, each of so many bytes, in the reader's own process, which takes one body.

    A picture that cannot be read gives a page without blocks.
    """
    from parsers.ocr.reader import read_image

    pages: list[Page] = []
    start = 0
    for length in map(int, lengths):
        try:
            page = read_image(body[start : start + length])[0]
        except DocumentError:
            page = Page(blocks=[])
        pages.append(page)
        start += length
    return pages


def with_pictures(page: Page, places: Sequence[int], read: Sequence[Page]) -> None:
    """Put what pictures say into a page, each before the block of its index; boxes count the pictures as pages."""
    for number in range(len(read), 0, -1):
        picture = read[number - 1]
        picture.boxes = {place: box.replace("page:1/", f"page:{number}/", 1) for place, box in picture.boxes.items()}
        insert(page, places[number - 1], picture)


def insert(page: Page, index: int, other: Page) -> None:
    """Put the blocks of another page into a page before the block of an index; their places are numbered on."""
    lines = max((block.place[0] for block in page.lines()), default=0)
    grids = [block for block in page.blocks if isinstance(block, Grid)]
    tables = max((cell.place[0] for grid in grids for row in grid.rows for cell in row), default=0)
    holder = page.blocks[max(index - 1, 0)].holder if page.blocks else 0
    moved: dict[str, str] = {}

    def place(old: tuple[int, ...]) -> tuple[int, ...]:
        new = (old[0] + lines,) if len(old) == 1 else (old[0] + tables, *old[1:])
        moved[where(old)] = where(new)
        return new

    def cell(piece: Piece) -> Piece:
        return replace(piece, place=place(piece.place))

    page.blocks[index:index] = [
        Line(block.text, place(block.place), holder)
        if isinstance(block, Line)
        else Grid([[cell(piece) for piece in row] for row in block.rows], holder)
        for block in other.blocks
    ]
    page.boxes |= {moved[old]: box for old, box in other.boxes.items() if old in moved}
    page.confidence |= {moved[old]: value for old, value in other.confidence.items() if old in moved}
    page.doubts |= {moved[old]: texts for old, texts in other.doubts.items() if old in moved}
    page.scanned = page.scanned or other.scanned
