"""Slow proofs: whoever reads the archive, and whatever is killed meanwhile, the dataset has the same bytes."""

import os
import signal
import subprocess
from functools import partial
from pathlib import Path

import pytest

from nianbao.reparse import cluster as cluster_module
from nianbao.reparse.cluster import read_on_cluster
from tests.nianbao.reparse.reading import again
from tests.scale.archives import PAGES_A_SITE, contents, make_store
from tests.scale.clusters import POISON, Cluster, cluster, kill_group, poisoned, reparsing, wait_for_units

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PAGES = 900


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("scale") / "store"
    make_store(store, PAGES)
    return store


@pytest.fixture(scope="session")
def expected(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The dataset as one worker writes it."""
    into = tmp_path_factory.mktemp("one") / "store"
    finish(into, "--from", archive, "--workers", 1)
    return dataset(into)


def dataset(store: Path) -> dict[str, str]:
    found = contents(store / "dataset" / ".")
    assert len(found) > 50
    return found


def finish(store: Path, *options: object) -> None:
    process = reparsing(store, *options)
    _, said = process.communicate()
    assert process.returncode == 0, said


def test_two_workers_write_the_same_bytes(archive: Path, expected: dict[str, str], tmp_path: Path) -> None:
    finish(tmp_path / "two", "--from", archive, "--workers", 2)
    assert dataset(tmp_path / "two") == expected


def test_three_shards_merge_into_the_same_bytes(expected: dict[str, str], tmp_path: Path) -> None:
    sites, options = PAGES // PAGES_A_SITE, []
    for number, only in enumerate((range(11), range(11, 30), range(30, sites))):
        make_store(tmp_path / f"shard{number}", PAGES, only=only)
        options += ["--from", tmp_path / f"shard{number}"]
    finish(tmp_path / "merged", *options, "--workers", 2)
    assert dataset(tmp_path / "merged") == expected


def test_dask_with_two_workers_writes_the_same_bytes(archive: Path, expected: dict[str, str], tmp_path: Path) -> None:
    with cluster(tmp_path) as started:
        finish(tmp_path / "dask", "--from", archive, "--scheduler", started.address)
    assert dataset(tmp_path / "dask") == expected


def test_a_killed_worker_costs_nothing(archive: Path, expected: dict[str, str], tmp_path: Path) -> None:
    process = reparsing(tmp_path / "store", "--from", archive, "--workers", 2)
    wait_for_units(tmp_path / "store", 1, process)
    os.kill(children(process)[-1], signal.SIGKILL)
    _, said = process.communicate()
    assert process.returncode == 0, said
    assert dataset(tmp_path / "store") == expected


def test_after_a_kill_of_the_whole_the_same_command_goes_on(
    archive: Path, expected: dict[str, str], tmp_path: Path
) -> None:
    process = reparsing(tmp_path / "store", "--from", archive, "--workers", 2)
    wait_for_units(tmp_path / "store", 2, process)
    kill_group(process)
    assert not (tmp_path / "store" / "dataset").exists()
    finish(tmp_path / "store", "--from", archive, "--workers", 2)
    assert dataset(tmp_path / "store") == expected


def test_workers_end_when_their_parent_is_killed(archive: Path, tmp_path: Path) -> None:
    process = reparsing(tmp_path / "store", "--from", archive, "--workers", 2)
    wait_for_units(tmp_path / "store", 1, process)
    orphans = children(process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=120)  # the workers hold the other end of its stderr until they end
    assert not [pid for pid in orphans if Path(f"/proc/{pid}/cmdline").exists() and is_running(pid)]


def test_after_a_kill_of_the_scheduler_the_same_command_goes_on(
    archive: Path, expected: dict[str, str], tmp_path: Path
) -> None:
    with cluster(tmp_path) as first:
        process = reparsing(tmp_path / "store", "--from", archive, "--scheduler", first.address)
        wait_for_units(tmp_path / "store", 1, process)
        kill_group(first.scheduler)
        _, said = process.communicate()
    assert process.returncode == 1
    assert "the scheduler went away; start it and run the same command again" in said.splitlines()[-1]
    with cluster(tmp_path) as second:
        finish(tmp_path / "store", "--from", archive, "--scheduler", second.address)
    assert dataset(tmp_path / "store") == expected


def test_a_killed_dask_worker_costs_nothing(archive: Path, expected: dict[str, str], tmp_path: Path) -> None:
    with cluster(tmp_path) as started:
        process = reparsing(tmp_path / "store", "--from", archive, "--scheduler", started.address)
        wait_for_units(tmp_path / "store", 1, process)
        kill_group(started.workers[0])
        _, said = process.communicate()
    assert process.returncode == 0, said
    assert dataset(tmp_path / "store") == expected


def test_a_document_that_kills_dask_workers_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    make_store(store, 12)
    poison = "http://www.county000004.cn/4.html"
    monkeypatch.setattr(cluster_module, "read_packed", poisoned)
    settings = {POISON: poison, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    started = Cluster(tmp_path, 1, **settings)
    try:
        accounts, _ = again(store, read=partial(read_on_cluster, address=started.address))
    finally:
        started.end()
    assert accounts.documents == 12
    assert accounts.outcomes["set_aside"] == 1
    assert [trouble.split(": ")[0] for trouble in accounts.troubles] == [poison]


def test_no_scheduler_is_one_line(archive: Path, tmp_path: Path) -> None:
    process = reparsing(tmp_path / "store", "--from", archive, "--scheduler", "tcp://127.0.0.1:9")
    _, said = process.communicate()
    assert process.returncode == 1
    assert "tcp://127.0.0.1:9: no scheduler answers" in said.splitlines()[-1]


def children(process: "subprocess.Popen[str]") -> list[int]:
    """Return the workers of a reparse, without what else multiprocessing keeps."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in listed if b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except OSError:
        return False
