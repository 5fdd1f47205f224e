"""A few nights from end to end: what is reported, what is told to whom, what a night leaves in the store."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nianbao import open_dataset
from nianbao.exits import Exit
from nianbao.nightly import record, snapshot
from tests.nights.stage import TOKEN, Stage, staged
from tests.nights.world import NEWS, bare

FIRST = datetime(2025, 1, 10, 22, tzinfo=UTC)


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with staged(tmp_path) as running:
        running.world["a"].publish(2022, 2023)
        running.world["b"].publish(2022, 2023)
        running.list_sites([running.world[letter].site for letter in "ab"])
        yield running


def nights(stage: Stage, number: int = 1) -> datetime:
    """Return the time of a night."""
    return FIRST + timedelta(days=number)


def files(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}


def test_a_first_night_is_a_baseline_and_no_alert(stage: Stage) -> None:
    assert stage.night(FIRST) == Exit.DONE
    report = stage.report()
    assert report["changes"]["baseline"]
    assert report["counts"]["new"] == report["totals"]["reports"] == 4
    assert (stage.alerts(), stage.pings()) == ([], 1)
    stages = [each["name"] for each in report["stages"]]
    assert stages == ["harvest", "parse", "dataset", "checks", "site", "report"]
    assert report["coverage"]["山西省"]["2023"] == {"divisions": 1, "found": 1, "parsed": 1, "verified": 1}


def test_nothing_new_is_nothing_said_and_nothing_written(stage: Stage) -> None:
    stage.night(FIRST)
    before = files(stage.store / "generations")
    assert stage.night(nights(stage)) == Exit.DONE
    assert files(stage.store / "generations") == before
    assert not any(stage.report()["counts"].values())
    assert stage.alerts() == []
    assert stage.pings() == 2


def test_a_new_version_that_lost_its_tables_does_not_displace_the_last_good_one(stage: Stage) -> None:
    stage.night(FIRST)
    a = stage.world["a"]
    a.replace(2023, bare(a, 2023))
    stage.world["b"].replace(2022, NEWS)
    assert stage.night(nights(stage)) == Exit.DONE
    kept = {row["report_id"]: row for row in stage.report()["kept"]}
    assert set(kept) == {a.report_id(2023), stage.world["b"].report_id(2022)}
    assert "no longer there" in kept[a.report_id(2023)]["reason"]
    grades = dict(zip(*(open_dataset(stage.store).reports()[name] for name in ("report_id", "grade")), strict=True))
    assert grades[a.report_id(2023)] == "verified"
    (body,) = stage.alerts()
    assert body["counts"] == {"kept": 2}
    a.publish(2023)
    stage.night(nights(stage, 2))
    assert [row["report_id"] for row in stage.report()["changes"]["returned"]] == [a.report_id(2023)]


def test_a_site_that_breaks_is_named_at_once_and_alerted_when_it_stays_so(stage: Stage) -> None:
    stage.night(FIRST)
    stage.world["b"].hide()
    stage.night(nights(stage))
    (site,) = stage.report()["changes"]["broken"]
    assert (site["code"], site["failing"], site["last_success"][:10]) == ("321322", 1, "2025-01-10")
    assert stage.alerts() == []
    stage.night(nights(stage, 2))
    assert [body["counts"] for body in stage.alerts()] == [{"broken": 1}]
    stage.world["b"].show()
    stage.night(nights(stage, 4))
    (site,) = stage.report()["changes"]["mended"]
    assert (site["failed_visits"], site["since"][:10]) == (2, "2025-01-11")
    assert [body["counts"] for body in stage.alerts()] == [{"broken": 1}, {"mended": 1}]


def test_an_alert_that_was_not_taken_is_sent_the_next_night(stage: Stage) -> None:
    stage.night(FIRST)
    host = stage.hook.url.removeprefix("http://")
    stage.hook.put(f"http://{host}/hook/{TOKEN}", "busy", status=503)
    stage.world["a"].publish(2023, seed=1)
    stage.night(nights(stage))
    assert len(stage.alerts()) == 3  # attempts
    assert any('"event": "alert_failed"' in line for line in stage.lines)
    stage.hook.put(f"http://{host}/hook/{TOKEN}", "ok")
    for number in (2, 3):
        stage.night(nights(stage, number))
    assert [body["counts"] for body in stage.alerts()] == [{"revised": 1}] * 4


def test_worse_checks_are_a_status_of_their_own(stage: Stage) -> None:
    stage.night(FIRST)
    a = stage.world["a"]
    page = a.page(2023).decode()
    start = page.index("三、")
    number = re.search(r"<td>(\d{2,})</td>", page[start:])
    assert number
    a.replace(2023, page[:start] + page[start:].replace(number[0], f"<td>{int(number[1]) + 1}</td>", 1))
    assert stage.night(nights(stage)) == Exit.WORSE
    (row,) = stage.report()["changes"]["worse"]
    assert (row["grade_before"], row["grade"]) == ("verified", "inconsistent")
    assert stage.night(nights(stage, 2)) == Exit.DONE


def test_a_night_that_was_cut_off_before_its_report_is_told_by_the_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.night(FIRST)
    stage.world["a"].publish(2023, seed=1)
    stage.world["b"].replace(2022, NEWS)

    def dies(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(record, "write", dies)
        assert stage.night(nights(stage)) == Exit.INTERRUPTED
    assert stage.night(nights(stage, 2)) == Exit.DONE
    report = stage.report()
    assert [row["report_id"] for row in report["changes"]["revised"]] == [stage.world["a"].report_id(2023)]
    assert [row["report_id"] for row in report["changes"]["kept"]] == [stage.world["b"].report_id(2022)]


def test_a_clock_that_was_set_back_loses_no_version(stage: Stage) -> None:
    stage.night(FIRST + timedelta(days=300))
    a = stage.world["a"]
    a.publish(2023, seed=1)
    assert stage.night(FIRST) == Exit.DONE
    assert [warned["name"] for warned in stage.report()["warnings"]] == ["clock"]
    rows = open_dataset(stage.store).arrow("reports").to_pylist()
    row = next(row for row in rows if row["report_id"] == a.report_id(2023))
    assert row["version"] == 2
    assert row["fetched_at"] > (FIRST + timedelta(days=300)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_the_health_page_has_everything_and_runs_nothing(stage: Stage) -> None:
    evil = '</title><script>alert(1)</script>"\u202e'
    stage.world["b"].name = f"沭阳县{evil}"
    stage.list_sites([stage.world[letter].site for letter in "ab"])
    stage.night(FIRST)
    stage.world["b"].hide()
    stage.night(nights(stage))
    page = (stage.store / "health.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page
    for word in ("山西省", "Broken sites", "harvest", "<h2>Nights</h2>", "Coverage"):
        assert word in page


def test_metrics_are_replaced_as_a_whole(stage: Stage) -> None:
    stage.night(FIRST)
    text = (stage.folder / "nianbao.prom").read_text(encoding="utf-8")
    assert "nianbao_night_exit_status 0\n" in text
    assert 'nianbao_reports{grade="verified"} 4\n' in text
    assert 'nianbao_sites{outcome="ok"} 2\n' in text
    values = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'nianbao_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [-\d.e+]+', line) for line in values)
    assert [path.name for path in stage.folder.glob("*.prom*")] == ["nianbao.prom"]
    assert list(stage.folder.glob(".nianbao.prom*")) == []


def test_only_the_newest_snapshots_are_kept_and_history_goes_on(stage: Stage) -> None:
    for number in range(3):
        stage.night(nights(stage, number))
    assert len(list(stage.store.glob(f"runs/*/{snapshot.FILE_NAME}"))) == 2
    history = stage.report()["history"]
    assert [entry["counts"]["new"] for entry in history] == [4, 0, 0]
    assert len({entry["run"] for entry in history}) == 3


def test_a_stage_that_is_not_installed_is_skipped_by_name(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.nightly import stages

    stage.configure(site=True)
    monkeypatch.setattr(stages, "_PAGES_NEED", ("no_such_library",))
    assert stage.night(FIRST) == Exit.DONE
    (site,) = [each for each in stage.report()["stages"] if each["name"] == "site"]
    assert site["status"] == "skipped"
    assert 'pip install "nianbao[site]"' in site["detail"]


def test_a_stage_that_fails_costs_no_other_and_makes_the_night_partial(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nianbao.dataset import validation

    def fails(store: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(validation, "check", fails)
    assert stage.night(FIRST) == Exit.PARTIAL
    report = stage.report()
    assert report["reasons"] == ["the stage checks failed: [Errno 28] No space left on device"]
    assert report["totals"]["reports"] == 4


def test_every_line_of_the_log_is_json(stage: Stage) -> None:
    stage.night(FIRST)
    events = [json.loads(line)["event"] for line in stage.lines]
    assert events[0] == "night"
    assert events[-1] == "night_ended"
    assert {"stage", "page", "site_done", "parsing", "parsed"} <= set(events)
