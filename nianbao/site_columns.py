"""Which columns of somebody's table hold codes, names, addresses and parents: by their headings, else by content."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from nianbao.dataset.places import of_code
from nianbao.site_names import simplified
from parsers.characters import width
from parsers.errors import SitesError
from scraper.csv_files import CsvFile

_CODES = """
code 代码 区划代码 行政区划代码 区划编码 行政区划编码 行政代码 地区代码 国标代码 统计用区划代码 编码
中国行政区划代码 中华人民共和国行政区划代码 administrativedivisioncode chinaadministrativedivisioncode
adcode areacode gbcode gbt2260 divisioncode districtcode countycode
"""
_NAMES = """
name 名称 名字 区划名称 行政区划名称 行政区划 行政区 地名 区县 县区 县市区 县级行政区 县 地区 区域 标签
label itemlabel placelabel divisionlabel countylabel districtlabel place division county district countyname
政府 政府名称 单位 单位名称 网站名称
"""
_URLS = """
siteurl url 网址 官网 官方网站 官方网址 官网地址 网站网址 网站地址 政府网站 门户网站 主页 首页 网站 链接
website officialwebsite websiteurl officialsite homepage homepageurl link
"""
_PARENTS = """
province 省 省份 省级 省市 省区市 所属省份 所在省份 所在省 provincelabel
prefecture 市 地级市 地市 市州 市级 所属市 所在市 城市 city citylabel prefecturelabel
所属 所属地区 所属行政区 所在地 上级 上级行政区 上级区划 位于 位于行政领土实体 parent parentlabel adminlabel
locatedin locatedinlabel locatedintheadministrativeterritorialentity region regionlabel
"""
_NO_SITE = re.compile(r"//(?:[\w-]+\.)*(?:wikidata|wikipedia|wikimedia|dbpedia)\.org\b", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_BARE_HOST = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:/\S*)?", re.IGNORECASE)
_CODE = re.compile(r"(\d{6})(?:0{3}|0{6})?(?:\.0)?")
_NOT_SAYING = re.compile(r"[\W_]+")
_ASIDE = re.compile(r"\(.*?\)")
_LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Columns:
    """The places of the columns in a row, counted from 0; one of `code` and `name` is there."""

    code: int | None
    name: int | None
    url: int
    parents: tuple[int, ...]


def find_columns(table: CsvFile) -> Columns:
    """Find the columns of a table; raises SitesError where it has none of addresses, or neither codes nor names."""
    headings = [_heading(text) for text in table.header]
    url = _of_headings(headings, _URLS)
    if url is None:
        url = _of_content(table, lambda cell: address_of(cell) is not None)
    if url is None:
        raise SitesError(f"{table.path}: no column of addresses; head it url or 网址")
    code, name = _of_headings(headings, _CODES), _of_headings(headings, _NAMES)
    if code is None:
        code = _of_content(table, lambda cell: (six := code_of(cell)) is not None and of_code(six) is not None)
    if code is None and name is None:
        raise SitesError(f"{table.path}: no column of codes or names; head it code or 代码, name or 名称")
    parents = tuple(place for place, heading in enumerate(headings) if heading in _PARENTS.split())
    return Columns(code, name, url, parents)


def code_of(cell: str) -> str | None:
    """Return the six digits of a code, also where it is written with twelve or as a number of a spreadsheet."""
    match = _CODE.fullmatch(cell)
    return match[1] if match else None


def address_of(cell: str) -> str | None:
    """Return the address of a website that a cell holds, None where it holds none; `http://` can be left out."""
    if _ADDRESS.fullmatch(cell):
        return None if _NO_SITE.search(cell) else cell
    return f"http://{cell}" if _BARE_HOST.fullmatch(cell) else None


def _heading(text: str) -> str:
    return _NOT_SAYING.sub("", _ASIDE.sub("", simplified(width(text)))).casefold()


def _of_headings(headings: list[str], known: str) -> int | None:
    """Return the column with the heading that is first among the known ones."""
    found = [heading for heading in known.split() if heading in headings]
    return headings.index(found[0]) if found else None


def _of_content(table: CsvFile, fits: Callable[[str], bool]) -> int | None:
    """Return the column in which most cells fit, of those where at least half of what is filled in does."""
    best, most = None, 0
    for column in range(len(table.header)):
        cells = [cell for _, row in table.rows[:_LOOKED_AT] if (cell := row[column])]
        fitting = sum(fits(cell) for cell in cells)
        if fitting > most and fitting * 2 >= len(cells):
            best, most = column, fitting
    return best
