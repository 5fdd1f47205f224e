"""Checks across reports: two years of one publisher, a jurisdiction and its agencies."""

from dataclasses import replace

import pytest

from nianbao.dataset.across_agencies import declared_agencies
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.write import update
from parsers.report import Division, Section
from tests.nianbao.dataset.made import made_document, made_report


def _requests(carried_in, carried_out, column="person"):
    """Numbers of a table of requests that is sound: what comes in goes out, the rest is granted."""
    granted = 10 + carried_in - carried_out
    rows = {"new": 10, "carried_in": carried_in, "granted": granted, "handled": granted, "carried_out": carried_out}
    return {f"requests.{row}.{at}": number for row, number in rows.items() for at in (column, "total")}


def _year(year, carried_in=0, carried_out=0, *, url=None, **changes):
    values = _requests(carried_in, carried_out) | changes.pop("values", {})
    form = changes.pop("form", "2021" if year > 2020 else "2019")
    report = made_report(year=year, form=form, values=values, **changes)
    return made_document(report, url=url or f"http://www.jzx.gov.cn/{year}.html")


def _across(store, identifier="across.carried_in"):
    checks = open_dataset(store).checks()
    return checks[checks["id"] == identifier].set_index(["report_id", "at"])


def _write(store, *documents):
    return update(store, documents, parser_version="1")


def test_what_a_year_carries_in_is_what_the_last_one_carried_out(tmp_path):
    _write(tmp_path, _year(2023, 0, 3), _year(2024, 3, 1), _year(2025, 2, 0))
    found = _across(tmp_path)
    assert set(found.index.get_level_values("report_id")) == {"431229-2024-jurisdiction", "431229-2025-jurisdiction"}
    columns = ["person", "business", "research", "nonprofit", "legal", "other", "total"]
    assert list(found.loc["431229-2024-jurisdiction"].index) == columns
    right = found.loc[("431229-2024-jurisdiction", "person")]
    assert (right["table"], right["left"], right["right"], right["outcome"]) == ("requests", 3, 3, "pass")
    wrong = found.loc["431229-2025-jurisdiction"]
    assert dict(wrong["outcome"]) == dict.fromkeys(columns, "pass") | {"person": "fail", "total": "fail"}
    assert (wrong.loc["person", "left"], wrong.loc["person", "right"]) == (2, 1)


def test_also_across_the_change_of_form(tmp_path):
    _write(tmp_path, _year(2020, 0, 4, form="2019"), _year(2021, 4, 0, form="2021"), _year(2022, 1, 0, form="2019"))
    found = _across(tmp_path)
    assert found.loc[("431229-2021-jurisdiction", "person"), "outcome"] == "pass"
    assert found.loc[("431229-2022-jurisdiction", "person"), "outcome"] == "fail"


def test_also_where_a_county_became_a_district_of_another_code(tmp_path):
    city, district = Division("320684", "海门市"), Division("320614", "海门区")
    before = _year(2019, 0, 3, division=city, url="http://www.haimen.gov.cn/2019.html")
    after = _year(2020, 3, 0, division=district, form="2019", url="http://www.haimen.gov.cn/2020.html")
    _write(tmp_path, before, after)
    row = _across(tmp_path).loc[("320614-2020-jurisdiction", "person")]
    assert (row["left"], row["right"], row["outcome"]) == (3, 3, "pass")


def test_they_change_no_grade_and_no_count(tmp_path):
    _write(tmp_path, _year(2023, 0, 3), _year(2024, 0, 0))
    reports = open_dataset(tmp_path).reports()
    assert list(reports["grade"]) == ["verified", "verified"]
    assert list(reports["failed_checks"]) == [0, 0]
    assert set(_across(tmp_path)["outcome"]) == {"pass", "fail"}


def test_a_number_that_is_not_known_decides_nothing(tmp_path):
    unread = ["requests.carried_in.person"]
    _write(tmp_path, _year(2023, 0, 3), _year(2024, 0, 0, unread=unread), _year(2025, 0, 0))
    found = _across(tmp_path)
    row = found.loc[("431229-2024-jurisdiction", "person")]
    assert row["outcome"] == "undecidable"
    assert row["left"] != row["left"]
    assert row["right"] == 3


