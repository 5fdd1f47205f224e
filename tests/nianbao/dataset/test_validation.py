"""Validation: a sound dataset is found sound, and every way of breaking one is found."""

import json
import shutil

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from nianbao.dataset.reader import open_dataset
from nianbao.dataset.validation import REPORT, check, validate
from nianbao.dataset.validation_report import validation_markdown
from nianbao.dataset.write import update
from parsers.errors import DatasetError
from parsers.report import Division
from tests.nianbao.dataset.made import made_document, made_report

HUAIAN = Division("320800", "淮安市")
REPORTS, CELLS, CHECKS = (f"{name}/report_year=2024/part-0.parquet" for name in ("reports", "cells", "checks"))


def _documents():
    """A county's two years on two forms, its department, a city whose report does not add up, and an odd one."""
    blanks = ["requests.partial.person", "requests.new.research", "appeals.later_suit.upheld"]
    wrong = {"requests.new.total": 7, "appeals.direct_suit.total": 3}
    yield made_document(made_report(year=2023, form="2019", seed=1), url="http://www.jzx.gov.cn/2023")
    asked = {f"requests.{row}.{at}": 5 for row in ("new", "granted", "handled") for at in ("person", "total")}
    yield made_document(made_report(year=2024, values=asked, blanks=blanks), url="http://www.jzx.gov.cn/2024")
    yield made_document(
        made_report(year=2024, seed=3, scope="department", publisher="靖州县教育局", unread=["requests.new.person"]),
        url="http://www.jzx.gov.cn/jyj",
    )
    yield made_document(
        made_report(year=2024, values=wrong, division=HUAIAN, publisher="淮安市人民政府"),
        url="http://www.huaian.gov.cn/2024",
    )
    yield made_document(made_report(year=None, report_year=None, tables=()), url="http://www.jzx.gov.cn/odd")


@pytest.fixture(scope="module")
def made_store(tmp_path_factory):
    store = tmp_path_factory.mktemp("made")
    update(store, _documents(), parser_version="1")
    again = made_report(year=2023, form="2019", seed=9)
    later = made_document(again, url="http://www.jzx.gov.cn/2023", fetched_at="2025-06-01T00:00:00Z")
    update(store, [later], parser_version="1")
    return store


@pytest.fixture
def store(made_store, tmp_path):
    shutil.copytree(made_store, tmp_path / "store", symlinks=True)
    return tmp_path / "store"


def test_a_sound_dataset_is_found_sound(made_store):
    findings = check(made_store)
    assert findings.defects == []
    assert findings.sound
    assert findings.reports == {(2023, "verified"): 1, (2024, "verified"): 1, (2024, "partial"): 1} | {
        (2024, "inconsistent"): 1,
        (None, None): 1,
    }
    assert findings.statuses == {"printed": 198 + 3 * 200 - 4, "blank": 3, "unreadable": 1}
    assert findings.latest_fetch == "2025-06-01T00:00:00Z"


def test_what_fails_by_division_and_year(made_store):
    found = [
        (first.whose, first.report_year, [failure.id for failure in failures])
        for first, failures in validate(open_dataset(made_store).folder).by_report()
    ]
    assert found[0] == ("淮安市", 2024, ["requests.balance", "requests.total", "appeals.total"])
    assert found[1][:2] == ("靖州苗族侗族自治县", 2024)
    assert set(found[1][2]) == {"across.carried_in"}
    failure = validate(open_dataset(made_store).folder).failures[1]
    assert (failure.division_code, failure.url) == ("320800", "http://www.huaian.gov.cn/2024")
    assert (failure.at, failure.left, failure.right) == ("new", 7, 0)


