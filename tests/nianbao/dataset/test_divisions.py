import csv
import re
from collections import Counter
from importlib.resources import files

import pytest

from nianbao.dataset.divisions import resolve, without_place
from nianbao.dataset.places import parents, places, read_places
from parsers.errors import DatasetError
from parsers.report import Division
from tests.nianbao.dataset.hard_names import RESOLVED, UNRESOLVED

TODAY = [place for place in places() if place.last is None]


@pytest.mark.parametrize("line", RESOLVED.split("\n")[1:-1])
def test_resolves(line):
    name, code = line.split()
    division = resolve(name, year=2024)
    assert division is not None
    assert division.code == code


@pytest.mark.parametrize("name", UNRESOLVED.split())
def test_leaves_what_is_in_doubt(name):
    assert resolve(name, year=2024) is None
    assert resolve(name) is None


def test_enough_hard_names():
    assert len(RESOLVED.split("\n")) + len(UNRESOLVED.split()) >= 200


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("桥东区", 2018, None),  # 张家口 and 邢台
        ("桥东区", 2020, None),  # 邢台's had just gone
        ("桥东区", 2024, "130702"),
        ("邢台县", 2018, "130521"),
        ("邢台县", 2024, None),
        ("枞阳县", 2013, "340823"),
        ("枞阳县", 2016, "340722"),
        ("吴江市", 2010, "320584"),
        ("吴江市", 2024, None),
        ("海门市", 2019, "320684"),
        ("海门区", 2021, "320614"),
        ("即墨市", 2016, "370282"),
        ("绍兴县", 2012, "330621"),
        ("绍兴县", 2020, None),
        ("南通市崇川区", 2018, "320602"),
        ("毕节市", 2009, "522401"),
        ("毕节市", 2012, "520500"),
        ("莱芜市", 2017, "371200"),
        ("莱芜区", 2020, "370116"),
        ("东乡县", 2014, None),  # 抚州's, and 东乡族自治县
        ("东乡县", 2024, "622926"),
        ("江北区", 2024, None),
        ("江北区", 2028, "330205"),
        ("两江新区", 2025, "500157"),
        ("襄樊市", 2009, "420600"),
        ("湾里区", 2017, "360105"),
        ("三元区", 2024, "350404"),
        ("三元区", 2018, "350403"),
    ],
)
def test_a_name_belongs_to_the_division_of_its_year(name, year, code):
    division = resolve(name, year=year)
    assert (division.code if division else None) == code


@pytest.mark.parametrize(
    ("name", "hints", "code"),
    [
        ("鼓楼区", {"site_code": "320106"}, "320106"),
        ("鼓楼区人民政府", {"site_code": "320100"}, "320106"),
        ("鼓楼区", {"site_code": "320000"}, None),
        ("鼓楼区", {"site_code": "330100"}, None),
        ("鼓楼区", {"context": "南京市鼓楼区人民政府"}, "320106"),
        ("鼓楼区", {"context": "中国·福州 福州鼓楼"}, "350102"),
        ("鼓楼区", {"context": "江苏省南京市"}, "320106"),
        ("鼓楼区", {"context": "江苏省"}, None),
        ("鼓楼区", {"context": "福建省"}, "350102"),
        ("鼓楼区", {"context": "南京市、徐州市"}, None),
        ("鼓楼区", {"site_code": "320106", "context": "徐州市鼓楼区"}, None),
        ("鼓楼区", {"context": "2024年政府信息公开工作年度报告"}, None),
        ("朝阳区", {"context": "北京市朝阳区人民政府网站"}, "110105"),
        ("朝阳区", {"context": "长春市朝阳区"}, "220104"),
        ("城区", {"site_code": "140502"}, "140502"),
        ("老城区", {"site_code": "410302"}, "410302"),
        ("老城区", {"context": "洛阳市老城区"}, "410302"),
        ("教育局", {"site_code": "431229"}, "431229"),
        ("县教育局", {"site_code": "431229"}, "431229"),
        ("靖州教育局", {"site_code": "431229"}, "431229"),
        ("市场监督管理局", {"site_code": "431229"}, "431229"),
        ("马坝镇人民政府", {"site_code": "320830"}, "320830"),
        ("公安局", {"site_code": "431229"}, "431229"),
        ("人民政府办公室", {"site_code": "431229"}, "431229"),
        ("区教育局", {"site_code": "320106"}, "320106"),
        ("市教育局", {"site_code": "431229"}, None),
        ("南京教育局", {"site_code": "431229"}, None),
        ("高新区管委会", {"site_code": "431229"}, None),
        (None, {"site_code": "431229"}, "431229"),
        (None, {"site_code": "320800"}, None),
        (None, {}, None),
        ("教育局", {"site_code": "320800"}, None),
        ("教育局", {"site_code": "320000"}, None),
        ("教育局", {"site_code": "999999"}, None),
        ("虎门镇人民政府", {"site_code": "441900"}, "441900"),
        ("沭阳县教育局", {"site_code": "431229"}, "321322"),
        ("某某县教育局", {"site_code": "431229"}, None),
        ("邢台县", {"site_code": "431229"}, None),
    ],
)
def test_hints_decide_what_the_name_does_not(name, hints, code):
    division = resolve(name, year=2024, **hints)
    assert (division.code if division else None) == code


