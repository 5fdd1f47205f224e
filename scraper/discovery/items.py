"""What a link inside a report column is: a report, a decoy, a sub-folder of years or units, or nothing of interest."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from parsers.titles import Title, read_short_title, read_title, scope_of
from scraper.discovery.columns import judge
from scraper.discovery.links import Link

Sort = Literal["report", "decoy", "folder"]

_YEARLY_PAGE = re.compile(r"/OpennessAnnualReport/year/show/|xxgkAnnualReport\.jsp\?.*\bfbtime=20\d\d", re.IGNORECASE)
_DOCUMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|rtf|zip|rar)$", re.IGNORECASE)
_ARTICLE = re.compile(
    r"/t\d{8}_\d+|/t_?\d{5,}\.|/art_[\w-]+\.|/content/post_\d+|/post_\d+|/info/\d+/\d+|/[0-9a-f]{24,32}\.|[/_-]show[/-]\w+"
    r"|[Cc]ontent[_-]\d+|/content/[\w-]{6,}|/article_?\d+|/doc_[0-9a-f]+|/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|/\d{5,}\.s?html?$|/i\d{5,}\.html"
    r"|Pages_\d+_\d+\.aspx|/artview/|\.jhtml$|/c\d+_\d+\.s?html",
    re.IGNORECASE,
)
_UNIT = r"(?:部门|单位|委办局|工作部门|职能部门|组成部门|直属单位|直属机构|直部门|直单位|级部门|级机关|机关)"
_TOWN = r"(?:乡镇街道|乡镇街办|镇街道|镇街|乡镇|街道|苏木乡镇|镇乡|乡|镇|街镇|苏木镇|街道办|街道办事处)"
_AREA = (
    r"(?:县市区|县区|市县区|市县|区县|市区县|旗县区|旗县市区|旗县|县市|区市县|区市|盟市|市州|地市|市地"
    r"|开发区|园区|功能区|管委会)"
)
_OWN = r"(?:政府|人民政府|政府办|政府办公室|人民政府办公室|本级)"
_GROUP = re.compile(
    rf"(?:各|全|本)?(?:省|州|市|县|区|旗|盟)?(?:直|级|属)?(?:政府)?(?:各)?"
    rf"(?:{_UNIT}(?:{_TOWN})?|{_TOWN}(?:{_UNIT})?|{_AREA}|{_OWN}|垂直管理{_UNIT}|驻\w{{1,3}}单位|(?:其他|双管|事业)单位)"
    r"(?:政府)?(?:信息公开)?(?:工作)?(?:年度报告|年报)?"
)
_SIGNS = re.compile(r"[\s·•>»›|【】\[\]（）()、和及/]+|(?:20\d\d|二[〇○零0]\w\w)年?度?")


@dataclass(frozen=True, slots=True)
class Item:
    """A link with what it is: `reason` names the decoy, `year` is the report year that its title states."""

    link: Link
    sort: Sort
    reason: str = ""
    year: int | None = None


def classify(link: Link, column: str | None) -> Item | None:
    """Say what a link is, by the grammar of titles; None for navigation.

    `column` is the URL of the report column in which the link stands, None outside of one: there only full titles of
    reports count, as the links of a home page are about everything.
    """
    title = read_title(link.text)
    if title and title.decoy is None:
        return _reported(title, link, column)
    if column is None:
        return None
    if _is_unit(link, column):
        return Item(link, "folder")
    short = read_short_title(link.text)
    if short and short.decoy is None:
        return Item(link, _sort_of(short, link), year=short.year)
    decoy = (short and short.decoy) or (title and title.decoy)
    return Item(link, "decoy", reason=decoy) if decoy and not judge(link, column) else None


def _reported(title: Title, link: Link, column: str | None) -> Item | None:
    """Say what a link with a report's full title is: the title of a group of units names a folder."""
    dated = column is not None and link.date is not None and is_article(link.url)
    if not title.year and not dated:
        return None
    if column and title.publisher and _GROUP.fullmatch(title.publisher) and not is_article(link.url):
        return Item(link, "folder", year=title.year)
    return Item(link, "report", year=title.year or _year_before(link.date))


def is_article(url: str) -> bool:
    """Say whether a URL has the shape of an article or a document rather than of a list."""
    parts = urlsplit(url)
    whole = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return bool(_ARTICLE.search(whole) or _YEARLY_PAGE.search(whole) or _DOCUMENT.search(parts.path))


def is_document(url: str) -> bool:
    """Say whether a URL names a document file: PDF, Word, sheet, OFD, archive."""
    return bool(_DOCUMENT.search(urlsplit(url).path))


def _sort_of(title: Title, link: Link) -> Sort:
    """Tell a year's folder from a report with a short title, by the shape of the URL."""
    if is_article(link.url):
        return "report"
    named = title.publisher is not None and not _GROUP.fullmatch(title.publisher)
    return "report" if named and title.text.endswith(("年报", "报告")) else "folder"


def _year_before(date: str | None) -> int | None:
    """Return the year reported on by what was published on a date: the one before."""
    return int(date[:4]) - 1 if date else None


def names_group(text: str) -> bool:
    """Say whether a text names a group of units, such as 县直部门 or 乡镇街道, with or without a year."""
    return bool(_GROUP.fullmatch(_SIGNS.sub("", text)))


def _is_unit(link: Link, column: str) -> bool:
    """Say whether a link is the folder of a unit or a group of units: by its name alone, or by name and place."""
    text = _SIGNS.sub("", link.text)
    if not text or len(text) > 25 or is_article(link.url):
        return False
    return names_group(text) or (is_under(link.url, column) and scope_of(text) != "unknown")


def is_under(url: str, column: str) -> bool:
    """Say whether a URL lies below the folder of another on the same host."""
    here, there = urlsplit(column), urlsplit(url)
    folder = here.path.rsplit("/", 1)[0] + "/"
    return there.netloc == here.netloc and folder != "/" and there.path.startswith(folder) and there.path != here.path
