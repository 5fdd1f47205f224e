"""Names of governments in lists and in titles, and the divisions that they stand for."""

import re
from functools import cache

from opencc import OpenCC

from nianbao.dataset.divisions import resolve, without_place
from nianbao.dataset.place_names import full_names, starting, stem
from nianbao.dataset.places import Place, of_code
from parsers.characters import width
from parsers.errors import SitesError

_FIRST_FORM_YEAR, _TODAY = 2019, 9999
_NAMED_AT_MOST = 6
_BEGINNING = re.compile(r"^(欢迎(访问|光临|来到|您访问)?|首页|主页|网站首页|中国(?=.))+[::]?")
_GOVERNMENT = re.compile(r"(人民政府|政府)?(官方|门户|信息|公众)?(网站|网)?(首页|主页)?$")
_BETWEEN = re.compile(r"[\s\-_|/—–·•:,;、()>»《》\[\]【】「」“”]+")


class DoubtError(SitesError):
    """A name in a list leaves a doubt about the division, or stands for none; the text says which."""


def division_named(name: str, *, parents: str = "") -> Place:
    """Return the division that a name in a list stands for, such as 靖州县, 靖州縣人民政府 or 石家庄市长安区.

    `parents` are the names of its province and prefecture as far as the list gives them. Raises DoubtError where the
    name is ambiguous, unknown or that of an office.
    """
    office = None
    for own in filter(None, map(bare, _spellings(name))):
        found = resolve(own, context=simplified(parents))
        place = of_code(found.code) if found else None
        if found and place:
            if not without_place(own, found):
                return place
            office = place
    if office is not None:
        raise DoubtError(f"{name} is an office or a part of {office.code} {office.name}; give its code")
    raise DoubtError(_doubt(name))


def is_called(place: Place, name: str) -> bool:
    """Say whether a name, of which the code is known, is one of a division's names in full or in short."""
    return not {bare(spelling) for spelling in _spellings(name)}.isdisjoint({*full_names(place), stem(place)})


def bare(name: str) -> str:
    """Return a name without what is said around it: 靖州县 of 欢迎访问靖州县人民政府门户网站."""
    return _GOVERNMENT.sub("", _BEGINNING.sub("", width(name)))


def title_names(title: str, place: Place | None, listed: str) -> bool:
    """Say whether the title of a home page names a division, or where its code is unknown the name that is listed.

    A part of the title that names a namesake elsewhere, or another division that is not above this one, speaks against
    it, unless another part names this one beyond doubt.
    """
    text = simplified(width(title))
    if place is None:
        return bool(bare(listed)) and bare(listed) in text
    others = False
    for part in (bare(part) for part in _BETWEEN.split(text)):
        found = resolve(part) if part else None
        other = of_code(found.code) if found else None
        if other is not None and _is_same(other, place):
            return True
        others |= other is not None and not _is_above(other, place)
    names = {*full_names(place), stem(place), bare(listed)} - {""}
    return not others and any(name in text for name in names)


def where(place: Place) -> str:
    """Return what a division is in: 河北省石家庄市; empty for a province."""
    return place.province + place.prefecture


def _doubt(name: str) -> str:
    found: dict[str, Place] = {}
    for spelling in _spellings(name):
        own = bare(spelling)
        for match in starting(own):
            if match.length == len(own) and match.place.in_force(_FIRST_FORM_YEAR, _TODAY):
                found[match.place.code] = match.place
    if not found:
        return f"no division is called {name!r}; give its code, or its full name in Chinese"
    told = [f"{place.code} {place.name} ({where(place) or place.name})" for place in found.values()]
    more = f" or {len(told) - _NAMED_AT_MOST} others" if len(told) > _NAMED_AT_MOST else ""
    return f"{name} can be {' or '.join(told[:_NAMED_AT_MOST])}{more}; give its code, or its province and prefecture"


def _spellings(name: str) -> tuple[str, ...]:
    """Return the name as it is, then in simplified script: 乾县 keeps its 乾, 靖州縣 becomes 靖州县."""
    return tuple(dict.fromkeys((name, simplified(name))))


def simplified(text: str) -> str:
    """Return a text in simplified script, 乾县 as 干县: look for a name as it stands first."""
    return str(_converter().convert(text))


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _is_same(one: Place, other: Place) -> bool:
    """Compare divisions; one whose code changed is the same one still."""
    return one.code == other.code or (one.name, one.province) == (other.name, other.province)


def _is_above(one: Place, other: Place) -> bool:
    return one.name in (other.province, other.prefecture)