def test_a_blank_counts_as_0_only_where_its_own_table_proves_it(tmp_path):
    proved = ["requests.carried_in.business"]
    _write(tmp_path, _year(2023, 0, 0), _year(2024, 0, 0, blanks=proved))
    assert _across(tmp_path).loc[("431229-2024-jurisdiction", "business"), "outcome"] == "pass"
    all_blank = [f"requests.{row}.{column}" for row, column in _cells("requests")]
    _write(tmp_path, _year(2025, 0, 0, blanks=all_blank))
    assert set(_across(tmp_path).loc["431229-2025-jurisdiction", "outcome"]) == {"undecidable"}


def _cells(table):
    from parsers.forms import forms

    return forms()["2021"].tables[table].cells()


@pytest.mark.parametrize(
    "other",
    [
        {"year": 2022},  # a gap
        {"year": 2023, "scope": "department", "publisher": "靖州县教育局"},
        {"year": 2023, "url": "http://copy.example.com/2023.html"},
        {"year": 2023, "division": None},
    ],
)
def test_only_the_same_publisher_of_the_year_before_is_compared(tmp_path, other):
    year = other.pop("year")
    _write(tmp_path, _year(year, 0, 9, **other), _year(2024, 0, 0))
    assert len(_across(tmp_path)) == 0


def test_copies_on_one_host_are_compared_among_themselves(tmp_path):
    hosts = [_year(year, 0, 9, url=f"http://copy.example.com/{year}.html") for year in (2023, 2024)]
    _write(tmp_path, *hosts)
    assert {report for report, _ in _across(tmp_path).index} == {"431229-2024-jurisdiction@copy.example.com"}


def test_a_report_without_the_table_is_not_compared(tmp_path):
    later = _year(2024, 0, 0)
    tables = tuple(table for table in later.report.tables if table.table != "requests")
    _write(tmp_path, _year(2023, 0, 3), replace(later, report=replace(later.report, tables=tables)))
    assert len(_across(tmp_path)) == 0


def _documents_in_force(year, in_force, issued, repealed, **changes):
    numbers = {"in_force": in_force, "issued": issued, "repealed": repealed}
    values = {f"disclosure.normative.{column}": number for column, number in numbers.items()}
    return _year(year, values=values, **changes)


def test_documents_in_force(tmp_path):
    _write(
        tmp_path,
        _documents_in_force(2021, 20, 3, 1),
        _documents_in_force(2022, 24, 5, 1),
        _documents_in_force(2023, 24, 5, 1),
    )
    found = _across(tmp_path, "across.in_force")
    assert found.loc[("431229-2022-jurisdiction", "normative"), "outcome"] == "pass"
    row = found.loc[("431229-2023-jurisdiction", "normative")]
    assert (row["table"], row["left"], row["right"], row["outcome"]) == ("disclosure", 24, 28, "fail")
    assert found.loc[("431229-2023-jurisdiction", "rules"), "outcome"] == "pass"


def test_documents_in_force_only_where_all_four_numbers_are_known(tmp_path):
    _write(
        tmp_path,
        _year(2020, form="2019"),
        _documents_in_force(2021, 20, 3, 1),
        _documents_in_force(2022, 24, 5, 1, blanks=["disclosure.normative.repealed"]),
        _documents_in_force(2023, 24, 5, 1, unread=["disclosure.normative.in_force"]),
    )
    assert set(_across(tmp_path, "across.in_force").index.get_level_values("at")) == {"rules"}


def _agency(name, new, **changes):
    return _year(
        2024,
        new - 10,
        0,
        scope="department",
        publisher=f"靖州县{name}",
        url=f"http://www.jzx.gov.cn/{name}.html",
        **changes,
    )


def _county(total, says, **changes):
    sections = (Section(1, "一、总体情况", says),)
    return _year(2024, total - 10, 0, sections=sections, **changes)


def test_a_jurisdiction_is_the_sum_of_its_agencies(tmp_path):
    agencies = [_agency("教育局", 12), _agency("财政局", 30), _agency("民政局", 10)]
    _write(tmp_path, _county(42, "本报告由全县3个部门的数据汇总而成。"), *agencies)
    found = _across(tmp_path, "across.agencies").loc["431229-2024-jurisdiction"]
    assert len(found) == 25 + 3
    assert dict(found["outcome"][["new", "handled", "carried_in", "reconsideration"]]) == {
        "new": "fail",
        "handled": "fail",
        "carried_in": "fail",
        "reconsideration": "pass",
    }
    assert (found.loc["new", "left"], found.loc["new", "right"]) == (10, 30)
    assert (found.loc["handled", "left"], found.loc["handled", "right"]) == (42, 52)
    assert (found.loc["later_suit", "table"], found.loc["new", "table"]) == ("appeals", "requests")