@pytest.mark.parametrize(
    ("name", "year", "site_code", "code"),
    [
        ("教育局", 2024, "320684", "320614"),  # 海门市 is 海门区
        ("区教育局", 2024, "320684", "320614"),
        ("市教育局", 2015, "320614", "320684"),
        ("教育局", 2015, "320614", "320684"),
        ("教育局", None, "320684", "320614"),
        ("教育局", 2024, "330104", None),  # 江干区 went into 上城区
        ("教育局", 2018, "330104", "330104"),
        ("教育局", 2018, "330113", None),  # 临平区 had not begun
        ("永定区", 2012, "350803", "430802"),  # 龙岩 had its 永定县 then
        ("永定区", 2024, "350822", "350803"),
    ],
)
def test_a_site_goes_on_under_its_division_s_codes(name, year, site_code, code):
    division = resolve(name, year=year, site_code=site_code)
    assert (division.code if division else None) == code


def _namesakes():
    counts = Counter(place.name for place in TODAY if place.level == "county")
    return {name for name, count in counts.items() if count > 1}


def test_every_division_of_today_resolves_with_its_parents_named():
    for place in TODAY:
        name = f"{place.province}{place.prefecture}{place.name}人民政府"
        assert resolve(name, year=max(2024, place.first or 0)) == Division(place.code, place.name)


def test_every_county_of_today_resolves_alone_or_stays_open():
    namesakes, wrong, open_names = _namesakes(), [], set()
    for place in (place for place in TODAY if place.level == "county"):
        division = resolve(place.name, year=2027)
        if division is None:
            open_names.add(place.name)
        elif division.code != place.code:
            wrong.append(place.name)
    assert wrong == []
    assert namesakes <= open_names
    assert len(open_names - namesakes) < 15  # common nouns such as 老城区


def test_a_county_never_answers_for_another_prefecture():
    counties = [place for place in TODAY if place.level == "county" and place.prefecture]
    for place, other in zip(counties, counties[700:] + counties[:700], strict=True):
        division = resolve(f"{other.prefecture}{place.name}", year=2024)
        assert division is None or (place.name, other.prefecture) in _homonyms(), (other.prefecture, place.name)


def _homonyms():
    return {(place.name, place.prefecture) for place in places()}


def test_table_is_sound():
    with (files("nianbao.dataset") / "divisions.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    assert Counter(place.level for place in TODAY) == {"province": 34, "prefecture": 333, "county": 2847}
    assert {row["level"] for row in rows} == {"province", "prefecture", "county"}
    assert all(re.fullmatch(r"[1-9]\d{5}", row["code"]) for row in rows)
    assert all(re.fullmatch(r"(20\d\d)?", row[name]) for row in rows for name in ("valid_from", "valid_to"))
    assert len({place.code for place in TODAY}) == len(TODAY)
    names = {(place.level, place.name) for place in places()}
    for place in places():
        assert place.level == "province" or ("province", place.province) in names
        assert not place.prefecture or ("prefecture", place.prefecture) in names
        assert place.first is None or place.last is None or place.first <= place.last
    assert rows == sorted(rows, key=lambda row: (row["code"], row["valid_from"]))


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ([], "line 1: the columns must be code,name,level"),
        (["code,name", "110000,北京市"], "line 1: the columns must be"),
        (
            ["code,name,level,province,prefecture,valid_from,valid_to", "110000,北京市"],
            "line 2: '110000,北京市' is no row",
        ),
        (["code,name,level,province,prefecture,valid_from,valid_to", "110101,某区,county,某市,,今年,"], "line 2: "),
    ],
)
def test_a_damaged_table_is_one_clear_line(lines, words):
    with pytest.raises(DatasetError, match=re.escape(f"divisions.csv {words}")):
        read_places(lines)


def test_parents():
    assert parents("431229") == ("湖南省", "怀化市")
    assert parents("431200") == ("湖南省", "怀化市")
    assert parents("430000") == ("湖南省", None)
    assert parents("110105") == ("北京市", None)
    assert parents("000000") == (None, None)


@pytest.mark.parametrize(
    ("publisher", "code", "agency"),
    [
        ("靖州县教育局", "431229", "教育局"),
        ("怀化市靖州苗族侗族自治县教育局", "431229", "教育局"),
        ("教育局", "431229", "教育局"),
        ("沭阳县 人民政府", "321322", "人民政府"),
        ("西安市长安区砲里街道", "610116", "砲里街道"),
    ],
)
def test_agency_without_its_place(publisher, code, agency):
    assert without_place(publisher, Division(code, "")) == agency
