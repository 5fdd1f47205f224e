"""The codebook as a Frictionless Data Package, from the registry of fields.

Source: Data Package v2, https://datapackage.org/standard/data-package/.
"""

import json
from functools import cache
from typing import Any

from nianbao.dataset.fields import YEAR, Field
from nianbao.dataset.schema import FORMAT_VERSION, UNKNOWN_YEAR, TableSchema, registry
from nianbao.dataset.tables import file_name
from parsers.forms import forms

_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"


@cache
def datapackage(years: tuple[int, ...]) -> bytes:
    """Return `datapackage.json` for a generation that holds these report years, in their order."""
    package = {
        "$schema": _PROFILE,
        "name": "nianbao",
        "title": "政府信息公开工作年度报告数据集",
        "description": (
            "The statutory tables of Chinese governments' yearly reports on open government information, cell by cell, "
            "with the checks that they pass or fail."
        ),
        "format_version": FORMAT_VERSION,
        "forms": {form.id: form.basis for form in forms().values()},
        "resources": [_resource(table, years) for table in registry().values()],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(table: TableSchema, years: tuple[int, ...]) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": table.name.replace("/", "-"),
        "title": table.title,
        "description": table.title_en,
        "path": [file_name(table.name, year) for year in years] if table.folder else file_name(table.name),
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
    }
    if table.folder:
        resource["partition"] = {"name": YEAR.name, "type": "integer", "unknown": UNKNOWN_YEAR}
    return {**resource, "schema": _schema(table)}


def _schema(table: TableSchema) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(field) for field in table.stored]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.parent:
        columns = ["report_id", "version"] if table.parent.startswith("history/") else ["report_id"]
        reference = {"resource": table.parent.replace("/", "-"), "fields": columns}
        schema["foreignKeys"] = [{"fields": columns, "reference": reference}]
    return schema


def _field(field: Field) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.name, "type": field.type, "title": field.label}
    described["description"] = field.label_en
    if field.unit:
        described["unit"] = field.unit
    if field.missing:
        described["missing"] = field.missing
    if field.values:
        described["constraints"] = {"enum": list(field.values)}
    if field.place:
        names = ("form", "table", "row", "column")
        described["place"] = [dict(zip(names, place, strict=True)) for place in field.place]
    return described
