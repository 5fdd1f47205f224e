import errno
import os
from collections import Counter
from dataclasses import replace

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.dataset as ds
import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.dataset.schema import registry
from nianbao.dataset.write import update
from parsers.errors import DatasetError
from parsers.report import Division
from tests.nianbao.dataset.made import URL, made_document, made_report


def _county(number, year, **changes):
    division = Division(f"4312{number:02}", f"第{number}县")
    report = made_report(division=division, year=year, seed=number * 100 + year, **changes)
    return made_document(report, url=f"http://www.c{number}.gov.cn/{year}.html")


def _write(store, *documents, parser_version="1", **more):
    return update(store, documents, parser_version=parser_version, **more)


def _snapshot(folder):
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_cells_are_those_of_the_forms(tmp_path):
    mixed = {"disclosure": "2021", "requests": "2021", "appeals": "2019"}
    done = _write(
        tmp_path,
        _county(1, 2024),
        _county(2, 2020, form="2019"),
        _county(3, 2022, forms_by_table=mixed),
    )
    assert (done.new, done.changed, done.unchanged, done.years) == (3, 0, 0, (2020, 2022, 2024))
    cells = open_dataset(tmp_path).cells()
    counts = Counter(zip(cells["report_id"].str[:11], cells["table"], cells["form"], strict=True))
    assert counts == {
        ("431201-2024", "disclosure", "2021"): 10,
        ("431201-2024", "requests", "2021"): 175,
        ("431201-2024", "appeals", "2021"): 15,
        ("431202-2020", "disclosure", "2019"): 22,
        ("431202-2020", "requests", "2019"): 161,
        ("431202-2020", "appeals", "2019"): 15,
        ("431203-2022", "disclosure", "2021"): 10,
        ("431203-2022", "requests", "2021"): 175,
        ("431203-2022", "appeals", "2019"): 15,
    }


def test_every_cell_comes_back_as_it_was_given(tmp_path):
    report = made_report(
        seed=5,
        blanks=["requests.new.person"],
        unread=["appeals.later_suit.total"],
        values={"disclosure.fees.amount": 7538.66},
    )
    _write(tmp_path, made_document(report))
    cells = open_dataset(tmp_path).cells()
    given = [
        (table.table, cell.row, cell.column, cell.value, cell.status, cell.raw, cell.where)
        for table in report.tables
        for cell in table.cells
    ]
    columns = ["table", "row", "column", "value", "status", "raw", "where"]
    found = cells[columns].astype(object).where(cells[columns].notna(), None)
    assert list(found.itertuples(index=False, name=None)) == given
    checks = open_dataset(tmp_path).checks()
    assert len(checks) == 7 + 7 + 25 + 3
    assert list(checks["outcome"]) == [check.outcome for table in report.tables for check in table.checks]
    sections = open_dataset(tmp_path).sections()
    assert list(sections["text"]) == [section.text for section in report.sections]


def test_units_and_odd_values_are_kept(tmp_path):
    report = made_report(form="2019", year=2019)
    disclosure = report.tables[0]
    cell = disclosure.cells[-1]._replace(value=59237.2449, raw="59237.2449万元", unit="万元")
    table = replace(disclosure, cells=(*disclosure.cells[:-1], cell))
    _write(tmp_path, made_document(replace(report, tables=(table, *report.tables[1:]))))
    cells = open_dataset(tmp_path).cells()
    row = cells[(cells["row"] == "procurement") & (cells["column"] == "amount")].iloc[0]
    assert (row["value"], row["unit"], row["raw"]) == (59237.2449, "万元", "59237.2449万元")


def test_reports_say_where_they_come_from(tmp_path):
    document = made_document(
        made_report(seed=1, warnings=("甲", "乙"), published_at="2025-02-18T16:52+08:00"),
        fetched_at="2025-03-01T08:00:00+08:00",
        site_code="431229",
        found_on="http://www.jzx.gov.cn/zfxxgk/",
    )
    _write(tmp_path, document)
    row = open_dataset(tmp_path).reports().iloc[0]
    assert row["report_id"] == "431229-2024-jurisdiction"
    assert (row["division_code"], row["division_name"]) == ("431229", "靖州苗族侗族自治县")
    assert (row["province"], row["prefecture"]) == ("湖南省", "怀化市")
    assert (row["url"], row["host"], row["host_is_official"]) == (URL, "www.jzx.gov.cn", True)
    assert row["fetched_at"] == "2025-03-01T00:00:00Z"
    assert row["published_at"] == "2025-02-18T16:52+08:00"
    assert row["sha256"] == document.report.sha256
    assert row["warnings"] == "甲\n乙"
    assert (row["grade"], row["requests_form"], row["failed_checks"], row["unread_cells"]) == ("verified", "2021", 0, 0)
    assert row["report_year"] == 2024


