import json

import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.dataset.schema import FORMAT_VERSION
from nianbao.dataset.write import update
from parsers.errors import DatasetError
from tests.nianbao.dataset.made import made_document, made_report


@pytest.fixture
def store(tmp_path):
    update(tmp_path, [made_document(made_report(seed=1))], parser_version="1")
    return tmp_path


def _refused(action, *words):
    with pytest.raises(DatasetError) as caught:
        action()
    text = str(caught.value)
    assert "\n" not in text
    assert all(word in text for word in words), text


def test_a_store_may_be_named_by_a_string(store):
    assert len(open_dataset(str(store)).cells()) == 200


def test_all_frames(store):
    dataset = open_dataset(store)
    assert [
        len(frame()) for frame in (dataset.reports, dataset.cells, dataset.checks, dataset.sections, dataset.panel)
    ] == [
        1,
        200,
        42,
        6,
        1,
    ]
    assert dataset.cells()["report_year"].dtype == "Int64"


def test_nothing_there(tmp_path):
    _refused(lambda: open_dataset(tmp_path), str(tmp_path), "there is no dataset")
    _refused(lambda: open_dataset(tmp_path / "none"), "there is no dataset")


def test_an_unknown_table(store):
    _refused(lambda: open_dataset(store).arrow("cell"), "cell: no such table", "cells")
    _refused(lambda: open_dataset(store).path("../state"), "no such table")


@pytest.mark.parametrize("content", [b"", b"PAR1 and nothing more", b"PAR1" + b"\0" * 400 + b"PAR1"])
def test_a_damaged_file(store, content):
    dataset = open_dataset(store)
    file = dataset.path("cells") / "report_year=2024" / "part-0.parquet"
    file.write_bytes(content)
    _refused(dataset.cells, str(file), "cannot be read as Parquet")
    assert len(dataset.panel()) == 1


def test_a_missing_file(store):
    dataset = open_dataset(store)
    dataset.path("panel").unlink()
    _refused(dataset.panel, "panel.parquet", "is missing")
    _refused(lambda: update(store, [made_document()], parser_version="1"), "panel.parquet", "is missing")


def test_columns_of_another_version(store):
    dataset = open_dataset(store)
    dataset.path("panel").write_bytes(dataset.path("coverage").read_bytes())
    _refused(dataset.panel, "columns are those of another version")


def test_a_later_version(store):
    package = open_dataset(store).folder / "datapackage.json"
    package.write_text(json.dumps({**json.loads(package.read_text()), "format_version": FORMAT_VERSION + 1}))
    _refused(lambda: open_dataset(store), "a later version wrote this dataset", "update nianbao to use it")
    _refused(lambda: update(store, [made_document()], parser_version="1"), "a later version")


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"format_version": "x"}'])
def test_a_damaged_codebook(store, content):
    (open_dataset(store).folder / "datapackage.json").write_text(content)
    _refused(lambda: open_dataset(store), "datapackage.json", "damaged")


def test_a_link_to_nowhere(store):
    link = store / "dataset"
    link.unlink()
    link.symlink_to("generations/99")
    _refused(lambda: open_dataset(store), "there is no dataset")
