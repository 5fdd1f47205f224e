"""The numbers that Word generates for paragraphs, such as the 一、 of a heading that nobody typed.

Follows ECMA-376 part 1, 17.9 (numbering): a paragraph, or its style, names an instance and a level; instances of one
definition count on together; a number starts over when a level above it advances.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_LEVELS = 9
_MOST_STYLES = 20
_LARGEST = 9_999
_ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)


def counted(number: int) -> str:
    """Write a number as Chinese counts: 十, 十一, 二十, 一百零五."""
    words = _spelled(number)
    return words.removeprefix("一") if words.startswith("一十") else words


def _spelled(number: int) -> str:
    if not 0 < number <= _LARGEST:
        return str(number)
    words, gap = "", False
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, value)
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = not digit and bool(words)
    return words


def _legal(number: int) -> str:
    return _spelled(number).translate(_FORMAL)


def _roman(number: int) -> str:
    if not 0 < number <= _LARGEST:
        return str(number)
    words = ""
    for value, sign in _ROMAN:
        times, number = divmod(number, value)
        words += sign * times
    return words


def _letters(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1) if 0 < number <= _LARGEST else str(number)


def _cyclic(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


def _within(first: str, last: int, other: Callable[[int], str] = str) -> Callable[[int], str]:
    """Return a writer by a row of signs in Unicode that begins with `first` and ends at the number `last`."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= last else other(number)


_WRITERS: dict[str, Callable[[int], str]] = {
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda number: _letters(number).upper(),
    "lowerLetter": _letters,
    "decimalZero": lambda number: f"{number:02}",
    "decimalEnclosedCircle": _within("①", 20),
    "decimalEnclosedCircleChinese": _within("①", 20),
    "decimalEnclosedParen": _within("⑴", 20),
    "decimalEnclosedFullstop": _within("⒈", 20),
    "ideographEnclosedCircle": _within("㊀", 10, counted),
    "ideographTraditional": _cyclic(_STEMS),
    "ideographZodiac": _cyclic(_BRANCHES),
    "ideographDigital": lambda number: "".join(_DIGITS[int(digit)] for digit in str(number)),
    "bullet": lambda number: "",
    "none": lambda number: "",
    **dict.fromkeys(
        ("chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand"), counted
    ),
    "japaneseCounting": counted,
    **dict.fromkeys(("chineseLegalSimplified", "ideographLegalTraditional"), _legal),
}


def written(number: int, style: str) -> str:
    """Write a number in a format of ECMA-376 part 1, 17.18.59; one that is not known as digits."""
    return _WRITERS.get(style, str)(number)


@dataclass(slots=True)
class _Level:
    style: str
    text: str
    start: int
    suffix: str


@dataclass(slots=True)
class _Instance:
    """One numbering instance: the definition whose counters it shares, and the starts that it sets anew."""

    definition: str
    starts: dict[int, int] = field(default_factory=dict)
    begun: set[int] = field(default_factory=set)


class Numbering:
    """The counters of one document; `label` must be asked for each paragraph in reading order."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        found = [] if numbering is None else list(numbering)
        self._levels = {item.get("abstractNumId", ""): _levels(item) for item in found if item.tag == "abstractNum"}
        self._instances = {item.get("numId", ""): _instance(item) for item in found if item.tag == "num"}
        self._styles = {} if styles is None else {item.get("styleId", ""): item for item in styles.iter("style")}
        self._counts: dict[str, dict[int, int]] = {}

    def label(self, properties: Element | None) -> str:
        """Return the number that stands before a paragraph of these properties, "" where there is none."""
        chosen = self._chosen(properties)
        if chosen is None:
            return ""
        instance, level = self._instances.get(chosen[0]), chosen[1]
        levels = self._levels.get(instance.definition, {}) if instance is not None else {}
        if instance is None or level not in levels:
            return ""
        counts = self._counts.setdefault(instance.definition, {})
        _advance(counts, instance, levels, level)
        return _spelt(levels, counts, level)

    def _chosen(self, properties: Element | None) -> tuple[str, int] | None:
        """Return (instance, level), from the paragraph itself or from its style and the styles that one is based on."""
        number, level = _numbered(properties)
        style = properties.find("pStyle") if properties is not None else None
        for _ in range(_MOST_STYLES):
            if number is not None or style is None:
                break
            definition = self._styles.get(style.get("val", ""))
            if definition is None:
                break
            number, inherited = _numbered(definition.find("pPr"))
            level = inherited if level is None else level
            style = definition.find("basedOn")
        return None if number in (None, "", "0") else (number or "", level or 0)


def _numbered(properties: Element | None) -> tuple[str | None, int | None]:
    number = properties.find("numPr") if properties is not None else None
    if number is None:
        return None, None
    identifier, level = number.find("numId"), number.find("ilvl")
    return (
        identifier.get("val") if identifier is not None else None,
        min(_number(level, 0), _LEVELS - 1) if level is not None else None,
    )


def _levels(definition: Element) -> dict[int, _Level]:
    levels = {}
    for item in definition.findall("lvl"):
        style, text, suffix = item.find("numFmt"), item.find("lvlText"), item.find("suff")
        levels[_attribute(item, "ilvl")] = _Level(
            style.get("val", "decimal") if style is not None else "decimal",
            text.get("val", "") if text is not None else "",
            _number(item.find("start"), 1),
            suffix.get("val", "tab") if suffix is not None else "tab",
        )
    return levels


def _instance(item: Element) -> _Instance:
    definition = item.find("abstractNumId")
    instance = _Instance(definition.get("val", "") if definition is not None else "")
    for override in item.findall("lvlOverride"):
        if (start := override.find("startOverride")) is not None:
            instance.starts[_attribute(override, "ilvl")] = _number(start, 1)
    return instance


def _advance(counts: dict[int, int], instance: _Instance, levels: dict[int, _Level], level: int) -> None:
    if level in instance.starts and level not in instance.begun:
        counts[level] = instance.starts[level]
    else:
        counts[level] = counts.get(level, levels[level].start - 1) + 1
    instance.begun.add(level)
    for below in [each for each in counts if each > level]:
        del counts[below]


def _spelt(levels: dict[int, _Level], counts: dict[int, int], level: int) -> str:
    own = levels[level]
    text = "" if own.style in ("bullet", "none") else own.text
    for index in range(_LEVELS):
        if f"%{index + 1}" in text and index in levels:
            number = counts.get(index, levels[index].start)
            text = text.replace(f"%{index + 1}", written(number, levels[index].style))
    return text


def _number(element: Element | None, default: int) -> int:
    return _attribute(element, "val", default) if element is not None else default


def _attribute(element: Element, name: str, default: int = 0) -> int:
    digits = element.get(name, "")
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 7 else default