@pytest.mark.parametrize(
    ("changes", "grade"),
    [
        ({}, "verified"),
        ({"blanks": ["requests.new.person"]}, "verified"),
        ({"values": {"requests.new.person": 5}}, "inconsistent"),
        ({"values": {"requests.new.person": 5}, "unread": ["disclosure.fees.amount"]}, "partial"),
        ({"tables": ()}, None),
    ],
)
def test_grade_of_a_report(tmp_path, changes, grade):
    _write(tmp_path, made_document(made_report(**changes)))
    found = open_dataset(tmp_path).reports()["grade"].iloc[0]
    assert found == grade or (grade is None and pd.isna(found))


def test_a_report_with_a_table_missing_is_partial(tmp_path):
    report = made_report(seed=1)
    _write(tmp_path, made_document(replace(report, tables=report.tables[1:])))
    row = open_dataset(tmp_path).reports().iloc[0]
    assert row["grade"] == "partial"
    assert pd.isna(row["disclosure_form"])


def test_two_runs_write_the_same_bytes(tmp_path):
    documents = [_county(number, year) for number in range(5) for year in (2022, 2023)]
    _write(tmp_path / "a", *documents)
    _write(tmp_path / "b", *reversed(documents))
    a, b = (_snapshot(open_dataset(tmp_path / store).folder) for store in "ab")
    assert {name: content for name, (content, _) in a.items()} == {name: content for name, (content, _) in b.items()}


def test_what_is_put_aside_on_disk_comes_back_as_it_was(tmp_path, monkeypatch):
    documents = [_county(number, year) for number in range(4) for year in (2020, 2022)]
    _write(tmp_path / "memory", *documents)
    monkeypatch.setattr("nianbao.dataset.spool._FLUSH_ROWS", 150)
    _write(tmp_path / "disk", *documents)
    memory, disk = (_snapshot(open_dataset(tmp_path / store).folder) for store in ("memory", "disk"))
    assert {name: content for name, (content, _) in memory.items()} == {
        name: content for name, (content, _) in disk.items()
    }


