"""The registry of noises: each sets one choice of the style; one of a group at a time; some do not go with a layout."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from tests.zoo.layouts import Layout
from tests.zoo.prints import FORMATS
from tests.zoo.style import Style
from tests.zoo.titles import TITLES


@dataclass(frozen=True, slots=True)
class Noise:
    """A noise: its name and group, what it sets, the layout tags it needs and avoids, the group it comes after."""

    name: str
    group: str
    change: Callable[[Style], Style]
    needs: frozenset[str] = frozenset()
    avoids: frozenset[str] = frozenset()
    after: str = ""


def _blank(mark: str) -> Noise:
    return Noise(f"blank:{mark}", "blank", lambda style: replace(style, blank=mark))


def _number(name: str) -> Noise:
    avoids = {"note": {"blank-separated", "equal-lines-lost"}, "padded": {"blank-separated", "equal-lines-lost"}}
    return Noise(
        f"number:{name}",
        "number",
        lambda style: replace(style, numbers=(name,)),
        avoids=frozenset(avoids.get(name, set())),
    )


def _label(name: str, *avoids: str) -> Noise:
    return Noise(
        f"label:{name}",
        f"label:{name}",
        lambda style: replace(style, labels=(*style.labels, name)),
        avoids=frozenset(avoids),
    )


def _glyph(name: str, group: str, *avoids: str, after: str = "") -> Noise:
    change = lambda style: replace(style, glyphs=(*style.glyphs, name))  # noqa: E731
    return Noise(f"glyph:{name}", group, change, avoids=frozenset(avoids), after=after)


def _encoding(name: str, *needs: str, after: str = "") -> Noise:
    return Noise(
        f"encoding:{name}", "encoding", lambda style: replace(style, encoding=name), needs=frozenset(needs), after=after
    )


def _opening(mark: str) -> Noise:
    return Noise(f"opening:{mark}", "opening", lambda style: replace(style, opening=mark))


def _point(mark: str) -> Noise:
    return Noise(f"point:{mark}", "point", lambda style: replace(style, point=mark))


def _title(name: str) -> Noise:
    return Noise(f"title:{name}", "title", lambda style: replace(style, title=name))


def _break_spans(style: Style) -> Style:
    return replace(style, tables=style.tables | {"broken-spans"})


def _mixed(style: Style) -> Style:
    return replace(style, numbers=("plain", "plain", "comma", "wide-comma", "full-width", "unit", "decimals", "signed"))


NOISES = {
    noise.name: noise
    for noise in (
        *(_blank(mark) for mark in ("/", "-", "—", "－", "无", "不适用", "mixed")),
        *(_number(name) for name in FORMATS),
        Noise("number:mixed", "number", _mixed),
        *(_label(name) for name in ("variants", "worn", "explained", "cut", "extra-row", "instruction")),
        *(_opening(mark) for mark in ("(一)", "㈠", "一）")),
        *(_point(mark) for mark in ("、", "．", "mixed")),
        Noise("gap", "gap", lambda style: replace(style, gap=" ")),
        Noise("half-width", "punctuation", lambda style: replace(style, wide_punctuation=False)),
        Noise("sections:later", "sections", lambda style: replace(style, shift="later")),
        Noise("sections:earlier", "sections", lambda style: replace(style, shift="earlier")),
        Noise("sections:missing", "sections", lambda style: replace(style, shift="missing")),
        Noise("told-wrong", "told", lambda style: replace(style, told="wrong")),
        *(_title(name) for name in TITLES if name != "plain"),
        _glyph("traditional", "script"),
        _glyph("taiwan", "script"),
        _glyph("pinyin", "pinyin", "equal-lines-lost", "wrapped-lines", after="script"),
        _glyph("bare-pinyin", "bare-pinyin", "equal-lines-lost", "wrapped-lines"),
        _glyph("signs", "signs", "equal-lines-lost"),
        _glyph("questions", "questions", "equal-lines-lost", "wrapped-lines"),
        _glyph("doubled", "doubled"),
        _glyph("radicals", "radicals"),
        _glyph("spaced", "spaced", "blank-separated", "equal-lines-lost"),
        _encoding("utf-8-undeclared"),
        _encoding("utf-8-bom"),
        _encoding("gbk-as-gb2312", "html"),
        _encoding("gb18030-undeclared"),
        _encoding("big5", "html", after="script"),
        Noise("broken-spans", "spans", _break_spans, needs=frozenset({"grid"})),
        Noise("clutter:sloppy", "clutter", lambda style: replace(style, clutter="sloppy"), needs=frozenset({"grid"})),
        Noise("clutter:word", "clutter", lambda style: replace(style, clutter="word"), needs=frozenset({"grid"})),
        Noise("clutter:th", "clutter", lambda style: replace(style, clutter="th"), needs=frozenset({"grid"})),
    )
}


def goes_with(noise: Noise, layout: Layout) -> bool:
    """Say whether the noise makes sense in the layout."""
    return noise.needs <= layout.tags and not noise.avoids & layout.tags


def ordered(noises: list[Noise], rng: Random) -> list[Noise]:
    """Return at most one noise of each group, and a script before what only follows a script."""
    chosen: dict[str, Noise] = {}
    for noise in noises:
        chosen.setdefault(noise.group, noise)
        if noise.after and noise.after not in chosen:
            script = rng.choice(("glyph:traditional", "glyph:taiwan"))
            chosen[noise.after] = NOISES[script]
    return list(chosen.values())
