"""Labels as they are printed: the form's own, its variants, worn and explained ones, and every way of numbering."""

import re
from random import Random

from tests.zoo.statute import Block, Line, form
from tests.zoo.style import Style

CHINESE = "一二三四五六七八九十"
ENCLOSED = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
WIDE_PUNCTUATION = str.maketrans("(),:", "（），：")
WORN = {
    "现行有效件数": "现行有效件",
    "对外公开总数量": "对外公开数量",
    "2.其他法律行政法规禁止公开": "2.其他法律行政止公开",
    "第二十条第(一)项": "第二十条第(一项)",
    "本年增/减": "本年增/",
    "本年新公开数量": "本年新制作数量",
}
EXPLAINED = {
    "规章": "规章(县级部门一般不填,共2栏)",
    "行政规范性文件": "行政规范性文件(标题为“办法”“细则”等,按第3条认定)",
    "规范性文件": "规范性文件(标题为“办法”“细则”等,按第3条认定)",
    "本年增/减": "本年增/减(与上年相比,减少的填负数,例如-8)",
    "上一年项目数量": "上一年项目数量(截至上年12月31日)",
    "处理决定数量": "处理决定数量(全年办件)",
    "行政许可": "行政许可(含当场办结的1类事项)",
    "本年制发件数": "本年制发件数(1月1日至12月31日)",
}
REPEAL_NOTE = "(包括自然失效和不再按规范性文件管理)"
PREFIX = re.compile(r"(?P<section>[一二三四五六七]、)|(?P<opening>\([一二三四五六七八]\))|(?P<point>\d\.)")


def numbered(label: str, style: Style) -> str:
    """Return the label with its number (一、 (一) 1.) in the style's numbering."""
    match = PREFIX.match(label)
    if not match or match["section"]:
        return label
    rest = label[match.end() :]
    if match["point"]:
        number = label[0].translate(str.maketrans("12345678", "１２３４５６７８")) if style.point == "．" else label[0]
        point = (".", "、")[len(label) % 2] if style.point == "mixed" else style.point
        return f"{number}{point}{style.gap}{rest}"
    index = CHINESE.index(label[1])
    openings = {
        "（一）": f"（{CHINESE[index]}）",
        "(一)": f"({CHINESE[index]})",
        "㈠": ENCLOSED[index],
        "一）": f"{CHINESE[index]}）",
    }
    return f"{openings[style.opening]}{style.gap}{rest}"


def punctuated(label: str, style: Style) -> str:
    """Return the label with full-width punctuation where the style has it; `1.` keeps its dot."""
    return label.translate(WIDE_PUNCTUATION) if style.wide_punctuation else label


def _chosen(line: Line, style: Style, rng: Random) -> str:
    label = line.label
    if "variants" in style.labels and line.variants and rng.random() < 0.7:
        variant = rng.choice(line.variants)
        prefix = PREFIX.match(label)
        label = (prefix.group() if prefix and not PREFIX.match(variant) else "") + variant
    if "worn" in style.labels and rng.random() < 0.7:
        label = WORN.get(label, label)
    if "explained" in style.labels:
        label = EXPLAINED.get(label, label)
    return label


def label_of(line: Line, style: Style, rng: Random) -> str:
    """Return the label of a row or a column as this document prints it."""
    return punctuated(numbered(_chosen(line, style, rng), style), style)


def group_of(label: str, style: Style) -> str:
    """Return a label that stands above others (三、本年度办理结果, (三)不予公开) as this document prints it."""
    return punctuated(numbered(label, style), style)


def block_title(block: Block, style: Style, rng: Random) -> str:
    """Return 第二十条第(一)项 as this document prints it."""
    worn = "worn" in style.labels and rng.random() < 0.7
    return punctuated(WORN.get(block.label, block.label) if worn else block.label, style)


def section_heading(number: int, form_id: str, style: Style, rng: Random) -> str:
    """Return the heading of a section, numbered as this document numbers them."""
    names = form(form_id).sections[number]
    name = rng.choice(names) if "variants" in style.labels else names[0]
    index = number - 1 + {"plain": 0, "missing": 0, "later": 1, "earlier": -1}[style.shift]
    return f"{CHINESE[index]}、{style.gap}{name}" if index >= 0 else name
