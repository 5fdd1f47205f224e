from pathlib import Path

import pytest

from parsers.errors import SitesError
from scraper.messages import Site
from scraper.sites import known_sites, read_sites

HEADER = "code,name,site_url,column_url\n"
GOOD = "431229,靖州县,http://www.jzx.gov.cn/,http://www.jzx.gov.cn/gk/\n"
SITE = Site("431229", "靖州县", "http://www.jzx.gov.cn/", "http://www.jzx.gov.cn/gk/")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_reads_every_encoding_that_spreadsheets_write(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "sites.csv"
    path.write_bytes((HEADER + GOOD).replace("\n", newline).encode(encoding))
    assert read_sites(path).sites == (SITE,)


def test_column_url_may_be_missing_and_columns_in_any_order(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text("remark, site_url ,name,code\nx,http://a.gov.cn/,甲县, 430001 \n\n", encoding="utf-8")
    assert read_sites(path).sites == (Site("430001", "甲县", "http://a.gov.cn/"),)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("43122,靖州县,http://a.gov.cn/,", "code '43122'"),
        ("４３１２２９,靖州县,http://a.gov.cn/,", "six digits"),
        ("431229,,http://a.gov.cn/,", "name is empty"),
        ("431229,靖州县,,", "site_url ''"),
        ("431229,靖州县,www.jzx.gov.cn,", "site_url 'www.jzx.gov.cn'"),
        ("431229,靖州县,ftp://a.gov.cn/,", "not http or https: ftp"),
        ("431229,靖州县,http://[::1,", "malformed"),
        ("431229,靖州县,http://a.gov.cn/,javascript:void(0)", "column_url 'javascript:void(0)'"),
        ("431229,靖州县", "site_url ''"),
    ],
)
def test_bad_row_is_told_with_its_line_and_the_rest_is_used(tmp_path: Path, row: str, told: str) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(HEADER + row + "\n" + GOOD, encoding="utf-8")
    found = read_sites(path)
    assert found.sites == (SITE,)
    (problem,) = found.problems
    assert problem.startswith(f"{path}:2: ")
    assert told in problem
    assert "\n" not in problem


def test_doubled_site_is_told(tmp_path: Path) -> None:
    path = tmp_path / "sites.csv"
    path.write_text(HEADER + GOOD + GOOD, encoding="utf-8")
    found = read_sites(path)
    assert len(found.sites) == 1
    assert "stands in the list already" in found.problems[0]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "no column code, name, site_url"),
        (b"code,name,url\n431229,a,http://a.gov.cn/\n", "no column site_url"),
        (HEADER.encode(), "no site in it"),
        ((HEADER + "1,2,3,4\n").encode(), "code '1'"),
        (b"\x80\xff\x00", "neither UTF-8 nor GBK"),
    ],
)
def test_unusable_list_is_one_clear_line(tmp_path: Path, body: bytes, told: str) -> None:
    path = tmp_path / "sites.csv"
    path.write_bytes(body)
    with pytest.raises(SitesError) as error:
        read_sites(path)
    assert told in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SitesError, match=r"nowhere\.csv: cannot be read"):
        read_sites(tmp_path / "nowhere.csv")


def test_known_sites_are_official_county_sites() -> None:
    found = known_sites()
    assert not found.problems
    assert len(found.sites) >= 130
    assert all(site.site_url.split("/")[2].endswith(".gov.cn") for site in found.sites)
    assert len({site.code for site in found.sites}) == len(found.sites)
    assert list(found.sites) == sorted(found.sites, key=lambda site: site.code)
    portals = {"www.hegang.gov.cn", "xianning.gov.cn", "www.zt.gov.cn", "linxia.gov.cn", "www.hh.gov.cn"}
    assert not portals & {site.site_url.split("/")[2] for site in found.sites}
