"""`nianbao site`: what it says, how it ends, and the pages over loopback."""

import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from nianbao.site import extra
from tests.nianbao.conftest import NIANBAO, environment
from tests.nianbao.site.stores import JINGZHOU, document, sound, store_of


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["site", *map(str, arguments)])


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return store_of(tmp_path / "store", document(JINGZHOU, 2024, sound(17, 9)))


def test_it_says_what_it_wrote_and_where(store: Path, tmp_path: Path) -> None:
    result = invoke("--store", store, "--out", tmp_path / "pages")
    assert result.exit_code == 0, result.output
    assert re.search(r"^pages +1 places, 1 reports; \d+ files, [\d.]+ MB$", result.stdout, re.MULTILINE)
    assert f"open       {tmp_path / 'pages' / 'index.html'}" in result.stdout
    again = invoke("--store", store, "--out", tmp_path / "pages")
    assert "pages      unchanged since the last run\n" in again.stdout


def test_without_out_the_pages_lie_in_the_store(store: Path) -> None:
    assert invoke("--store", store).exit_code == 0
    assert (store / "site" / "index.html").is_file()


def test_a_store_without_a_dataset_is_status_3_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    result = invoke("--store", tmp_path / "store", "--out", tmp_path / "pages")
    (line,) = result.stderr.splitlines()
    assert result.exit_code == 3
    assert "there is no dataset; harvest into this store first" in line


def test_a_folder_of_other_files_is_status_3_and_stays(store: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "file").touch()
    result = invoke("--store", store, "--out", tmp_path / "mine")
    assert result.exit_code == 3
    assert "name another folder with --out" in result.stderr
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["file"]


def test_a_folder_that_cannot_be_written_is_status_3(store: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = invoke("--store", store, "--out", tmp_path / "file" / "pages")
    assert result.exit_code == 3
    assert "cannot be written (Not a directory)" in result.stderr


@pytest.mark.parametrize("arguments", [[], ["--store", "x", "--port", "70000"], ["--out", "x"]])
def test_wrong_use_is_status_2(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke(*arguments)
    assert (result.exit_code, result.stdout, list(tmp_path.iterdir())) == (2, "", [])


def test_a_missing_extra_is_named(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extra, "_LIBRARIES", ("jinja2", "no_such_library"))
    result = invoke("--store", store)
    assert result.exit_code == 3
    assert 'needs nianbao[site]; install it with: pip install "nianbao[site]"' in result.stderr


def test_it_serves_on_loopback_until_ctrl_c(store: Path) -> None:
    command = [*NIANBAO, "site", "--store", str(store), "--serve", "--port", "0"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(PYTHONUNBUFFERED="1"), text=True
    ) as process:
        assert process.stdout is not None
        line = next(line for line in process.stdout if line.startswith("showing"))
        address = re.search(r"http://127\.0\.0\.1:\d+/", line)
        assert address
        with urllib.request.urlopen(f"{address[0]}c/431229.html") as answer:  # noqa: S310 - our own server
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            assert "靖州" in answer.read().decode()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in errors


def test_a_port_that_is_taken_is_status_3(store: Path, tmp_path: Path) -> None:
    from nianbao.site.serving import server_of

    with server_of(tmp_path, 0) as server:
        result = invoke("--store", store, "--serve", "--port", server.server_address[1])
    assert result.exit_code == 3
    assert "name another with --port" in result.stderr
