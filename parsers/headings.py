"""What stands around the tables: title, publisher, report year, publication date, and the six sections."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from parsers.characters import width
from parsers.labels import section_of
from parsers.page import Grid, Line, Page
from parsers.pieces import Kind, kind_of
from parsers.report import Section
from parsers.titles import Title, read_title

_LONGEST_TITLE = 90
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
    found: list[tuple[int, Title]] = []
    before: Line | None = None
    for index, block in enumerate(page.blocks):
        if isinstance(block, Grid):
            found += [(index, title) for title in _titles_in(block)]
            before = None
            continue
        text = block.clean
        if not text.strip() or len(text) > _LONGEST_TITLE or section_of(text) is not None:
            continue
        title = _title(text)
        if before is not None and (title is None or not (title.publisher and title.year)) and len(text) < 40:
            joined = _title(before.clean.strip() + text.strip())
            if joined is not None and joined.year and not joined.decoy:
                title = joined
        if title is not None:
            found.append((index, title))
        before = block
    return found


@lru_cache(maxsize=16_384)
def _title(text: str) -> Title | None:
    return read_title(text) if _TITLE_HINT.search(text) and "。" not in text else None


def _titles_in(grid: Grid) -> list[Title]:
    texts = (cell.clean for row in grid.rows[:4] for cell in row[:4] if 8 < len(cell.clean) < _LONGEST_TITLE)
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
    return next(iter(with_year or candidates or [*others, *inside]), None)


def period_year(page: Page, start: int, end: int) -> int | None:
    """Return the year whose first and last day the text gives as the period of its figures."""
    for block in page.blocks[start:end]:
        if isinstance(block, Line) and "31" in block.clean:
            match = _PERIOD.search(width(block.clean))
            if match and (match[2] is None or match[1] == match[2]):
                return int(match[1])
    return None


def published_at(page: Page, start: int, end: int) -> str | None:
    """Return the publication date with the precision it is printed with; times are China Standard Time (+08:00)."""
    for block in page.blocks[start:end]:
        text = _dated(block)
        if text is not None:
            match = _DATE.search(text)
            if match:
                return _iso(match)
    for text in page.dates:
        match = _DATE.search(text)
        if match:
            return _iso(match)
    return None


def _dated(block: Line | Grid) -> str | None:
    """Return the text that begins with a labelled date, None where a block has none."""
    if isinstance(block, Line):
        if "20" not in block.clean or len(block.clean) > 200:
            return None
        match = _DATE_LABELLED.search(width(block.clean))
        return width(block.clean)[match.end() :] if match else None
    for row in block.rows[:8]:
        for label, cell in pairwise(row):
            if _DATE_LABEL.search(width(label.clean)) and _DATE.match(width(cell.clean)):
                return width(cell.clean)
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
    """Return the headings of the sections, each number once, in the order of the page."""
    found: list[Heading] = []
    for index in range(start, end):
        block = page.blocks[index]
        if isinstance(block, Line) and 3 < len(block.clean) < 60:
            number = section_of(block.clean)
            if number is not None:
                found.append(Heading(number, block.clean.strip(), index))
    last: dict[int, Heading] = {}
    for heading in found:
        last.setdefault(heading.number, heading)
    return sorted(last.values(), key=lambda heading: heading.block)


def sections(page: Page, found: Sequence[Heading], tables: Iterable[range], end: int) -> tuple[Section, ...]:
    """Return the narrative of each section: its lines outside the tables, without navigation and footers."""
    in_tables = {index for blocks in tables for index in blocks}
    article = _article(page, found)
    made = []
    for heading, stop in zip(found, [*(h.block for h in found[1:]), end], strict=False):
        lines = _narrative(page, range(heading.block + 1, stop), in_tables, article)
        made.append(Section(heading.number, heading.text, "\n".join(lines)))
    return tuple(made)


def _narrative(page: Page, blocks: range, in_tables: set[int], article: int | None) -> list[str]:
    lines = []
    for index in blocks:
        block = page.blocks[index]
        if not isinstance(block, Line) or index in in_tables:
            continue
        if article is not None and article not in _chain(page, block.holder):
            break
        text = block.clean.strip()
        if _AFTERWORD.match(text):
            break
        if text and kind_of(text) is not Kind.FURNITURE:
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
