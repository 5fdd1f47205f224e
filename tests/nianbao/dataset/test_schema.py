import json
import re
from collections import Counter

import pyarrow as pa

from nianbao.dataset.codebook import datapackage
from nianbao.dataset.panel_columns import panel_cells
from nianbao.dataset.schema import registry
from parsers.forms import forms

FOLDERS = {
    "reports",
    "cells",
    "checks",
    "sections",
    "documents",
    "history/reports",
    "history/cells",
    "history/checks",
    "history/sections",
}


def test_tables_of_the_design():
    assert set(registry()) == FOLDERS | {"panel", "coverage", "revisions"}
    assert {name for name, table in registry().items() if table.folder} == FOLDERS


def test_names_fit_stata_and_are_distinct():
    for table in registry().values():
        names = [field.name for field in table.fields]
        assert len(set(names)) == len(names), table.name
        assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name) for name in names)


def test_every_field_is_labelled_in_both_languages():
    for table in registry().values():
        for field in table.fields:
            assert re.search(r"[\u4e00-\u9fff]", field.label), (table.name, field.name)
            assert re.search(r"[a-z]", field.label_en)


def test_columns_that_other_programs_join_on():
    reports, cells = registry()["reports"].arrow(with_year=True), registry()["cells"].arrow(with_year=True)
    assert {"report_id", "url", "report_year"} <= set(reports.names)
    assert {"report_id", "table", "row", "column", "value", "status", "raw", "where"} <= set(cells.names)
    assert cells.field("value").type == pa.float64()
    assert reports.field("report_year").type == pa.int32()
    assert "report_year" not in registry()["cells"].arrow().names


def test_panel_has_every_cell_of_both_forms_once():
    places = [place for field in panel_cells() for place in field.place]
    assert Counter(place[:2] for place in places) == {
        ("2021", "disclosure"): 10,
        ("2021", "requests"): 175,
        ("2021", "appeals"): 15,
        ("2019", "disclosure"): 22,
        ("2019", "requests"): 161,
        ("2019", "appeals"): 15,
    }
    assert len(set(places)) == len(places)
    names = {field.name for field in panel_cells()}
    assert {"req_new_person", "app_later_suit_total", "dis_fees_amount", "dis_fees_items_before"} <= names


def test_cells_that_share_a_panel_column_mean_the_same():
    for field in panel_cells():
        units = set()
        for form, table, row, column in field.place:
            blocks = forms()[form].tables[table].blocks
            units |= {c.unit for b in blocks for r in b.rows for c in b.columns if (r.code, c.code) == (row, column)}
        assert units == {field.unit}, field.name
    fees = {field.name: field for field in panel_cells() if field.name.startswith("dis_fees")}
    assert fees["dis_fees_amount"].unit == "万元"
    assert fees["dis_fees_items_before"].unit == "项"


def test_codebook_says_what_the_schemas_say():
    package = json.loads(datapackage((2019, 2024)))
    types = {"string": pa.string(), "integer": pa.int32(), "number": pa.float64(), "boolean": pa.bool_()}
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert set(resources) == {name.replace("/", "-") for name in registry()}
    for name, table in registry().items():
        fields = resources[name.replace("/", "-")]["schema"]["fields"]
        described = pa.schema([(field["name"], types[field["type"]]) for field in fields])
        assert described == table.arrow()
        assert all(field["title"] and field["description"] for field in fields)
    assert resources["cells"]["path"] == [
        "cells/report_year=2019/part-0.parquet",
        "cells/report_year=2024/part-0.parquet",
    ]
    assert resources["panel"]["path"] == "panel.parquet"
    assert resources["cells"]["schema"]["foreignKeys"][0]["reference"] == {
        "resource": "reports",
        "fields": ["report_id"],
    }
    amount = next(field for field in resources["panel"]["schema"]["fields"] if field["name"] == "dis_fees_amount")
    assert amount["unit"] == "万元"
    assert amount["place"] == [{"form": "2021", "table": "disclosure", "row": "fees", "column": "amount"}]
