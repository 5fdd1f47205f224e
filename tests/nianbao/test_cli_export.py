"""`nianbao export` and `nianbao release` as a person meets them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from nianbao.dataset.export import FORMATS
from nianbao.dataset.write import update
from nianbao.stores import MARK
from tests.nianbao.conftest import REPOSITORY, Demo
from tests.nianbao.dataset.made import made_document, made_report


def invoke(*arguments: object) -> Result:
    return CliRunner(env={"COLUMNS": "80", "FORCE_COLOR": None}).invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    update(folder, [made_document(made_report(seed=1, publisher="=1+1"))], parser_version="1")
    return folder


def test_formats_offered_are_those_there_are() -> None:
    (choice,) = [option.type for option in main.commands["export"].params if option.name == "form"]
    assert isinstance(choice, click.Choice)
    assert tuple(choice.choices) == FORMATS


@pytest.mark.parametrize("to", FORMATS)
def test_what_was_written_is_listed(to: str, store: Path, tmp_path: Path) -> None:
    result = invoke("export", "--store", store, "--to", to, tmp_path / "out")
    assert result.exit_code == 0, result.output
    listed = [Path(line.split("  ")[0]) for line in result.stdout.splitlines()]
    assert sorted(listed) == sorted((tmp_path / "out").iterdir())
    neutral = to in ("csv", "xlsx")
    assert ("texts that a spreadsheet would take for formulas begin with '" in result.stderr) == neutral


def test_the_demo_exports_to_every_format(demo: Demo, tmp_path: Path) -> None:
    for to in FORMATS:
        assert invoke("export", "--store", demo.store, "--to", to, tmp_path).exit_code == 0
    panel = pd.read_parquet(demo.store / "dataset/panel.parquet")
    assert len(pd.read_csv(tmp_path / "panel.csv")) == len(pd.read_stata(tmp_path / "panel.dta")) == len(panel) == 40
    with closing(sqlite3.connect(tmp_path / "nianbao.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM panel").fetchone() == (40,)


@pytest.mark.parametrize(
    "arguments",
    [
        ["export"],
        ["export", "--store", "s", "out"],
        ["export", "--store", "s", "--to", "csv"],
        ["export", "--store", "s", "--to", "sav", "out"],
        ["export", "--to", "csv", "out"],
        ["release"],
        ["release", "--store", "s"],
        ["release", "--out", "o"],
        ["release", "--store", "s", "--out", "o", "more"],
    ],
)
def test_wrong_use_is_status_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (2, "", [])


@pytest.mark.parametrize("command", ["export", "release"])
def test_a_store_without_dataset_is_one_line_and_status_3(command: str, tmp_path: Path) -> None:
    more = ["--to", "csv", tmp_path / "out"] if command == "export" else ["--out", tmp_path / "out"]
    result = invoke(command, "--store", tmp_path, *more)
    assert (result.exit_code, result.stdout) == (3, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"nianbao: {tmp_path}/dataset: there is no dataset")


def test_a_release_says_what_is_in_it(store: Path, tmp_path: Path) -> None:
    first, again = (invoke("release", "--store", store, "--out", tmp_path) for _ in range(2))
    folder = tmp_path / "2025-03-01"
    assert first.stdout.splitlines() == [
        f"release   {folder}",
        "reports   1 new, 0 changed, 0 gone",
        "cells     0 changed in the reports that changed",
        "since     the beginning: this is the first release",
    ]
    assert again.stdout.splitlines()[0] == f"release   {folder} (there already, the same in every byte)"
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Do not cite" not in (folder / "README.md").read_text(encoding="utf-8")


def test_a_release_of_the_demo_says_that_its_numbers_are_made_up(demo: Demo, tmp_path: Path) -> None:
    assert (demo.store / MARK).exists()
    assert invoke("release", "--store", demo.store, "--out", tmp_path).exit_code == 0
    (folder,) = tmp_path.iterdir()
    assert "Do not cite it" in (folder / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["export", "release"])
def test_help_has_an_example(command: str) -> None:
    text = invoke(command, "--help").output
    assert f"nianbao {command} --store" in text.split("Example")[1]
    assert max(map(len, text.splitlines())) <= 100


def test_the_documentation_names_every_format_view_and_reason() -> None:
    from nianbao.dataset.export.reasons import MEANINGS
    from nianbao.dataset.export.sqlite_views import views

    text = (REPOSITORY / "docs" / "exports.md").read_text(encoding="utf-8")
    names = [*FORMATS, *(view.name for view in views()), *(f".{letter}" for letter in MEANINGS)]
    assert [name for name in names if f"`{name}`" not in text] == []
    labels = " ".join(f'.{letter} "{meaning}"' for letter, meaning in MEANINGS.items())
    assert f"label define why {labels}" in text
