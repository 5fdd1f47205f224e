import math
import sys
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from nianbao.dataset.export import export
from nianbao.dataset.schema import registry
from parsers.errors import DatasetError
from tests.nianbao.dataset.export.hard_store import GAPS, LETTERS, LONG, NEW, OLD

NUMBERS = [field.name for field in registry()["panel"].fields if field.type == "number"]


@pytest.fixture(scope="module")
def folder(hard_store, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dta")
    export(hard_store, "dta", out)
    return out


@pytest.fixture(scope="module")
def stata(folder):
    """The panel as pandas reads it, missing values with their letters."""
    frame = pd.read_stata(folder / "panel.dta", convert_missing=True, convert_categoricals=False)
    return frame.set_index("report_id")


@pytest.fixture(scope="module")
def readstat(folder):
    """The panel as pyreadstat reads it, and its labels."""
    frame, meta = pyreadstat.read_dta(folder / "panel.dta", user_missing=True)
    return frame.set_index("report_id"), meta


def test_the_format_is_118_and_the_time_is_the_latest_fetch(folder):
    for path in folder.iterdir():
        head = path.read_bytes()[:400]
        assert head.startswith(b"<stata_dta><header><release>118</release>")
        assert b"<timestamp>\x1102 Mar 2025 09:30</timestamp>" in head


def test_files(folder):
    years = ["2020", "2023", "2024", "unknown"]
    names = {"panel", "reports", "coverage", "revisions"} | {f"{t}_{y}" for t in ("cells", "checks") for y in years}
    assert {path.stem for path in folder.iterdir()} == names


def test_both_readers_see_the_numbers_of_the_panel(hard, stata, readstat):
    frame, _meta = readstat
    for known in hard.arrow("panel").to_pylist():
        for name in NUMBERS:
            values = stata.loc[known["report_id"], name], frame.loc[known["report_id"], name]
            if known[name] is None:
                assert str(values[0]).startswith(".")
                assert isinstance(values[1], str)
            else:
                assert values == (known[name], known[name]), name


@pytest.mark.parametrize(("report", "column"), LETTERS)
def test_both_readers_see_why_a_number_is_missing(report, column, stata, readstat):
    letter = LETTERS[report, column]
    values = stata.loc[report, column], readstat[0].loc[report, column]
    if letter:
        assert (str(values[0]), values[1]) == (f".{letter}", letter)
    else:
        assert all(isinstance(value, float) and not math.isnan(value) for value in values)


def test_every_missing_number_has_a_reason(stata):
    reasons = {str(value) for name in NUMBERS for value in stata[name] if not isinstance(value, float)}
    assert reasons == {".a", ".b", ".c", ".d"}


def test_variables_have_the_labels_of_the_registry(folder, readstat):
    labels = {field.name: field.label for field in registry()["panel"].fields}
    with pd.read_stata(folder / "panel.dta", iterator=True) as reader:
        assert reader.variable_labels() == labels
    assert readstat[1].column_names_to_labels == labels
    assert all(len(label) <= 80 for label in labels.values())


def test_codes_are_labelled(folder, stata, readstat):
    labels = readstat[1].variable_value_labels
    assert labels["grade"] == {1: "verified", 2: "consistent", 3: "inconsistent", 4: "partial"}
    assert labels["requests_form"] == {2019: "2019", 2021: "2021"}
    assert labels["appeals_grade"] == {1: "verified", 2: "consistent", 3: "inconsistent", 4: "partial", "c": "absent"}
    assert labels["host_is_official"] == {0: "no", 1: "yes"}
    assert set(labels).isdisjoint(NUMBERS)
    assert (stata.loc[NEW, "requests_form"], stata.loc[OLD, "requests_form"]) == (2021, 2019)
    assert str(stata.loc[GAPS, "appeals_form"]) == ".c"
    plain = pd.read_stata(folder / "panel.dta").set_index("report_id")
    assert plain.loc[NEW, "scope"] == "jurisdiction"
    assert plain["req_new_total"].dtype == float


def test_a_year_that_is_not_stated_is_absent(stata):
    (hostile,) = [identifier for identifier in stata.index if identifier.startswith("x-")]
    assert str(stata.loc[hostile, "report_year"]) == ".c"
    assert stata.loc[NEW, "report_year"] == 2024


def test_cells_tell_their_status(folder):
    cells = pd.read_stata(folder / "cells_2023.dta", convert_missing=True)
    of_status = {status: {str(value) for value in part["value"]} for status, part in cells.groupby("status")}
    assert of_status["blank"] == {".a"}
    assert of_status["unreadable"] == {".b"}
    assert of_status["absent"] == {".c"}
    assert len(cells) == 185


def test_revisions_tell_both_readings(folder):
    revisions = pd.read_stata(folder / "revisions.dta", convert_missing=True)
    changed = revisions.set_index(["row", "column"]).loc[("new", "business")]
    assert (changed["old_value"], changed["new_value"]) == (3, 4)
    repealed = revisions.set_index(["row", "column"]).loc[("rules", "repealed")]
    assert (repealed["old_value"], str(repealed["new_value"])) == (0, ".c")


def test_texts_longer_than_2045_bytes_are_whole(folder):
    path = folder / "reports.dta"
    by_pandas = pd.read_stata(path).set_index("report_id")
    by_pyreadstat = pyreadstat.read_dta(path)[0].set_index("report_id")
    (hostile,) = [identifier for identifier in by_pandas.index if identifier.startswith("x-")]
    for frame in (by_pandas, by_pyreadstat):
        assert frame.loc[hostile, "warnings"] == f'{LONG}\na "quoted", line'
        assert frame.loc[hostile, "title"] == f"\t{LONG}\x01"
        assert frame.loc[NEW, "warnings"] == ""


def test_equal_datasets_give_equal_bytes(folder, hard_store, tmp_path):
    export(hard_store, "dta", tmp_path)
    assert all((tmp_path / path.name).read_bytes() == path.read_bytes() for path in folder.iterdir())


def test_a_missing_library_is_named(hard_store, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(DatasetError, match=r'Stata files need nianbao.export.; install it with: pip install "nianbao'):
        export(hard_store, "dta", tmp_path)
    assert list(tmp_path.iterdir()) == []
