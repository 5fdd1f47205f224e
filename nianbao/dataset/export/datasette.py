"""What Datasette shows beside the tables: titles and the meaning of every column, from the registry of fields.

Source: https://docs.datasette.io/en/stable/metadata.html.
"""

import json
from typing import Any

from nianbao.dataset.export.sqlite_tables import CODEBOOK, FORM_CELLS, sql_name
from nianbao.dataset.export.sqlite_views import views
from nianbao.dataset.fields import Field
from nianbao.dataset.schema import TableSchema, registry

_FACETS = {
    "reports": ["report_year", "scope", "grade", "province"],
    "checks": ["outcome", "id"],
    "coverage": ["report_year", "province"],
    "failing_checks": ["report_year", "id", "province"],
}


def metadata() -> bytes:
    """Return `metadata.json`: for `datasette nianbao.sqlite -m metadata.json`."""
    tables = {sql_name(table.name): _table(table) for table in registry().values()}
    tables |= {view.name: {"title": view.title, "description": view.title_en} for view in views()}
    tables[CODEBOOK] = {"title": "数据字典", "description": "One row a column of a table"}
    tables[FORM_CELLS] = {"title": "表式", "description": "One row a cell of a statutory form, with its panel column"}
    for name, facets in _FACETS.items():
        tables[name]["facets"] = facets
    package = {
        "title": "政府信息公开工作年度报告数据集",
        "description": "The statutory tables of Chinese governments' yearly reports on open government information",
        "databases": {"nianbao": {"tables": tables}},
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _table(table: TableSchema) -> dict[str, Any]:
    columns = {field.name: _meaning(field) for field in table.fields}
    return {"title": table.title, "description": table.title_en, "columns": columns}


def _meaning(field: Field) -> str:
    parts = [field.label, field.label_en]
    if field.unit:
        parts.append(f"unit: {field.unit}")
    if field.missing:
        parts.append(f"null: {field.missing}")
    return " · ".join(parts)
