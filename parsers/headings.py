"""What stands around the tables: title, publisher, report year, publication date, and the six sections."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from parsers.characters import width
from parsers.labels import section_of
from parsers.page import Grid, Kind, Line, Page
from parsers.pieces import kind_of
from parsers.report import Section
from parsers.titles import Title, read_title

_SENTENCE_ENDS = ("。", "；", "！")
_LONGEST_TITLE = 90
_EMPHASIS = "#* "
_SHORTEST_TITLE = 5
_CELL_BORDERS = re.compile(r"[\t|｜]")
_LONGEST_HALF = 40
_LONGEST_DATED = 200
_SHORTEST_DATE = 7
_LONGEST_HEADING = 60
_TITLE_HINT = re.compile(r"公开|年报|报告|报表")
_PERIOD = re.compile(
    r"(20\d\d)\s*年\s*1\s*月\s*1\s*日.{0,6}?(?:起)?\s*[至到—\-~]+\s*(?:(20\d\d)\s*年)?\s*12\s*月\s*31\s*日"
)
_DATE = re.compile(
    r"(?P<year>20\d\d)\s*[-年/.]\s*(?P<month>\d{1,2})\s*[-月/.]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[\sT]*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?"
)
_DATE_LABEL = re.compile(
    r"(?:发布|发文|公开|公布|生成|更新|发稿|刊发|信息|上传|录入|印发|成文)?(?:日期|时间)\s*[:】\]]?\s*$"
)
_DATE_LABELLED = re.compile(
    r"(?:发布|发文|公开|公布|生成|更新|发稿|刊发|上传|录入)(?:日期|时间)?\s*[:】\]]?\s*(?=20\d\d)|(?<![\u4e00-\u9fff])(?:日期|时间)\s*[:】\]]\s*(?=20\d\d)"
)
_AFTERWORD = re.compile(
    r"^\W*(?:附件|上一[篇条]|下一[篇条]|相关(?:链接|文章|稿件|附件|信息|阅读|新闻)|打印|关闭|【|\[?\s*(?:打印|关闭)|分享|扫一扫|版权所有|主办|承办|网站标识码|"
    r".{0,6}ICP备|.{0,8}公网安备|责任编辑|编辑[::]|来源[::]|浏览(?:次数|量)|点击(?:次数|量|数)|返回顶部|网站地图|关于我们|联系我们|政府网站|技术支持)"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading: its number, its text, and the block it is."""

    number: int
    text: str
    block: int


def title_lines(page: Page) -> list[tuple[int, Title]]:
    """Return every line of a page that is a title, or two lines that together are one, with the index of its block."""
    found = [(index, title) for index, grid in page.grids for title in _titles_in(grid)]
    before = ""
    for index, text in page.texts:
        if len(text) > _LONGEST_TITLE or section_of(text) is not None:
            continue
        title = _title_of_line(text) or _title(text + _single_sign(page, index + 1))
        whole = title is not None and title.publisher and title.year
        if before and not whole and len(text) < _LONGEST_HALF and not _is_report(_title(before)):
            joined = _title(before + text)
            if joined is not None and joined.year and not joined.decoy:
                title = joined
        if title is not None:
            found.append((index, title))
        before = text
    return sorted(found, key=lambda pair: pair[0])


@lru_cache(maxsize=16_384)
def _title_of_line(text: str) -> Title | None:
    """Read a line as a title, or the cell of it that is one: 名称, a tab, the title."""
    parts = [part for part in _CELL_BORDERS.split(text) if len(part) > _SHORTEST_TITLE]
    return next((title for part in parts if (title := _title(part.strip())) is not None), None)


def _single_sign(page: Page, index: int) -> str:
    """Return the line at an index if it is the one sign that a line's end cut off a title."""
    block = page.blocks[index] if index < len(page.blocks) else None
    return block.clean.strip() if isinstance(block, Line) and len(block.clean.strip()) == 1 else ""


def _is_report(title: Title | None) -> bool:
    return title is not None and title.decoy is None


@lru_cache(maxsize=16_384)
def _title(text: str) -> Title | None:
    return read_title(text.strip(_EMPHASIS)) if _TITLE_HINT.search(text) and "。" not in text else None


def _titles_in(grid: Grid) -> list[Title]:
    texts = (cell.text for row in grid.rows[:4] for cell in row[:4] if 8 < len(cell.text) < _LONGEST_TITLE)
    return [title for text in texts if (title := _title(text)) is not None]


