"""Which division a publisher belongs to: right, or None where the name leaves a doubt.

A department, township or zone belongs to its county; an agency of a prefecture or province to that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nianbao.dataset.hints import Hints, decided
from nianbao.dataset.place_names import index, stem
from nianbao.dataset.places import Place, childless, counties_of, of_code
from parsers.report import Division

_FIRST_FORM_YEAR = 2019
_OPEN_END = 9999

_NOISE = re.compile(r"[\s\u3000《》【】\[\]“”\"'·]+")
_VERTICAL = re.compile(r"^(中国共产党|中共|国家税务总局|国家统计局|国家金融监督管理总局|中国气象局)")

_COMMON_NOUNS = {"城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "老城区", "新城区", "新市区", "城中区"}
_COMMON_NOUNS |= {"城东区", "城西区", "城南区", "城北区", "城关区", "市中区", "港区", "林区", "新区"}

# What would make the last character of a matched name the first of another word: 朝阳|市场, 大同|市政, 高新|区域.
_NOT_AFTER = {"市": re.compile(r"场|容|政(?!府|务|协|法|研|策)"), "区": re.compile(r"域|划|块|位"), "县": re.compile(r"域")}

_LOWER = re.compile(r"^.{1,10}?[县旗](?!处)|^.{1,7}?区")
_LOWER_OF_PROVINCE = re.compile(r"^.{2,6}?[市州盟]|^.{2,6}?地区")
_ZONE = re.compile(
    r"^.{0,12}?(开发|高新|高新技术产业|新|示范|风景|名胜|保税|度假|工业园|产业园|园|功能|保护|试验|合作|集聚|港|自贸)区"
)
_TOWNSHIP = re.compile(
    r"^[^和与及局委办厅]{1,8}(镇|乡|苏木|街道)(人民政府|政府|办事处|党工委|党委|党政(综合)?办公室|政府办公室|综合办公室)*$"
)

_PLACE_MARK = re.compile(r"[省市县区州盟旗]")
_NO_PLACE_MARK = re.compile(r"市场|城市|市政|市容|社区|县域|区域|区划|园区|灌区|库区|林区|景区|地区")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A division that a publisher's name starts with, how many characters that takes, and whether a parent is named."""

    length: int
    place: Place
    with_parent: bool


def resolve(
    publisher: str | None,
    *,
    year: int | None = None,
    url: str | None = None,
    context: str | None = None,
    site_code: str | None = None,
) -> Division | None:
    """Return the division of a publisher, None where it is ambiguous, unknown or not named.

    `year` is the report year: it decides between a division and a former one (without it, those since 2019 count).
    A name shared by several divisions is decided by the prefecture or province that the publisher names, else by
    `site_code` (the harvested site's), the host of `url`, and the names in `context` (title, site name), where these
    agree. A publisher that names no place is that of its site, where that is a county's.
    """
    name = _VERTICAL.sub("", _NOISE.sub("", publisher or ""))
    hints = Hints(url, context, site_code)
    readings = _longest(_in_force(_readings(name), year))
    if not readings:
        return _of_site(name, site_code) if not any(_readings(name)) else None
    places = [reading.place for reading in readings if _rest_fits(reading.place, name[reading.length :])]
    places = _latest_of_successive(places, year)
    certain = len(places) == 1 and (readings[0].with_parent or name[: readings[0].length] not in _COMMON_NOUNS)
    place = places[0] if certain else decided(places, hints)
    return Division(place.code, place.name) if place else None


def _readings(name: str) -> Iterator[_Reading]:
    """Yield every way to read the start of the name as [province][prefecture]county, prefecture or province."""
    none: tuple[int, Place | None] = (0, None)
    for at, province in (none, *_starting(name, "province")):
        for further, prefecture in (none, *_starting(name[at:], "prefecture")):
            if province and prefecture and prefecture.province != province.name:
                continue
            parents = (province, prefecture)
            start = at + further
            for length, county in _starting(name[start:], "county", bare=False):
                if _is_in(county, *parents):
                    yield _Reading(start + length, county, with_parent=start > 0)
            if prefecture and prefecture.name in index().callable_by(name[at:start]):
                yield _Reading(start, prefecture, with_parent=at > 0)
        ...
