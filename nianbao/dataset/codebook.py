"""The codebook as a Frictionless Data Package, from the registry of fields.

One resource is one file, so that a validator reads each of them. Source: Data Package v2 and Table Schema v2,
https://datapackage.org/standard/data-package/.
"""

import json
from functools import cache
from typing import Any

from nianbao.dataset.fields import YEAR, Field
from nianbao.dataset.schema import FORMAT_VERSION, UNKNOWN_YEAR, TableSchema, registry
from nianbao.dataset.tables import file_name
from parsers.forms import forms

NAME = "nianbao"
TITLE = "政府信息公开工作年度报告数据集"
ABOUT = (
    "The statutory tables of Chinese governments' yearly reports on open government information, cell by cell, "
    "with the checks that they pass or fail."
)

_MISSING = {"string": "", "boolean": "", "integer": "nan", "number": "nan"}
"""What a null of the files is to a validator that reads values as texts: nothing, or the nan of pandas."""

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


@cache
def datapackage(years: tuple[int, ...]) -> bytes:
    """Return `datapackage.json` for a generation that holds these report years, in their order."""
    package = {
        "$schema": _PROFILE,
        "name": NAME,
        "title": TITLE,
        "description": ABOUT,
        "format_version": FORMAT_VERSION,
        "forms": {form.id: form.basis for form in forms().values()},
        "resources": [
            _resource(table, year) for table in registry().values() for year in (years if table.folder else (None,))
        ],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def resource_name(name: str, year: int | None = None) -> str:
    """Return what the data package calls a table's file: `panel`, `cells-2024`, `history-cells-2024`."""
    plain = name.replace("/", "-")
    return plain if year is None else f"{plain}-{year}"


def _resource(table: TableSchema, year: int | None) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": resource_name(table.name, year),
        "title": table.title if not year else f"{table.title}，{year}年度",
        "description": table.title_en if not year else f"{table.title_en}; report year {year}",
        "path": file_name(table.name, year),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }
    if year is not None:
        value = None if year == UNKNOWN_YEAR else year
        resource["partition"] = {"table": table.name, "name": YEAR.name, "type": YEAR.type, "value": value}
    return {**resource, "schema": _schema(table, year)}


def _schema(table: TableSchema, year: int | None) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(field) for field in table.stored], "missingValues": []}
    if table.key:
        schema["primaryKey"] = list(table.key)
    parent = _parent_file(table, year)
    if parent:
        columns = ["report_id", "version"] if table.parent == "history/reports" else ["report_id"]
        schema["foreignKeys"] = [{"fields": columns, "reference": {"resource": parent, "fields": columns}}]
    return schema


def _parent_file(table: TableSchema, year: int | None) -> str | None:
    """Return the one file that a file's report ids refer to: that of its year, else the panel, which has them all.

    A reference names one file. So the panel itself, whose reports are in many, has none, and `reports` refers to it.
    """
    if table.folder and table.parent:
        return resource_name(table.parent, year)
    return "panel" if table.name in ("reports", "coverage") else None


def _field(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.name, "type": field.type, "title": field.label}
    described["description"] = field.label_en
    if field.unit:
        described["unit"] = field.unit
    constraints: dict[str, Any] = {}
    if field.missing:
        described["missingValues"] = [{"value": _MISSING[field.type], "label": field.missing}]
    else:
        constraints["required"] = True
    if field.values:
        constraints["enum"] = list(field.values)
    if constraints:
        described["constraints"] = constraints
    if field.place:
        names = ("form", "table", "row", "column")
        described["place"] = [dict(zip(names, place, strict=True)) for place in field.place]
    return described
