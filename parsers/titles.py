"""The grammar of report titles: whose report, of which year, or which kind of document it is instead.

A title is `[place or agency] + year + [关于] + 政府信息公开[工作] + (年度报告|年报)`, in many orders.
What merely resembles one (the yearly form of a website, a notice about the report, a picture of it) is a decoy, named.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from parsers.report import Scope

LONGEST = 90
"""Titles are shorter than this many characters; what is longer is a paragraph."""
_LONGEST_LINE = 5 * LONGEST
"""With breadcrumbs and the names of sites around the title."""


@dataclass(frozen=True, slots=True)
class Title:
    """A title as read: `text` without the name of the site, `publisher` as printed, the report year.

    `decoy` is the short name of what the document is instead of a report (`notice`, `budget`, …), None for a report.
    """

    text: str
    publisher: str | None
    year: int | None
    scope: Scope
    decoy: str | None


# ── characters ──────────────────────────────────────────────────────────────────────────────────────────────────────
_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ．／－\u2e80-\u2fdf\uf900-\ufaff]")
_ORNAMENT = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad★☆◆◇■□●○◎▪▶►•·∙・※√]")
_ZERO_BETWEEN_NUMERALS = re.compile(r"(?<=[二一])[○◯ОOo](?=[〇零○◯一二三四五六七八九])|(?<=[一二三])[○◯](?=年)")
_DATE = re.compile(
    r"(?<!\d)20\d\d([-/.])\d{1,2}\1\d{1,2}(?:\s*\d{1,2}:\d{2}(?::\d{2})?)?(?!\d)"
    r"|(?<!\d)20\d\d年\d{1,2}月\d{1,2}日"
    r"|[\[(（【]\s*\d{1,2}[-/]\d{1,2}\s*[\])）】]"
)
_EMPTY_BRACKETS = re.compile(r"\[\s*\]|\(\s*\)|（\s*）|【\s*】")
_SEPARATOR = re.compile(r"[_|｜丨>»›：:]|[-—–]{2,}|(?<!\d)[-—–]|[-—–](?!\d)")
_PROSE = re.compile(r"[。；;]|现将|本报告|根据|按照|依据|如下")
_SENTENCE = re.compile(rf"{_PROSE.pattern}|[！!？?，]")

# ── the report ──────────────────────────────────────────────────────────────────────────────────────────────────────
_NUMERALS = {**{numeral: str(digit) for digit, numeral in enumerate("〇一二三四五六七八九")}, "零": "0"}
_YEAR = r"(?:(?<!\d)20\d\d(?!\d)|二[〇零0][〇零0一二三四五六七八九]{2})"
_YEAR_PHRASE = rf"[（(\[【〔]?{_YEAR}(?:年度|年)?[）)\]】〕]?"
_JOINED = r"(?:和|与|及|暨|、)"
_SUBJECT = (
    rf"(?:政府信息{_JOINED}政务公开|(?:政府|政务)?信息(?:工作)?公开(?:{_JOINED}政务公开)?"
    rf"|政务公开(?:{_JOINED}政府信息公开)?)"
)
_BETWEEN = rf"(?:工作|情况|的|年度|年底|总|{_YEAR_PHRASE})*"
_CORE = re.compile(rf"(?P<subject>{_SUBJECT})(?P<between>{_BETWEEN})(?P<form>年报|报告)")
_CUT_CORE = re.compile(rf"(?P<subject>{_SUBJECT})(?P<between>{_BETWEEN})(?P<form>年?报?)(?:…|⋯|\.{{2,}})+$")
_YEARS = re.compile(rf"(?P<digits>{_YEAR})(?P<unit>年度?)?")
_HEAD_YEAR = re.compile(_YEAR_PHRASE)
_SHORT = re.compile(
    rf"(?P<head>.*?)(?P<year>{_YEAR_PHRASE})(?P<tail>.*?)(?:年?度?报|年度(?:工作)?报告|报告|年报)?(?:[（(]?汇总[）)]?)?"
)
_OTHER_DISCLOSURE = re.compile(r"(?:环境|企业|校务|院务|厂务|村务|党务|财政|信用|学校|高校|办学|学年)$")

# ── decoys, the first that fits ─────────────────────────────────────────────────────────────────────────────────────
_EXPLAINER = r"图解|一图|图说|长图|图表版|动漫|漫画|短视频|问答|解读|读懂|看懂"
_NOTICE = (
    r"通知|通报|的函|批复|征求意见|意见征集|培训|推进会|工作会议|温馨提示"
    r"|关于(?:进一步|切实|认真|全面|扎实)*(?:做好|报送|编制|编写|填报|加强|开展|征求|召开|组织|印发)|编制(?:和)?发布工作"
)
_TEMPLATE = r"格式|模板|模版|样式|样表|范本|范例|填表说明|填报说明|编制说明|参考文本|提纲"
_PERIOD = r"半年|[一二三四1-4]季度|季报|月报|\d{1,2}[-—至]\d{1,2}月|(?<!\d)\d{1,2}月份"
_EXPLAINED = (("explainer", re.compile(_EXPLAINER)),)
_ANYWHERE = (("half_year", re.compile(_PERIOD)), *_EXPLAINED)
_AFTER_CORE = (
    ("template", re.compile(_TEMPLATE)),
    ("notice", re.compile(_NOTICE)),
    ("summary", re.compile(r"总结|小结|自查|汇报|工作亮点")),
    ("plan", re.compile(r"要点|方案|计划|分工|任务|台账")),
    ("evaluation", re.compile(r"评估|考核|测评|评议|评分|排名")),
    ("system", re.compile(r"制度|办法|规定|细则|规程")),
    ("guide", re.compile(r"指南|须知|流程")),
    ("catalogue", re.compile(r"目录|清单")),
    ("comment", re.compile(r"新闻|发布会|留言|投诉|调查|咨询")),
)
_BEFORE_CORE = (
    ("notice", re.compile(r"关于(?:进一步|切实|认真|全面|扎实)*(?:做好|报送|编制|编写|填报|加强|开展|征求|召开)")),
)
_RELEVANT = re.compile(rf"信息公开|政务公开|年度|年报|政府网站|工作报告|法治政府|预算|决算|{_YEAR}")
_WITHOUT_CORE = (
    ("website_report", re.compile(r"(?:网站|新媒体).*(?:报表|年报|年度报告|工作报告)")),
    ("rule_of_law", re.compile(r"法治|依法行政|普法")),
    ("law_enforcement", re.compile(r"执法")),
    ("work_report", re.compile(r"政府工作报告|工作报告")),
    ("budget", re.compile(r"预算|决算|三公|绩效")),
    *_ANYWHERE,
    *_AFTER_CORE,
    ("statistics", re.compile(r"统计(?!局|厅)|报表|年鉴|(?<!大)数据(?!局|管理|资源|中心|发展|和)|情况表")),
    ("summary", re.compile(r"(?:信息公开|政务公开).*(?:情况|报告)$")),
    ("other_report", re.compile(r".(?:年度报告|年报)|报告书$")),
)

# ── whose report ────────────────────────────────────────────────────────────────────────────────────────────────────
_GOVERNMENT = r"(?:人民政府|政府|人民委员会)"
_OFFICE = re.compile(
    rf"(?:{_GOVERNMENT}|行署|行政公署|公署|^|(?<=[省市县区旗州盟]))(?:府办公室|府办|政府办)$"
    rf"|(?:{_GOVERNMENT}|行署|行政公署)(?:办公室|办公厅|办|机关|综合办公室)$"
)
_TOWNSHIP = re.compile(
    rf"(?:镇|乡|苏木|街道|街道办|街道办事处|地区办事处|街办)(?:{_GOVERNMENT})?(?:(?:党政|综合|党政综合)?(?:办公室|办))?$"
    r"|(?<!驻.)(?<!驻..)(?<!驻...)办事处$"
)
_ZONE = re.compile(
    r"(?:开发区|高新区|高新技术区|经开区|经济区|高新园|管委会|管理委员会|管理区|园区?|示范区|实验区|试验区|度假区|风景区|景区|名胜区|保税区"
    r"|合作区|自贸区|自由贸易区|保护区|聚集区|集聚区|功能区|产业城|科学城|科技城|农高区|物流港)"
    r"(?:人民政府|管委会|管理委员会|工委)?(?:党政)?(?:办公室|综合办公室|办)?$"
    r"|[县旗].{1,8}(?<!行政)区$"
)
_ZONE_FALSE = re.compile(r"(?:公园|动物园|植物园|陵园|幼儿园|烈士园)$")
_JURISDICTION = re.compile(
    rf"(?:省|自治区|市|州|盟|地区|县|区|旗|林区|特区|兵团|师)(?:{_GOVERNMENT}|行政公署|行署)?(?:[（(]?(?:本级|汇总)[）)]?)?$"
    rf"|^{_GOVERNMENT}$"
)
_DEPARTMENT = re.compile(
    r"(?:局|委|委员会|厅|部|署|处|科|股|所|站|队|院|馆|台|社|中心|办公室|办公厅|办|办事处|联合会|总会|工会|学会|协会|公司|集团|银行"
    r"|学校|中学|小学|大学|学院|党校|库|机构|机关|组|室|公园|陵园|基地)(?:[（(].*[）)])?$"
)
_WEBSITE = re.compile(r"(?:网|网站|门户|平台|专栏|频道)$")
_PUNCTUATION = "：:、，,。·—–-《》〈〉“”\"'’‘ 　_|丨.…．/"
_LEADING = re.compile(
    r"^(?:(?:标题|附件\d*|原创|转载|置顶|最新|关于|公布|发布|印发)[:：]?|\d{1,3}[.、．)）]|[（(]\d{1,3}[）)])+"
)
_TRAILING = re.compile(r"(?:关于(?:做好|报送|编制|公布|发布|印发|上报)?|的|年度|编制)+$")
_REMARK = re.compile(r"[（(\[【][^（(\[【]*[）)\]】]$")
_BRACKETED = re.compile(r"^[【\[〔（(]([^】\]〕）)]*)[】\]〕）)]")


def read_title(text: str) -> Title | None:
    """Read a title, a link's text or a page's `<title>` in simplified Chinese; None for neither report nor decoy.

    The year is None where none is printed: `政府信息公开年报` is the name of a column rather than of a report.
    """
    segments = _segments(text)
    return _read_report(segments) or _decoy_without_core("".join(segments))


def read_short_title(text: str) -> Title | None:
    """Read the shortened title of a link inside a report column: `2023年年报`, `马港镇2023年度`; None without a year.

    Only the column says that such a link leads to a report. Full titles and decoys are read as `read_title` does.
    """
    segments = _segments(text)
    full = _read_report(segments)
    if full and (full.year or full.decoy):
        return full
    joined = "".join(segments)
    match = _SHORT.fullmatch(joined)
    if match and len(joined) <= LONGEST and not joined.endswith("工作报告"):
        names = [name for name in (_publisher(match["head"]), _publisher(match["tail"])) if name]
        if all(scope_of(name) != "unknown" for name in names):
            publisher = "".join(names) or None
            return Title(joined, publisher, _number(match["year"]), scope_of(publisher), None)
    decoy = _decoy_without_core(joined)
    return decoy if decoy and decoy.year else None


def scope_of(publisher: str | None) -> Scope:
    """Tell whose report it is from the publisher's name alone: `靖州县` a jurisdiction, `靖州县教育局` a department."""
    if not publisher:
        return "unknown"
    name = _REMARK.sub("", publisher) or publisher
    if _TOWNSHIP.search(name):
        return "township"
    if _ZONE.search(name) and not _ZONE_FALSE.search(name):
        return "zone"
    if _OFFICE.search(name):
        return "office"
    if _JURISDICTION.search(name):
        return "jurisdiction"
    return "department" if _DEPARTMENT.search(name) else "unknown"


