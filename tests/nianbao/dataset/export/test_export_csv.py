import csv
from pathlib import Path

import pytest

from nianbao.dataset.export import export
from nianbao.dataset.export.formulas import neutral
from nianbao.dataset.schema import registry
from tests.nianbao.dataset.export.hard_store import FORMULA, NEW


@pytest.fixture(scope="module")
def folder(hard_store, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("csv")
    export(hard_store, "csv", out)
    return out


def _rows(path: Path) -> list[dict[str, str]]:
    limit = csv.field_size_limit(1 << 20)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    finally:
        csv.field_size_limit(limit)


def test_every_table_and_the_codebook_is_a_file_with_a_byte_order_mark(folder):
    names = {f"{name.replace('/', '-')}.csv" for name in registry()} | {"codebook.csv"}
    assert {path.name for path in folder.iterdir()} == names
    assert all((folder / name).read_bytes().startswith(b"\xef\xbb\xbf") for name in names)


def test_cells_are_those_of_the_dataset(folder, hard):
    rows = _rows(folder / "cells.csv")
    cells = hard.arrow("cells").to_pylist()
    assert list(rows[0]) == list(cells[0])
    assert len(rows) == len(cells) > 700
    for row, cell in zip(rows, cells, strict=True):
        assert (row["report_id"], row["table"], row["row"], row["column"], row["status"]) == tuple(
            cell[name] for name in ("report_id", "table", "row", "column", "status")
        )
        assert (float(row["value"]) if row["value"] else None) == cell["value"]
        assert (int(row["report_year"]) if row["report_year"] else None) == cell["report_year"]


def test_a_null_is_empty_and_an_empty_text_is_quoted(folder):
    lines = (folder / "cells.csv").read_text(encoding="utf-8-sig").splitlines()
    (absent,) = [line for line in lines if '"absent"' in line]
    assert absent.endswith('"rules","repealed",,"absent",,,')
    blank = next(line for line in lines if '"blank"' in line)
    assert ',,"blank","","line:' in blank


def test_texts_that_attack_a_spreadsheet_are_neutral_and_signs_stay(folder):
    (report,) = [row for row in _rows(folder / "reports.csv") if row["report_id"].startswith("x-")]
    assert report["publisher"] == f"'{FORMULA}"
    assert report["title"].startswith("'\t政")
    raws = [row["raw"] for row in _rows(folder / "cells.csv") if row["report_id"].startswith("x-")][:8]
    assert raws == ["-", "+3", "－", "'@SUM(A1)", "'-2+cmd|' /C calc'!A0", "", "'＝1+1", "-8件"]


def test_what_was_altered_is_said(hard_store, tmp_path):
    notes = {file.name: file.notes for file in export(hard_store, "csv", tmp_path)}
    assert notes["cells.csv"] == ("3 texts that a spreadsheet would take for formulas begin with '",)
    assert notes["coverage.csv"] == ()


@pytest.mark.parametrize(
    "text", ["=1", "+A1", "-A1", "@x", "\tx", "\r=1", "\n=1", "＝1", "＋x", "－1-1", "＠x", "-1\n=2"]
)
def test_formulas(text):
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "17", "-", "—", "－", "+2", "-8", "-1,234.5", "－８", "+2件", "无", "a=1", " =1"])
def test_no_formulas(text):
    assert neutral(text) == text


def test_codebook_has_every_column(folder):
    rows = _rows(folder / "codebook.csv")
    assert [(row["table"], row["column"]) for row in rows] == [
        (name, field.name) for name, table in registry().items() for field in table.fields
    ]


def test_panel_has_one_row_a_report(folder):
    rows = {row["report_id"]: row for row in _rows(folder / "panel.csv")}
    assert len(rows) == 4
    assert rows[NEW]["division_code"] == "431229"
    assert rows[NEW]["host_is_official"] == "true"
