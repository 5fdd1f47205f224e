"""A report's page: where it was published, and its tables as they stood there, each number marked by its name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.dataset.reader import Dataset
from nianbao.site.bilingual import Text
from nianbao.site.bodies import Bodies, Body
from nianbao.site.checks import Failure
from nianbao.site.extract import Extract, extract
from nianbao.site.extract_markup import markup
from nianbao.site.labels import cell_label
from nianbao.site.links import division_page, source_page
from nianbao.site.numbers import thousands
from nianbao.site.pages import Pages
from nianbao.site.printed import Sheet, boxes_of, sheets
from nianbao.site.streaming import batches
from parsers.errors import DocumentError

Cells = Sequence[Mapping[str, Any]]
_COLUMNS = ["report_id", "table", "form", "row", "column", "value", "status", "raw", "where", "unit"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A cell that has no place on the page: what it is, its value, and how it was read."""

    name: str
    label: Text
    value: str
    status: str
    raw: str | None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page and the pictures that belong beside it, by name."""

    html: str
    pictures: Mapping[str, bytes]


def cells_by_report(dataset: Dataset) -> Iterator[tuple[str, Cells]]:
    """Yield the cells of each report, some thousand in memory at a time."""
    held: list[dict[str, Any]] = []
    for batch in batches(dataset, "cells", _COLUMNS):
        for cell in batch.to_pylist():
            if held and held[-1]["report_id"] != cell["report_id"]:
                yield held[0]["report_id"], held
                held = []
            held.append(cell)
    if held:
        yield held[0]["report_id"], held


class SourcePages:
    """Makes the pages of reports, one at a time."""

    def __init__(self, pages: Pages, bodies: Bodies, failures: Mapping[str, Sequence[Failure]]) -> None:
        self._pages = pages
        self._bodies = bodies
        self._failures = failures

    def page(self, row: Mapping[str, Any], cells: Cells) -> SourcePage:
        """Return the page of a report, `row` being its row of `reports`."""
        body = self._bodies.of(row["sha256"])
        found, printed, problem = self._shown(body, cells)
        address = source_page(row["report_id"], row["report_year"])
        pictures = {f"{address.removesuffix('.html')}-{sheet.number}.png": sheet.picture for sheet in printed}
        placed = found.placed | {box.name for sheet in printed for box in sheet.boxes}
        html = self._pages.render(
            "source.html",
            root="../../",
            here=address,
            row=row,
            division=f"../../{division_page(row['division_code'])}" if row["division_code"] else None,
            failures=self._failures.get(row["report_id"], ()),
            blocks=markup(found),
            raws={_name(cell): cell["raw"] or "" for cell in cells},
            sheets=[(sheet, f"../../{name}") for sheet, name in zip(printed, pictures, strict=True)],
            listed=[_listed(cell) for cell in cells if _name(cell) not in placed],
            tables=list(dict.fromkeys((cell["table"], cell["form"]) for cell in cells)),
            problem=problem,
        )
        return SourcePage(html, pictures)

    def _shown(self, body: Body | None, cells: Cells) -> tuple[Extract, Sequence[Sheet], Text | None]:
        if body is None:
            return Extract(), (), Text("存档中没有这一页。", "The archive does not hold this page.")
        boxes = boxes_of({_name(cell): cell["where"] for cell in cells if cell["where"]})
        try:
            if boxes:
                return Extract(), sheets(body.content, boxes), None
            return _extract(body, cells), (), None
        except DocumentError as error:
            return Extract(), (), Text(f"原页无法展示：{error}", f"The page cannot be shown: {error}")


def _extract(body: Body, cells: Cells) -> Extract:
    places: dict[str, list[str]] = {}
    for cell in cells:
        if cell["where"]:
            places.setdefault(cell["where"], []).append(_name(cell))
    raws = {_name(cell): cell["raw"] for cell in cells}
    return extract(body.content, body.content_type, places, raws)


def _name(cell: Mapping[str, Any]) -> str:
    return f"{cell['table']}.{cell['row']}.{cell['column']}"


def _listed(cell: Mapping[str, Any]) -> Listed:
    label = cell_label(cell["form"], cell["table"], cell["row"], cell["column"])
    value = "" if cell["value"] is None else thousands(cell["value"])
    return Listed(_name(cell), label, value, cell["status"], cell["raw"])
