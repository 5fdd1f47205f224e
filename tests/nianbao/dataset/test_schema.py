import re
from collections import Counter

import pyarrow as pa

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


def test_every_field_is_labelled_in_both_languages_at_a_length_that_stata_keeps():
    for table in registry().values():
        for field in table.fields:
            assert re.search(r"[\u4e00-\u9fff]", field.label), (table.name, field.name)
            assert re.search(r"[a-z]", field.label_en)
            assert len(field.label) <= 80, (field.name, field.label)
            assert len(field.label_en) <= 80, (field.name, field.label_en)


def test_labels_of_the_panel_tell_its_columns_apart():
    for labels in ([field.label for field in panel_cells()], [field.label_en for field in panel_cells()]):
        assert [label for label, count in Counter(labels).items() if count > 1] == []


def test_only_types_that_r_stata_and_sqlite_have():
    kinds = {field.type for table in registry().values() for field in table.arrow(with_year=True)}
    assert kinds == {pa.string(), pa.int32(), pa.float64(), pa.bool_()}


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
