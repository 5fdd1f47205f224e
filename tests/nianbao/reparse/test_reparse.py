"""What a reparse promises: the same dataset whoever reads, nothing lost, everything accounted for."""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

import nianbao.reparse.plan as planning
from benchmarks.pages import report, spanned
from nianbao import open_dataset
from nianbao.reparse.plan import UNIT_PAGES, Unit, archive_root, units
from nianbao.reparse.pool import read_in_processes
from nianbao.reparse.unit import read_pages
from parsers.errors import NianbaoError
from scraper.archive import ArchiveReader, ArchiveWriter
from scraper.messages import Response, Site
from scraper.places import Place, archived, places
from scraper.warc import Page
from tests.nianbao.conftest import Demo, Run
from tests.nianbao.reparse.reading import again, here
from tests.scale.archives import contents, make_store, recorded

PAGES = 9


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("made") / "store"
    make_store(store, PAGES)
    return store


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Path:
    """A store of its own with the archive that was made."""
    shutil.copytree(made, tmp_path / "store")
    return tmp_path / "store"


@pytest.fixture
def small_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.reparse.run.units", partial(units, size=2))


def test_a_reparse_with_the_same_parser_changes_no_byte(demo: Demo, nianbao: Run, tmp_path: Path) -> None:
    into = tmp_path / "again"
    done = nianbao("reparse", "--store", into, "--from", demo.store, "--workers", 2)
    assert done.returncode == 0, done.stderr
    assert contents(into / "dataset" / ".") == contents(demo.store / "dataset" / ".")
    assert "documents  40 = 40 read + 0 skipped + 0 failed + 0 damaged + 0 set aside + 0 held back" in done.stdout
    assert not (into / "reparse").exists()


def test_what_is_parsed_again_is_not_parsed_by_the_next_harvest(demo: Demo, tmp_path: Path) -> None:
    from nianbao.pipeline import parser_version
    from nianbao.unparsed import last_mark

    store = tmp_path / "store"
    shutil.copytree(demo.store, store, symlinks=True)
    record = next(store.glob("runs/*/parsed.json"))
    record.write_text(record.read_text().replace(parser_version(), "0.0.1+older"))
    assert last_mark(store, parser_version()) is None
    again(store)
    mark = last_mark(store, parser_version())
    assert mark is not None
    assert mark.complete
    assert '"documents": 40' in record.read_text()


def test_units_keep_the_versions_of_an_address_together(made: Path) -> None:
    cut = list(units([(made, archive_root(made))], size=2))
    assert [unit.pages.num_rows for unit in cut] == [2, 2, 2, 2, 1]
    urls = [url for unit in cut for url in unit.pages.column("url").to_pylist()]
    assert urls == sorted(place.url for place in places(made))
    assert UNIT_PAGES > 1


