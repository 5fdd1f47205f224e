"""`nianbao check` and `nianbao codebook` as a person runs them."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.validation import validate


def invoke(*arguments):
    """Run a command in this process: one of its own costs a second, and shows nothing that the first does not."""
    return CliRunner(env={"COLUMNS": "80", "FORCE_COLOR": None}).invoke(main, [str(each) for each in arguments])


@pytest.fixture
def store(demo, tmp_path):
    return Path(shutil.copytree(demo.store, tmp_path / "store", symlinks=True))


def test_what_fails_is_shown_by_county_and_year(nianbao, store):
    ended = nianbao("check", "--store", store)
    assert (ended.returncode, ended.stderr) == (0, "")
    lines = ended.stdout.splitlines()
    assert lines[0].split() == ["CODE", "WHOSE", "YEAR", "FAIL", "WHAT", "DOES", "NOT", "ADD", "UP"]
    suixi = next(line for line in lines if line.startswith("440823  遂溪县") and " 2023 " in line)
    assert "行政复议: 总计 = 0, 结果维持 + 结果纠正 + 其他结果 + 尚未审结 = 11" in suixi
    shown = [line.split()[0] for line in lines[1 : lines.index(next(x for x in lines if x.startswith("checks ")))]]
    assert shown == sorted(shown)
    assert any(line.split() == ["dataset", "sound"] for line in lines)
    assert lines[-1] == f"report   {store / 'validation.md'}"
    assert not any("read by another version" in line for line in lines)
    assert "遂溪县" in (store / "validation.md").read_text(encoding="utf-8")


def test_a_second_check_writes_nothing(store):
    first = invoke("check", "--store", store)
    stamps = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    assert invoke("check", "--store", store).stdout == first.stdout
    assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == stamps


def test_one_json_object_a_failing_check(store):
    ended = invoke("check", "--store", store, "--format", "jsonl")
    found = [json.loads(line) for line in ended.stdout.splitlines()]
    expected = validate(open_dataset(store).folder).failures
    assert [(row["report_id"], row["id"], row["at"]) for row in found] == [
        (failure.report_id, failure.id, failure.at) for failure in expected
    ]
    suixi = next(row for row in found if row["report_id"] == "440823-2023-jurisdiction")
    assert (suixi["id"], suixi["at"], suixi["left"], suixi["right"]) == ("appeals.total", "reconsideration", 0, 11)


def test_a_damaged_file_is_one_line_and_status_3(store):
    folder = open_dataset(store).folder
    file = next((folder / "cells").glob("*/*.parquet"))
    file.unlink()
    file.write_bytes(b"PAR1")
    ended = invoke("check", "--store", store)
    assert ended.exit_code == 3
    assert "NOT SOUND" in ended.stdout
    lines = ended.stderr.splitlines()
    assert file.relative_to(folder).as_posix() in lines[0]
    assert "the archive has all of it" in lines[-1]
    assert len(lines) == 2


def test_no_dataset_is_status_3(tmp_path):
    ended = invoke("check", "--store", tmp_path)
    assert (ended.exit_code, ended.stdout) == (3, "")
    assert ended.stderr.count("\n") == 1
    assert "there is no dataset" in ended.stderr


def test_a_later_version_is_status_3(store):
    path = open_dataset(store).folder / "datapackage.json"
    package = json.loads(path.read_bytes()) | {"format_version": 99}
    path.unlink()
    path.write_text(json.dumps(package), encoding="utf-8")
    ended = invoke("check", "--store", store)
    assert ended.exit_code == 3
    assert "update nianbao" in ended.stderr
    assert ended.stderr.count("\n") == 1


def test_reports_of_another_parser_are_told(tmp_path):
    from nianbao.dataset.write import update
    from tests.nianbao.dataset.made import made_document

    update(tmp_path, [made_document()], parser_version="0.0.1")
    ended = invoke("check", "--store", tmp_path)
    assert ended.exit_code == 0
    assert "1 reports were read by another version of the parser; the next harvest reads them again" in ended.stdout


def test_a_terminal_gets_a_table_that_fits(store):
    from io import StringIO

    from rich.console import Console

    from nianbao.commands.check import failing_table

    told = Console(file=StringIO(), width=80, force_terminal=True, color_system=None)
    told.print(failing_table(validate(open_dataset(store).folder)))
    lines = told.file.getvalue().splitlines()
    assert max(len(line) for line in lines) <= 80
    assert any("遂溪县" in line for line in lines)


def test_codebook_as_markdown_and_xlsx(nianbao, tmp_path):
    printed = nianbao("codebook")
    assert (printed.returncode, printed.stderr) == (0, "")
    assert "| `req_new_person` | 件 |" in printed.stdout
    assert invoke("codebook", "--out", tmp_path / "codebook.md").exit_code == 0
    assert (tmp_path / "codebook.md").read_text(encoding="utf-8") == printed.stdout
    assert invoke("codebook", "--format", "xlsx", "--out", tmp_path / "codebook.xlsx").exit_code == 0
    assert (tmp_path / "codebook.xlsx").read_bytes()[:2] == b"PK"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_codebook_used_wrongly(tmp_path):
    without = invoke("codebook", "--format", "xlsx")
    assert without.exit_code == 2
    assert "--out" in without.stderr
    nowhere = invoke("codebook", "--out", tmp_path / "none" / "codebook.md")
    assert nowhere.exit_code == 3
    assert nowhere.stderr.count("\n") == 1


def test_a_missing_extra_is_named(tmp_path):
    import subprocess
    import sys

    from tests.nianbao.conftest import environment

    script = "import sys; sys.modules['xlsxwriter'] = None; from nianbao.cli import main; main()"
    command = [sys.executable, "-c", script, "codebook", "--format", "xlsx", "--out", str(tmp_path / "a.xlsx")]
    ended = subprocess.run(command, env=environment(), capture_output=True, encoding="utf-8", check=False)
    assert ended.returncode == 3
    assert 'pip install "nianbao[export]"' in ended.stderr
    assert ended.stderr.count("\n") == 1