def _clean(text: str) -> str:
    """Return the text with plain digits, without ornaments, dates and white space."""
    text = _WIDE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _ZERO_BETWEEN_NUMERALS.sub(
        "〇", re.sub(r"(?<=[一二三四五六七八九〇○])\s+(?=[一二三四五六七八九〇○年])", "", text)
    )
    text = _EMPTY_BRACKETS.sub("", _DATE.sub("", text))
    return re.sub(r"\s+", "", _ORNAMENT.sub("", text))


def _segments(text: str) -> list[str]:
    """Cut the cleaned text where a site's name, a breadcrumb or a publisher is set off; none of a paragraph."""
    if len(text) > _LONGEST_LINE:
        return []
    return [segment for segment in _SEPARATOR.split(_clean(text)) if segment]


def _read_report(segments: list[str]) -> Title | None:
    """Read the segment that holds 政府信息公开…报告, the first with a year if there are several."""
    found = [(index, window) for index, segment in enumerate(segments) for window in _windows(segment)]
    if not found:
        return None
    index, (segment, core) = next((each for each in found if _year(*each[1])), found[0])
    if len(segment) > LONGEST or _SENTENCE.search(segment):
        return None
    around = (segments[index - 1] if index else "", segments[index + 1] if index + 1 < len(segments) else "")
    return _report(segment, core, around)


