"""Which division a publisher belongs to: right, or None where the name leaves a doubt.

A department, township or zone belongs to its county; an agency of a prefecture or province to that.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from nianbao.dataset.hints import Hints
from nianbao.dataset.lineage import place_then
from nianbao.dataset.place_names import full_names, starting, stem
from nianbao.dataset.places import Level, Place, counties_of
from parsers.report import Division

_FIRST_FORM_YEAR = 2019

_NOISE = re.compile(r"[\s\u3000《》【】\[\]“”\"'·]+")
_VERTICAL = re.compile(r"^(中国共产党|中共|国家税务总局|国家统计局|国家金融监督管理总局)")
# A division of the 兵团 is one with its city; two prefectures are under another, 伊犁州.
_ABOVE = re.compile(
    r"^(新疆(维吾尔自治区)?)?((生产建设)?(兵团)?第[一二三四五六七八九十]+师"
    r"(?=(阿拉尔|铁门关|图木舒克|可克达拉|双河|五家渠|胡杨河|石河子|白杨|北屯|新星|昆玉)市)"
    r"|伊犁(哈萨克自治)?州(?=(塔城|阿勒泰)地区))"
)

# Names that are common nouns too: a publisher called so may be any 城区, so its parent must be named.
_COMMON_NOUNS = {"城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "老城区", "新城区", "新市区", "市中区"}
_COMMON_NOUNS |= {"城中区", "城东区", "城西区", "城南区", "城北区", "城关区", "南市区", "北市区"}

# Where the last character of a name begins another word: 朝阳|市场监督管理局, 大同|市政管理处, 江北|区域合作办.
_NO_NAME_BEFORE = {
    "市": re.compile(r"场|容|政(?!府|务|协|法|研|策)"),
    "区": re.compile(r"域|划|块|位"),
    "县": re.compile(r"域"),
}

# What below a prefecture or province is no agency of its own, but a division that the table does not know.
_LOWER = re.compile(r".{0,10}?[县旗]|.{0,7}?区")
_LOWER_OF_PROVINCE = re.compile(r".{2,7}?([市州盟县区旗]|地区)")
_ZONE = re.compile(
    r".{0,12}?(开发|高新|产业|新|示范|风景|名胜|保税|度假|工业|园|功能|保护|试验|实验|合作|集聚|港|自贸|社|辖|校)区"
)
_TOWNSHIP = re.compile(
    r"[^和与及局委办厅]{1,8}(镇|乡|苏木|街道)(人民政府|政府|办事处|党工委|党委|党政(综合)?办公室|综合办公室|办公室)*"
)

_PLACE_MARK = re.compile(r"[省市县区州盟旗]")
_NO_PLACE = re.compile(r"市场|城市|市政|市容|社区|县域|区域|区划|灌区|库区|林区|景区|地区")
# 公安局 begins with the bare name of 公安县.
_POLICE = re.compile(r"^公安(?!县)")


@dataclass(frozen=True, slots=True)
class _Reading:
    """A division that a publisher's name starts with, the length of what names it, and whether a parent is named."""

    length: int
    place: Place
    with_parent: bool


def resolve(
    publisher: str | None, *, year: int | None = None, context: str | None = None, site_code: str | None = None
) -> Division | None:
    """Return the division of a publisher, None where it is ambiguous, unknown or not named.

    `year` is the report year: it tells a division from a former one of that name; without it those since 2019 count.
    A name that several divisions share is decided by the prefecture or province that the publisher names, else by
    `site_code`, the harvested site's, and by the parents named in `context` (title, name of the site), where these
    agree. A publisher that names no place is its site's, where that is a county's. The site's code may be a former or
    a later one of the same division.
    """
    name = _VERTICAL.sub("", _plain(publisher or ""))
    everything = _readings(name)
    site = place_then(site_code, year) if site_code else None
    if not everything:
        return _of_site(name, site)
    readings = _longest(everything, year)
    places = _one_of_successive([reading.place for reading in readings], year)
    sure = len(places) == 1 and (readings[0].with_parent or name[: readings[0].length] not in _COMMON_NOUNS)
    place = places[0] if sure else Hints(site, context).decide(places)
    if place is None or not _fits(place, name[readings[0].length :]):
        return None
    return Division(place.code, place.name)


def without_place(publisher: str, division: Division) -> str:
    """Return what follows the division in a publisher's name: 教育局 of 靖州县教育局; the whole name if it has none."""
    name = _plain(publisher)
    ends = [reading.length for reading in _readings(name) if reading.place.code == division.code]
    return name[max(ends, default=0) :]


def _plain(publisher: str) -> str:
    return _ABOVE.sub("", _NOISE.sub("", publisher))


