"""From archived pages to the dataset: what is parsed, what is skipped, and what is not done twice."""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nianbao import open_dataset, parse_stage, pipeline
from nianbao.dataset.generations import current
from nianbao.parse_stage import ParseTally
from nianbao.pipeline import Ran, parser_version, run
from nianbao.replay import ReplayProxy
from parsers.errors import NianbaoError
from parsers.reading import read_reports
from scraper import Options, Site, harvest
from tests.nianbao.small_site import ATTACHMENT, BARE, NOTICE, PUBLISHED, REPORT, SITE, Recorder, build

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ALL = [REPORT, NOTICE, BARE, ATTACHMENT]

Harvest = Callable[..., Ran]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def proxy(tmp_path: Path) -> Iterator[ReplayProxy]:
    with ReplayProxy(build(tmp_path / "site")) as running:
        yield running


def go(store: Path, proxy: ReplayProxy, watch: Recorder | None = None, *others: Site) -> Ran:
    options = Options(proxy=proxy.url, delay=0, retries=0, backoff=0)
    return run([SITE, *others], store, options, watch or Recorder(), now=lambda: NOW)


def files_of(store: Path) -> dict[str, tuple[int, int]]:
    """Return inode and time of change of every file of the dataset."""
    folder = store / "dataset"
    found = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    assert len(found) > 10
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in found.items()}


def bytes_of(store: Path) -> dict[str, bytes]:
    folder = store / "dataset"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_document_is_read_or_skipped_with_its_reason(store: Path, proxy: ReplayProxy) -> None:
    watch = Recorder()
    ran = go(store, proxy, watch)
    assert ran.parsed
    assert sorted(watch.parsed) == sorted(ALL)
    assert watch.written == 1
    assert (ran.parsed.documents, ran.parsed.read, ran.parsed.reports, ran.parsed.failed) == (4, 2, 2, [])
    reasons = sorted(ran.parsed.skipped)
    assert len(reasons) == 2
    assert reasons[0].startswith("attachment: the PDF file is damaged")
    assert reasons[1].startswith("report: no report on open government information: it seems to be a notice")


def test_reports_come_with_division_and_origin(store: Path, proxy: ReplayProxy) -> None:
    go(store, proxy)
    reports = {row["url"]: row for row in open_dataset(store).arrow("reports").to_pylist()}
    assert set(reports) == {REPORT, BARE}
    row = reports[REPORT]
    assert (row["report_id"], row["division_name"], row["report_year"]) == ("440823-2023-jurisdiction", "遂溪县", 2023)
    assert (row["site_code"], row["found_on"]) == ("440823", SITE.column_url)
    assert (row["fetched_at"], row["parser_version"]) == ("2026-03-02T08:00:00Z", parser_version())
    assert reports[BARE]["grade"] is None


def test_the_run_keeps_its_accounts_in_its_folder(store: Path, proxy: ReplayProxy) -> None:
    ran = go(store, proxy)
    record = json.loads((store / "runs" / ran.summary.run / "parsed.json").read_text(encoding="utf-8"))
    assert record["documents"] == record["read"] + sum(record["skipped"].values()) + len(record["failed"]) == 4
    assert record["dataset"] == {"new": 2, "changed": 0, "unchanged": 0, "retired": 0}


def test_nothing_new_parses_nothing_and_writes_nothing(store: Path, proxy: ReplayProxy) -> None:
    assert not go(store, proxy).nothing_new
    before, watch = files_of(store), Recorder()
    ran = go(store, proxy, watch)
    assert ran.nothing_new
    assert watch.parsed == []
    assert files_of(store) == before


def test_only_what_is_new_is_parsed(store: Path, tmp_path: Path, proxy: ReplayProxy) -> None:
    go(store, proxy)
    build(tmp_path / "site", PUBLISHED.replace(b"31890", b"31891"))
    watch = Recorder()
    ran = go(store, proxy, watch)
    assert watch.parsed == [REPORT]
    assert ran.update
    assert (ran.update.new, ran.update.changed) == (0, 1)
    (row,) = open_dataset(store).arrow("revisions").to_pylist()
    assert (row["row"], row["old_value"], row["new_value"]) == ("licences", 31890, 31891)