def test_no_room_to_put_aside_leaves_the_old(tmp_path, monkeypatch):
    first = _write(tmp_path, _county(1, 2024))
    monkeypatch.setattr("nianbao.dataset.spool._FLUSH_ROWS", 150)

    def full(**_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("nianbao.dataset.spool.TemporaryFile", full)
    with pytest.raises(DatasetError, match="No space left on device") as caught:
        _write(tmp_path, _county(2, 2024))
    assert "\n" not in str(caught.value)
    assert open_dataset(tmp_path).folder == first.folder


def test_nothing_new_makes_no_generation(tmp_path):
    documents = [_county(number, 2024) for number in range(3)]
    first = _write(tmp_path, *documents)
    before = _snapshot(first.folder)
    later = [replace(document, fetched_at="2025-09-01T00:00:00Z") for document in documents]
    visited = [replace(d, report=replace(d.report, sha256="f" * 64)) for d in later]  # a visit counter moved
    for again in (documents, later, visited, [], documents[:1]):
        done = _write(tmp_path, *again)
        assert (done.new, done.changed, done.unchanged, done.written) == (0, 0, len(again), ())
        assert done.folder == first.folder
    assert _snapshot(open_dataset(tmp_path).folder) == before
    assert [path.name for path in (tmp_path / "generations").iterdir() if path.is_dir()] == ["1"]


def test_only_touched_years_are_written_again(tmp_path):
    first = _write(tmp_path, *[_county(number, year) for number in range(3) for year in (2021, 2022, 2023)])
    before = _snapshot(first.folder)
    done = _write(tmp_path, _county(9, 2023))
    after = _snapshot(done.folder)
    assert (done.new, done.years) == (1, (2023,))
    assert set(done.written) == {
        *(f"{name}/report_year=2023/part-0.parquet" for name in ("reports", "cells", "checks", "sections")),
        "panel.parquet",
        "coverage.parquet",
    }
    linked = {name for name in after if before.get(name) == after[name]}
    assert linked == set(after) - set(done.written)
    assert {name for name in after if "2021" in name or "2022" in name} <= linked
    assert len(open_dataset(tmp_path).panel()) == 10


def test_reports_not_given_again_are_kept(tmp_path):
    _write(tmp_path, _county(1, 2023), _county(2, 2024))
    _write(tmp_path, _county(3, 2024))
    dataset = open_dataset(tmp_path)
    ids = ["431201-2023-jurisdiction", "431202-2024-jurisdiction", "431203-2024-jurisdiction"]
    assert sorted(dataset.reports()["report_id"]) == ids
    assert list(dataset.panel()["report_id"]) == ids
    assert Counter(dataset.cells()["report_id"]) == dict.fromkeys(ids, 200)


def test_a_report_without_a_year(tmp_path):
    _write(tmp_path, made_document(made_report(report_year=None, seed=1)), _county(1, 2024))
    dataset = open_dataset(tmp_path)
    reports = dataset.reports()
    assert list(reports["report_year"].isna()) == [True, False]
    assert pd.isna(dataset.panel()["report_year"].iloc[-1])
    assert len(dataset.cells()) == 400
    path = dataset.path("cells")
    assert len(pd.read_parquet(path)) == 400
    years = "select distinct report_year from read_parquet($files) order by 1"
    assert duckdb.execute(years, {"files": f"{path}/**/*.parquet"}).fetchall() == [(0,), (2024,)]


def test_an_empty_dataset_still_opens(tmp_path):
    _write(tmp_path)
    dataset = open_dataset(tmp_path)
    for name, table in registry().items():
        assert dataset.arrow(name).schema == table.arrow(with_year=True)
        assert len(dataset.arrow(name)) == 0
    assert len(dataset.panel()) == 0
    assert _write(tmp_path, _county(1, 2024)).new == 1
    assert len(open_dataset(tmp_path).cells()) == 200
    assert [path.name for path in dataset.path("cells").iterdir()] == ["report_year=0"]
    assert [path.name for path in open_dataset(tmp_path).path("cells").iterdir()] == ["report_year=2024"]


def test_types_in_pandas_duckdb_and_pyarrow(tmp_path):
    _write(tmp_path, _county(1, 2023), _county(2, 2019, form="2019"), made_document(made_report(report_year=None)))
    dataset = open_dataset(tmp_path)
    names = {pa.string(): "VARCHAR", pa.int32(): "INTEGER", pa.float64(): "DOUBLE", pa.bool_(): "BOOLEAN"}
    frames = {pa.string(): "str", pa.int32(): "Int64", pa.float64(): "float64", pa.bool_(): "boolean"}
    for name, table in registry().items():
        path, schema = dataset.path(name), table.arrow(with_year=True)
        files = f"{path}/**/*.parquet" if table.folder else str(path)
        relation = duckdb.read_parquet(files, hive_partitioning=table.folder)
        in_duckdb = dict(zip(relation.columns, map(str, relation.types), strict=True))
        expected = {field.name: names[field.type] for field in schema}
        if table.folder:
            expected["report_year"] = "BIGINT"  # what DuckDB reads from a folder's name
        assert in_duckdb == expected
        in_arrow = ds.dataset(path, partitioning="hive" if table.folder else None).schema
        assert {field.name: field.type for field in in_arrow} == {field.name: field.type for field in schema}
        plain = pd.read_parquet(path)
        assert set(plain.columns) == set(schema.names)
        frame = dataset.arrow(name).to_pandas(
            types_mapper={pa.int32(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get
        )
        assert {column: str(kind) for column, kind in frame.dtypes.items()} == {
            field.name: frames[field.type] for field in schema
        }


def test_numbers_agree_in_pandas_duckdb_and_pyarrow(tmp_path):
    _write(tmp_path, *[_county(number, year) for number in range(3) for year in (2022, 2023)])
    dataset = open_dataset(tmp_path)
    path = dataset.path("cells")
    total = pytest.approx(dataset.cells()["value"].sum())
    assert pd.read_parquet(path)["value"].sum() == total
    assert ds.dataset(path, partitioning="hive").to_table().column("value").to_pandas().sum() == total
    query = """
        select r.report_year, sum(c.value) from read_parquet($reports) r
        join read_parquet($cells) c using (report_id, report_year)
        where c."table" = 'requests' and c."row" = 'new' and c."column" = 'total' group by 1 order by 1"""
    files = {name: f"{dataset.path(name)}/**/*.parquet" for name in ("reports", "cells")}
    panel = dataset.panel().groupby("report_year")["req_new_total"].sum()
    assert duckdb.execute(query, files).fetchall() == list(panel.items())


def test_a_time_without_a_zone_is_refused(tmp_path):
    for time in ("2025-03-01T08:00:00", "gestern", ""):
        with pytest.raises(DatasetError, match="ISO 8601 time with a zone") as caught:
            _write(tmp_path, made_document(fetched_at=time))
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "dataset").exists()


def test_a_cell_that_no_form_has_is_refused(tmp_path):
    report = made_report()
    table = report.tables[0]
    odd = replace(table, cells=(*table.cells, table.cells[0]._replace(row="rulez")))
    with pytest.raises(DatasetError, match=r"disclosure\.rulez\.issued"):
        _write(tmp_path, made_document(replace(report, tables=(odd,))))


def test_a_failing_stream_of_documents_leaves_the_old(tmp_path):
    first = _write(tmp_path, _county(1, 2024))

    def broken():
        yield _county(2, 2024)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        update(tmp_path, broken(), parser_version="1")
    assert open_dataset(tmp_path).folder == first.folder
    assert not list((tmp_path / "generations").glob("*.partial"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_store_without_permission(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(DatasetError, match="cannot be written"):
            _write(tmp_path, _county(1, 2024))
    finally:
        tmp_path.chmod(0o700)