def test_the_report_tells_all_of_it_and_is_the_same_again(made_store):
    check(made_store)
    path = made_store / REPORT
    text, stamp = path.read_text(encoding="utf-8"), path.stat().st_mtime_ns
    assert "| 320800 | 淮安市 | 2024 | `requests.total` | 一、本年新收政府信息公开申请数量 | 7 | 0 |" in text
    assert "| 2024 | 3 | 1 | 0 | 1 | 1 | 0 |" in text
    assert "sound" in text
    assert "not sound" not in text
    generation = open_dataset(made_store).folder
    assert check(made_store).sound
    assert path.stat().st_mtime_ns == stamp
    assert open_dataset(made_store).folder == generation
    assert validation_markdown(validate(generation)) == text


def test_nothing_is_written_where_that_is_not_wanted(store):
    before = {path.name for path in store.iterdir()}
    assert check(store, write=False).sound
    assert {path.name for path in store.iterdir()} == before


def _change(store, name, change):
    """Put another table in the place of one file; hard links to it in other generations stay as they are."""
    path = open_dataset(store).folder / name
    table = change(pq.read_table(path, partitioning=None))
    path.unlink()
    pq.write_table(table, path)


def _set(column, value, when=None):
    """Return a change that sets a column to a value, in the first row or wherever `when` says."""

    def change(table):
        place = table.schema.get_field_index(column)
        chosen = when(table).to_pylist() if when else [True] + [False] * (len(table) - 1)
        assert any(chosen)
        values = [value if hit else old for hit, old in zip(chosen, table.column(column).to_pylist(), strict=True)]
        return table.set_column(place, table.schema.field(place), pa.array(values, table.schema.field(place).type))

    return change


def _cell(place, report="431229-2024-jurisdiction"):
    table, row, column = place.split(".")

    def when(cells):
        tests = {"report_id": report, "table": table, "row": row, "column": column}
        flags = [pc.equal(cells.column(name), value) for name, value in tests.items()]
        return pc.and_(pc.and_(flags[0], flags[1]), pc.and_(flags[2], flags[3]))

    return when


def _own(identifier, outcome):
    return lambda checks: pc.and_(
        pc.equal(checks.column("id"), identifier), pc.equal(checks.column("outcome"), outcome)
    )


def _without_first(table):
    return table.slice(1)


def _doubled(table):
    return pa.concat_tables([table, table.slice(0, 1)])


BREAKS = [
    (CELLS, _doubled, "key"),
    (CHECKS, _doubled, "key"),
    (REPORTS, _doubled, "key"),
    ("history/cells/report_year=2023/part-0.parquet", _doubled, "key"),
    (CELLS, _set("status", "guessed"), "values"),
    (CELLS, _set("form", None), "required"),
    (REPORTS, _set("url", None), "required"),
    (CELLS, _set("report_id", "431229-2024-office-00000000"), "reference"),
    ("sections/report_year=2024/part-0.parquet", _set("report_id", "x"), "reference"),
    ("history/checks/report_year=2023/part-0.parquet", _set("version", 9), "reference"),
    ("coverage.parquet", _set("report_id", "x"), "reference"),
    (CELLS, _without_first, "form"),
    (CELLS, _set("row", "nothing"), "form"),
    (REPORTS, _set("appeals_form", None), "form"),
    (CELLS, _set("value", 0.0, _cell("requests.new.research")), "status"),
    (CELLS, _set("value", None, _cell("requests.new.person")), "status"),
    (CELLS, _set("value", 99.0, _cell("requests.new.person")), "identity"),
    (CELLS, _set("value", 99.0, _cell("requests.new.person")), "panel"),
    (CHECKS, _set("outcome", "fail", _own("requests.balance", "pass")), "identity"),
    (CHECKS, _set("outcome", "pass", _own("requests.total", "fail")), "identity"),
    (CHECKS, _set("outcome", "undecidable", _own("appeals.total", "pass")), "identity"),
    (CHECKS, _without_first, "identity"),
    (
        REPORTS,
        _set("requests_grade", "verified", lambda t: pc.equal(t.column("requests_grade"), "inconsistent")),
        "grade",
    ),
    (REPORTS, _set("requests_grade", "verified", lambda t: pc.equal(t.column("requests_grade"), "partial")), "grade"),
    (REPORTS, _set("failed_checks", 1, lambda t: pc.equal(t.column("failed_checks"), 0)), "grade"),
    (REPORTS, _set("unread_cells", 5), "grade"),
    ("panel.parquet", _set("req_new_person", 1e6), "panel"),
    ("panel.parquet", _set("grade", "verified", lambda t: pc.equal(t.column("grade"), "partial")), "panel"),
    ("panel.parquet", _without_first, "panel"),
]


