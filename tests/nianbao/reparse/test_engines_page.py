"""The page on other engines: its examples run, and streams may be cut anywhere."""

import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from nianbao.reparse.unit import READINGS, read_batches, read_pages
from tests.nianbao.reparse.reading import again
from tests.scale.archives import contents, make_store

PAGE = Path(__file__).resolve().parents[3] / "docs" / "engines.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


def test_plan_readings_and_dataset_as_the_page_has_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    make_store(Path("data/harvest"), 7)
    again(tmp_path / "expected", Path("data/harvest"))
    exec(EXAMPLES[0], {})  # noqa: S102 - the example is a file of this repository
    pages = pq.read_table("pages.parquet")
    out = list(read_batches(pages.to_batches(max_chunksize=3)))
    assert all(batch.schema == READINGS for batch in out)
    Path("readings").mkdir()
    pq.write_table(pa.Table.from_batches(out), "readings/part-0.parquet")
    exec(EXAMPLES[-1], {})  # noqa: S102
    assert contents(Path("data/harvest/dataset/.")) == contents(tmp_path / "expected" / "dataset" / ".")


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_the_versions_of_an_address_are_read_together_wherever_the_stream_is_cut(rows: int, tmp_path: Path) -> None:
    from tests.nianbao.reparse.test_reparse import report, spanned, versions

    whole = spanned(report(3))
    start, end = whole.index("四、政府信息公开行政复议".encode()), whole.index("五、存在的主要问题".encode())
    pages = versions(tmp_path, [whole, whole[:start] + whole[end:], whole[:start] + whole[end:] + b" ", whole])
    outcomes = [row["outcome"] for row in read_pages(pages).to_pylist()]
    assert outcomes == ["read", "held_back", "held_back", "read"]
    cut = pa.Table.from_batches(read_batches(pages.to_batches(max_chunksize=rows)))
    assert cut.column("outcome").to_pylist() == outcomes
