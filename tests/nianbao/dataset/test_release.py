import csv
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import frictionless
import pytest
import yaml

from nianbao.dataset import release as release_module
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.release import release
from nianbao.dataset.write import update
from parsers.errors import DatasetError
from tests.nianbao.conftest import environment
from tests.nianbao.dataset.made import made_document, made_report

URL_2023 = "http://www.jzx.gov.cn/2023.html"


def _fill(store: Path, *, later=False) -> Path:
    """Two reports; `later` revises one, in three cells, adds one, and keeps the other."""
    documents = [
        made_document(made_report(seed=1), fetched_at="2025-03-01T08:00:00Z"),
        made_document(made_report(year=2023, seed=2), url=URL_2023, fetched_at="2025-02-01T08:00:00Z"),
    ]
    update(store, documents, parser_version="1")
    if later:
        changed = made_report(year=2023, seed=2, values={"disclosure.rules.issued": 90_001, **BALANCED}, blanks=BLANK)
        added = made_report(year=2020, form="2019", seed=3)
        update(
            store,
            [
                made_document(changed, url=URL_2023, fetched_at="2025-04-05T23:59:59Z"),
                made_document(added, url="http://www.jzx.gov.cn/2020.html", fetched_at="2025-04-01T08:00:00Z"),
            ],
            parser_version="1",
        )
    return store


BLANK = ("disclosure.normative.issued",)
BALANCED = {"disclosure.normative.repealed": 90_002}


def _release(store, out, **settings):
    return release(store, out, made_with="nianbao 9.8.7", **settings)


def _refused(action, *words):
    with pytest.raises(DatasetError) as caught:
        action()
    text = str(caught.value)
    assert "\n" not in text
    assert all(word in text for word in words), text


