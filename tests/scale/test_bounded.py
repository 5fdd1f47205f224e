"""What keeps a large reparse within its memory and its time changes no byte, and is put back afterwards."""

import gc
import shutil
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import product
from pathlib import Path

import pyarrow as pa
import pytest

from nianbao.dataset import write
from nianbao.reparse import pool
from nianbao.reparse.pool import read_in_processes
from nianbao.reparse.thrift import put_by, thrifty
from nianbao.reparse.unit import read_pages
from scraper.places import places
from tests.nianbao.reparse.reading import again
from tests.scale.archives import contents, make_store

PAGES = 24


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("bounded") / "store"
    make_store(store, PAGES)
    return store


def test_a_year_written_a_few_reports_at_a_time_has_the_same_bytes(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {}
    for reports, rows in product((1, 5, 2_000), (300, 200_000)):
        monkeypatch.setattr(write, "_SLICE_REPORTS", reports)
        monkeypatch.setattr(write, "_SLICE_ROWS", rows)
        store = tmp_path / f"{reports}-{rows}"
        again(store, archive)
        found[reports, rows] = contents(store / "dataset" / ".")
    assert found[1, 300] == found[5, 300] == found[2_000, 300]
    assert found[1, 200_000] == found[5, 200_000] == found[2_000, 200_000]
    assert found[1, 300] != found[1, 200_000]  # row groups are part of a file's bytes


def test_a_stored_year_of_several_row_groups_is_taken_over_whole(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(write, "_SLICE_ROWS", 300)
    half = tmp_path / "half"
    make_store(half, PAGES, only=range(1))
    store = tmp_path / "store"
    again(store, half)
    again(store, half, archive)
    again(tmp_path / "whole", half, archive)
    assert contents(store / "dataset" / ".") == contents(tmp_path / "whole" / "dataset" / ".")


def sleeps_at(pages: pa.Table, *, told: Callable[[int], None], set_aside: frozenset[int], at: str) -> pa.Table:
    """Read pages as a worker does that never comes back from one of them."""
    urls = pages.column("url").to_pylist()

    def tell(document: int) -> None:
        told(document)
        if urls[document] == at and document not in set_aside:
            time.sleep(600)

    return read_pages(pages, told=tell, set_aside=set_aside)


@pytest.mark.slow
def test_a_document_without_an_end_is_set_aside_by_name(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "DOCUMENT_SECONDS", 3.0)
    store = tmp_path / "store"
    shutil.copytree(archive, store)
    endless = sorted(place.url for place in places(archive))[7]
    accounts, _ = again(store, read=partial(read_in_processes, workers=1, read=partial(sleeps_at, at=endless)))
    assert accounts.outcomes["set_aside"] == 1
    assert accounts.documents == PAGES
    assert [trouble.split(": ")[0] for trouble in accounts.troubles] == [endless]


def test_what_is_set_for_a_reparse_is_put_back() -> None:
    before = gc.get_threshold(), gc.get_freeze_count(), pa.default_memory_pool().backend_name
    with thrifty():
        assert pa.default_memory_pool().backend_name == "system"
        put_by()
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), gc.get_freeze_count(), pa.default_memory_pool().backend_name) == before


def without_pandas(pages: pa.Table, *, told: Callable[[int], None], set_aside: frozenset[int]) -> pa.Table:
    """Read pages as a worker does, and fail where pandas was loaded for it."""
    found = read_pages(pages, told=told, set_aside=set_aside)
    assert "pandas" not in sys.modules
    return found


def test_a_worker_loads_no_pandas(archive: Path, tmp_path: Path) -> None:
    store = tmp_path / "store"
    shutil.copytree(archive, store)
    accounts, _ = again(store, read=partial(read_in_processes, workers=1, read=without_pandas))
    assert accounts.documents == PAGES
