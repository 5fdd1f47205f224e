"""What a night sees of layouts and labels while documents pass by: those never seen before are told."""

from collections import defaultdict
from typing import Any

from nianbao.dataset.documents import Document
from parsers.errors import NianbaoError
from parsers.labels import find_rows, is_row_label, key, labels_of, section_of
from parsers.opening import open_pages
from parsers.page import Grid, Kind, Piece
from parsers.pieces import kind_of
from parsers.report import Table
from parsers.sniff import format_of
from scraper import Archived

_TABLES = ("disclosure", "requests", "appeals")
_LABELLED_ROWS = 3  # known labels that make a grid one of the statutory tables
_LONGEST_LABEL = 30
_MOST_LABELS = 20  # of one document


class Gleanings:
    """The layouts and the unknown labels of the documents that pass by, each with the first address."""

    def __init__(self) -> None:
        self._layouts: dict[str, str] = {}
        self._labels: dict[str, str] = {}

    def item(self, item: Archived) -> None:
        """Look for labels of no form in the statutory tables of a page; files of other formats are left alone."""
        if format_of(item.body) is not None:
            return
        try:
            pages = open_pages(item.body, item.content_type)
        except NianbaoError:  # the parse stage says so
            return
        for page in pages:
            for label in [label for _, grid in page.grids for label in unknown_labels(grid)][:_MOST_LABELS]:
                self._labels.setdefault(label, item.url)

    def document(self, document: Document) -> None:
        """Note the layouts of a report's tables."""
        for table in document.report.tables:
            self._layouts.setdefault(layout_of(table), document.url)

    def findings(self) -> dict[str, Any]:
        """Return `layouts` and `labels`: the first address of each."""
        return {"layouts": self._layouts, "labels": self._labels}


def layout_of(table: Table) -> str:
    """Describe how a table was laid out: `requests 2021: grid, 27 rows of up to 9 cells`."""
    places = defaultdict(list)
    for cell in table.cells:
        if cell.where:
            kind, _, number = cell.where.split("/")[0].partition(":")
            parts = [int(part.partition(":")[2]) for part in cell.where.split("/")[1:] if kind == "table"]
            places[kind].append((int(number), *parts))
    described = [_described(kind, found) for kind, found in sorted(places.items())]
    return f"{table.table} {table.form}: {' and '.join(described) or 'nothing printed'}"


def _described(kind: str, places: list[tuple[int, ...]]) -> str:
    if kind == "table":
        rows = {place[:2] for place in places}
        grids = len({place[0] for place in places})
        cells = max(place[2] for place in places)
        return f"{'grid' if grids == 1 else f'{grids} grids'}, {len(rows)} rows of up to {cells} cells"
    lines = {place[0] for place in places}
    each = -(-len(places) // len(lines))
    return f"{kind}s of up to {each} numbers" if each > 1 else f"{kind}s of one number"


def unknown_labels(grid: Grid) -> list[str]:
    """Return the labels of rows with a number that no form has, from a grid that is a statutory table."""
    known = sum(is_row_label(piece.text) for row in grid.rows for piece in row)
    if known < _LABELLED_ROWS:
        return []
    return [label for row in grid.rows if (label := _unknown(row)) is not None]


def _unknown(row: list[Piece]) -> str | None:
    texts = [piece.text.strip() for piece in row if kind_of(piece.text.strip()) is Kind.TEXT and key(piece.text)]
    numbers = any(piece.text.strip().isdecimal() for piece in row)
    if not texts or not numbers or any(_is_known(text) for text in texts):
        return None
    return texts[-1][:_LONGEST_LABEL]


def _is_known(text: str) -> bool:
    made = key(text)
    if section_of(text) is not None:
        return True
    return any(made in labels_of(table).columns or find_rows(table, made) for table in _TABLES)
