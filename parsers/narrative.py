"""Numbers of the narrative that the tables also hold, each turned into a check of its table.

Only what a sentence says plainly is held against a table: a figure whose clause names its kind (收到, 答复, 结转 …).
Parts, channels, other years and other business are left aside. What may be one of these is told, but not `sure`: it can
confirm a table, never contradict it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from parsers.report import Check, Number, Outcome, Section, Table

Kind = Literal["received", "handled", "carried_out", "carried_in", "reconsideration", "suits"]

_CHECKS: dict[str, tuple[Kind, ...]] = {
    "requests": ("received", "handled", "carried_out", "carried_in"),
    "appeals": ("reconsideration", "suits"),
}
_TOPICS = {1: "", 3: "requests", 4: "appeals"}
_MARKS = ("申请", "复议", "诉讼")
_APPEALS: tuple[tuple[str, Kind], ...] = (("复议", "reconsideration"), ("诉讼", "suits"))
_LONGEST_SECTION, _LONGEST_CLAUSE, _FAR = 20_000, 100, 300

# ── paragraphs, sentences, figures ──────────────────────────────────────────────────────────────────────────────────
_WIDE = tuple(zip("，；：（）！？０１２３４５６７８９", ",;:()!?0123456789", strict=True))
_NUMERAL = "一二三四五六七八九十"
_ITEM = re.compile(
    rf"[\n(（](?:(?<=\n)\s*(?:[{_NUMERAL}]{{1,2}}[、.是]|[0-9]{{1,2}}[、.．](?![0-9]))|(?<=[(（])[{_NUMERAL}]{{1,2}}[)）])"
)
_SENTENCE = re.compile(r"[^。;!?]+")
_COMPARISON = re.compile("(?:同比|环比|较[上去前往2同]|比[上去前往2同]|与[上去前2][^,]{0,6}相比)[^,;。()]*")
_DIGITS = {sign: value % 10 for value, sign in enumerate("零一二三四五六七八九0123456789")} | {"〇": 0, "两": 2}
_DIGIT = f"0-9零〇两百千{_NUMERAL}"
_FIGURE = re.compile(rf"([{_DIGIT}](?<![.第{_DIGIT}].)[{_DIGIT}]{{0,8}}(?:,\d{{3}}(?!\d)){{0,3}})[件份宗起例条项次]")
_MOVING = "结转|转结|顺延|转入|转至|转到|延至|延续|延期"
_TAKING = "收到|受理|新收|接收|接到|收悉"
_SOLVING = "答复|办结|办复|回复|办毕|办理完毕|处理完毕|办理|处理"
_TELLING = re.compile(f"依申请|公开申请|{_TAKING}|{_SOLVING}|复议|诉|{_MOVING}|遗留|跨年")
_BRACKETS = re.compile(r"\([^()]*\)")
_END_OF_CLAUSE = re.compile(r"[,:()、]")
_CLAUSE = re.compile(r"[^,:()]+")
_YEAR = re.compile(r"20(\d\d)年(?<!转.{5})(?<![转延][至到入].{5})(?!度?(?:的)?(?:结转|转入|遗留))")
_FIRST_YEAR = re.compile(r"(20\d\d)\s*年")
_TABLE_WORDS = re.compile("勾稽|法律服务机构")

# ── what a clause is about (alternatives begin with a plain character: searching is three times as fast) ─────────────
_REQUEST = (
    r"依申请|公开(?:政府|信息|的|件|事项|类|工作)*申请(?!人|行政|复议|再审)|申请(?:公开|获取|政府信息|信息)|"
    + "|".join(rf"{verb}的?申请(?!人|行政|复议)" for verb in f"{_TAKING}|{_SOLVING}|{_MOVING}".split("|"))
)
_OTHER = (
    r"建议|提案|议案|热线|12345|信访|来信|来电|信件|信箱|留言|咨询|投诉|举报|许可|处罚|强制|备案|文件|公文|稿|工单|诉求|舆情|主动公开|政策|解读"
    r"|审批|合同|网民|网友|求助|线索|仲裁|赔偿|督查|议题|公示|公告|登记证|办件"
)
_NOUN = re.compile(rf"{_REQUEST}|复议|诉讼|起诉|{_OTHER}|申请(?!人)")
_ABOUT_OTHERS = re.compile(_OTHER)
_ASKS = re.compile(_REQUEST)
_CLOSING = (
    r"(?:的|了|共计|共有|共|合计|总计|累计|计|为|有|是|约|各类|各|均|都|有效|总数量?|数量|总量|件数|总数|数|量|公开|政府信息"
    r"|信息|案件|案|事项|件|申请人?|情况|方面|分别|收到|发生|新收|新增|应诉|答复)*+"
)
_END = re.compile(_CLOSING)
_OBJECT = re.compile(rf"{_CLOSING}|.*(?:申请|信息公开){_CLOSING}")
_FOREIGN_TIME = re.compile(r"去年|上一?年|前年|往年|同期|半年|季度|月份|历年|每年|年均|平均")
_UNFINISHED = re.compile(
    r"未|不|没有|逾期|延期|延长|超期|正在|待|拟|补正|撤回|重复|无法|其他处理|予以(?:部分)?公开|部分公开|同意公开|全部公开|率|%"
)
_PART = re.compile(
    "本级|办公室|办公厅|政府办|市直|市级|区直|区级|县直|县级|省直|省级|州直|州级|部门|单位|县区|街道|乡镇|局|委|院|以来|网上|网络|网站|在线|信函|邮寄|邮件|邮箱|当面|当场|现场"
    "|传真|平台|窗口|书面|口头|电话|自然人|企业|律师|个人|法人(?![和或及、])"
)
_OWN = re.compile("[我本](?:局|委|院|单位|部门|办公室|机关)|等多?种?(?:途径|方式|渠道|形式)")
_WHOLE = re.compile("全[市县区州省旗盟镇乡]")
_AMONG = re.compile(r"其中|包括|包含|含")
_IN_ALL = re.compile(r"共|全年|总|合计")
_RECEIVED = re.compile(rf"(?P<verb>{_TAKING})(?P<object>[^,]*)$")
_HANDLED = re.compile(rf"(?P<verb>{_SOLVING})(?P<object>[^,答办回处]*)$")
_VERBS: tuple[tuple[Kind, re.Pattern[str]], ...] = (("received", _RECEIVED), ("handled", _HANDLED))
_LOOSE_VERBS = ("办理", "处理", "回复")
_LAST_YEAR = r"(?:上一?个?年度?末?|去年|往年|以前年度|前一年度?|20\d\d年度?)"
_NEXT_YEAR = r"(?:下一?个?年度?|次年度?|明年|翌年|来年|(?<=[至到入])20\d\d年度?)"
_CARRIED_CLOSING = (
    r"(?:的|到|至|入|本年度?|今年|继续|进行|再|办理|办结|处理|答复|回复|政府|信息|公开|依申请|申请|事项"
    r"|件|数量|数|共|计|为|有)*+"
)
_CARRIED_OUT = re.compile(
    rf"(?:(?:{_MOVING})(?:至|到|入|在)?{_NEXT_YEAR}|(?:下一?个?年度?|次年|跨年度?)(?:{_MOVING})|跨年度?(?:办理|答复)){_CARRIED_CLOSING}$"
)
_CARRIED_IN = re.compile(
    rf"(?:{_LAST_YEAR}(?:度|的|未办结|申请|政府信息公开|依申请公开)*(?:(?:{_MOVING})|遗留)|结转自?(?:的)?(?:上一?年度?|去年)){_CARRIED_CLOSING}$"
)
_MOVED = re.compile("转|延|跨年|遗留")
_CARRIED = re.compile(rf"结转{_CARRIED_CLOSING}$")
_NOT_THE_TOTAL = re.compile(
    r"维持|纠[正错]|审结|撤[销回诉]|驳回|败诉|胜诉|违法|备案|出庭|其他|履行|终止|经(?:行政)?复议|复议后|起诉(?!讼)|调解|率"
)
_COURT_OWN_WORK = re.compile(r"受理|审理|办理|办结|处理|[一二]审|再审|代理|应诉|答复")
_AFTER_NOTHING = re.compile(r"(?:其中|另有|还有|尚有|有|剩余|其余|余|另|共|共有|和|及|与|并有|以及)*+$")
_AFTER_DONE = re.compile(r"(?:申请)?(?:已|均|全部|按[期时]|依法|予以|及时)*(?:办结|答复)(?:完毕)?$")
_DENIAL = re.compile("未(?!审|办)|无|没|零|为0")
_NONE_RECEIVED = re.compile(r"(?:未|没有?|无)(?:曾|再|有)?(?:收到|接到|受理|接收|收悉)(?P<object>.*)$")
_NO_REQUESTS = re.compile(rf"(?:无|没有|零)(?:人|任何)?(?:政府信息)?(?:公开)?(?:依申请|申请(?!人)){_CLOSING}$")
_NONE_CARRIED = re.compile(rf"(?:无|未|没有)(?:申请|需|发生)*(?:{_NEXT_YEAR}的?)?结转{_NEXT_YEAR}?{_CARRIED_CLOSING}$")
_NO_APPEALS = re.compile(
    r"(?:未|没有?|无|零)(?:[因由有被]|发生|产生|引发|引起|出现|收到|接到|受理|涉及|政府|信息|依申请|行政|复议|诉讼|投诉|举报).*$"
    r"|(?:复议|诉讼).*?(?:均|都|皆|数量?|案件|件数)*(?:未发生|没有发生|无|为0|为零|未有|未出现)$"
)


class _Told(NamedTuple):
    """A number that the narrative tells: of which kind, for which year (None: the report's own), and how plainly."""

    kind: Kind
    number: int
    sure: bool
    year: int | None


class _Place(NamedTuple):
    """Where a figure stands: the text of its clause before it (`lead`) and after it, `since` the figure before it.

    `text` is the paragraph, in which its sentence begins at `start` and its clause at `clause`; `topic` is what the
    section itself is about. `said` is the sentence up to the clause without what stands in brackets, `earlier` the
    paragraph up to the clause, `year` the year that the sentence named last.
    """

    text: str
    start: int
    clause: int
    lead: str
    after: str
    since: str
    topic: str

    @property
    def said(self) -> str:
        return _BRACKETS.sub("", self.text[max(self.start, self.clause - _FAR) : self.clause])

    @property
    def earlier(self) -> str:
        return self.text[max(0, self.clause - _FAR) : self.clause]

    @property
    def year(self) -> int | None:
        end = self.clause + len(self.lead)
        years = _YEAR.findall(self.text[max(self.start, end - _FAR) : end])
        return 2000 + int(years[-1]) if years else None


def check_narrative(tables: list[Table], sections: Sequence[Section]) -> list[Table]:
    """Return the tables with the checks `narrative.*` that their narrative allows; grades stay as they are.

    Read are section 1, of section 3 the requests, of section 4 the appeals. 收到 passes as the new requests and as new
    and carried in together. A number that a blank, unreadable or absent cell should confirm is undecidable, and so are
    differing numbers of one kind; where the text tells none there is no check.
    """
    told = _of_the_year([item for section in sections for item in _read(section)], sections)
    if not told:
        return tables
    return [replace(table, checks=(*table.checks, *_checks(table, told))) for table in tables]


def _of_the_year(told: list[_Told], sections: Sequence[Section]) -> list[_Told]:
    """Return what is told of the latest year that the narrative speaks of."""
    first = next((_FIRST_YEAR.search(section.text) for section in sections if section.number == 1), None)
    latest = max([int(first[1]) if first else 0, *(item.year or 0 for item in told)])
    return [item for item in told if item.year in (None, latest)]


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _read(section: Section) -> Iterator[_Told]:
    topic = _TOPICS.get(section.number)
    if topic is None:
        return
    for lines in _ITEM.split(section.text[:_LONGEST_SECTION]):
        text = "".join(lines.split())
        if not topic and not any(mark in text for mark in _MARKS):
            continue
        text = _plain(text)
        for sentence in _SENTENCE.finditer(text):
            if not _TELLING.search(sentence[0]) or (topic and _TABLE_WORDS.search(sentence[0])):
                continue
            told = [*_figures(text, sentence, topic)]
            if _DENIAL.search(sentence[0]):
                told += _denials(text, sentence, topic)
            yield from (item for item in told if not topic or item.kind in _CHECKS[topic])


def _plain(text: str) -> str:
    for wide, narrow in _WIDE:
        text = text.replace(wide, narrow)
    return _COMPARISON.sub("", text)


def _figures(text: str, sentence: re.Match[str], topic: str) -> Iterator[_Told]:
    """Yield what the figures of a sentence tell."""
    start, end = sentence.span()
    ends = start
    found = list(_FIGURE.finditer(text, start, end))
    for figure, following in zip(found, [*(other.start() for other in found[1:]), end], strict=False):
        previous, ends = ends, figure.end()
        if not _TELLING.search(text, previous, following):
            continue
        since = text[max(previous, figure.start() - _FAR) : figure.start()]
        after, *cut = _END_OF_CLAUSE.split(text[ends : min(following, ends + _LONGEST_CLAUSE)], maxsplit=1)
        lead = since[-_LONGEST_CLAUSE:].removesuffix(":")
        for sign in ":()":
            lead = lead.replace(sign, ",")
        lead = lead.rpartition(",")[2]
        place = _Place(
            text, start, figure.start() - len(lead), lead, after if cut or following == end else "", since, topic
        )
        number = _number(figure[1])
        yield from (_Told(kind, number, sure, place.year) for kind, sure in _kinds(place, number))


def _number(figure: str) -> int:
    """Return the value of a figure in digits or Chinese numerals."""
    figure = figure.replace(",", "")
    if figure.isdecimal():
        return int(figure)
    total = digit = 0
    for sign in figure:
        if sign in "十百千":
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[sign]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[sign]
    return total + digit


def _topic(place: _Place) -> str:
    """Return what the text before a figure spoke of last: `requests`, `appeals` or `other`."""
    named = _NOUN.findall(place.lead) or _NOUN.findall(place.earlier)
    if not named:
        return place.topic
    if named[-1] in ("复议", "诉讼", "起诉"):
        return "appeals"
    return "requests" if "申请" in named[-1] and named[-1] != "申请" else "other"


def _kinds(place: _Place, number: int) -> list[tuple[Kind, bool]]:
    """Return the kinds that a figure may be of, each with whether the text says it plainly."""
    near = place.lead + "|" + place.after
    if "复议" in near or "诉" in near:
        return _appeal_kinds(place, number)
    carried = _carried(place.lead)
    if carried:
        topic = _topic(place)
        return [(kind, sure and topic != "") for kind, sure in carried] if topic in ("requests", "") else []
    if _ABOUT_OTHERS.search(near):
        return []
    if _AFTER_NOTHING.match(place.lead):
        return _kinds_after(place)
    return _request_kinds(place)


def _carried(clause: str) -> list[tuple[Kind, bool]]:
    if not _MOVED.search(clause):
        return []
    if _CARRIED_OUT.search(clause):
        return [("carried_out", True)]
    if not _CARRIED_IN.search(clause):
        return [("carried_out", False)] if _CARRIED.search(clause) else []
    if _RECEIVED.search(clause):
        return [("carried_in", False), ("received", False)]
    return [("carried_in", "20" not in clause)]


def _kinds_after(place: _Place) -> list[tuple[Kind, bool]]:
    """Return the kind that stands behind a figure: 另有3件结转下年度."""
    if _topic(place) != "requests":
        return []
    return [("handled", False)] if _AFTER_DONE.match(place.after) else _carried(place.after)


def _request_kinds(place: _Place) -> list[tuple[Kind, bool]]:
    lead = place.lead
    if _FOREIGN_TIME.search(lead) or _UNFINISHED.search(lead):
        return []
    verbs = [(kind, verb.search(lead)) for kind, verb in _VERBS]
    found = [(kind, verb) for kind, verb in verbs if verb and _OBJECT.fullmatch(verb["object"])]
    if not found or not (_topic(place) == "requests" or _ASKS.search(place.after)):
        return []
    plain = len(found) == 1 and not _of_a_part(place)
    return [(kind, plain and _is_plain(place, verb["verb"])) for kind, verb in found]


def _is_plain(place: _Place, verb: str) -> bool:
    if verb in _LOOSE_VERBS or _AMONG.search(place.since) or _FOREIGN_TIME.search(place.since):
        return False
    if _ABOUT_OTHERS.search(place.said) and "公开" not in place.lead + place.after:
        return False
    return not _AMONG.search(place.said) or _IN_ALL.search(place.lead) is not None


def _of_a_part(place: _Place) -> bool:
    """Say whether a figure may be that of one office, one channel or one group only."""
    said = place.said + place.since
    return bool(_PART.search(said) and not _WHOLE.search(said) and _PART.search(_OWN.sub("", said)))


def _appeal_kinds(place: _Place, number: int) -> list[tuple[Kind, bool]]:
    lead = place.lead if "复议" in place.lead or "诉" in place.lead else place.lead + place.after
    if _NOT_THE_TOTAL.search(lead) or _FOREIGN_TIME.search(lead):
        return []
    kinds = [kind for word, kind in _APPEALS if word in lead]
    if len(kinds) == 2 and number and "各" not in lead:
        return []
    last = max(lead.rfind("复议"), lead.rfind("诉讼"))
    if last < 0 or not _END.fullmatch(lead[last + 2 :]):
        return []
    sure = (place.topic == "appeals" or "公开" in place.earlier + lead) and not _AMONG.search(place.since)
    sure = sure and not _COURT_OWN_WORK.search(lead) and not _of_a_part(place)
    return [(kind, sure) for kind in kinds]


def _denials(text: str, sentence: re.Match[str], topic: str) -> Iterator[_Told]:
    """Yield the zeros that a sentence tells in words: 未收到…申请, 没有发生…行政诉讼, 无结转."""
    for clause in _CLAUSE.finditer(text, *sentence.span()):
        said = clause[0]
        if len(said) > _LONGEST_CLAUSE or not _DENIAL.search(said) or _FOREIGN_TIME.search(said):
            continue
        place = _Place(text, sentence.start(), clause.start(), said, "", said, topic)
        yield from (_Told(kind, 0, sure, place.year) for kind, sure in _denied(place))


def _denied(place: _Place) -> list[tuple[Kind, bool]]:
    clause = place.lead
    if "复议" in clause or "诉" in clause:
        return _appeals_denied(place)
    if _FIGURE.search(clause) or _ABOUT_OTHERS.search(clause):
        return []
    if _NONE_CARRIED.search(clause):
        return [("carried_out", True)]
    none = _NONE_RECEIVED.search(clause)
    if none and (_ASKS.search(none["object"]) or (not none["object"] and _topic(place) == "requests")):
        return [("received", _OBJECT.fullmatch(none["object"]) is not None and not _of_a_part(place))]
    return [("received", not _of_a_part(place))] if _NO_REQUESTS.search(clause) else []


def _appeals_denied(place: _Place) -> list[tuple[Kind, bool]]:
    match = _NO_APPEALS.search(place.lead)
    if not match or _FIGURE.search(place.lead) or _NOT_THE_TOTAL.search(place.lead):
        return []
    sure = (place.topic == "appeals" or "公开" in place.earlier + place.lead) and "不" not in place.lead
    return [(kind, sure and not _of_a_part(place)) for word, kind in _APPEALS if word in match[0]]


# ── deciding ────────────────────────────────────────────────────────────────────────────────────────────────────────
def _checks(table: Table, told: Iterable[_Told]) -> Iterator[Check]:
    if table.table not in _CHECKS:
        return
    totals = {cell.row: cell.value for cell in table.cells if cell.column == "total"}
    for kind in _CHECKS[table.table]:
        items = [item for item in told if item.kind == kind]
        if items:
            yield _check(kind, items, _readings(table, totals, kind))


def _check(kind: Kind, told: list[_Told], readings: list[Number | None]) -> Check:
    """Hold the numbers of one kind against the table; `readings` are all that count as right, the first is shown."""
    sure = [item.number for item in told if item.sure]
    fitting = [item.number for item in told if item.number in readings]
    number = next(iter([n for n in sure if n in fitting] or sure or fitting), told[0].number)
    right = number if number in readings else readings[0]
    return Check(f"narrative.{kind}", "total", number, right, _outcome(sure, fitting, readings))


def _outcome(sure: list[int], fitting: list[int], readings: list[Number | None]) -> Outcome:
    if fitting and all(number in readings for number in sure):
        return "pass"
    if fitting or len(set(sure)) != 1 or None in readings:
        return "undecidable"
    return "fail"


def _readings(table: Table, totals: dict[str, Number | None], kind: Kind) -> list[Number | None]:
    """Return the numbers of a table that a kind may mean, None among them where one cannot be known."""
    if kind == "received":
        new, carried = totals.get("new"), totals.get("carried_in")
        return [new, None if new is None or carried is None else new + carried]
    if kind == "suits":
        return _suits(table, totals)
    return [totals.get(kind)]


def _suits(table: Table, totals: dict[str, Number | None]) -> list[Number | None]:
    """Return both kinds of suits together; a row left blank beside the other counts as 0, but cannot contradict."""
    rows = ("direct_suit", "later_suit")
    known = [total for row in rows if (total := totals.get(row)) is not None]
    if len(known) == 2:
        return [sum(known)]
    lost = [cell for cell in table.cells if cell.row in rows and totals.get(cell.row) is None]
    return [known[0], None] if known and all(cell.status == "blank" for cell in lost) else [None]
