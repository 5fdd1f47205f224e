import sys

import openpyxl
import pytest

from nianbao.dataset.export import export, xlsx
from nianbao.dataset.schema import registry
from parsers.errors import DatasetError
from tests.nianbao.dataset.export.hard_store import FORMULA, NEW


def _open(path):
    return openpyxl.load_workbook(path / "nianbao.xlsx")


@pytest.fixture(scope="module")
def book(hard_store, tmp_path_factory):
    out = tmp_path_factory.mktemp("xlsx")
    export(hard_store, "xlsx", out)
    return _open(out)


def _panel(sheet):
    head, *rows = sheet.iter_rows()
    names = [cell.value for cell in head]
    return {row[0].value: dict(zip(names, row, strict=True)) for row in rows}


def test_panel_and_codebook_are_its_sheets(book):
    assert book.sheetnames == ["panel", "codebook"]
    assert [cell.value for cell in book["panel"][1]] == [field.name for field in registry()["panel"].fields]
    assert book["codebook"].max_row == 1 + sum(len(table.fields) for table in registry().values())


def test_numbers_are_numbers_and_codes_are_text(book, hard):
    row = _panel(book["panel"])[NEW]
    assert (row["division_code"].value, row["division_code"].data_type) == ("431229", "s")
    assert (row["report_year"].value, row["report_year"].data_type) == (2024, "n")
    assert (row["host_is_official"].value, row["host_is_official"].data_type) == (True, "b")
    assert (row["requests_form"].value, row["requests_form"].data_type) == ("2021", "s")
    (known,) = [row for row in hard.arrow("panel").to_pylist() if row["report_id"] == NEW]
    numbers = {field.name for field in registry()["panel"].fields if field.type == "number"}
    assert {name: row[name].value for name in numbers} == {name: known[name] for name in numbers}
    assert row["dis_rules_made"].value is None
    assert row["dis_fees_amount"].value != int(row["dis_fees_amount"].value)


def test_no_cell_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 4000
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    (hostile,) = [row for identifier, row in _panel(book["panel"]).items() if identifier.startswith("x-")]
    assert hostile["publisher"].value == f"'{FORMULA}"


def test_texts_fit_their_cells():
    texts = xlsx.Texts()
    assert texts.cell("\x01政\x1f\ufffe\n") == "\ufffd政\ufffd\ufffd\n"
    assert texts.cell("政" * 32_767) == "政" * 32_767
    assert texts.cell("政" * 32_768) == "政" * 32_766 + "…"
    astral = texts.cell("x" + "𠀀" * 20_000)
    assert len(astral.encode("utf-16-le")) // 2 <= 32_767
    assert set(astral) == {"x", "𠀀", "…"}
    assert texts.cell("-1+1") == "'-1+1"
    assert texts.notes() == (
        "1 texts that a spreadsheet would take for formulas begin with '",
        "1 texts have control characters replaced",
        "2 texts are cut to the 32767 characters of a cell",
    )


def test_a_panel_longer_than_a_sheet_goes_on_in_the_next(hard_store, tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx, "MAX_ROWS", 3)
    export(hard_store, "xlsx", tmp_path)
    book = _open(tmp_path)
    assert book.sheetnames == ["panel", "panel_2", "codebook"]
    assert [book[name].max_row for name in book.sheetnames[:2]] == [3, 3]
    assert len(_panel(book["panel"]) | _panel(book["panel_2"])) == 4


def test_equal_datasets_give_equal_bytes(hard_store, tmp_path):
    for name in "ab":
        export(hard_store, "xlsx", tmp_path / name)
    assert (tmp_path / "a/nianbao.xlsx").read_bytes() == (tmp_path / "b/nianbao.xlsx").read_bytes()


def test_a_missing_library_is_named(hard_store, tmp_path, monkeypatch):
    for module in [name for name in sys.modules if name.split(".")[0] == "xlsxwriter"]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.setitem(sys.modules, "xlsxwriter.exceptions", None)
    with pytest.raises(DatasetError, match=r'XLSX files need nianbao.export.; install it with: pip install "nianbao'):
        export(hard_store, "xlsx", tmp_path)
    assert list(tmp_path.iterdir()) == []
