"""`nianbao nightly`: one clear line and the right status for what cannot be used, and a good end after SIGTERM."""

import fcntl
import json
import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from nianbao.exits import EXIT_HELP, Exit
from tests.nianbao.conftest import NIANBAO, environment
from tests.nights.stage import Stage, staged


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    """Put the handlers of signals back that the command replaces."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def invoke(store: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["nightly", "--store", str(store), *map(str, arguments)])


def refused(result: Result, status: Exit, words: str) -> None:
    assert result.exit_code == status, result.output
    complaints = [line for line in result.stderr.splitlines() if line.startswith("nianbao: ")]
    assert len(complaints) == 1
    assert words in complaints[0]


def config(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "c.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_status_is_documented_and_the_old_ones_keep_their_numbers() -> None:
    assert set(EXIT_HELP) == set(Exit)
    old = {Exit.DONE: 0, Exit.INPUT: 1, Exit.USAGE: 2, Exit.STORE: 3, Exit.INTERRUPTED: 130, Exit.NO_READER: 141}
    assert all(status == value for status, value in old.items())
    assert "nightly: another run holds the store" in CliRunner().invoke(main, ["--help"]).stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = 1", "unknown key x"),
        ("[time]\nuntil = '6'", "is no time of day"),
        ("sites = 'missing.csv'", "missing.csv: cannot be read"),
        ("[harvest]\ndelay = -1.0", "delay -1.0: give seconds"),
        ("[harvest]\nproxy = 'http://u:pa55word@:0'", "give a URL such as"),
        ("[alert]\nwebhook = 'env:NOT_SET_ANYWHERE'", "'NOT_SET_ANYWHERE' is not set"),
    ],
)
def test_settings_that_cannot_be_used_are_status_6(text: str, words: str, tmp_path: Path) -> None:
    result = invoke(tmp_path / "store", "--config", config(tmp_path, text))
    refused(result, Exit.CONFIG, words)
    assert "pa55word" not in result.output
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("arguments", [("--until", "25:00"), ("--budget", "soon"), ("--log", "xml")])
def test_wrong_options_are_wrong_use(arguments: tuple[str, str], tmp_path: Path) -> None:
    assert invoke(tmp_path / "store", *arguments).exit_code == Exit.USAGE


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as running:
        running.world["a"].publish(2023)
        running.list_sites([running.world["a"].site])
        yield running


def test_a_store_of_a_newer_version_is_status_3(stage: Stage) -> None:
    stage.store.mkdir()
    connection = sqlite3.connect(stage.store / "state.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    refused(invoke(stage.store, "--config", stage.folder / "nianbao.toml"), Exit.STORE, "install a newer nianbao")


def test_a_lock_that_is_held_is_status_7_and_names_its_holder(stage: Stage) -> None:
    stage.store.mkdir()
    with (stage.store / ".night.lock").open("w") as held:
        held.write(json.dumps({"process": os.getpid(), "since": "2026-03-01T22:00:00Z"}))
        held.flush()
        fcntl.flock(held, fcntl.LOCK_EX)
        result = invoke(stage.store, "--config", stage.folder / "nianbao.toml")
    refused(result, Exit.LOCKED, f"process {os.getpid()}, since 2026-03-01T22:00:00Z")


def test_a_harvest_that_holds_the_store_is_status_7_too(stage: Stage) -> None:
    stage.store.mkdir()
    with (stage.store / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        refused(invoke(stage.store, "--config", stage.folder / "nianbao.toml"), Exit.LOCKED, "another harvest")


@pytest.mark.parametrize("left", ['{"process": 4194304, "since": "2020-01-01T00:00:00Z"}', "", '{"proc'])
def test_a_lock_left_by_a_dead_process_stands_in_nobodys_way(left: str, stage: Stage) -> None:
    stage.store.mkdir()
    (stage.store / ".night.lock").write_text(left)
    result = invoke(stage.store, "--config", stage.folder / "nianbao.toml")
    assert result.exit_code == Exit.DONE, result.output
    assert "night_ended: done" in result.stderr


def test_a_store_that_is_no_folder_is_one_line(stage: Stage) -> None:
    stage.store.write_text("")
    result = invoke(stage.store, "--config", stage.folder / "nianbao.toml")
    assert result.exit_code == Exit.STORE
    assert "nianbao: " in result.stderr


def test_a_failed_night_is_an_alert_once(stage: Stage) -> None:
    stage.store.mkdir()
    connection = sqlite3.connect(stage.store / "state.sqlite")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for _ in range(3):
        invoke(stage.store, "--config", stage.folder / "nianbao.toml")
    (body,) = stage.alerts()
    assert (body["status"], body["exit"]) == ("failed", 3)
    assert stage.pings() == 0


@pytest.mark.parametrize("before", [[], ["sh", "-c", 'trap "" INT; exec "$@"', "sh"]], ids=["plain", "in background"])
def test_sigterm_ends_the_night_in_good_order(before: list[str], stage: Stage) -> None:
    a = stage.world["a"]
    stage.web.put(a.url(2023), a.reports[2023] or b"", pause=20.0)
    options = ["--store", stage.store, "--config", stage.folder / "nianbao.toml", "--log", "json"]
    command = [*before, *NIANBAO, "nightly", *map(str, options)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment()) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if '"page"' in line:
                break
        process.send_signal(signal.SIGTERM)
        said = process.stderr.read()
    assert process.returncode == Exit.INTERRUPTED
    assert json.loads(said.splitlines()[-1])["event"] == "interrupted"
    stage.web.put(a.url(2023), a.reports[2023] or b"")
    assert invoke(stage.store, "--config", stage.folder / "nianbao.toml").exit_code == Exit.DONE
