import json
import sqlite3
from contextlib import closing

import pyarrow as pa
import pytest

from nianbao.dataset.export import export
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.schema import registry
from nianbao.dataset.tables import write_table
from parsers.errors import DatasetError
from tests.nianbao.dataset.export.hard_store import GAPS, NEW, OLD, fill


@pytest.fixture(scope="module")
def folder(hard_store, tmp_path_factory):
    out = tmp_path_factory.mktemp("sqlite")
    export(hard_store, "sqlite", out)
    return out


@pytest.fixture
def database(folder):
    with closing(sqlite3.connect(f"file:{folder}/nianbao.sqlite?mode=ro", uri=True)) as database:
        yield database


def _names(database, kind):
    return {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = ?", (kind,))}


def test_it_is_sound(database):
    assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert database.execute("PRAGMA foreign_key_check").fetchall() == []


def test_every_table_has_the_rows_of_the_dataset(database, hard):
    for name, table in registry().items():
        known = hard.arrow(name)
        found = database.execute(f"SELECT * FROM {name.replace('/', '_')}")  # noqa: S608 - our own
        assert [column[0] for column in found.description] == [field.name for field in table.fields]
        assert sorted(map(repr, found.fetchall())) == sorted(repr(tuple(row.values())) for row in _plain(known)), name


def _plain(table):
    """Return rows as SQLite has them: flags as 0 and 1."""
    flags = [field.name for field in table.schema if field.type == pa.bool_()]
    for row in table.to_pylist():
        yield row | {name: None if row[name] is None else int(row[name]) for name in flags}


def test_keys_and_references(database):
    def references(table):
        return {(row[2], row[3], row[4]) for row in database.execute(f"PRAGMA foreign_key_list({table})")}

    assert ("reports", "report_id", "report_id") in references("cells")
    assert ("form_cells", "row", "row") in references("cells")
    assert all(references(table) for table in ("checks", "sections", "documents", "panel", "coverage"))
    assert ("history_reports", "version", "version") in references("history_cells")
    keys = {row[1] for row in database.execute("PRAGMA table_info(cells)") if row[5]}
    assert keys == {"report_id", "table", "row", "column"}


def test_a_second_row_of_a_key_and_a_row_without_report_are_refused(folder, tmp_path):
    copy = tmp_path / "copy.sqlite"
    copy.write_bytes((folder / "nianbao.sqlite").read_bytes())
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA foreign_keys = ON")
        for statement in (
            "INSERT INTO reports SELECT * FROM reports LIMIT 1",
            "INSERT INTO sections (report_id, number) VALUES ('nobody', 1)",
            "UPDATE cells SET row = 'nowhere' WHERE row = 'granted'",
            "UPDATE reports SET grade = 'excellent'",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                database.execute(statement)


def test_views(database, hard):
    assert _names(database, "view") == {
        "panel_labelled",
        "cells_labelled",
        "cells_to_check",
        "failing_checks",
        "coverage_by_province",
        "coverage_gaps",
    }
    (value,) = database.execute(
        'SELECT "一、本年新收政府信息公开申请数量，自然人" FROM panel_labelled WHERE "报告标识" = ?', (NEW,)
    ).fetchone()
    panel = hard.arrow("panel").to_pylist()
    assert [value] == [row["req_new_person"] for row in panel if row["report_id"] == NEW]
    statuses = "SELECT status, count(*) FROM cells_to_check WHERE report_id = ? GROUP BY status ORDER BY status"
    assert database.execute(statuses, (GAPS,)).fetchall() == [("absent", 1), ("unreadable", 1)]
    counts = "SELECT divisions, verified FROM coverage_by_province WHERE province = '湖南省' AND report_year = 2024"
    assert database.execute(counts).fetchall() == [(1, 1)]
    label = "SELECT label, unit FROM cells_labelled WHERE report_id = ? AND row = 'fees' AND column = 'amount'"
    assert database.execute(label, (NEW,)).fetchone() == (
        "第二十条第(八)项，行政事业性收费，本年收费金额(单位:万元)",
        "万元",
    )


def test_failing_checks_name_both_sides(database, hard):
    known = [row for row in hard.arrow("checks").to_pylist() if row["outcome"] == "fail"]
    found = database.execute('SELECT report_id, id, at, "left", "right", difference FROM failing_checks').fetchall()
    assert sorted(found) == sorted(
        (row["report_id"], row["id"], row["at"], row["left"], row["right"], row["left"] - row["right"]) for row in known
    )
    assert len(found) > 0


def test_what_readers_ask_for_uses_an_index(database):
    plans = {
        "SELECT * FROM failing_checks": "checks_outcome",
        "SELECT * FROM cells_to_check": "cells_status",
        "SELECT * FROM cells WHERE report_id = 'x'": "PRIMARY KEY",
        "SELECT * FROM checks WHERE report_id = 'x'": "PRIMARY KEY",
        "SELECT * FROM panel WHERE division_code = 'x' AND report_year = 2024": "panel_division_code_report_year",
    }
    for query, index in plans.items():
        plan = " ".join(row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert index in plan, query


def test_form_cells_are_those_of_both_forms(database):
    counts = database.execute('SELECT form, "table", count(*) FROM form_cells GROUP BY form, "table"').fetchall()
    assert {(form, table): count for form, table, count in counts} == {
        ("2019", "appeals"): 15,
        ("2019", "disclosure"): 22,
        ("2019", "requests"): 161,
        ("2021", "appeals"): 15,
        ("2021", "disclosure"): 10,
        ("2021", "requests"): 175,
    }


def test_datasette_is_told_of_every_table_view_and_column(folder, database):
    tables = json.loads((folder / "metadata.json").read_text(encoding="utf-8"))["databases"]["nianbao"]["tables"]
    own = {name for name in _names(database, "table") if not name.startswith("sqlite_")}
    assert set(tables) == own | _names(database, "view")
    for name, told in tables.items():
        columns = {row[1] for row in database.execute(f"PRAGMA table_info({name})")}
        assert set(told.get("columns", columns)) == columns
        assert set(told.get("facets", ())) <= columns
    assert tables["cells"]["columns"]["value"].startswith("数值 · Number as published")


def test_equal_datasets_give_equal_bytes(folder, hard_store, tmp_path):
    export(hard_store, "sqlite", tmp_path)
    for name in ("nianbao.sqlite", "metadata.json"):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


@pytest.mark.parametrize(
    ("change", "told"), [("nobody-2020-jurisdiction", "refers to one that is not in reports"), (None, "NOT NULL")]
)
def test_rows_that_belong_to_no_report_are_one_line(change, told, tmp_path):
    dataset = open_dataset(fill(tmp_path))
    path = dataset.folder / "cells/report_year=2020/part-0.parquet"
    cells = pa.parquet.read_table(path, partitioning=None)
    ids = pa.array([OLD] * (len(cells) - 1) + [change], pa.string())
    path.unlink()
    write_table(path, cells.set_column(0, cells.schema.field(0), ids))
    with pytest.raises(DatasetError, match=told) as caught:
        export(tmp_path, "sqlite", tmp_path / "out")
    assert "\n" not in str(caught.value)
    assert list((tmp_path / "out").iterdir()) == []