def choose_title(inside: Sequence[Title], outside: Iterable[str]) -> Title | None:
    """Choose the title of a report: the text's own where it is whole, else the page's, else the one that says most."""
    others = [title for text in outside if (title := _title(text)) is not None]
    reports = [title for title in inside if title.decoy is None]
    for candidates in (reports, [title for title in others if title.decoy is None]):
        whole = [title for title in candidates if title.year and title.publisher]
        if whole:
            return whole[0]
    candidates = [title for title in (*reports, *others) if title.decoy is None]
    with_year = [title for title in candidates if title.year]
    decoys = [title for title in others if title.decoy is not None]
    return next(iter(with_year or decoys or candidates or inside), None)


def period_year(page: Page, start: int, end: int) -> int | None:
    """Return the year whose first and last day the text gives as the period of its figures."""
    for index, text in page.texts:
        if start <= index < end and "31" in text:
            match = _PERIOD.search(width(text))
            if match and (match[2] is None or match[1] == match[2]):
                return int(match[1])
    return None


def published_at(page: Page, start: int, end: int) -> str | None:
    """Return the publication date with the precision it is printed with; times are China Standard Time (+08:00)."""
    lines = [(index, dated) for index, text in page.texts if (dated := _dated_line(text)) is not None]
    cells = [(index, dated) for index, grid in page.grids if (dated := _dated_cell(grid)) is not None]
    inside = [dated for index, dated in sorted([*lines, *cells]) if start <= index < end]
    found = (_DATE.search(text) for text in (*inside, *page.dates))
    return next((date for match in found if match and (date := _iso(match))), None)


@lru_cache(maxsize=4096)
def _dated_line(text: str) -> str | None:
    """Return a line from its labelled date on, None where it has none."""
    if len(text) > _LONGEST_DATED or "20" not in (plain := width(text)):
        return None
    match = _DATE_LABELLED.search(plain)
    return plain[match.end() :] if match else None


def _dated_cell(grid: Grid) -> str | None:
    """Return the date in the cell beside its label, None where a grid has none."""
    for row in grid.rows[:8]:
        for label, cell in pairwise(row):
            if (
                "20" in cell.text
                and len(cell.text) > _SHORTEST_DATE
                and _DATE_LABEL.search(width(label.text))
                and _DATE.match(width(cell.text))
            ):
                return width(cell.text)
    return None


def _iso(match: re.Match[str]) -> str | None:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    date = f"{match['year']}-{month:02}-{day:02}"
    if match["hour"] is None or int(match["hour"]) > 23:
        return date
    seconds = f":{match['second']}" if match["second"] else ""
    return f"{date}T{int(match['hour']):02}:{match['minute']}{seconds}+08:00"


def headings(page: Page, start: int, end: int) -> list[Heading]:
    """Return the headings of the sections, each number once, in the order of the page.

    Of a heading that stands twice the last counts, since a list of contents comes before the text.
    """
    found = [
        Heading(number, text, index)
        for index, text in page.texts
        if start <= index < end and len(text) < _LONGEST_HEADING and (number := section_of(text)) is not None
    ]
    last = {heading.number: heading for heading in found}
    first = {heading.number: heading for heading in reversed(found)}
    in_order = [heading.block for _, heading in sorted(last.items())]
    chosen = last if in_order == sorted(in_order) else first
    return sorted(chosen.values(), key=lambda heading: heading.block)


def sections(page: Page, found: Sequence[Heading], tables: Iterable[range], end: int) -> tuple[Section, ...]:
    """Return the narrative of each section: its lines outside the tables, without navigation and footers."""
    in_tables = {index for blocks in tables for index in blocks}
    article = _article(page, found)
    made = []
    for heading, stop in zip(found, [*(h.block for h in found[1:]), end], strict=False):
        texts = [(index, text) for index, text in page.texts if heading.block < index < stop]
        lines = _narrative(page, texts, in_tables, article)
        made.append(Section(heading.number, heading.text, "\n".join(lines)))
    return tuple(made)


def _narrative(page: Page, texts: list[tuple[int, str]], in_tables: set[int], article: int | None) -> list[str]:
    lines = []
    for index, text in texts:
        if index in in_tables and not text.endswith(_SENTENCE_ENDS):
            continue
        if (article is not None and article not in _chain(page, _holder(page, index))) or _AFTERWORD.match(text):
            break
        if kind_of(text) is not Kind.FURNITURE:
            lines.append(text)
    return lines


def _article(page: Page, found: Sequence[Heading]) -> int | None:
    """Return the smallest container that holds all headings, None where the page has no markup."""
    if not page.markup or not found:
        return None
    chains = [_chain(page, _holder(page, heading.block)) for heading in found]
    return next(holder for holder in chains[0] if all(holder in chain for chain in chains))


def _holder(page: Page, index: int) -> int:
    return page.blocks[index].holder


def _chain(page: Page, holder: int) -> list[int]:
    """Return a container and those it stands in, the innermost first."""
    chain = [holder]
    while holder:
        holder = page.holders[holder]
        chain.append(holder)
    return chain
