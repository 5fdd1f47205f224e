"""Two datasets compared: every kind of difference is found, counted and named."""

import csv
import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from nianbao import open_dataset
from nianbao.cli import main
from nianbao.dataset.diff import compare
from nianbao.dataset.write import update
from tests.nianbao.dataset.made import made_document, made_report

OTHER = "http://www.jzx.gov.cn/zfxxgk/2.html"


def written(store, *documents):
    update(store, documents, parser_version="test")
    return open_dataset(store)


def invoke(*arguments):
    return CliRunner(env={"COLUMNS": "80", "FORCE_COLOR": None}).invoke(main, [str(each) for each in arguments])


def differences(tmp_path, before, after):
    comparison, rows = compare(written(tmp_path / "a", *before), written(tmp_path / "b", *after))
    return comparison, list(rows)


def found(rows):
    return {(row["kind"], f"{row['table']}.{row['row']}.{row['column']}") for row in rows}


def test_equal_datasets_do_not_differ(tmp_path):
    comparison, rows = differences(tmp_path, [made_document()], [made_document()])
    assert rows == []
    assert comparison.same == 10 + 175 + 15
    assert comparison.pairs.both == 1
    assert not comparison.pairs.grades


def test_each_kind_of_difference_is_told(tmp_path):
    before = made_report(values={"requests.new.person": 7}, unread=["requests.handled.total", "requests.new.total"])
    after = made_report(
        values={"requests.new.person": 8, "requests.handled.total": 3},
        blanks=["appeals.direct_suit.other"],
        unread=["requests.carried_in.person", "requests.new.total"],
    )
    comparison, rows = differences(tmp_path, [made_document(before)], [made_document(after)])
    assert found(rows) == {
        ("changed", "requests.new.person"),
        ("gained", "requests.handled.total"),
        ("lost", "requests.carried_in.person"),
        ("changed", "appeals.direct_suit.other"),  # a printed 0 that is blank now
    }
    changed = next(row for row in rows if row["row"] == "new")
    assert (changed["value_before"], changed["value_after"]) == (7, 8)
    assert (changed["status_before"], changed["status_after"]) == ("printed", "printed")
    assert changed["report_id"] == "431229-2024-jurisdiction"
    assert comparison.kinds == {"changed": 2, "gained": 1, "lost": 1}
    assert comparison.same == 200 - 4


def test_a_status_alone_is_a_difference_of_its_own(tmp_path):
    before = made_report()
    requests = before.tables[1]
    cells = tuple(cell._replace(status="derived") if cell.row == "new" else cell for cell in requests.cells)
    tables = (before.tables[0], replace(requests, cells=cells), before.tables[2])
    _, rows = differences(tmp_path, [made_document(before)], [made_document(replace(before, tables=tables))])
    assert {row["kind"] for row in rows} == {"status"}
    assert {row["row"] for row in rows} == {"new"}


def test_a_report_that_only_one_has_is_lost_or_gained_with_its_cells(tmp_path):
    one, two = made_document(), made_document(made_report(year=2023), url=OTHER)
    comparison, rows = differences(tmp_path, [one, two], [one])
    assert [pair.before for pair in comparison.pairs.lost] == ["431229-2023-jurisdiction"]
    assert comparison.kinds == {"lost": 200}
    comparison, rows = differences(tmp_path / "turned", [one], [one, two])
    assert comparison.kinds == {"gained": 200}
    assert {row["report_year"] for row in rows} == {2023}


def test_a_report_whose_identifier_changed_is_found_by_its_address(tmp_path):
    nameless = made_document(made_report(division=None, year=None))
    comparison, rows = differences(tmp_path, [nameless], [made_document()])
    assert rows == []
    assert comparison.same == 200
    (pair,) = comparison.pairs.renamed
    assert (pair.after, pair.year_before, pair.year_after) == ("431229-2024-jurisdiction", 0, 2024)
    assert not comparison.pairs.lost
    assert not comparison.pairs.gained


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_command_writes_every_difference_and_its_status_says_whether_any_is_a_loss(nianbao, tmp_path, suffix):
    written(tmp_path / "a", made_document(made_report(unread=["requests.new.person"])))
    written(tmp_path / "b", made_document(made_report(values={"requests.new.person": 5})))
    out = tmp_path / f"out.{suffix}"
    better = nianbao("diff", tmp_path / "a", tmp_path / "b", "--out", out)
    assert better.returncode == 0, better.stderr
    with out.open(encoding="utf-8", newline="") as file:
        (row,) = list(csv.DictReader(file)) if suffix == "csv" else [json.loads(line) for line in file]
    assert (row["kind"], row["row"], row["column"], float(row["value_after"])) == ("gained", "new", "person", 5)
    assert row["value_before"] in ("", None)
    worse = invoke("diff", tmp_path / "b", tmp_path / "a")
    assert worse.exit_code == 5
    assert worse.stdout.splitlines()[-4].split() == ["lost", "0", "1", "0", "1"]
    missing = invoke("diff", tmp_path / "a", tmp_path / "nothing")
    assert missing.exit_code == 3
    assert "there is no dataset" in missing.stderr