@pytest.mark.parametrize(
    "says",
    [
        "本报告由全县4个部门的数据汇总而成。",
        "本报告汇总了全县的数据。",
        "全县3个部门公开了信息。",
        "汇总了3个部门和2个县区的数据。",
    ],
)
def test_undecidable_unless_all_agencies_are_known_to_be_there(tmp_path, says):
    _write(tmp_path, _county(42, says), *(_agency(name, 12) for name in ("教育局", "财政局", "民政局")))
    found = _across(tmp_path, "across.agencies")
    assert set(found["outcome"]) == {"undecidable"}
    assert found["right"].isna().all()


def test_an_agency_whose_number_is_not_known_leaves_it_open(tmp_path):
    unread = _agency("财政局", 12, unread=["requests.new.total"])
    _write(tmp_path, _county(42, "汇总了2个部门的数据"), _agency("教育局", 30), unread)
    found = _across(tmp_path, "across.agencies").loc["431229-2024-jurisdiction"]
    assert (found.loc["new", "outcome"], found.loc["handled", "outcome"]) == ("undecidable", "pass")


def test_no_agency_no_check(tmp_path):
    _write(tmp_path, _county(42, "汇总了2个部门的数据"))
    assert len(_across(tmp_path, "across.agencies")) == 0


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("本报告汇总了全县42个部门和16个乡镇（街道）的数据。", 58),
        ("由县政府42个部门、16个乡镇汇总而成，共58个单位。", 58),
        ("汇总全县58个单位（其中部门42个、乡镇16个）的情况", 58),
        ("数据由42家县直单位汇总", 42),
        ("汇总了9个县区和30个部门的数据", None),
        ("本报告由12个镇、20个部门汇总；数据来自35家单位的汇总", None),
        ("全年收到申请12件，数据汇总如下", None),
        ("全县共有42个部门。数据汇总如下", None),
        ("", None),
    ],
)
def test_how_many_agencies_a_report_says_that_it_covers(text, number):
    assert declared_agencies(text) == number


def _files(store):
    folder = open_dataset(store).folder
    return {path.relative_to(folder).as_posix(): path.stat().st_ino for path in folder.rglob("*.parquet")}


def test_a_new_year_touches_the_checks_of_the_next_and_nothing_else_of_it(tmp_path):
    _write(tmp_path, _year(2021), _year(2023, 3, 0), _year(2025))
    before = _files(tmp_path)
    done = _write(tmp_path, _year(2022, 0, 3))
    after = _files(tmp_path)
    touched = {name for name in after if before.get(name) != after[name]}
    assert touched == set(done.written) - {"datapackage.json"}
    assert {name for name in touched if "=2023" in name} == {"checks/report_year=2023/part-0.parquet"}
    assert not any("=2021" in name or "=2025" in name for name in touched)
    assert _across(tmp_path).loc[("431229-2023-jurisdiction", "person"), "outcome"] == "pass"


def test_one_by_one_gives_the_same_files_as_all_at_once(tmp_path):
    documents = [_year(2023, 0, 3), _year(2021, 0, 1), _year(2024, 3, 0), _year(2022, 2, 0), _agency("教育局", 12)]
    _write(tmp_path / "together", *documents)
    for document in documents:
        _write(tmp_path / "single", document)
    together, single = (open_dataset(tmp_path / name).folder for name in ("together", "single"))
    names = [path.relative_to(together) for path in together.rglob("*.parquet")]
    assert [name for name in names if (together / name).read_bytes() != (single / name).read_bytes()] == []


def test_a_report_that_is_retired_takes_its_comparison_with_it(tmp_path):
    lost = _year(2023, 0, 3)
    _write(tmp_path, lost, _year(2024, 3, 0))
    assert len(_across(tmp_path)) == 7
    _write(tmp_path, replace(lost, report=replace(lost.report, division=None)))
    assert len(_across(tmp_path)) == 0
