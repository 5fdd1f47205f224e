"""The tables of the dataset: every Arrow schema and the codebook come from here, and here from the fields."""

from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from nianbao.dataset.fields import (
    CELL_FIELDS,
    CHECK_FIELDS,
    COVERAGE_FIELDS,
    DOCUMENT_FIELDS,
    ID,
    PANEL_HEAD_FIELDS,
    REPORT_FIELDS,
    REVISION_FIELDS,
    SECTION_FIELDS,
    SUPERSEDED_FIELDS,
    VERSION,
    YEAR,
    Field,
)
from nianbao.dataset.panel_columns import panel_cells

FORMAT_VERSION = 1
"""Version of the layout on disk; a reader refuses a higher one."""

UNKNOWN_YEAR = 0
"""Folder of the reports that name no year (`report_year=0`); the reader gives NA, engines that read folders give 0."""

_ARROW = {"string": pa.string(), "integer": pa.int32(), "number": pa.float64(), "boolean": pa.bool_()}


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table of the dataset; `folder` tables are partitioned by report year, the others are one file.

    `key` are the columns that identify a row, `parent` the table whose key its `report_id` refers to.
    """

    name: str
    title: str
    title_en: str
    fields: tuple[Field, ...]
    key: tuple[str, ...] = ()
    parent: str | None = None
    folder: bool = False

    @property
    def stored(self) -> tuple[Field, ...]:
        """The fields inside the files; in a partitioned table the report year is the folder's name."""
        return tuple(field for field in self.fields if not (self.folder and field.name == YEAR.name))

    def arrow(self, *, with_year: bool = False) -> pa.Schema:
        """Return the Arrow schema of the files, or of the table as read, which has the year too."""
        fields = self.fields if with_year else self.stored
        return pa.schema([pa.field(field.name, _ARROW[field.type]) for field in fields])


_CELL_KEY = ("report_id", "table", "row", "column")
_CHECK_KEY = ("report_id", "table", "id", "at")
_SECTION_KEY = ("report_id", "number")
_CONTENTS = (
    TableSchema("reports", "报告", "One row a report", REPORT_FIELDS, ("report_id",), folder=True),
    TableSchema("cells", "单元格", "One row a cell of a table", CELL_FIELDS, _CELL_KEY, "reports", folder=True),
    TableSchema("checks", "核对结果", "One row a check", CHECK_FIELDS, _CHECK_KEY, "reports", folder=True),
    TableSchema("sections", "各部分正文", "One row a section", SECTION_FIELDS, _SECTION_KEY, "reports", folder=True),
)
_DOCUMENTS = TableSchema(
    "documents",
    "其他文件",
    "The other documents of the same report",
    DOCUMENT_FIELDS,
    ("report_id", "url"),
    "reports",
    folder=True,
)
_REVISIONS = TableSchema("revisions", "更正", "One row a cell that changed between two versions", REVISION_FIELDS)
_COVERAGE = TableSchema(
    "coverage", "覆盖情况", "One row a division and year", COVERAGE_FIELDS, ("code", "report_year"), "reports"
)


@cache
def registry() -> dict[str, TableSchema]:
    """Return every table of the dataset by name, in the order of the codebook."""
    panel_fields = (*PANEL_HEAD_FIELDS, *panel_cells())
    panel = TableSchema(
        "panel", "面板数据", "One row a report, one column a cell", panel_fields, ("report_id",), "reports"
    )
    history = (_history(table) for table in _CONTENTS)
    return {table.name: table for table in (*_CONTENTS, _DOCUMENTS, panel, _COVERAGE, _REVISIONS, *history)}


def _history(table: TableSchema) -> TableSchema:
    """Return the table of superseded versions: the same columns, and which version they are of."""
    parent = None if table.name == "reports" else "history/reports"
    added = (*table.fields[1:], *SUPERSEDED_FIELDS) if parent is None else (VERSION, *table.fields[1:])
    key = ("report_id", "version", *table.key[1:]) if table.key else ()
    title, title_en = f"{table.title}（旧版）", f"{table.title_en}, of superseded versions"
    return TableSchema(f"history/{table.name}", title, title_en, (ID, *added), key, parent, folder=True)
