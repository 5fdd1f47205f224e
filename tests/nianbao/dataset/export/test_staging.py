import fcntl
import os
import subprocess
import sys

import pytest

from nianbao.dataset.export import FORMATS, export
from nianbao.dataset.export.parts import batches
from nianbao.dataset.export.staging import staged
from nianbao.dataset.reader import open_dataset
from parsers.errors import DatasetError
from tests.nianbao.conftest import environment
from tests.nianbao.dataset.export.hard_store import fill


def _refused(action, *words):
    with pytest.raises(DatasetError) as caught:
        action()
    text = str(caught.value)
    assert "\n" not in text
    assert all(word in text for word in words), text


@pytest.mark.parametrize("to", FORMATS)
def test_files_take_their_places_over_earlier_ones_and_leave_others_alone(to, hard_store, tmp_path):
    names = [file.name for file in export(hard_store, to, tmp_path)]
    (tmp_path / names[0]).write_text("earlier")
    (tmp_path / "mine.txt").write_text("mine")
    export(hard_store, to, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names, "mine.txt"])
    assert (tmp_path / names[0]).read_bytes() != b"earlier"
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize("to", FORMATS)
def test_a_damaged_file_is_one_line_and_nothing_is_exported(to, tmp_path):
    path = open_dataset(fill(tmp_path)).folder / "panel.parquet"
    path.unlink()
    path.write_bytes(b"PAR1" + b"\0" * 400 + b"PAR1")
    _refused(
        lambda: export(tmp_path, to, tmp_path / "out"), str(path), "cannot be read as Parquet", "build the dataset"
    )
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize("to", FORMATS)
def test_a_missing_file_and_columns_of_another_version(to, tmp_path):
    dataset = open_dataset(fill(tmp_path))
    panel, coverage = dataset.folder / "panel.parquet", dataset.folder / "coverage.parquet"
    panel.unlink()
    _refused(lambda: export(tmp_path, to, tmp_path / "out"), str(panel), "is missing")
    panel.write_bytes(coverage.read_bytes())
    _refused(lambda: export(tmp_path, to, tmp_path / "out"), str(panel), "columns are those of another version")


def test_a_store_without_dataset(tmp_path):
    _refused(lambda: export(tmp_path, "csv", tmp_path / "out"), "there is no dataset")
    assert not (tmp_path / "out").exists()


def test_a_dataset_without_reports(tmp_path):
    from nianbao.dataset.write import update

    update(tmp_path, [], parser_version="1")
    for to in ("csv", "sqlite"):
        assert export(tmp_path, to, tmp_path / to)
    for to in ("xlsx", "dta"):
        _refused(lambda to=to: export(tmp_path, to, tmp_path / to), "holds no report yet")


def test_an_unknown_format(hard_store, tmp_path):
    _refused(lambda: export(hard_store, "sav", tmp_path), "sav: no such format", "csv, xlsx, dta, sqlite")


@pytest.mark.parametrize("place", ["dataset", "dataset/x", "generations", "generations/1/cells"])
def test_the_stores_own_dataset_is_no_place_for_exports(place, hard_store):
    _refused(lambda: export(hard_store, "csv", hard_store / place), "inside the store's own dataset")


def test_a_file_is_no_folder(hard_store, tmp_path):
    (tmp_path / "out").write_text("")
    _refused(lambda: export(hard_store, "csv", tmp_path / "out"), str(tmp_path / "out"), "cannot be written")
    _refused(lambda: export(hard_store, "csv", tmp_path / "out/x"), "cannot be written")


def test_two_runs_do_not_mix(hard_store, tmp_path):
    folder = os.open(tmp_path, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        _refused(lambda: export(hard_store, "csv", tmp_path), "another run is writing here")
    finally:
        os.close(folder)
    assert export(hard_store, "csv", tmp_path)


def test_what_a_killed_run_left_is_cleared(tmp_path):
    left = tmp_path / ".nianbao.partial"
    (left / "deep").mkdir(parents=True)
    with staged(tmp_path) as stage:
        assert list(stage.folder.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_nothing(tmp_path):
    def fail():
        with staged(tmp_path / "new") as stage:
            (stage.folder / "x").write_text("x")
            raise OSError(28, "No space left on device")

    _refused(fail, "cannot be written (No space left on device)")
    assert list((tmp_path / "new").iterdir()) == []


def test_batches_are_small_and_together_the_table(hard):
    for name in ("cells", "panel", "history/cells"):
        parts = list(batches(hard, name, size=50))
        whole = hard.arrow(name)
        assert all(0 < len(part) <= 50 for part in parts)
        assert all(part.schema.equals(whole.schema) for part in parts)
        assert [row for part in parts for row in part.to_pylist()] == whole.to_pylist()


_LIMITED = """
import resource, signal, sys
from click.testing import CliRunner
from nianbao.cli import main
from nianbao.dataset.export import FORMATS
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for form in FORMATS:
    result = CliRunner().invoke(main, ["export", "--store", sys.argv[1], "--to", form, sys.argv[2]])
    print(form, result.exit_code, result.output, end="")
"""


def test_a_full_disk_is_one_line_and_leaves_what_was_there(hard_store, tmp_path):
    (tmp_path / "panel.dta").write_text("earlier")
    command = [sys.executable, "-c", _LIMITED, str(hard_store), str(tmp_path)]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment(), check=False)
    assert (result.returncode, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert len(lines) == len(FORMATS)
    for form, line in zip(FORMATS, lines, strict=True):
        assert line.startswith(f"{form} 3 nianbao: {tmp_path}: cannot be written ("), line
        assert "what was there stands as it was; make room" in line
    assert [path.name for path in tmp_path.iterdir()] == ["panel.dta"]
    assert (tmp_path / "panel.dta").read_text() == "earlier"
