"""The demo end to end: the numbers of the sample sites in the dataset, the same bytes every time, queries that run."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.dataset
import pytest
from click.testing import CliRunner

from nianbao import open_dataset
from nianbao.cli import main
from nianbao.demo import run_demo
from parsers.errors import SitesError
from tests.nianbao.conftest import SAMPLES, Demo, Run
from tests.nianbao.small_site import Recorder


def rows(name: str) -> Iterator[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


def files_of(store: Path) -> dict[str, bytes]:
    folder = store / "dataset"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def stamps_of(store: Path) -> dict[Path, tuple[int, int]]:
    """Return inode and time of change of every file of the dataset."""
    stats = {path: path.stat() for path in (store / "dataset").rglob("*.*")}
    return {path: (stat.st_ino, stat.st_mtime_ns) for path, stat in stats.items()}


def block_after(text: str, line: str) -> str:
    """Return the paragraph that follows a line and an empty one."""
    return text.split(f"{line}\n\n")[1].split("\n\n")[0]


def test_it_ends_well(demo: Demo) -> None:
    assert demo.result.returncode == 0, demo.result.stderr
    assert "nianbao: " not in demo.result.stderr
    assert "\x1b" not in demo.result.stdout + demo.result.stderr


def test_every_report_of_the_samples_is_found_and_no_other(demo: Demo) -> None:
    expected = {(row["url"], int(row["report_year"]), row["title"], row["scope"]) for row in rows("reports.csv")}
    found = open_dataset(demo.store).reports()
    assert set(found[["url", "report_year", "title", "scope"]].itertuples(index=False, name=None)) == expected


def test_divisions_are_those_of_the_samples(demo: Demo) -> None:
    expected = {row["url"]: row["code"] for row in rows("reports.csv")}
    found = open_dataset(demo.store).reports()
    assert dict(zip(found["url"], found["division_code"], strict=True)) == expected


def test_every_cell_is_as_the_samples_were_made(demo: Demo) -> None:
    dataset = open_dataset(demo.store)
    urls = dataset.reports().set_index("report_id")["url"]
    cells = dataset.cells()
    place = [cells["report_id"].map(urls), cells["table"], cells["row"], cells["column"]]
    values = cells["value"].astype(object).where(cells["value"].notna(), None)
    found = dict(zip(zip(*place, strict=True), zip(values, cells["status"], strict=True), strict=True))
    expected = {
        (row["url"], row["table"], row["row"], row["column"]): (
            float(row["value"]) if row["value"] else None,
            row["status"],
        )
        for row in rows("truth.csv")
    }
    assert len(expected) > 7000
    assert {key: value for key, value in found.items() if expected.get(key) != value} == {}
    assert found.keys() == expected.keys()


def test_grades_and_forms_are_those_worked_out_from_the_truth(demo: Demo) -> None:
    reports = open_dataset(demo.store).reports().set_index("url")
    for row in rows("grades.csv"):
        report = reports.loc[row["url"]]
        found = (report[f"{row['table']}_form"], report[f"{row['table']}_grade"])
        assert found == (row["form"], row["grade"]), (row["url"], row["table"])


def test_cells_are_those_of_the_forms_found(demo: Demo) -> None:
    sizes = {("disclosure", "2021"): 10, ("requests", "2021"): 175, ("appeals", "2021"): 15}
    sizes |= {("disclosure", "2019"): 22, ("requests", "2019"): 161, ("appeals", "2019"): 15}
    cells = open_dataset(demo.store).cells()
    counts = cells.groupby(["report_id", "table", "form"]).size()
    assert len(counts) == 3 * len(list(rows("reports.csv")))
    assert all(count == sizes[table, form] for (_, table, form), count in counts.items())


def test_coverage_is_of_divisions_and_says_what_was_in_the_way(demo: Demo) -> None:
    coverage = open_dataset(demo.store).arrow("coverage").to_pylist()
    assert {row["name"] for row in coverage if row["code"] in {"321322", "610828"}} == {"沭阳县", "佳县"}
    (challenged,) = [row for row in coverage if (row["code"], row["report_year"]) == ("440823", 2021)]
    assert (challenged["found"], challenged["reason"]) == (False, "not found; pages not to be had: 1 blocked")


def test_engines_agree_on_the_panel(demo: Demo) -> None:
    path = demo.store / "dataset" / "panel.parquet"
    ours = open_dataset(demo.store).panel()["req_new_total"].sum()
    assert duckdb.read_parquet(str(path)).sum("req_new_total").fetchall() == [(ours,)]
    assert pyarrow.dataset.dataset(path).to_table()["req_new_total"].to_pandas().sum() == ours
    assert pd.read_parquet(path)["req_new_total"].sum() == ours > 0


def test_the_table_shows_the_grade_of_each_report(demo: Demo) -> None:
    lines = demo.result.stdout.splitlines()
    years = next(line for line in lines if line.startswith("code ")).split()[2:]
    grades = open_dataset(demo.store).reports().groupby("division_code")
    marks = {"verified": "V", "consistent": "C", "inconsistent": "I", "partial": "P"}
    for code, reports in grades:
        (line,) = [line for line in lines if line.startswith(f"{code} ")]
        expected = [marks[grade] for grade in reports.sort_values("report_year")["grade"]]
        assert re.findall(r"\b[VCIP]\b", line) == expected
    assert years == [str(year) for year in range(2019, 2026)]


def test_identities_that_fail_are_told_with_both_sides(demo: Demo) -> None:
    told = demo.result.stdout.split("Identities that fail as printed:\n")[1].split("\n\n")[0].splitlines()
    assert [re.findall(r"= (\d+)", line) for line in told] == [["60", "61"], ["62", "63"], ["0", "11"]]
    assert [line.split(",")[0].strip() for line in told] == ["三都水族自治县 2022"] * 2 + ["遂溪县 2023"]


def test_the_queries_run_as_printed(
    demo: Demo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(demo.folder)
    sql = block_after(demo.result.stdout, "A query to try, in DuckDB:")
    assert duckdb.sql(sql).fetchall()[0] == ("杭州市", 2025, 14069.0, 5548.0)
    exec(compile(block_after(demo.result.stdout, "and in Python:"), "demo", "exec"), {})  # noqa: S102 - our own line
    assert "靖州苗族侗族自治县" in capsys.readouterr().out


def test_where_things_are_is_true(demo: Demo) -> None:
    places = dict(re.findall(r"^(archive|dataset|run) +(\S+)", demo.result.stdout, re.MULTILINE))
    assert set(places) == {"archive", "dataset", "run"}
    assert all((demo.folder / place).exists() for place in places.values())


def test_two_demos_write_the_same_bytes_and_a_second_run_writes_none(demo: Demo, nianbao: Run, tmp_path: Path) -> None:
    first = nianbao("demo", "--store", tmp_path / "other")
    assert first.returncode == 0
    files = files_of(tmp_path / "other")
    assert Counter(name.split("/")[0] for name in files)["cells"] == 7
    assert files == files_of(demo.store)
    before = stamps_of(tmp_path / "other")
    again = nianbao("demo", "--store", tmp_path / "other")
    assert "Nothing changed since the last run: no page is new, and no file of the dataset was written." in again.stdout
    assert re.search(r"0 fetched \+ \d+ unchanged", again.stdout)
    assert stamps_of(tmp_path / "other") == before
    assert again.stdout.split("\ncode ")[1] == first.stdout.split("\ncode ")[1]


def test_outside_of_a_checkout_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(SitesError, match="clone the repository and run `make demo`") as raised:
        run_demo(tmp_path / "store", Recorder(), samples=tmp_path / "samples")
    assert "\n" not in str(raised.value)
    assert not (tmp_path / "store").exists()


def refused(store: Path) -> str:
    """Run the demo into a store that it must not use, and return the one line that it says."""
    result = CliRunner().invoke(main, ["demo", "--store", str(store)])
    (line,) = result.stderr.splitlines()
    assert (result.exit_code, result.stdout) == (3, "")
    return line


def test_a_real_harvest_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").touch()
    expected = "holds a harvest of real sites; give the demo another folder with --store"
    assert refused(tmp_path) == f"nianbao: {tmp_path}: {expected}"


def test_a_store_that_cannot_be_written_is_status_3(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    line = refused(tmp_path / "file" / "store")
    assert line.startswith(f"nianbao: {tmp_path / 'file' / 'store'}: cannot be written (Not a directory); choose")
