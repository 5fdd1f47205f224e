import json
import re
import shutil

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless import Package

from nianbao.dataset.check_meanings import check_meanings, place_label
from nianbao.dataset.codebook import datapackage
from nianbao.dataset.codebook_entries import field_columns, field_entries, table_entries
from nianbao.dataset.codebook_markdown import codebook_markdown
from nianbao.dataset.codebook_sheets import write_codebook_xlsx
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.schema import registry
from nianbao.dataset.write import update
from tests.nianbao.dataset.made import made_document, made_report

TYPES = {"string": pa.string(), "integer": pa.int32(), "number": pa.float64(), "boolean": pa.bool_()}


def _resources():
    return {resource["name"]: resource for resource in json.loads(datapackage((0, 2019, 2024)))["resources"]}


def test_one_resource_is_one_file():
    resources = _resources()
    names = {name.replace("/", "-") for name, table in registry().items() if not table.folder}
    names |= {
        f"{name.replace('/', '-')}-{year}"
        for name, table in registry().items()
        if table.folder
        for year in (0, 2019, 2024)
    }
    assert set(resources) == names
    assert resources["cells-2024"]["path"] == "cells/report_year=2024/part-0.parquet"
    assert resources["panel"]["path"] == "panel.parquet"
    partition = {"table": "history/cells", "name": "report_year", "type": "integer"}
    assert resources["history-cells-2019"]["partition"] == {**partition, "value": 2019}
    assert resources["history-cells-0"]["partition"] == {**partition, "value": None}


def test_datapackage_says_what_the_schemas_say():
    resources = _resources()
    for name, table in registry().items():
        schema = resources[name.replace("/", "-") + ("-2024" if table.folder else "")]["schema"]
        described = pa.schema([(field["name"], TYPES[field["type"]]) for field in schema["fields"]])
        assert described == table.arrow()
        assert tuple(schema.get("primaryKey", ())) == table.key
        for field, told in zip(table.stored, schema["fields"], strict=True):
            assert (told["title"], told["description"]) == (field.label, field.label_en)
            assert told.get("unit", "") == field.unit
            constraints = told.get("constraints", {})
            assert tuple(constraints.get("enum", ())) == field.values
            reason = told["missingValues"][0]["label"] if "missingValues" in told else ""
            assert (reason, constraints.get("required", False)) == (field.missing, not field.missing)


def test_references_name_one_file():
    resources = _resources()
    targets = {
        name: resource["schema"]["foreignKeys"][0]["reference"]["resource"]
        for name, resource in resources.items()
        if "foreignKeys" in resource["schema"]
    }
    assert set(targets.values()) <= set(resources)
    assert (targets["cells-2024"], targets["history-cells-2024"]) == ("reports-2024", "history-reports-2024")
    assert (targets["reports-2019"], targets["coverage"]) == ("panel", "panel")


def test_place_in_the_form():
    panel = {field["name"]: field for field in _resources()["panel"]["schema"]["fields"]}
    assert panel["dis_fees_amount"]["unit"] == "万元"
    assert panel["dis_fees_amount"]["place"] == [
        {"form": "2021", "table": "disclosure", "row": "fees", "column": "amount"}
    ]
    entries = {entry.column: entry for entry in field_entries("panel")}
    assert (
        entries["req_new_person"].places
        == ("三、 一、本年新收政府信息公开申请数量 × 自然人 [requests.new.person]",) * 2
    )
    assert entries["req_closed_person"].places[1] == ""
    assert "第二十条第(八)项/行政事业性收费 × 本年收费金额" in entries["dis_fees_amount"].places[1]


def test_markdown_tells_every_field():
    text = codebook_markdown()
    for name, table in registry().items():
        assert f"`{name}`" in text
        for field in table.fields:
            rows = [line for line in text.splitlines() if line.startswith(f"| `{field.name}` |")]
            assert any(field.label in row.replace("\\|", "|") and field.label_en in row for row in rows), field.name
            assert all(value in text for value in field.values)
    assert all(len(re.split(r"(?<!\\)\|", line)) > 2 for line in text.splitlines() if line.startswith("|"))
    for identifier in check_meanings():
        assert f"`{identifier}`" in text


def test_xlsx_tells_every_field_as_text(tmp_path):
    write_codebook_xlsx(tmp_path / "a.xlsx")
    write_codebook_xlsx(tmp_path / "b.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    heads, *rows = book["columns"].iter_rows(values_only=True)
    assert heads == field_columns()
    told = [(row[0], row[1], row[2], row[3] or "", row[4], row[5]) for row in rows]
    assert told == [
        (name, field.name, field.type, field.unit, field.label, field.label_en)
        for name, table in registry().items()
        for field in table.fields
    ]
    assert all(isinstance(value, str) for row in rows for value in row if value is not None)
    assert [row[0] for row in book["tables"].iter_rows(min_row=2, values_only=True)] == [
        entry.table for entry in table_entries()
    ]


def test_every_check_of_the_forms_has_a_meaning():
    meaning = check_meanings()["requests.balance"]
    assert (meaning.left, meaning.text) == (
        "一、本年新收政府信息公开申请数量 + 二、上年结转政府信息公开申请数量",
        "new + carried_in = handled + carried_out",
    )
    assert place_label("requests", "person") == "自然人"
    assert place_label("appeals", "later_suit") == "复议后起诉"
    assert place_label("appeals", "nothing") == "nothing"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Return the folder of a dataset with two years of a county, a report without a year, a revision and a copy."""
    store = tmp_path_factory.mktemp("store")
    first = [
        made_document(made_report(seed=year, year=year), url=f"http://www.jzx.gov.cn/{year}") for year in (2023, 2024)
    ]
    odd = made_document(made_report(report_year=None, tables=()), url="http://www.jzx.gov.cn/odd")
    copy = made_document(made_report(seed=2024, blanks=["requests.new.person"]), url="http://copy.example.com/2024")
    update(store, [*first, odd, copy], parser_version="1")
    changed = made_report(seed=7, year=2024, blanks=["appeals.later_suit.upheld"])
    later = made_document(changed, url="http://www.jzx.gov.cn/2024", fetched_at="2025-04-01T00:00:00Z")
    update(store, [later], parser_version="1")
    return open_dataset(store).folder


def _complaints(folder):
    report = Package(str(folder / "datapackage.json")).validate()
    return report.flatten(["title", "type", "fieldName", "note"])


@pytest.mark.slow  # test_release has a quick one: the same validator on a dataset of one report
def test_frictionless_finds_nothing_wrong(written):
    assert len(pq.read_table(written / "revisions.parquet")) > 0
    assert _complaints(written) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "column", "value", "kind"),
    [
        ("cells/report_year=2024/part-0.parquet", "report_id", "x", "foreign-key"),
        ("cells/report_year=2024/part-0.parquet", "status", "guessed", "constraint-error"),
        ("reports/report_year=2023/part-0.parquet", "url", None, "constraint-error"),
        ("coverage.parquet", "report_id", "x", "foreign-key"),
    ],
)
def test_frictionless_reads_what_the_codebook_demands(written, tmp_path, name, column, value, kind):
    folder = shutil.copytree(written, tmp_path / "copy")
    table = pq.read_table(folder / name, partitioning=None)
    place = table.schema.get_field_index(column)
    values = [value, *table.column(column).to_pylist()[1:]]
    pq.write_table(table.set_column(place, table.schema.field(place), pa.array(values, pa.string())), folder / name)
    assert kind in {complaint[1] for complaint in _complaints(folder)}