@pytest.mark.usefixtures("small_units")
def test_a_broken_off_reparse_goes_on_and_ends_with_the_same_bytes(store: Path, made: Path, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    again(whole, made)

    def breaks(planned: Iterator[Unit], folder: Path) -> Iterator[str]:
        for number, name in enumerate(here(planned, folder)):
            if number == 2:
                raise KeyboardInterrupt
            yield name

    with pytest.raises(KeyboardInterrupt):
        again(store, read=breaks)
    assert not (store / "dataset").exists()
    (leftover,) = (store / "reparse").iterdir()
    torn = sorted(leftover.iterdir())[0]
    torn.write_bytes(torn.read_bytes()[:-20])
    read: list[str] = []

    def counting(planned: Iterator[Unit], folder: Path) -> Iterator[str]:
        for name in here(planned, folder):
            read.append(name)
            yield name

    accounts, _ = again(store, read=counting)
    assert accounts.documents == PAGES
    assert len(read) == 3  # two of five were whole, one of them was torn since
    assert contents(store / "dataset" / ".") == contents(whole / "dataset" / ".")


def test_a_record_with_a_wrong_digest_is_named_and_the_rest_is_read(store: Path) -> None:
    again(store)
    before = open_dataset(store).reports()
    file, offset, length = recorded(store)[3]
    hurt(store / "archive" / file, offset + length // 2)
    accounts, done = again(store)
    assert accounts.outcomes["damaged"] == 1
    assert sum(accounts.outcomes.values()) == PAGES
    (trouble,) = accounts.troubles
    assert f"{file}, byte {offset}" in trouble
    assert done.written == ()
    assert len(open_dataset(store).reports()) == len(before)


def test_an_archive_cut_off_in_the_middle_costs_what_stood_behind_the_cut(store: Path) -> None:
    file, offset, length = recorded(store)[5]
    os.truncate(store / "archive" / file, offset + length // 2)
    accounts, _ = again(store)
    assert accounts.outcomes["damaged"] == PAGES - 5
    assert accounts.documents == PAGES
    assert len(list(accounts.troubles)) == PAGES - 5


def test_a_missing_archive_file_is_named(store: Path) -> None:
    (path,) = (store / "archive").iterdir()
    path.unlink()
    accounts, _ = again(store)
    assert accounts.outcomes["damaged"] == PAGES
    assert all(path.name in trouble for trouble in accounts.troubles)


def test_what_is_no_report_any_more_leaves_the_dataset(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from parsers.reading import NO_REPORT
    from parsers.report import Report

    again(store)
    reports = open_dataset(store).reports()
    gone = reports["url"].iloc[0]

    def other(item: Any) -> Any:
        from nianbao.attached import Attached

        if item.url != gone:
            return original(item)
        return [Attached(Report(sha256=item.sha256, warnings=(f"{NO_REPORT}: it seems to be a notice",)))]

    import nianbao.parse_stage as stage

    original = stage._reports_of
    monkeypatch.setattr(stage, "_reports_of", other)
    accounts, done = again(store)
    assert accounts.outcomes["skipped"] >= 1
    assert done.retired == 1
    assert gone not in set(open_dataset(store).reports()["url"])
    assert len(open_dataset(store).reports()) == len(reports) - 1


def test_a_document_that_the_parser_cannot_open_now_keeps_its_report(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from parsers.errors import DocumentError

    again(store)
    before = contents(store / "dataset" / ".")

    def refuses(item: object) -> object:
        raise DocumentError("PDF needs nianbao[pdf]; install it")

    monkeypatch.setattr("nianbao.parse_stage._reports_of", refuses)
    accounts, _ = again(store)
    assert accounts.skipped == {"report: PDF needs nianbao[pdf]": PAGES}
    assert contents(store / "dataset" / ".") == before


def test_a_version_that_holds_less_is_held_back(tmp_path: Path) -> None:
    whole = spanned(report(3))
    start, end = whole.index("四、政府信息公开行政复议".encode()), whole.index("五、存在的主要问题".encode())
    bodies = [whole, whole[:start] + whole[end:], whole.replace("加强培训".encode(), "继续培训".encode())]
    pages = versions(tmp_path, bodies)
    outcomes = [(row["outcome"], row["reason"]) for row in read_pages(pages).to_pylist()]
    assert outcomes == [("read", None), ("held_back", "the appeals table is no longer there"), ("read", None)]
    alone = read_pages(pages[1:2]).to_pylist()
    assert [row["outcome"] for row in alone] == ["read"]


def versions(folder: Path, bodies: list[bytes]) -> pa.Table:
    """Archive bodies as versions of one address and return their pages."""
    writer = ArchiveWriter(folder, {}, lambda file: None, software="made up", max_bytes=1 << 30)
    url, rows = "http://www.qinghe.gov.cn/1.html", []
    with closing(writer):
        for day, body in enumerate(bodies, 1):
            at = f"2026-03-0{day}T00:00:00Z"
            position = writer.append(Page(Response(url, 200, {}, body), at, {}))
            sha256 = hashlib.sha256(body).hexdigest()
            site = Site("130534", "清河县", "http://www.qinghe.gov.cn/")
            rows.append((str(folder), Place(position, url, None, at, sha256, site, None, None, "report")))
    return planning.pages_table(rows)


def dies_at(pages: pa.Table, *, told: Callable[[int], None], set_aside: frozenset[int], at: str) -> pa.Table:
    """Read pages as a worker does that is killed by one of them."""
    urls = pages.column("url").to_pylist()

    def tell(document: int) -> None:
        told(document)
        if urls[document] == at and document not in set_aside:
            os.kill(os.getpid(), 9)

    return read_pages(pages, told=tell, set_aside=set_aside)


def test_a_document_that_kills_its_worker_is_set_aside_by_name(store: Path, made: Path, tmp_path: Path) -> None:
    poison = sorted(place.url for place in places(made))[4]
    read = partial(read_in_processes, workers=1, read=partial(dies_at, at=poison))
    accounts, _ = again(store, read=read)
    assert accounts.outcomes["set_aside"] == 1
    assert accounts.documents == PAGES
    assert [trouble.split(": ")[0] for trouble in accounts.troubles] == [poison]
    assert poison not in set(open_dataset(store).reports()["url"])
    assert len(open_dataset(store).reports()) >= PAGES - 2


def dies_at_once(pages: pa.Table, **_: object) -> pa.Table:
    os._exit(3)


@pytest.mark.slow
def test_workers_that_die_before_they_read_end_the_run_in_one_line(store: Path) -> None:
    with pytest.raises(NianbaoError, match=r"workers die before they read anything \(exit status 3\)"):
        again(store, read=partial(read_in_processes, workers=1, read=dies_at_once))


def test_readings_of_another_parser_are_refused(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.reparse.unit.parser_version", lambda: "0.0.1+other")
    with pytest.raises(NianbaoError, match=r"read by the parser 0\.0\.1\+other"):
        again(store)


def test_a_place_gives_what_the_archive_holds(made: Path) -> None:
    records = ArchiveReader(made / "archive")
    for place in places(made):
        item = archived(place, records)
        assert (item.url, item.sha256, item.fetched_at) == (place.url, place.sha256, place.fetched_at)
        assert len(item.body) > 100


def test_a_store_without_a_harvest_is_refused(nianbao: Run, tmp_path: Path) -> None:
    done = nianbao("reparse", "--store", tmp_path / "nothing")
    assert done.returncode == 3
    assert "harvest into this store first" in done.stderr
    assert done.stderr.count("\n") == 1


def hurt(path: Path, place: int) -> None:
    body = bytearray(path.read_bytes())
    body[place] ^= 0xFF
    path.write_bytes(bytes(body))