@pytest.mark.parametrize(("name", "change", "rule"), BREAKS)
def test_every_way_of_breaking_it_is_found(store, name, change, rule):
    folder = open_dataset(store).folder
    _change(store, name, change)
    findings = check(store)
    assert rule in {defect.rule for defect in findings.defects}
    assert not findings.sound
    assert open_dataset(store).folder == folder  # what is broken is not written over
    assert "**not sound**" in (store / REPORT).read_text(encoding="utf-8")
    assert all("\n" not in str(defect) and str(store) not in str(defect) for defect in findings.defects)


@pytest.mark.parametrize("content", [None, b"", b"PAR1" + b"\0" * 300 + b"PAR1"])
def test_every_damaged_file_is_named(store, content):
    folder = open_dataset(store).folder
    names = (CELLS, "panel.parquet", "history/reports/report_year=2023/part-0.parquet")
    for name in names:
        (folder / name).unlink()
        if content is not None:
            (folder / name).write_bytes(content)
    defects = check(store).defects
    assert {defect.file for defect in defects if defect.rule == "readable"} == set(names)
    assert all("archive" in defect.text for defect in defects if defect.rule == "readable")


def test_checks_across_reports_that_are_not_there_are_written(store):
    whole = (open_dataset(store).folder / CHECKS).read_bytes()
    _change(store, CHECKS, lambda checks: checks.filter(pc.invert(pc.starts_with(checks.column("id"), "across."))))
    assert not check(store, write=False).sound
    assert check(store).sound
    assert (open_dataset(store).folder / CHECKS).read_bytes() == whole


def test_a_codebook_of_before_is_written_anew(store):
    path = open_dataset(store).folder / "datapackage.json"
    package = json.loads(path.read_bytes())
    package["description"] = "as an earlier version said it"
    path.unlink()
    path.write_text(json.dumps(package), encoding="utf-8")
    assert [defect.rule for defect in check(store, write=False).defects] == ["codebook"]
    assert check(store).sound


def test_versions_of_the_parser_are_counted(store):
    update(store, [made_document(made_report(year=2022, seed=5), url="http://www.jzx.gov.cn/2022")], parser_version="2")
    findings = check(store)
    assert findings.parsers == {"1": 5, "2": 1}
    assert "Read by parser: 1 (5), 2 (1)." in (store / REPORT).read_text(encoding="utf-8")


def test_an_empty_dataset(tmp_path):
    update(tmp_path, (), parser_version="1")
    findings = check(tmp_path)
    assert (findings.sound, findings.reports.total(), findings.latest_fetch) == (True, 0, None)
    assert "the latest was fetched never" not in (tmp_path / REPORT).read_text(encoding="utf-8")


def test_texts_of_pages_cannot_steer_the_report(tmp_path):
    name = "<script>|\u202e`甲`\n## 乙"
    report = made_report(division=None, publisher=name, values={"requests.new.total": 7})
    update(tmp_path, [made_document(report)], parser_version="1")
    check(tmp_path)
    lines = [line for line in (tmp_path / REPORT).read_text(encoding="utf-8").splitlines() if "甲" in line]
    assert lines
    assert all(line.startswith("|") and "<script>" not in line and "\u202e" not in line for line in lines)


def test_no_dataset_and_no_place_to_write(store, tmp_path):
    with pytest.raises(DatasetError, match="there is no dataset"):
        check(tmp_path / "none")
    (store / REPORT).unlink(missing_ok=True)
    (store / REPORT).mkdir()
    with pytest.raises(DatasetError, match=r"validation\.md: cannot be written") as caught:
        check(store)
    assert "\n" not in str(caught.value)