def test_what_a_killed_run_had_archived_is_parsed_by_the_next(store: Path, proxy: ReplayProxy) -> None:
    harvest([SITE], store, Options(proxy=proxy.url, delay=0), now=lambda: NOW)
    watch = Recorder()
    ran = go(store, proxy, watch)
    assert ran.summary.new_records == 0
    assert sorted(watch.parsed) == sorted(ALL)
    assert len(open_dataset(store).reports()) == 2


def test_so_is_what_a_run_archived_after_the_last_parsed_one(store: Path, tmp_path: Path, proxy: ReplayProxy) -> None:
    go(store, proxy)
    build(tmp_path / "site", PUBLISHED.replace(b"31890", b"31891"))
    harvest([SITE], store, Options(proxy=proxy.url, delay=0), now=lambda: NOW)
    watch = Recorder()
    go(store, proxy, watch)
    assert watch.parsed == [REPORT]


def test_another_parser_parses_all_of_the_archive_again(
    store: Path, proxy: ReplayProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    go(store, proxy)
    monkeypatch.setattr(pipeline, "parser_version", lambda: "9.9.9+other")
    watch = Recorder()
    ran = go(store, proxy, watch)
    assert sorted(watch.parsed) == sorted(ALL)
    assert not ran.nothing_new
    assert set(open_dataset(store).reports()["parser_version"]) == {"9.9.9+other"}
    again = Recorder()
    assert go(store, proxy, again).nothing_new
    assert again.parsed == []


@pytest.mark.parametrize("loss", ["dataset", "record"])
def test_what_was_lost_is_made_again_from_the_archive(loss: str, store: Path, proxy: ReplayProxy) -> None:
    ran = go(store, proxy)
    before = bytes_of(store)
    if loss == "dataset":
        (store / "dataset").unlink()
        shutil.rmtree(store / "generations")
    else:
        (store / "runs" / ran.summary.run / "parsed.json").write_text('{"parser_ver')
    watch = Recorder()
    go(store, proxy, watch)
    assert sorted(watch.parsed) == sorted(ALL)
    assert bytes_of(store) == before


def test_a_document_that_breaks_the_parser_costs_no_other(
    store: Path, proxy: ReplayProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(body: bytes, **settings: str | None) -> object:
        if body.startswith(b"<html><h1>"):
            raise ZeroDivisionError("by zero")
        return read_reports(body, **settings)  # type: ignore[arg-type]

    monkeypatch.setattr(parse_stage, "read_reports", broken)
    ran = go(store, proxy)
    assert ran.parsed
    assert (ran.parsed.documents, ran.parsed.read, len(ran.parsed.failed)) == (4, 1, 1)
    assert ran.parsed.failed[0].startswith(f"{BARE}: this program failed (ZeroDivisionError: by zero at test_pipeline")
    assert list(open_dataset(store).reports()["url"]) == [REPORT]


def test_coverage_says_why_a_report_is_missing(store: Path, proxy: ReplayProxy) -> None:
    elsewhere = Site("610921", "汉阴县", "http://www.elsewhere.gov.cn/")
    go(store, proxy, None, elsewhere)
    rows = open_dataset(store).arrow("coverage").to_pylist()
    reasons = {(row["code"], row["report_year"]): row["reason"] for row in rows}
    assert reasons["610921", 2023].startswith("robots: http://www.elsewhere.gov.cn/")
    assert reasons["440823", 2023] == "an identity fails as printed"


def test_accounts_that_do_not_add_up_are_an_error() -> None:
    with pytest.raises(NianbaoError, match="3 documents, 2 accounted for"):
        ParseTally(documents=3, read=1, failed=["x"]).verify()


def test_parser_version_names_program_and_sources() -> None:
    program, digest = parser_version().split("+")
    assert program == pipeline.__version__
    assert len(digest) == 8
    assert int(digest, 16) >= 0


def test_the_dataset_in_place_is_the_one_the_run_names(store: Path, proxy: ReplayProxy) -> None:
    ran = go(store, proxy)
    assert ran.update
    assert current(store) == ran.update.folder
