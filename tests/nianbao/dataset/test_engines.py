"""Every file of a dataset as other programs read it: the same rows, whatever the engine."""

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.dataset.write import update
from tests.nianbao.dataset.made import made_document, made_report


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    store = tmp_path_factory.mktemp("store")
    documents = [
        made_document(made_report(seed=year, year=year), url=f"http://www.jzx.gov.cn/{year}") for year in (2023, 2024)
    ]
    update(store, [*documents, made_document(made_report(report_year=None), url="http://x.cn/")], parser_version="1")
    changed = made_document(made_report(seed=1), url="http://www.jzx.gov.cn/2024", fetched_at="2025-04-01T00:00:00Z")
    update(store, [changed], parser_version="1")
    return open_dataset(store).folder


def _rows(frame):
    return frame.astype(object).where(frame.notna(), None).values.tolist()


def test_every_file_reads_the_same_in_every_engine(folder):
    files = sorted(folder.rglob("*.parquet"))
    assert len(files) == 9 * 3 + 3
    for file in files:
        table = pq.read_table(file, partitioning=None)
        expected = [list(row.values()) for row in table.to_pylist()]
        assert [list(row) for row in pl.read_parquet(file, hive_partitioning=False).rows()] == expected
        query = "select * from read_parquet($file, hive_partitioning = false)"
        assert [list(row) for row in duckdb.execute(query, {"file": str(file)}).fetchall()] == expected
        frame = pd.read_parquet(file, partitioning=None)
        assert list(frame.columns) == table.column_names
        assert _rows(frame) == expected


def test_files_carry_nothing_that_one_engine_alone_understands(folder):
    plain = {pa.string(), pa.int32(), pa.float64(), pa.bool_()}
    for file in folder.rglob("*.parquet"):
        schema = pq.read_schema(file)
        assert {field.type for field in schema} <= plain
        assert schema.pandas_metadata is None


def test_polars_takes_the_year_from_the_folders(folder):
    frame = pl.read_parquet(f"{folder}/cells/**/*.parquet", hive_partitioning=True)
    assert sorted(frame["report_year"].unique()) == [0, 2023, 2024]
    assert len(frame) == 600


def test_where_a_number_stands_and_why_one_is_missing_in_one_query(folder):
    query = """
        select r.url, c.raw, c."where" from read_parquet($cells) c join read_parquet($reports) r using (report_id)
        where c."table" = 'requests' and c."row" = 'new' and c."column" = 'person' and r.report_year = 2023"""
    files = {name: f"{folder}/{name}/*/*.parquet" for name in ("cells", "reports")}
    ((url, raw, where),) = duckdb.execute(query, files).fetchall()
    cell = next(cell for cell in made_report(seed=2023, year=2023).tables[1].cells if cell.row == "new")
    assert (url, raw, where) == ("http://www.jzx.gov.cn/2023", cell.raw, cell.where)
