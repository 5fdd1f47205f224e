import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

import pytest

from nianbao.dataset.generations import current, next_generation
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.write import update
from parsers.errors import DatasetError
from parsers.report import Division
from tests.nianbao.dataset.made import made_document, made_report

ROOT = Path(__file__).parents[3]


def _documents(person, *, counties=1, years=(2023, 2024), day=1):
    """Reports whose every cell of new requests of persons is `person`, published on that day."""
    values = {
        f"requests.{row}.{column}": person for row in ("new", "granted", "handled") for column in ("person", "total")
    }
    for number in range(counties):
        for year in years:
            report = made_report(division=Division(f"4312{number:02}", f"第{number}县"), year=year, values=values)
            url = f"http://www.c{number}.gov.cn/{year}.html"
            yield made_document(report, url=url, fetched_at=f"2025-03-01T00:{day // 60:02}:{day % 60:02}Z")


def _bytes(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


_KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from nianbao.dataset import generations, write
    from tests.nianbao.dataset.test_generations import _documents

    store, victim, calls = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    owner = write if victim == "write_table" else generations
    real = getattr(owner, victim)

    def counted(*args, **kwargs):
        global calls
        calls -= 1
        if calls < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(owner, victim, counted)
    write.update(store, _documents(2, day=2), parser_version="1")
    """
)


@pytest.mark.parametrize(("victim", "calls"), [("write_table", 0), ("write_table", 8), ("flush", 3), ("_switch", 0)])
def test_kill_9_in_mid_write_leaves_the_old(tmp_path, victim, calls):
    first = update(tmp_path, _documents(1), parser_version="1")
    before = _bytes(first.folder)
    killed = subprocess.run([sys.executable, "-c", _KILLED, tmp_path, victim, str(calls)], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert open_dataset(tmp_path).folder == first.folder
    assert _bytes(open_dataset(tmp_path).folder) == before
    done = update(tmp_path, _documents(2, day=2), parser_version="1")
    assert (done.changed, done.years) == (2, (2023, 2024))
    assert open_dataset(tmp_path).panel()["req_new_person"].tolist() == [2] * 2
    assert not list((tmp_path / "generations").glob("*.partial"))


def test_kill_9_right_after_the_switch_has_the_new(tmp_path):
    update(tmp_path, _documents(1), parser_version="1")
    subprocess.run([sys.executable, "-c", _KILLED, tmp_path, "_prune", "0"], cwd=ROOT, check=False)
    assert open_dataset(tmp_path).panel()["req_new_person"].tolist() == [2] * 2
    assert update(tmp_path, _documents(2, day=2), parser_version="1").written == ()


def _keep_writing(store, stop):
    day = 2
    while not stop.is_set():
        update(store, _documents(day, years=(2024,), day=day), parser_version="1")
        day += 1


def _what_a_reader_sees(dataset):
    panel, cells, reports = dataset.panel(), dataset.cells(), dataset.reports()
    people = set(panel["req_new_person"])
    assert len(people) == 1
    assert set(cells[(cells["row"] == "new") & (cells["column"] == "person")]["value"]) == people
    assert len(cells) == 200
    day = int(people.copy().pop())
    assert set(reports["fetched_at"].str[-6:]) == {f"{day // 60:02}:{day % 60:02}Z"}
    return people


def test_a_reader_sees_the_old_or_the_new_never_a_mix(tmp_path):
    update(tmp_path, _documents(1, years=(2024,)), parser_version="1")
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    writer = context.Process(target=_keep_writing, args=(tmp_path, stop))
    writer.start()
    try:
        seen = set()
        while len(seen) < 3 and writer.is_alive():
            with suppress(DatasetError):  # on a busy machine two generations can pass under a slow reader
                seen |= _what_a_reader_sees(open_dataset(tmp_path))
    finally:
        stop.set()
        writer.join()
    assert len(seen) == 3
    assert writer.exitcode == 0


def test_the_generation_that_a_reader_has_open_outlives_the_next(tmp_path):
    update(tmp_path, _documents(1), parser_version="1")
    dataset = open_dataset(tmp_path)
    update(tmp_path, _documents(2, day=2), parser_version="1")
    assert dataset.panel()["req_new_person"].tolist() == [1] * 2
    for day in range(3, 6):
        update(tmp_path, _documents(day, day=day), parser_version="1")
    kept = sorted(path.name for path in (tmp_path / "generations").iterdir() if path.is_dir())
    assert kept == ["4", "5"]
    with pytest.raises(DatasetError, match="is missing"):
        dataset.panel()


def test_a_full_disk_leaves_the_old(tmp_path):
    first = update(tmp_path, _documents(1), parser_version="1")
    script = textwrap.dedent(
        """
        import resource, signal, sys
        from pathlib import Path
        from nianbao.dataset.write import update
        from parsers.errors import DatasetError
        from tests.nianbao.dataset.test_generations import _documents

        documents = list(_documents(2, counties=40, day=2))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
        try:
            update(Path(sys.argv[1]), documents, parser_version="1")
        except DatasetError as error:
            print(error)
        """
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, tmp_path], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert "cannot be written" in ended.stdout
    assert "stands as it was" in ended.stdout
    assert ended.stdout.count("\n") == 1
    assert open_dataset(tmp_path).folder == first.folder
    assert not list((tmp_path / "generations").glob("*.partial"))


def test_one_writer_at_a_time(tmp_path):
    update(tmp_path, _documents(1), parser_version="1")
    with next_generation(tmp_path), pytest.raises(DatasetError, match="another run is writing"):
        update(tmp_path, _documents(2), parser_version="1")
    assert update(tmp_path, _documents(2, day=2), parser_version="1").changed == 2


def test_a_draft_that_is_not_published_leaves_nothing(tmp_path):
    with next_generation(tmp_path) as draft:
        draft.write("a.txt", lambda path: path.write_text("a"))
    assert current(tmp_path) is None
    assert [path.name for path in (tmp_path / "generations").iterdir()] == [".lock"]


def test_a_store_that_cannot_be_used(tmp_path):
    (tmp_path / "file").write_text("no folder")
    (tmp_path / "taken" / "dataset").mkdir(parents=True)
    for store in (tmp_path / "file", tmp_path / "taken"):
        with pytest.raises(DatasetError) as caught:
            update(store, _documents(1), parser_version="1")
        assert "\n" not in str(caught.value)
        assert str(store) in str(caught.value)


def test_unchanged_files_are_the_same_file(tmp_path):
    first = update(tmp_path, _documents(1), parser_version="1")
    second = update(tmp_path, _documents(2, years=(2024,), day=2), parser_version="1")
    old, new = (folder / "cells" / "report_year=2023" / "part-0.parquet" for folder in (first.folder, second.folder))
    assert old.stat().st_ino == new.stat().st_ino
    assert second.years == (2024,)


def test_a_file_system_without_hard_links_gets_copies(tmp_path, monkeypatch):
    first = update(tmp_path, _documents(1), parser_version="1")

    def refuse(*_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr("pathlib.Path.hardlink_to", refuse)
    second = update(tmp_path, _documents(2, years=(2024,), day=2), parser_version="1")
    assert second.years == (2024,)
    name = "cells/report_year=2023/part-0.parquet"
    assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes()
