"""A night's new reports, and what can go wrong in it: only what changes is written, and the old stands until it is."""

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.dataset.validation import check
from nianbao.dataset.write import update
from parsers.report import Division
from tests.nianbao.dataset.made import made_document, made_report

ROOT = Path(__file__).parents[3]


def _county(number, year, seed=0, **changes):
    report = made_report(division=Division(f"4312{number:02}", f"第{number}县"), year=year, seed=seed + number * year)
    return made_document(report, url=f"http://www.c{number}.gov.cn/{year}.html", **changes)


def _inodes(folder):
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def test_a_night_of_20_reports_writes_the_parts_they_fall_in_and_no_others(tmp_path):
    years = range(2019, 2026)
    first = update(tmp_path, [_county(number, year) for number in range(30) for year in years], parser_version="1")
    before = _inodes(first.folder)
    night = [_county(number, year) for number in range(30, 40) for year in (2022, 2024)]
    done = update(tmp_path, night, parser_version="1")
    after = _inodes(done.folder)
    assert (done.new, done.changed) == (20, 0)
    written = {name for name in after if after[name] != before.get(name)}
    parts = {
        f"{name}/report_year={year}/part-0.parquet"
        for name in ("reports", "cells", "sections", "checks")
        for year in (2022, 2024)
    }
    assert written == parts | {"panel.parquet", "coverage.parquet"}
    assert check(tmp_path).sound


def test_a_changed_report_touches_its_history_too(tmp_path):
    first = update(tmp_path, [_county(1, year) for year in (2022, 2023, 2024)], parser_version="1")
    before = _inodes(first.folder)
    done = update(tmp_path, [_county(1, 2023, seed=7, fetched_at="2025-05-01T00:00:00Z")], parser_version="1")
    written = {name for name, inode in _inodes(done.folder).items() if inode != before.get(name)}
    assert {name.split("/report_year=")[0] for name in written if "=2023" in name} == {
        *("reports", "cells", "checks"),  # the narratives stayed the same
        *("history/reports", "history/cells", "history/sections", "history/checks"),
    }
    assert {name for name in written if "=2024" in name} == {"checks/report_year=2024/part-0.parquet"}
    assert not any("=2022" in name for name in written)
    assert check(tmp_path).sound


def test_reports_of_an_older_parser_stay_until_they_are_read_again(tmp_path):
    update(tmp_path, [_county(number, 2024) for number in (1, 2)], parser_version="1")
    done = update(tmp_path, [_county(1, 2024)], parser_version="2")
    assert (done.new, done.changed) == (0, 1)
    reports = open_dataset(tmp_path).reports()
    assert list(reports["parser_version"]) == ["2", "1"]
    assert check(tmp_path).sound


def test_a_damaged_part_stops_the_night_and_loses_nothing(tmp_path):
    from parsers.errors import DatasetError

    first = update(tmp_path, [_county(1, year) for year in (2023, 2024)], parser_version="1")
    broken = first.folder / "reports" / "report_year=2024" / "part-0.parquet"
    broken.write_bytes(broken.read_bytes()[:-40])
    with pytest.raises(DatasetError, match="cannot be read as Parquet") as caught:
        update(tmp_path, [_county(2, 2024)], parser_version="1")
    assert str(broken) in str(caught.value)
    assert "build the dataset anew from the archive" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert open_dataset(tmp_path).folder == first.folder
    assert not list((tmp_path / "generations").glob("*.partial"))


_NIGHT = textwrap.dedent(
    """
    import sys
    from pathlib import Path
    from nianbao.dataset.write import update
    from parsers.errors import DatasetError
    from tests.nianbao.dataset.test_incremental import _county

    later = "2025-05-01T00:00:00Z"
    night = [_county(number, year, seed=5, fetched_at=later) for number in range(40) for year in (2023, 2024)]
    try:
        update(Path(sys.argv[1]), night, parser_version="1")
    except DatasetError as error:
        raise SystemExit(str(error))
    """
)


def _night(store):
    return subprocess.run(
        [sys.executable, "-c", _NIGHT, store], cwd=ROOT, check=False, capture_output=True, encoding="utf-8"
    )


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
def test_a_disk_that_is_full_in_mid_write(tmp_path):
    whole = tmp_path / "whole"
    update(whole, [_county(number, 2023) for number in range(40)], parser_version="1")
    size = sum(path.stat().st_size for path in whole.rglob("*") if path.is_file())
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size + 150_000}", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        shutil.copytree(whole, disk / "store", symlinks=True)
        before = _inodes(open_dataset(disk / "store").folder)
        ended = _night(disk / "store")
        assert ended.returncode == 1
        assert "No space left on device" in ended.stderr
        assert "stands as it was" in ended.stderr
        assert ended.stderr.count("\n") == 1
        assert _inodes(open_dataset(disk / "store").folder) == before
        assert check(disk / "store", write=False).sound
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        assert _night(disk / "store").returncode == 0
        assert check(disk / "store").sound
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_kill_9_at_any_moment_leaves_the_old_or_the_new(tmp_path, seed):
    first = update(tmp_path, [_county(number, 2023) for number in range(40)], parser_version="1")
    started = time.perf_counter()
    whole = tmp_path / "timed"
    update(whole, [_county(number, 2023) for number in range(40)], parser_version="1")
    assert _night(whole).returncode == 0
    lasts = time.perf_counter() - started
    night = subprocess.Popen([sys.executable, "-c", _NIGHT, tmp_path], cwd=ROOT)
    time.sleep(random.Random(seed).uniform(0.3, 1) * lasts)
    night.send_signal(signal.SIGKILL)
    night.wait()
    assert check(tmp_path, write=False).sound
    reports = open_dataset(tmp_path).reports()
    assert len(reports) in (40, 80)
    assert (open_dataset(tmp_path).folder == first.folder) == (len(reports) == 40)
    assert _night(tmp_path).returncode == 0
    assert len(open_dataset(tmp_path).reports()) == 80
