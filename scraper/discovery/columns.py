"""Which links of a page lead towards the column of reports: home page → disclosure → column, ranked by their texts."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from parsers.titles import read_title
from scraper.discovery.hosts import host_of, same_government
from scraper.discovery.links import Link

SURE = 80
"""The score from which a link names the column of reports itself."""

_REPORT = r"(?:年度工作报告|工作年度报告|工作年报|年度报告|年报|年度报告书|情况年度报告)"
_PLACE = r"[^公开年报]{0,14}?"
_FRAME = r"(?:专栏|栏目|专题|公示|公开|汇总|目录|列表|查询|平台)?"
_COLUMN = (
    (100, re.compile(rf"{_PLACE}(?:政府|政务)?信息公开{_REPORT}{_FRAME}")),
    (95, re.compile(rf"{_PLACE}(?:政府信息年度公开|政务公开{_REPORT}){_FRAME}")),
    (90, re.compile(rf"{_PLACE}公开(?:工作)?{_REPORT}{_FRAME}")),
    (
        80,
        re.compile(
            rf"(?:各|全)?(?:省|市|县|区|旗|州)?(?:人民)?(?:政府|部门|单位|乡镇|镇街|街道|县区|本级){_REPORT}{_FRAME}"
        ),
    ),
    (75, re.compile(rf"{_REPORT}{_FRAME}")),
)
_NAVIGATION = (
    (60, re.compile(r"政府信息公开(?:专栏|专区|平台|网|专网|栏)?")),
    (56, re.compile(r".{2,12}政府信息公开(?:专栏|专区|平台|网|专网|栏)?")),
    (55, re.compile(r"信息公开(?:专栏|专区|平台|网|栏)?")),
    (50, re.compile(r"政务公开(?:专栏|专区|平台|网)?")),
    (48, re.compile(r".{0,8}(?:法定)?主动公开(?:内容|目录|信息)?(?:和目录)?")),
    (45, re.compile(r".{0,12}(?:政府|政务)?信息公开目录(?:和内容)?(?:系统)?")),
    (40, re.compile(r"公开|政府信息|公开目录|更多公开")),
    (30, re.compile(r".{1,12}(?:信息|政务)公开(?:专栏|专区|平台|网|栏)?")),
)
_ELSEWHERE = re.compile(
    r"依申请|申请公开|指南|制度|预算|决算|财政|法治|网站|执法|复议|统计年报|企业|工商|社会组织|信用|环境|监督|举报|意见箱|党务|村务|厂务|院务|校务"
    r"|重大|三公|标准目录|事项|基层政务公开标准|国务院|中国政府网|解读|图解|考核|通知"
)
_TOKENS_OF_COLUMN = re.compile(
    r"zfxxgkn(?:b|d)|xxgkn(?:b|d)|gknb|ndbg|gkndbg|annualreport|nianbao|xxgknb", re.IGNORECASE
)
_TOKENS_OF_DISCLOSURE = re.compile(r"zfxxgk|xxgk|zwgk|gkmlpt|openness|gongkai|/public/", re.IGNORECASE)
_SPACE = re.compile(r"[\s·•>»›\-－—|【】\[\]（）()]+")
_YEAR = re.compile(r"20\d\d|二[〇○零]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A link worth following towards the reports: the higher the score the sooner."""

    score: int
    kind: Literal["disclosure", "column"]
    link: Link


def rank(links: tuple[Link, ...], site_url: str) -> list[Candidate]:
    """Return the links that lead towards the column of reports, best first, equal ones in reading order.

    Links to other governments are left out; a link to another host of the same government counts a little less.
    """
    candidates = [candidate for link in links if (candidate := judge(link, site_url))]
    return sorted(candidates, key=lambda candidate: -candidate.score)


def judge(link: Link, site_url: str) -> Candidate | None:
    """Score one link by its text and its path, None if it leads nowhere of interest."""
    text = _SPACE.sub("", link.text)
    if not text or len(text) > 30 or _YEAR.search(text) or _ELSEWHERE.search(text):
        return None
    column, navigation = _score(_COLUMN, text), _score(_NAVIGATION, text)
    if not (column or navigation) or not same_government(link.url, site_url):
        return None
    if not column and _is_decoy(link.text):
        return None
    path = _path(link.url)
    elsewhere = 2 if host_of(link.url) != host_of(site_url) else 0
    if column:
        return Candidate(column + 10 * bool(_TOKENS_OF_COLUMN.search(path)) - elsewhere, "column", link)
    if navigation:
        return Candidate(navigation + 3 * bool(_TOKENS_OF_DISCLOSURE.search(path)) - elsewhere, "disclosure", link)
    return None


def _score(table: tuple[tuple[int, re.Pattern[str]], ...], text: str) -> int:
    return next((score for score, pattern in table if pattern.fullmatch(text)), 0)


def _is_decoy(text: str) -> bool:
    title = read_title(text)
    return title is not None and title.decoy is not None and title.decoy != "catalogue"


def _path(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"
