"""Which of several occurrences of a table is the report's own: last year's can stand beside this year's."""

import re

from parsers.labels import NUMERALS, key, labels_of
from parsers.matching import Instance, has_disclosure_heading
from parsers.page import Kind, Line, Page

_YEAR = re.compile(r"(20\d\d)\s*年度?(?!\s*\d)")
_NO_CAPTION = re.compile(r"公开.*(?:报告|年报)|日期|时间|来源")
_LAST_YEAR = re.compile(r"上年度?(?!结转)|上一年度?(?!项目)|去年|同期|往年")
_THIS_YEAR = re.compile(r"^\W*本年度?(?:数据|情况|统计|统计表|报表)?\W*$")
_LOOK_BACK = 6
_LONGEST_CAPTION = 40
_PLAIN_CAPTION = re.compile(r"\W*(20\d\d)\s*年度?(?:数据|情况|统计|统计表|报表|统计数据)?\W*")
_TABLE_CAPTION = re.compile(r"\W*(20\d\d)\s*年度?.{0,30}")
_FEWEST_CELLS = 3


def choose_instance(page: Page, instances: list[Instance], year: int | None) -> tuple[Instance | None, str | None]:
    """Return the report's own instance, and a warning where others stand beside it or none is clearly its own."""
    instances = [instance for instance in instances if _amounts_to_a_table(instance)]
    if not instances:
        return None, None
    code = instances[0].table
    if len(instances) == 1:
        other = _plain_caption(page, instances[0]) or _twin_caption(page, instances[0], year)
        if other is None or year is None or other == year:
            return instances[0], None
        return None, f"{code}: the only table on the page is captioned {other}, not {year}; not read"
    captions = [_caption_year(page, instance, year) for instance in instances]
    own = [
        instance
        for instance, caption in zip(instances, captions, strict=True)
        if caption == year and caption is not None
    ]
    if not own:
        own = [instance for instance, caption in zip(instances, captions, strict=True) if caption is None]
    if len(own) == 1 or (own and _all_alike(own)):
        return own[0], f"{code}: {len(instances)} tables on the page; the one of the report year was taken"
    return None, f"{code}: {len(instances)} tables on the page and none can be told to be the report's own; not read"


def _amounts_to_a_table(instance: Instance) -> bool:
    if instance.table == "appeals":
        cells = sum(len(row.values) for row in instance.rows)
        return not instance.rows or cells >= _FEWEST_CELLS or "复议后起诉" in instance.text()
    if any(row.code and any(p.kind in (Kind.NUMBER, Kind.MARK) for p in row.values) for row in instance.rows):
        return True
    return len(instance.rows) >= 2 and _labels_stand_alone(instance)


def _labels_stand_alone(instance: Instance) -> bool:
    """Say whether the labels of a table without any number are cells of their own, not words of a narrative."""
    whole = {key(piece.text).lstrip(NUMERALS) for run in instance.runs for piece in run.texts}
    labels = labels_of(instance.table)
    return sum(labels.rows.get(text) is not None for text in whole) * 2 > len(instance.rows)


def _all_alike(instances: list[Instance]) -> bool:
    return len({tuple(piece.text for row in i.rows for piece in row.filled) for i in instances}) == 1


def is_plain_caption(text: str) -> bool:
    """Say whether a cleaned text is a year's caption that says nothing else."""
    return _PLAIN_CAPTION.fullmatch(text) is not None


def _plain_caption(page: Page, instance: Instance) -> int | None:
    """Return the year of a caption that says nothing else, None where there is none above a table, or several."""
    texts = _texts_above(page, instance) + [piece.text for run in instance.heads[-6:] for piece in run.texts]
    years = {int(found[1]) for text in texts if (found := _PLAIN_CAPTION.fullmatch(text))}
    return years.pop() if len(years) == 1 else None


def _twin_caption(page: Page, instance: Instance, year: int | None) -> int | None:
    """Return the year of the caption nearest to the cells, where the same caption of the report's year stands apart."""
    runs = [*instance.heads, *(row.run for row in instance.rows[:1])]
    found = [_TABLE_CAPTION.fullmatch(piece.text) for run in runs for piece in run.texts]
    captions = [match for match in found if match]
    if not captions or year is None or int(captions[-1][1]) == year:
        return None
    twin = captions[-1][0].replace(captions[-1][1], str(year), 1)
    return int(captions[-1][1]) if any(text == twin for _, text in page.texts) else None


def _texts_above(page: Page, instance: Instance) -> list[str]:
    """Return the texts before a table's first cell, the nearest first, up to another table."""
    first = instance.rows[0].run if instance.rows else instance.runs[0]
    texts = [piece.text for piece in reversed(first.texts)]
    for index in range(first.block - 1, max(first.block - _LOOK_BACK, -1), -1):
        block = page.blocks[index]
        if not isinstance(block, Line):
            break
        texts.append(block.clean)
    return texts


def _caption_year(page: Page, instance: Instance, year: int | None) -> int | None:
    """Return the year that the nearest caption above a table names, None where there is no caption."""
    for text in _texts_above(page, instance):
        if len(text) > _LONGEST_CAPTION or _NO_CAPTION.search(text) or has_disclosure_heading(key(text)):
            continue
        found = _YEAR.search(text)
        if found:
            return int(found[1])
        if _THIS_YEAR.search(text):
            return year
        if _LAST_YEAR.search(text):
            return year - 1 if year else -1
    return None