def _windows(segment: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield each 政府信息公开…报告 of a segment, also one cut off by an ellipsis, within the words around it."""
    matches = list(_CORE.finditer(segment)) or list(_CUT_CORE.finditer(segment))
    ends = [match.end() for match in matches[:-1]]
    for begin, end in zip([0, *ends], [*ends, len(segment)], strict=True):
        window = segment[begin:end]
        core = _CORE.search(window) or _CUT_CORE.search(window)
        if core:
            yield window, core


def _number(phrase: str) -> int:
    """Return the year that a phrase such as `二〇二四年` or `(2024年度)` states."""
    match = _YEARS.search(phrase)
    assert match, phrase  # noqa: S101 - callers pass what _YEAR matched
    return int("".join(_NUMERALS.get(sign, sign) for sign in match["digits"]))


def _year(segment: str, core: re.Match[str]) -> int | None:
    """Return the report year: inside the core, else the last before it, else the first after it."""
    before = list(_YEARS.finditer(segment, 0, core.start()))
    ordered: Iterator[re.Match[str]] = iter(
        [*_YEARS.finditer(core["between"]), *reversed(before), *_YEARS.finditer(segment, core.end())]
    )
    match = next(ordered, None)
    return _number(match["digits"]) if match else None


def _report(segment: str, core: re.Match[str], around: tuple[str, str]) -> Title:
    """Read a segment that has a core; `around` are the segments before and after it."""
    head, tail = segment[: core.start()], segment[core.end() :]
    decoy = _decoy(segment, core) or _explained(around)
    publisher = _publisher_of(head, core["subject"], tail)
    if publisher is None and not _WEBSITE.search(around[0]):
        publisher = _named(_publisher(around[0]))
    if decoy:
        publisher = _named(publisher)
    text = segment.strip("《》“”\"' ")
    return Title(text, publisher, _year(segment, core), scope_of(publisher), decoy)


def _named(publisher: str | None) -> str | None:
    """Return the publisher if it reads like the name of an agency or place."""
    return None if scope_of(publisher) == "unknown" else publisher


def _explained(around: tuple[str, str]) -> str | None:
    """Name the explainer that a sign sets off from the title: `一图读懂：…`, `…-图解`."""
    return next((_first(_EXPLAINED, part) for part in around if len(part) <= 8 and _first(_EXPLAINED, part)), None)


def _decoy(segment: str, core: re.Match[str]) -> str | None:
    """Name what a document with a report's words in its title is instead, None for a report."""
    head, tail = segment[: core.start()], segment[core.end() :]
    yearly = core["form"] == "年报" or "年度" in core["between"] or "年底" in core["between"]
    if core["subject"].startswith("信息") and _OTHER_DISCLOSURE.search(head):
        return "other_report"
    if core["subject"].startswith("政务公开") and not yearly:
        return "summary"
    return _first(_ANYWHERE, segment) or _first(_BEFORE_CORE, head) or _first(_AFTER_CORE, tail)


def _first(decoys: tuple[tuple[str, re.Pattern[str]], ...], text: str) -> str | None:
    """Return the name of the first decoy that fits."""
    return next((name for name, pattern in decoys if pattern.search(text)), None)


def _decoy_without_core(text: str) -> Title | None:
    """Read a title that is no report's: a decoy if it is about disclosure or of a year, else None."""
    if not _RELEVANT.search(text) or _PROSE.search(text) or _CORE.search(text) or len(text) > LONGEST:
        return None
    decoy = _first(_WITHOUT_CORE, text)
    match = _YEARS.search(text)
    return Title(text, None, _number(match["digits"]) if match else None, "unknown", decoy) if decoy else None


def _publisher_of(head: str, subject: str, tail: str) -> str | None:
    """Return the publisher: before the year, else between year and core, else in brackets at the end."""
    if head.endswith("人民") and subject.startswith("政府"):
        head += "政府"
    years = list(_HEAD_YEAR.finditer(head))
    if not years:
        return _publisher(head) or _bracketed(tail)
    first, second = _publisher(head[: years[-1].start()]), _publisher(head[years[-1].end() :])
    if first and second and scope_of(second) in {"township", "department", "zone"}:
        return first + second
    return first or second or _bracketed(tail)


def _bracketed(tail: str) -> str | None:
    """Return the publisher that stands in brackets behind the core."""
    match = _BRACKETED.match(tail)
    return _named(_publisher(match[1])) if match else None


def _publisher(words: str) -> str | None:
    """Return the words without numbering, category and punctuation; None if nothing is left."""
    match = _BRACKETED.match(words)
    if match:
        rest = words[match.end() :]
        words = rest or match[1]
    words = _LEADING.sub("", words.strip(_PUNCTUATION)).strip(_PUNCTUATION)
    words = _TRAILING.sub("", words).strip(_PUNCTUATION)
    return words or None
