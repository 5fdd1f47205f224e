"""The names by which a division is called: in full, without the autonomous part, and by custom."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from nianbao.dataset.places import Place, places

# Peoples whose names stand in those of autonomous divisions; 各族 in 龙胜各族自治县.
_PEOPLE = (
    r"(?:白|保安|布朗|布依|朝鲜|达斡尔|傣|东乡|侗|独龙|鄂温克|仡佬|哈尼|哈萨克|回|景颇|柯尔克孜|拉祜|黎|傈僳|满|毛南|蒙古|苗|仫佬|"
    r"纳西|怒|普米|羌|撒拉|畲|水|塔吉克|土家|土|佤|维吾尔|锡伯|瑶|彝|裕固|藏|壮|各)族|蒙古|哈萨克|柯尔克孜|锡伯|塔吉克|鄂伦春"
)
_AUTONOMOUS = re.compile(rf"^(?P<stem>.*?)(?P<peoples>(?:{_PEOPLE})+)自治(?P<kind>[州县旗])$")
_PROVINCE_SUFFIX = re.compile(r"(省|市|壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区)$")
_SUFFIX = re.compile(r"(市|地区|盟|林区|特区|新区|区|县|旗|州)$")

_CUSTOMARY = {
    "莫力达瓦达斡尔族自治旗": ("莫旗",),
    "前郭尔罗斯蒙古族自治县": ("前郭县",),
    "杜尔伯特蒙古族自治县": ("杜蒙县",),
    "喀喇沁左翼蒙古族自治县": ("喀左县",),
    "科尔沁右翼前旗": ("科右前旗",),
    "科尔沁右翼中旗": ("科右中旗",),
    "科尔沁左翼中旗": ("科左中旗",),
    "科尔沁左翼后旗": ("科左后旗",),
    "察哈尔右翼前旗": ("察右前旗",),
    "察哈尔右翼中旗": ("察右中旗",),
    "察哈尔右翼后旗": ("察右后旗",),
    "东乌珠穆沁旗": ("东乌旗",),
    "西乌珠穆沁旗": ("西乌旗",),
    "土默特左旗": ("土左旗",),
    "土默特右旗": ("土右旗",),
    "达尔罕茂明安联合旗": ("达茂旗",),
    "锡林郭勒盟": ("锡盟",),
    "巴音郭楞蒙古自治州": ("巴州",),
    "博尔塔拉蒙古自治州": ("博州",),
    "克孜勒苏柯尔克孜自治州": ("克州",),
}


def full_names(place: Place) -> tuple[str, ...]:
    """Return the names that end in what the division is, such as 靖州苗族侗族自治县 and 靖州县."""
    autonomous = _autonomous(place)
    if autonomous is None:
        return place.name, *_CUSTOMARY.get(place.name, ())
    short = _autonomous_stem(autonomous) + autonomous["kind"]
    return place.name, short, *_CUSTOMARY.get(place.name, ())


def stem(place: Place) -> str:
    """Return the bare name: 江苏, 石家庄, 恩施, 沭阳; of one character (和县) the full name."""
    autonomous = _autonomous(place)
    suffix = _PROVINCE_SUFFIX if place.level == "province" else _SUFFIX
    bare = _autonomous_stem(autonomous) if autonomous else suffix.sub("", place.name)
    return bare if len(bare) > 1 else place.name


def _autonomous(place: Place) -> re.Match[str] | None:
    return _AUTONOMOUS.match(place.name) if "自治" in place.name else None


def _autonomous_stem(match: re.Match[str]) -> str:
    """东乡族自治县 has no other name than that of its people: 东乡."""
    return match["stem"] or re.split("族", match["peoples"])[0]


@dataclass(frozen=True, slots=True)
class Match:
    """A division whose name a text starts with: the length of that name, and whether it says what the division is."""

    length: int
    place: Place
    full: bool


def starting(text: str) -> tuple[Match, ...]:
    """Return the divisions, former ones among them, whose full or bare name the text starts with, short names first."""
    found: list[Match] = []
    for length in _lengths().get(text[:2], ()):
        found += _index().get(text[:length], ()) if length <= len(text) else ()
    return tuple(found)


@cache
def _index() -> dict[str, tuple[Match, ...]]:
    """Return the divisions by each of their names."""
    names: defaultdict[str, list[Match]] = defaultdict(list)
    for place in places():
        full = full_names(place)
        for name in full:
            names[name].append(Match(len(name), place, full=True))
        if (bare := stem(place)) not in full:
            names[bare].append(Match(len(bare), place, full=False))
    return {name: tuple(matches) for name, matches in names.items()}


@cache
def _lengths() -> dict[str, tuple[int, ...]]:
    """Return, by the first two characters of a name, how long the names that start so are."""
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for name in _index():
        lengths[name[:2]].add(len(name))
    return {start: tuple(sorted(found)) for start, found in lengths.items()}


@cache
def names_of_parent(name: str) -> tuple[tuple[str, ...], str]:
    """Return the full names and the bare name of a province or prefecture."""
    parent = next(place for place in places() if place.name == name and place.level != "county")
    return full_names(parent), stem(parent)
