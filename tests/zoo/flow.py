"""The content of a page in reading order: texts with their roles, and tables; what renderings turn into bytes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random

from tests.zoo import narrative
from tests.zoo.labels import section_heading
from tests.zoo.sheets import Box, Drawing, Grid, tables
from tests.zoo.style import Style
from tests.zoo.titles import title_lines
from tests.zoo.truths import Truth

SECTION_OF = {"disclosure": 2, "requests": 3, "appeals": 4}
PUBLISHED = (
    "发布时间：{} 16:52　来源：{}",
    "发布日期:{}    信息来源:{}    浏览次数:次",
    "公开日期：{}　发文机关：{}",
    "时间：{} 来源：{} 字体：【大 中 小】 打印",
)
INSTRUCTION = "该部分以表格形式报告。表格如下："


@dataclass(frozen=True, slots=True)
class Text:
    """A line or paragraph; role is title, meta, heading, text, caption or furniture."""

    text: str
    role: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A grid and what it is: disclosure, requests, appeals, last (last year's), decoy or beside."""

    code: str
    grid: Grid


@dataclass(frozen=True, slots=True)
class Beside:
    """Tables that a layout table puts side by side, each under its caption."""

    columns: tuple[tuple[Text, Table], ...]


Item = Text | Table | Beside
Flow = tuple[Item, ...]


def _meta(report: Truth, rng: Random) -> list[Item]:
    year, month, day = map(int, report.published_at.split("-"))
    date = rng.choice((report.published_at, f"{year}年{month}月{day}日", f"{year}/{month:02}/{day:02}"))
    return [Text(rng.choice(PUBLISHED).format(date, report.publisher), "meta")]


def _section(number: int, report: Truth, style: Style, rng: Random, body: Iterable[Item]) -> list[Item]:
    heading = section_heading(number, report.forms["requests"], style, rng)
    words = [Text(text) for text in narrative.section(number, report, rng, wrong=style.told == "wrong")]
    return [Text(heading, "heading"), *words, *body]


def table_items(report: Truth, style: Style, rng: Random) -> dict[str, list[Item]]:
    """Return the tables of the report as items, by code."""
    drawn = tables(Drawing(report, style, rng))
    told = [Text(INSTRUCTION)] if "instruction" in style.labels else []
    return {code: [*told, *(Table(code, grid) for grid in grids)] for code, grids in drawn.items()}


def body(report: Truth, style: Style, rng: Random, inside: dict[str, list[Item]]) -> Flow:
    """Return title, publication line, opening and six sections; `inside` gives what stands in sections 2 to 4."""
    items: list[Item] = [Text(line, "title") for line in title_lines(report, style.title)]
    items += _meta(report, rng)
    items += [Text(text) for text in narrative.opening(report, rng)]
    if style.shift in ("plain", "later"):
        items += _section(1, report, style, rng, ())
    for code, number in SECTION_OF.items():
        items += _section(number, report, style, rng, inside.get(code, []))
    for number in () if style.shift == "missing" else (5, 6):
        items += _section(number, report, style, rng, ())
    return tuple(items)


def standard(report: Truth, style: Style, rng: Random) -> Flow:
    """Return the report as it should be published: each table under its own section."""
    return body(report, style, rng, table_items(report, style, rng))


def mapped(flow: Flow, change: Callable[[str, str], str]) -> Flow:
    """Return the flow with change(text, role) applied to every text; the role of a box is its kind."""
    return tuple(_item(item, change) for item in flow)


def _item(item: Item, change: Callable[[str, str], str]) -> Item:
    if isinstance(item, Text):
        return replace(item, text=change(item.text, item.role))
    if isinstance(item, Table):
        return replace(item, grid=tuple(tuple(_box(box, change) for box in row) for row in item.grid))
    return Beside(tuple((_text(caption, change), _table(table, change)) for caption, table in item.columns))


def _text(item: Text, change: Callable[[str, str], str]) -> Text:
    return replace(item, text=change(item.text, item.role))


def _table(item: Table, change: Callable[[str, str], str]) -> Table:
    return replace(item, grid=tuple(tuple(_box(box, change) for box in row) for row in item.grid))


def _box(box: Box, change: Callable[[str, str], str]) -> Box:
    return replace(box, lines=tuple(change(line, box.kind) for line in box.lines)) if box.lines else box
