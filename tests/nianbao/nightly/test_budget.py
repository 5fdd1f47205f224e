"""The time of a night: it stops cleanly, the next one goes on there, and nothing is asked for twice."""

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nianbao import open_dataset
from nianbao.exits import Exit
from nianbao.nightly.config import load
from nianbao.nightly.record import Night, Stage
from nianbao.nightly.timing import TimeTable
from nianbao.pipeline import bring_up_to_date
from nianbao.unparsed import last_mark
from scraper import Options, Outcome, Summary, harvest
from scraper.schema import FILE_NAME, FROM_VERSION_1, TABLES
from scraper.state import State
from tests.nianbao.small_site import Recorder
from tests.nights.stage import Stage as NightStage
from tests.nights.stage import staged
from tests.nights.world import County
from tests.scraper.web import Reply, Web

NOW = datetime(2026, 3, 1, 22, tzinfo=UTC)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[NightStage]:
    with staged(tmp_path) as running:
        running.world["a"].publish(2021, 2022, 2023)
        yield running


def slow(web: Web, county: County, year: int, pause: float) -> None:
    web.put(county.url(year), Reply(county.reports[year] or b"", pause=pause))


def go(stage: NightStage, seconds: float | None = None, *, day: int = 0) -> Summary:
    options = Options(proxy=stage.web.url, delay=0, retries=0, backoff=0)
    when = NOW + timedelta(days=day)
    return harvest([stage.world["a"].site], stage.store, options, now=lambda: when, seconds=seconds)


def test_a_harvest_out_of_time_ends_in_good_order(stage: NightStage) -> None:
    slow(stage.web, stage.world["a"], 2021, 30)
    summary = go(stage, 1.5)
    assert (summary.out_of_time, summary.interrupted) == (True, False)
    assert summary.sites[0].outcome is Outcome.PENDING
    counts = summary.counts
    assert counts.pending == 1
    assert counts.discovered == counts.fetched + counts.pending + counts.skipped.total()
    written = json.loads((stage.store / "runs" / summary.run / "summary.json").read_text(encoding="utf-8"))
    assert written["out_of_time"]


def test_the_next_one_goes_on_where_it_was_cut_off(stage: NightStage) -> None:
    a = stage.world["a"]
    slow(stage.web, a, 2021, 30)
    go(stage, 2.0)
    fetched = {path for path in stage.web.paths(a.host) if path.startswith("/content")}
    slow(stage.web, a, 2021, 0)
    stage.web.log.clear()
    summary = go(stage, day=1)
    assert not summary.resumed
    assert summary.sites[0].outcome is Outcome.OK
    asked = Counter(path for path in stage.web.paths(a.host) if path.startswith("/content"))
    assert max(asked.values()) == 1
    assert not fetched & asked.keys()
    assert len(fetched) + len(asked) == 3
    assert summary.counts.unchanged >= len(fetched)
    stage.web.log.clear()
    assert go(stage, day=2).sites[0].outcome is Outcome.UNCHANGED
    assert len([path for path in stage.web.paths(a.host) if path.startswith("/content")]) == 3


def test_what_was_fetched_too_long_ago_is_asked_for_again(stage: NightStage) -> None:
    a = stage.world["a"]
    slow(stage.web, a, 2021, 30)
    go(stage, 1.5)
    slow(stage.web, a, 2021, 0)
    stage.web.log.clear()
    go(stage, day=30)
    assert len([path for path in stage.web.paths(a.host) if path.startswith("/content")]) == 3


def test_a_night_out_of_time_is_partial_and_the_next_one_completes(stage: NightStage) -> None:
    a, b = stage.world["a"], stage.world["b"]
    b.publish(2023)
    stage.list_sites([a.site, b.site])
    slow(stage.web, b, 2023, 30)
    assert stage.night(NOW, **{"time.budget": "4s"}) == Exit.PARTIAL
    report = stage.report()
    assert report["reasons"][0] == "the time ended before 1 of 2 sites were done"
    assert report["left"] == 1
    slow(stage.web, b, 2023, 0)
    assert stage.night(NOW + timedelta(days=1)) == Exit.DONE
    assert stage.report()["totals"]["reports"] == 4