def _content(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return _fill(tmp_path_factory.mktemp("store"))


@pytest.fixture(scope="module")
def made(store, tmp_path_factory):
    return _release(store, tmp_path_factory.mktemp("releases"))


def test_its_date_is_that_of_the_latest_fetch(made):
    assert made.folder.name == "2025-03-01"
    times = {path.stat().st_mtime for path in (made.folder, *made.folder.rglob("*"))}
    assert times == {datetime(2025, 3, 1, 8, tzinfo=UTC).timestamp()}


def test_it_holds_the_whole_dataset_and_its_texts(made, store):
    files, dataset = _content(made.folder), _content(open_dataset(store).folder)
    assert dataset.items() <= files.items()
    assert set(files) - set(dataset) == {
        "README.md",
        "CITATION.cff",
        "CODEBOOK.md",
        "VALIDATION.md",
        "CHANGES.md",
        "changes_reports.csv",
        "changes_cells.csv",
        "SHA256SUMS",
    }
    assert "req_new_person" in files["CODEBOOK.md"].decode()
    assert "- 2 reports of 1 divisions" in files["README.md"].decode()
    assert "made up" not in files["README.md"].decode()


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sha256sum_checks_it(made, tmp_path):
    copy = shutil.copytree(made.folder, tmp_path / "copy")
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode == 0
    listed = {line.split("  ")[1] for line in (copy / "SHA256SUMS").read_text().splitlines()}
    assert listed == set(_content(copy)) - {"SHA256SUMS"}
    with (copy / "panel.parquet").open("ab") as file:
        file.write(b"x")
    assert subprocess.run(command, cwd=copy, capture_output=True, check=False).returncode == 1


def test_others_code_validates_it(tmp_path):
    update(tmp_path, [made_document(made_report(seed=1))], parser_version="1")
    report = frictionless.validate(str(_release(tmp_path, tmp_path / "out").folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])


def test_its_citation_has_what_the_format_asks_for(made):
    citation = yaml.safe_load((made.folder / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert (citation["cff-version"], citation["type"]) == ("1.2.0", "dataset")
    assert citation["version"] == citation["date-released"] == "2025-03-01"
    assert citation["authors"] == [{"name": "nianbao contributors"}]
    assert citation["references"][0]["version"] == "9.8.7"


def test_the_demo_is_never_cited(store, tmp_path):
    folder = _release(store, tmp_path, made_up=True).folder
    assert "made-up numbers" in yaml.safe_load((folder / "CITATION.cff").read_text(encoding="utf-8"))["title"]
    assert "Do not cite it" in (folder / "README.md").read_text(encoding="utf-8")


def test_it_is_the_same_in_every_byte_when_run_twice(store, tmp_path):
    first = _release(store, tmp_path / "a")
    inode = (first.folder / "README.md").stat().st_ino
    again, other = _release(store, tmp_path / "a"), _release(store, tmp_path / "b")
    assert (first.fresh, again.fresh, other.fresh) == (True, False, True)
    assert (again.folder / "README.md").stat().st_ino == inode
    assert _content(first.folder) == _content(other.folder)


def test_the_first_release_is_all_new(made):
    assert (made.before, made.changes.count("new"), made.changes.count("changed")) == (None, 2, 0)
    text = (made.folder / "CHANGES.md").read_text(encoding="utf-8")
    assert "This is the first release" in text
    assert [row["change"] for row in _rows(made.folder / "changes_reports.csv")] == ["new", "new"]
    assert _rows(made.folder / "changes_cells.csv") == []


def test_what_changed_since_the_release_before(tmp_path):
    out = tmp_path / "out"
    first = _release(_fill(tmp_path / "first"), out)
    (out / "notes").mkdir()
    made = _release(_fill(tmp_path / "second", later=True), out)
    assert (first.folder.name, made.folder.name, made.before) == ("2025-03-01", "2025-04-05", "2025-03-01")
    reports = {row["report_id"]: row for row in _rows(made.folder / "changes_reports.csv")}
    assert {identifier: (row["change"], row["reason"]) for identifier, row in reports.items()} == {
        "431229-2020-jurisdiction": ("new", ""),
        "431229-2023-jurisdiction": ("changed", "published again"),
    }
    assert reports["431229-2023-jurisdiction"]["url"] == URL_2023
    cells = {(row["table"], row["row"], row["column"]): row for row in _rows(made.folder / "changes_cells.csv")}
    assert set(cells) == {("disclosure", "rules", "issued"), ("disclosure", "normative", "issued")} | {
        ("disclosure", "normative", "repealed")
    }
    blank = cells["disclosure", "normative", "issued"]
    assert (blank["old_status"], blank["new_value"], blank["new_status"]) == ("printed", "", "blank")
    assert cells["disclosure", "rules", "issued"]["new_value"] == "90001"
    text = (made.folder / "CHANGES.md").read_text(encoding="utf-8")
    assert "# Changes since 2025-03-01" in text
    assert "| 2020 | 1 | 0 | 0 |" in text
    assert "| 2023 | 0 | 1 | 0 |" in text
    assert "changed reports: 3." in text


def test_only_earlier_releases_are_compared_with(store, tmp_path):
    for name in ("2025-03-02", "2026-01-01", "2024-12-31.bak", "notes"):
        (tmp_path / name).mkdir()
    (tmp_path / "2025-02-28").write_text("a file")
    assert _release(store, tmp_path).before is None


def test_reports_that_are_gone_and_tables_that_are_lost(tmp_path):
    out = tmp_path / "out"
    _release(_fill(tmp_path / "first"), out)
    whole = made_report(seed=1)
    less = made_report(seed=1, tables=whole.tables[:2])
    update(tmp_path / "second", [made_document(less, fetched_at="2025-06-01T00:00:00Z")], parser_version="2")
    made = _release(tmp_path / "second", out)
    assert [made.changes.count(change) for change in ("new", "changed", "gone")] == [0, 1, 1]
    cells = made.changes.cells.to_pylist()
    assert [(cell["table"], cell["new_status"]) for cell in cells] == [("appeals", None)] * 15


def test_the_same_bytes_read_otherwise_are_told_apart(tmp_path):
    out = tmp_path / "out"
    _release(_fill(tmp_path / "first"), out)
    reread = made_report(seed=1, values={"disclosure.rules.issued": 90_001}, sha256=made_report(seed=1).sha256)
    update(tmp_path / "second", [made_document(reread, fetched_at="2025-06-01T00:00:00Z")], parser_version="2")
    (changed,) = [r for r in _release(tmp_path / "second", out).changes.reports.to_pylist() if r["change"] == "changed"]
    assert changed["reason"] == "parsed again"


def test_a_release_of_the_same_date_with_other_content_stands(store, tmp_path):
    folder = _release(store, tmp_path).folder
    with (folder / "panel.parquet").open("ab") as file:
        file.write(b"x")
    before = _content(folder)
    _refused(lambda: _release(store, tmp_path), str(folder), "panel.parquet differs", "move it away or choose another")
    assert _content(folder) == before
    assert [path.name for path in tmp_path.iterdir()] == [folder.name]


@pytest.mark.parametrize("place", ["dataset", "generations/1", "dataset/releases"])
def test_it_is_not_written_into_the_dataset(place, store):
    _refused(lambda: _release(store, store / place), "inside the store's own dataset")


def test_nothing_to_release(tmp_path):
    _refused(lambda: _release(tmp_path, tmp_path / "out"), "there is no dataset")
    update(tmp_path, [], parser_version="1")
    _refused(lambda: _release(tmp_path, tmp_path / "out"), "holds no report yet; harvest some first")
    assert not (tmp_path / "out").exists()


def test_a_damaged_dataset_is_not_released(tmp_path):
    path = open_dataset(_fill(tmp_path)).folder / "sections/report_year=2024/part-0.parquet"
    path.unlink()
    path.write_bytes(b"PAR1")
    _refused(lambda: _release(tmp_path, tmp_path / "out"), "sections/report_year=2024", "nianbao check")
    assert not (tmp_path / "out").exists()


def test_a_dataset_that_contradicts_itself_is_not_released(tmp_path):
    dataset = open_dataset(_fill(tmp_path))
    path = dataset.folder / "cells/report_year=2024/part-0.parquet"
    other = (dataset.folder / "cells/report_year=2023/part-0.parquet").read_bytes()
    path.unlink()
    path.write_bytes(other)
    _refused(lambda: _release(tmp_path, tmp_path / "out"), "nianbao check")


def test_a_damaged_release_before_is_named(tmp_path):
    out = tmp_path / "out"
    folder = _release(_fill(tmp_path / "first"), out).folder
    path = folder / "reports/report_year=2024/part-0.parquet"
    path.write_bytes(b"PAR1")
    store = _fill(tmp_path / "second", later=True)
    _refused(lambda: _release(store, out), str(path), "cannot be compared with", "move the release")
    assert [each.name for each in out.iterdir()] == ["2025-03-01"]


def test_a_failure_on_the_way_leaves_no_release(store, tmp_path, monkeypatch):
    def full(*_arguments, **_settings):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(release_module, "_write_sums", full)
    _refused(lambda: _release(store, tmp_path), str(tmp_path), "No space left on device", "make room")
    assert list(tmp_path.iterdir()) == []


_KILLED = """
import os, signal, sys
from pathlib import Path
from nianbao.dataset import release
release._write_sums = lambda folder: os.kill(os.getpid(), signal.SIGKILL)
release.release(Path(sys.argv[1]), Path(sys.argv[2]), made_with="nianbao 9.8.7")
"""


@pytest.mark.slow
def test_a_kill_on_the_way_leaves_no_release_and_the_next_run_clears_up(store, tmp_path, made):
    command = [sys.executable, "-c", _KILLED, str(store), str(tmp_path)]
    assert subprocess.run(command, env=environment(), check=False).returncode == -9
    assert [path.name for path in tmp_path.iterdir()] == [".nianbao.partial"]
    folder = _release(store, tmp_path).folder
    assert os.listdir(tmp_path) == [folder.name]  # noqa: PTH208 - names, not paths
    assert _content(folder) == _content(made.folder)
