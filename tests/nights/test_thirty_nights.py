"""Thirty nights over sites that live: every event in the right report, no other, and the dataset of one clean run."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nianbao import open_dataset
from tests.nights.script import SCENES, Expected, Scene
from tests.nights.stage import TOKEN, Stage, staged
from tests.nights.world import County

KEPT = {"d2022", "b2022", "h2022", "h2023"}  # what the last state of the web does not show any more
LISTS = ("new", "revised", "kept", "returned", "read_again", "worse")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, list[Any], list[Any]]]:
    """Play all nights; with the report of each, and the alerts that came of it."""
    with staged(tmp_path_factory.mktemp("nights")) as stage:
        reports, alerts = [], []
        for scene in SCENES:
            before = len(stage.alerts())
            reports.append(play(stage, scene))
            alerts.append(stage.alerts()[before:])
        assert stage.pings() == len(SCENES)
        yield stage, reports, alerts


def play(stage: Stage, scene: Scene) -> dict[str, Any]:
    scene.act(stage.world)
    stage.list_sites([stage.world[letter].site for letter in scene.listed])
    status = stage.night(scene.at)
    report = stage.report()
    assert report["exit"] == status
    return report


def letters(world: dict[str, County], sites: list[dict[str, Any]]) -> str:
    return "".join(sorted(next(k for k, c in world.items() if c.code == site["code"]) for site in sites))


def shorts(world: dict[str, County], identifiers: list[str]) -> tuple[str, ...]:
    found = []
    for identifier in identifiers:
        code, year, _ = identifier.split("-")
        found.append(next(k for k, c in world.items() if c.code == code) + year)
    return tuple(sorted(found))


def said(world: dict[str, County], report: dict[str, Any], alerts: list[dict[str, Any]]) -> Expected:
    """Return what a night reported, in the words of the script."""
    changes = report["changes"]
    lists = {name: shorts(world, [row["report_id"] for row in changes[name]]) for name in LISTS}
    assert lists.pop("read_again") == ()
    assert lists.pop("worse") == ()
    kinds = {kind for body in alerts for kind in body["counts"]}
    kinds |= {"status" for body in alerts if "status_before" in body}
    return Expected(
        broken=letters(world, changes["broken"]),
        mended=letters(world, changes["mended"]),
        added=len(changes["added"]),
        dropped=len(changes["dropped"]),
        layouts=bool(changes["layouts"]),
        labels=tuple(changes["labels"]),
        warnings=tuple(warned["name"] for warned in report["warnings"]),
        alert=tuple(sorted(kinds)),
        status=report["status"],
        due=report["due"],
        **lists,
    )


@pytest.mark.slow
def test_every_event_is_in_the_right_report_and_nothing_else(played: tuple[Stage, list[Any], list[Any]]) -> None:
    stage, reports, alerts = played
    assert len(reports) == 30
    for number, (scene, report, sent) in enumerate(zip(SCENES, reports, alerts, strict=True), 1):
        expected = scene.expected
        found = said(stage.world, report, sent)
        if expected.due is None:
            found = replace(found, due=None)
        assert found == expected, f"night {number}"


@pytest.mark.slow
def test_the_dataset_is_that_of_a_clean_run_and_what_was_kept(
    played: tuple[Stage, list[Any], list[Any]], tmp_path: Path
) -> None:
    stage, _, _ = played
    clean = tmp_path / "clean"
    assert stage.night(SCENES[-1].at, clean) == 0
    lived, fresh = contents(stage.store), contents(clean)
    ids = {name: stage.world[name[0]].report_id(int(name[1:])) for name in KEPT}
    assert lived.keys() - fresh.keys() == set(ids.values())
    assert {name: lived[name] for name in fresh} == fresh
    world = stage.world
    history = open_dataset(stage.store).arrow("history/reports").to_pylist()
    assert [(row["report_id"], row["reason"]) for row in history] == [(world["a"].report_id(2024), "revised")]


def contents(store: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return title, cells and sections of every report."""
    dataset = open_dataset(store)
    found: dict[str, list[tuple[Any, ...]]] = {
        row["report_id"]: [(row["title"], row["publisher"], row["grade"])]
        for row in dataset.arrow("reports").to_pylist()
    }
    for name, columns in (
        ("cells", ("table", "row", "column", "value", "status", "raw")),
        ("checks", ("table", "id", "at", "left", "right", "outcome")),
        ("sections", ("number", "heading", "text")),
    ):
        for row in dataset.arrow(name).to_pylist():
            if name != "checks" or not row["id"].startswith("across."):
                found[row["report_id"]].append(tuple(row[column] for column in columns))
    return found


@pytest.mark.slow
def test_kept_reports_stand_with_the_date_of_their_version(played: tuple[Stage, list[Any], list[Any]]) -> None:
    stage, reports, _ = played
    kept = {row["report_id"]: row for row in reports[-1]["kept"]}
    assert shorts(stage.world, list(kept)) == ("b2022", "d2022")
    row = kept[stage.world["d"].report_id(2022)]
    assert row["version_of"].startswith("2024-12-28")
    assert row["since"].startswith("2025-01-18")


@pytest.mark.slow
def test_no_secret_is_in_any_file_or_line(played: tuple[Stage, list[Any], list[Any]]) -> None:
    stage, reports, _ = played
    assert len(reports[-1]["history"]) == 30
    said_files = [path for path in stage.store.rglob("*") if path.is_file() and path.stat().st_size < 5_000_000]
    assert [path for path in said_files if TOKEN.encode() in path.read_bytes()] == []
    assert [line for line in stage.lines if TOKEN in line] == []
    assert len(stage.lines) > 1000