def test_a_parse_stage_out_of_time_goes_on_after_the_last_document(stage: NightStage) -> None:
    first = go(stage)
    parsed: list[str] = []
    for round_ in range(4):
        summary, watch = (first if not round_ else go(stage, day=round_)), Recorder()
        ran = bring_up_to_date(stage.store, summary, watch, out_of_time=lambda: len(watch.parsed) >= 1)  # noqa: B023
        parsed += watch.parsed
        assert ran.all_parsed is (round_ >= 2)
        mark = last_mark(stage.store, json.loads(newest(stage.store).read_text())["parser_version"])
        assert mark is not None
        assert mark.complete is ran.all_parsed
    assert sorted(parsed) == sorted(stage.world["a"].url(year) for year in (2021, 2022, 2023))
    assert len(open_dataset(stage.store).reports()) == 3


def newest(store: Path) -> Path:
    return sorted(store.glob("runs/*/parsed.json"))[-1]


def test_a_change_while_a_pass_is_cut_off_is_not_lost(stage: NightStage) -> None:
    a = stage.world["a"]
    watch = Recorder()
    bring_up_to_date(stage.store, go(stage), watch, out_of_time=lambda: len(watch.parsed) >= 2)
    a.publish(2021, seed=1)  # one that was parsed already
    a.publish(2024)  # one that the pass comes to, and that a later run brought
    again = Recorder()
    bring_up_to_date(stage.store, go(stage, day=1), again)
    assert sorted(again.parsed) == [a.url(2021), a.url(2023), a.url(2024)]
    assert len(open_dataset(stage.store).reports()) == 4


def test_a_night_that_came_short_leaves_time_for_parsing() -> None:
    last = Night("r", "2026-01-01T00:00:00Z", status="partial", stages=[Stage("parse", seconds=0.0)])
    assert TimeTable(load(given={"time.budget": "100s"}), NOW, lambda: 0.0, last).harvest() == 80


def test_the_later_stages_keep_what_they_took_last_time() -> None:
    seconds = iter([0.0, 10.0, 10.0, 95.0])
    last = Night("r", "2026-01-01T00:00:00Z", stages=[Stage("parse", seconds=10), Stage("dataset", seconds=4)])
    times = TimeTable(load(given={"time.budget": "100s"}), NOW, lambda: next(seconds), last)
    assert times.harvest() == pytest.approx(100 - 14 * 1.5 - 10)
    assert not times.parse_is_over()
    assert times.parse_is_over()


def test_without_a_limit_there_is_none() -> None:
    times = TimeTable(load(), NOW, lambda: 0.0, None)
    assert times.harvest() is None
    assert not times.parse_is_over()


def test_a_state_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    added = ("visited_at", "failing", "failing_since", "unfinished_since")
    old = "\n".join(line for line in TABLES.splitlines() if not line.strip().startswith(added))
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.executescript(old)
    connection.executescript(
        "INSERT INTO runs VALUES (1, 'r1', '2026-01-01T00:00:00Z', NULL, 'finished');"
        "INSERT INTO sites (code, site_url, name, column_url, run, outcome, detail, streak) VALUES"
        " ('440823', 'http://a/', '遂溪县', '', 1, 'dns', '', 3),"
        " ('440825', 'http://b/', '徐闻县', '', 1, 'ok', '', 2);"
        "PRAGMA user_version = 1;"
    )
    connection.close()
    state = State(tmp_path)
    rows = [tuple(row) for row in state.select("SELECT failing, failing_since, visited_at FROM sites ORDER BY code")]
    state.close()
    assert rows == [(3, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), (0, None, "2026-01-01T00:00:00Z")]
    assert all(name in FROM_VERSION_1 for name in added)
