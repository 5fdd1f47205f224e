"""The forms as values, held against their TOML read as plain data and against the statutory numbers of cells."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

import parsers.forms
from parsers.forms import forms

FOLDER = Path(parsers.forms.__file__).parent
CELLS = {
    "2021": {"disclosure": 10, "requests": 175, "appeals": 15},
    "2019": {"disclosure": 22, "requests": 161, "appeals": 15},
}


def source(form_id: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{form_id}.toml").read_text(encoding="utf-8"))


def test_both_forms_are_there_oldest_first() -> None:
    assert list(forms()) == ["2019", "2021"]
    assert [form.basis for form in forms().values()] == ["国办公开办函〔2019〕60号", "国办公开办函〔2021〕30号"]


@pytest.mark.parametrize("form_id", CELLS)
def test_a_form_has_the_statutory_number_of_cells_each_once(form_id: str) -> None:
    tables = forms()[form_id].tables
    assert {code: len(table.cells()) for code, table in tables.items()} == CELLS[form_id]
    assert all(len(set(table.cells())) == len(table.cells()) for table in tables.values())


@pytest.mark.parametrize("form_id", CELLS)
def test_codes_labels_units_and_variants_are_those_of_the_file(form_id: str) -> None:
    form = forms()[form_id]
    assert list(form.tables) == [table["code"] for table in source(form_id)["tables"]]
    for data in source(form_id)["tables"]:
        table = form.tables[data["code"]]
        assert (table.prefix, table.section, table.label) == (data["prefix"], data["section"], data["label"])
        assert [block.label for block in table.blocks] == [block["label"] for block in data["blocks"]]
        for block, written in zip(table.blocks, data["blocks"], strict=True):
            rows = [(row.code, row.label, list(row.groups), list(row.variants)) for row in block.rows]
            assert rows == [(r["code"], r["label"], r.get("groups", []), r["variants"]) for r in written["rows"]]
            columns = [(c.code, c.label, c.unit, c.type, list(c.variants)) for c in block.columns]
            assert columns == [(c["code"], c["label"], c["unit"], c["type"], c["variants"]) for c in written["columns"]]


@pytest.mark.parametrize("form_id", CELLS)
def test_sections_and_blank_marks_are_those_of_the_file(form_id: str) -> None:
    form, data = forms()[form_id], source(form_id)
    assert [(s.number, s.label, list(s.variants)) for s in form.sections] == [
        (s["number"], s["label"], s["variants"]) for s in data["sections"]
    ]
    assert form.blank_marks == set(data["blank_marks"])


@pytest.mark.parametrize("form_id", CELLS)
def test_identities_name_cells_of_their_own_table(form_id: str) -> None:
    seen = []
    for table in forms()[form_id].tables.values():
        rows = {row for row, _ in table.cells()}
        columns = {column for _, column in table.cells()}
        for identity in table.identities:
            seen.append(identity.id)
            assert identity.table == table.code
            assert set(identity.left + identity.right) <= (rows if identity.per == "column" else columns)
    assert seen == ["requests.balance", "requests.handled", "requests.total", "appeals.total"]


def test_the_sixth_outcome_is_one_row_in_2019_and_three_in_2021() -> None:
    handled = {form_id: form.tables["requests"].identities[1] for form_id, form in forms().items()}
    assert handled["2019"].right[-1] == "closed"
    assert handled["2021"].right[-3:] == ("closed_uncorrected", "closed_unpaid", "closed_other")
    assert {form_id: len(identity.right) for form_id, identity in handled.items()} == {"2019": 19, "2021": 21}


def test_fees_count_items_in_2019_and_money_in_2021() -> None:
    def fees(form_id: str) -> list[tuple[str, str]]:
        blocks = forms()[form_id].tables["disclosure"].blocks
        (block,) = (block for block in blocks if block.rows[0].code == "fees")
        return [(column.code, column.unit) for column in block.columns]

    assert fees("2019") == [("items_before", "项"), ("items_change", "项")]
    assert fees("2021") == [("amount", "万元")]
