import hashlib
from dataclasses import replace

import pytest

from nianbao.dataset.identity import host_is_official, host_of, identify, report_id
from parsers.report import Division
from tests.nianbao.dataset.made import URL, made_document, made_report

SHUYANG = Division("321322", "沭阳县")


def _sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def _id(url=URL, **changes):
    return report_id(made_document(made_report(**changes), url=url))


def test_the_jurisdiction_s_own_report_needs_no_publisher():
    assert _id() == "431229-2024-jurisdiction"
    assert _id(publisher=None) == "431229-2024-jurisdiction"


def test_an_agency_is_told_by_its_name_without_the_place():
    expected = f"321322-2023-department-{_sha('发展和改革局')[:8]}"
    for publisher in ("沭阳县发展和改革局", "江苏省沭阳县 发展和改革局", "发展和改革局"):
        assert _id(division=SHUYANG, year=2023, scope="department", publisher=publisher) == expected
    assert _id(division=SHUYANG, year=2023, scope="department", publisher="沭阳县教育局") != expected


def test_ways_to_write_one_office():
    ids = {
        _id(scope="office", publisher=publisher)
        for publisher in ("靖州县人民政府办公室", "靖州苗族侗族自治县政府办公室", "靖州县 人民政府办公室 ")
    }
    assert len(ids) == 1


def test_a_copy_elsewhere_is_another_report():
    assert _id(url="http://www.example.cn/a.html") == "431229-2024-jurisdiction@www.example.cn"
    assert _id(url="http://gov.cn.example.com:8080/a.html") == "431229-2024-jurisdiction@gov.cn.example.com"
    assert _id(url="a.html") == "431229-2024-jurisdiction@local"


@pytest.mark.parametrize(
    "changes",
    [
        {"division": None},
        {"report_year": None},
        {"scope": "unknown"},
        {"scope": "department", "publisher": None},
        {"scope": "township", "publisher": ""},
    ],
)
def test_without_code_year_scope_or_name_the_address_tells(changes):
    assert _id(**changes) == f"x-{_sha(URL)[:12]}"


def test_reports_of_one_body_that_look_the_same_stay_apart():
    report = made_report(scope="department", publisher=None)
    second = replace(report, tables=())
    documents = [made_document(report), made_document(second), made_document(report, url=URL + "?2")]
    ids = [identifier for identifier, _ in identify(documents)]
    assert ids == [f"x-{_sha(URL)[:12]}", f"x-{_sha(URL)[:12]}-2", f"x-{_sha(URL + '?2')[:12]}"]


@pytest.mark.parametrize(
    ("url", "host", "official"),
    [
        ("http://www.jzx.gov.cn/a", "www.jzx.gov.cn", True),
        ("https://WWW.JZX.GOV.CN:443/a", "www.jzx.gov.cn", True),
        ("http://www.gov.cn./a", "www.gov.cn", True),
        ("http://notgov.cn/a", "notgov.cn", False),
        ("http://jzx.gov.cn.example.com/", "jzx.gov.cn.example.com", False),
        ("http://jzx.gov.com/", "jzx.gov.com", False),
        ("page.html", "local", False),
    ],
)
def test_only_gov_cn_is_official(url, host, official):
    assert host_of(url) == host
    assert host_is_official(url) is official