@lru_cache(maxsize=4096)
def _readings(name: str) -> tuple[_Reading, ...]:
    """Return every reading of the name's start; a publisher is asked for once a year's report."""
    return tuple(_read(name))


def _read(name: str) -> Iterator[_Reading]:
    """Yield every reading of the name's start as [province][prefecture]county, [province]prefecture or province."""
    for province_end, province, province_is_full in _prefixes(name, "province"):
        if province and province_is_full:
            yield _Reading(province_end, province, with_parent=True)
        for length, prefecture, prefecture_is_full in _prefixes(name[province_end:], "prefecture"):
            if province and prefecture and prefecture.province != province.name:
                continue
            end = province_end + length
            if prefecture and prefecture_is_full:
                yield _Reading(end, prefecture, with_parent=True)
            for match in starting(name[end:]):
                if match.full and _is_county_of(match.place, province, prefecture):
                    yield _Reading(end + match.length, match.place, with_parent=end > 0)


def _prefixes(text: str, level: Level) -> Iterator[tuple[int, Place | None, bool]]:
    """Yield the divisions of a level that the text starts with, and first of all none."""
    yield 0, None, False
    for match in starting(text):
        if match.place.level == level:
            yield match.length, match.place, match.full


def _is_county_of(place: Place, province: Place | None, prefecture: Place | None) -> bool:
    if place.level != "county" or (province and place.province != province.name):
        return False
    return prefecture is None or (place.prefecture, place.province) == (prefecture.name, prefecture.province)


def _longest(readings: Iterable[_Reading], year: int | None) -> list[_Reading]:
    """Return the longest readings among those of divisions in force when the report was written, or nearly then."""
    in_force = [reading for reading in readings if _answers(reading.place, year)]
    length = max((reading.length for reading in in_force), default=0)
    return [reading for reading in in_force if reading.length == length]


def _answers(place: Place, year: int | None) -> bool:
    """Say whether a report of a year can be the division's; before its first, a 新区 of its name was a zone."""
    if year is None:
        return place.in_force(_FIRST_FORM_YEAR, 9999)
    return place.in_force(year - 1, year if place.name.endswith("新区") else year + 1)


def _one_of_successive(places: list[Place], year: int | None) -> list[Place]:
    """Return the divisions, one a code; of those that followed one another under one name that of the year."""
    groups: defaultdict[tuple[str, str], dict[str, Place]] = defaultdict(dict)
    for place in places:
        groups[place.name, place.province][place.code] = place
    found: list[Place] = []
    for group in groups.values():
        found += _of_year(list(group.values()), year)
    return found


def _of_year(group: list[Place], year: int | None) -> list[Place]:
    group.sort(key=lambda place: place.first or 0)
    if not all(earlier.last is not None and earlier.last < (later.first or 0) for earlier, later in pairwise(group)):
        return group
    then = [place for place in group if year is not None and place.in_force(year, year)]
    return then or group[-1:]


def _fits(place: Place, rest: str) -> bool:
    """Say whether the rest of the name can follow the division's: an agency, a township of a county, nothing."""
    broken = _NO_NAME_BEFORE.get(place.name[-1])
    if (broken and broken.match(rest)) or _names_another(rest):
        return False
    if place.level == "county":
        return True
    if place.level == "prefecture" and not counties_of(place.name, place.province):
        return True
    if _TOWNSHIP.fullmatch(rest) or any(_is_in(match.place, place) for match in starting(_POLICE.sub("", rest))):
        return False
    if place.level == "province":
        return not _LOWER_OF_PROVINCE.match(rest)
    zone = _ZONE.match(rest)
    if zone is None:
        return not _LOWER.match(rest)
    return not any(_is_in(match.place, place) for match in starting(rest[zone.end() :]))


def _is_in(place: Place, parent: Place) -> bool:
    if parent.level == "province":
        return place.province == parent.name
    return (place.prefecture, place.province) == (parent.name, parent.province)


def _names_another(rest: str) -> bool:
    return any(match.full and rest[: match.length] not in _COMMON_NOUNS for match in starting(rest))


def _of_site(name: str, site: Place | None) -> Division | None:
    """Return the site's division where it is a county's and the publisher names no place but that."""
    if site is None or (site.level != "county" and counties_of(site.name, site.province)) or site.level == "province":
        return None
    own = (*full_names(site), stem(site), site.name[-1])
    rest = next((name.removeprefix(start) for start in own if name.startswith(start)), name)
    if _PLACE_MARK.search(_NO_PLACE.sub("", rest)) or any(starting(_POLICE.sub("", rest))):
        return None
    return Division(site.code, site.name)
