"""The numbers of the narrative against the tables: sentences as officials write them, outcomes read off by eye.

Unless a test says otherwise the tables hold: new 17, carried in 2, handled 18, carried out 1; 3 reconsiderations,
4 direct suits and 1 later suit.
"""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.forms import forms
from parsers.narrative import check_narrative
from parsers.report import Cell, Check, Section, Status, Table

TOTALS = {
    "new": 17,
    "carried_in": 2,
    "handled": 18,
    "carried_out": 1,
    "reconsideration": 3,
    "direct_suit": 4,
    "later_suit": 1,
}


def _table(code: str, totals: dict[str, int | None], status: Status = "blank") -> Table:
    cells = []
    for row, column in forms()["2021"].tables[code].cells():
        value = totals.get(row) if column == "total" else None
        cells.append(Cell(row, column, value, "printed" if value is not None else status))
    return Table(code, "2021", "verified", tuple(cells), (Check("before", "total", 1, 1, "pass"),))


def _tables(status: Status = "blank", **totals: int | None) -> list[Table]:
    return [_table(code, TOTALS | totals, status) for code in ("disclosure", "requests", "appeals")]


def _checks(text: str, tables: list[Table] | None = None, number: int = 1) -> list[Check]:
    checked = check_narrative(_tables() if tables is None else tables, [Section(number, "一、总体情况", text)])
    return [check for table in checked for check in table.checks if check.id.startswith("narrative.")]


def _outcomes(text: str, tables: list[Table] | None = None, number: int = 1) -> dict[str, str]:
    return {check.id.removeprefix("narrative."): check.outcome for check in _checks(text, tables, number)}


def _read_off(outcomes: str) -> dict[str, str]:
    return dict(item.split("=") for item in outcomes.split())


ALL = "received=pass handled=pass carried_out=pass"
BOTH = "reconsideration=pass suits=pass"

SENTENCES = [
    # plain totals
    ("2024年，全县共收到政府信息公开申请17件，办结18件，结转下年度1件。", ALL),
    ("全年受理依申请公开17件，已答复18件，另有1件顺延至下年度办理。", ALL),
    ("本年度新收信息公开申请17份，加上上年结转2份，共办结18份，结转下一年度继续办理1份。", f"{ALL} carried_in=pass"),
    ("2024年，我县受理申请人提出的政府信息公开申请17宗，按期办结18宗，结转至2025年1宗。", ALL),
    ("今年以来，全区各级机关接到依申请公开事项17件，办理完毕18件。", "received=pass handled=pass"),
    ("政府信息公开申请受理17件、答复18件、结转次年1件。", ALL),
    ("全年共收到17件政府信息公开申请，其中1件结转下年。", "received=pass carried_out=pass"),
    ("依申请公开方面，共收到17件，均按时办理，全年答复18件。", "received=pass handled=pass"),
    ("（二）依申请公开。畅通渠道，优化流程。全年接收17件，办结18件，跨年度办理1件。", ALL),
    ("本机关2024年度共受理公民、法人和其他组织的政府信息公开申请17件。", "received=pass"),
    ("通过邮寄、网络等多种渠道共收到政府信息公开申请17件。", "received=pass"),
    ("含上年结转的2件，共收到政府信息公开申请19件。", "received=pass carried_in=pass"),
    # new and carried in together
    ("全市共收到政府信息公开申请19件（含上年结转2件），答复18件。", "received=pass carried_in=pass handled=pass"),
    ("收到政府信息公开申请19件，其中新收17件，上年结转2件。", "received=pass carried_in=pass"),
    # figures and lines as they are printed
    ("共收到政府信息公\n开申请1\n7 件，答\n复18 件。", "received=pass handled=pass"),
    ("共收到政府信息公开申请　１７　件；答复１８件。", "received=pass handled=pass"),
    ("共收到政府信息公开申请十七件，办结十八件。", "received=pass handled=pass"),
    ("共收到政府信息公开申请17件次,办结18件次.", "received=pass handled=pass"),
    # wrong
    ("全年共收到政府信息公开申请16件，办结18件。", "received=fail handled=pass"),
    ("全年共收到政府信息公开申请20件。", "received=fail"),
    ("2024年新收申请17件，答复17件，结转下年度2件。", "received=pass handled=fail carried_out=fail"),
    ("收到信息公开申请17件，上年度结转3件，办结19件。", "received=pass carried_in=fail handled=fail"),
    ("2024年，未收到政府信息公开申请。", "received=fail"),
    ("因政府信息公开引发行政复议2件、行政诉讼6件。", "reconsideration=fail suits=fail"),
    ("没有发生因政府信息公开引起的行政诉讼。", "suits=fail"),
    ("收到申请公开的件共17件，无结转下年度件。", "received=pass carried_out=fail"),
    # reviews and suits
    ("因政府信息公开被申请行政复议3件，被提起行政诉讼5件。", BOTH),
    ("涉及政府信息公开的行政复议案件共3起、行政诉讼案件共5起。", BOTH),
    ("政府信息公开行政复议3件，其中结果维持2件，结果纠正1件；政府信息公开行政诉讼5件，其中尚未审结2件。", BOTH),
    ("因依申请公开收到行政复议3件，其中结果纠正1件，行政诉讼5件，其中结果维持2件。", BOTH),
    ("由信息公开引发三起行政复议，五起行政诉讼。", BOTH),
    ("全县政府信息公开行政复议申请三件，行政诉讼五件，出庭应诉4件。", BOTH),
    ("政府信息公开行政诉讼5件，其中未经复议直接起诉4件，复议后起诉1件。", "suits=pass"),
    ("因政府信息公开引发复议、诉讼8件，其中行政复议3件，行政诉讼5件。", BOTH),
    ("因政府信息公开申请行政复议3件，办结2件，撤销1件。", "reconsideration=pass"),
    ("依申请公开工作中，行政复议：3件；行政诉讼：5件。", BOTH),
    # what is not the total
    ("收到政府信息公开申请17件，其中网上申请10件，信函申请5件，当面申请2件。", "received=pass"),
    ("收到政府信息公开申请17件，其中自然人提出15件，企业提出2件，予以公开11件，不予公开3件。", "received=pass"),
    (
        "共收到政府信息公开申请17件，较上年增长21.4%，比2023年增加3件；办结18件，同比多2件。",
        "received=pass handled=pass",
    ),
    ("2023年收到政府信息公开申请14件，2024年收到政府信息公开申请17件。", "received=pass"),
    ("2024年收到申请17件。去年收到政府信息公开申请14件，去年办结13件。", "received=pass"),
    ("上半年收到政府信息公开申请9件，全年共收到17件。", "received=pass"),
    ("收到政府信息公开申请17件，未办结1件，告知补正4件，申请人撤回1件，逾期答复0件。", "received=pass"),
    ("自收到申请之日起20个工作日内答复，延期答复的政府信息公开申请2件。", ""),
    ("收到政府信息公开申请17件，予以公开答复10件，不予公开答复3件。", "received=pass"),
    ("收到申请较多的有教育局9件、卫健局4件。", ""),
    ("受理政府信息公开申请10余件。", ""),
    ("受理政府信息公开申请1.7万件。", ""),
    ("根据申请流程第17条和第18条办理。", ""),
    ("按时答复政府信息公开申请，按时办结率100%，公开18条信息。", ""),
    # other business
    ("（一）主动公开政府信息3946条，受理12345热线工单120件，办结118件。", ""),
    ("依申请公开渠道畅通。全年承办人大建议26件、政协提案31件，办结57件，答复率100%。", ""),
    ("做好依申请公开。县长信箱收到来信177件，答复177件，回复网民留言30条。", ""),
    ("规范申请流程，受理行政许可申请300件，办结299件，备案规范性文件5件。", ""),
    ("收到咨询电话56件，答复56件；收到政府信息公开申请17件。", "received=pass"),
    ("公开复议结果，全年审结行政复议案件120件，出庭应诉行政诉讼30件。", ""),
    ("公开复议结果，全年受理行政复议案件120件，代理行政诉讼30件。", "reconsideration=undecidable suits=undecidable"),
    ("（五）公开便民服务。受理公租房申请300件，办结298件，结转下年度2件。", ""),
    ("（二）依申请公开有序。全年收到困难群众救助申请120件，办结119件。", ""),
    ("公开申请渠道；行政复议3件，结转下年度1件。", "reconsideration=pass"),
    ("向司法机关备案行政复议3件，公开2件。", ""),
    ("全年收到17件，办结18件。", ""),
    ("未收到行政许可申请，未收到举报。", ""),
    ("无锡市公开行政复议典型案例，对未按期答复引发行政诉讼的予以通报。", ""),
    ("因政府信息公开经行政复议后提起的情形未再发生，培训应诉人员3次。", ""),
    ("没有逾期未答复的政府信息公开申请，没有因答复不规范被纠错的行政复议。", ""),
    # what may be a part only
    ("县政府办公室共收到政府信息公开申请5件。", "received=undecidable"),
    ("办公室收到政府信息公开申请5件，各乡镇收到政府信息公开申请12件。", "received=undecidable"),
    ("通过网站收到政府信息公开申请11件。", "received=undecidable"),
    ("县政府办公室共收到政府信息公开申请17件。", "received=pass"),
    ("处理依申请公开事项19件。", "handled=undecidable"),
    ("县政府本级受理政府信息公开申请12件，办结11件；全县共受理17件，办结18件。", "received=pass handled=pass"),
    ("全年县本级受理政府信息公开申请12件，答复11件。", "received=undecidable handled=undecidable"),
    ("信息公开被提起行政复议2次，行政诉讼5次。", "reconsideration=fail suits=pass"),
    ("按时回复，因信息公开引发的行政复议、行政诉讼共8件。", ""),
    ("信息公开方面被申请行政复议、提起行政诉讼各3件。", "reconsideration=pass suits=fail"),
    ("我局共收到政府信息公开申请16件。", "received=fail"),
    ("2024年共收到政府信息公开申请17件，较2023年多3件，答复17件。", "received=pass handled=fail"),
    ("收到政府信息公开申请19件（含上年结转2件），答复17件。", "received=pass carried_in=pass handled=fail"),
    ("收到政府信息公开申请17件，其中办结17件。", "received=pass handled=undecidable"),
    ("依申请公开工作规范，全年收到23件建议，答复21件。", ""),
    ("处理咨询30件，收到申请23件。", "received=undecidable"),
    ("处理咨询30件，收到政府信息公开申请23件。", "received=fail"),
    ("因政府信息公开被申请复议3件，被提起诉讼5件。", "reconsideration=pass suits=pass"),
    ("累计办理依申请公开18件。", "handled=pass"),
    ("收到并答复政府信息公开申请17件。", "received=pass handled=undecidable"),
    ("收到政府信息公开申请17件，此外收到政府信息公开申请4件。", "received=undecidable"),
    ("收到政府信息公开申请10件。又收到政府信息公开申请7件。", "received=undecidable"),
    ("收到申请17件，结转3件。", "received=pass carried_out=undecidable"),
]


@pytest.mark.parametrize(("text", "outcomes"), SENTENCES)
def test_a_sentence_against_the_tables(text: str, outcomes: str) -> None:
    assert _outcomes(text) == _read_off(outcomes)


NOTHING = dict.fromkeys(TOTALS, 0)
DENIALS = [
    ("2024年，我镇未收到政府信息公开申请。", "received=pass"),
    ("本年度没有收到公民、法人或其他组织提出的政府信息公开申请，无结转。", "received=pass carried_out=pass"),
    ("（二）依申请公开。全年没有接到群众要求公开政府信息的申请。", "received=pass"),
    ("本单位全年无依申请公开事项。", "received=pass"),
    ("未发生因政府信息公开申请行政复议、提起行政诉讼的情况。", BOTH),
    ("无因政府信息公开引起的行政复议和行政诉讼。", BOTH),
    ("信息公开方面的行政复议、行政诉讼均未发生。", BOTH),
    ("全年政府信息公开行政复议、行政诉讼均为0件。", BOTH),
    ("未收到涉及信息公开的举报、投诉、行政复议和行政诉讼。", BOTH),
    ("收到政府信息公开申请0件，办结0件，结转下年0件。", ALL),
    ("收到政府信息公开申请零件，行政复议零件。", "received=pass reconsideration=pass"),
    ("收到政府信息公开申请1件，政府信息公开行政复议1件。", "received=fail reconsideration=fail"),
]


@pytest.mark.parametrize(("text", "outcomes"), DENIALS)
def test_a_year_without_requests(text: str, outcomes: str) -> None:
    assert _outcomes(text, _tables(**NOTHING)) == _read_off(outcomes)


JINGZHOU = (
    "2024年共收到依申请公开17件，已办结16件，结转下年办结1件；因依申请公开收到行政复议1件，其中结果纠正1件，"
    "行政诉讼2件，其中结果维持2件。"
)
HUAIAN = (
    "2024 年，全市共受理政府信息公开申请3119 件，答\n复3050 件（含上年度结转申请34 件，另有103 件顺延到下年度\n答复），"
    "均在法定期限内予以答复。政府信息公开行政复议351\n件，其中结果维持72 件；政府信息公开行政诉讼46 件。"
)


def test_published_reports_hold() -> None:
    jingzhou = _tables(new=17, carried_in=0, handled=16, carried_out=1, reconsideration=1, direct_suit=2, later_suit=0)
    huaian = _tables(
        new=3119, carried_in=34, handled=3050, carried_out=103, reconsideration=351, direct_suit=26, later_suit=20
    )
    assert _outcomes(JINGZHOU, jingzhou) == _read_off(f"{ALL} {BOTH}")
    assert _outcomes(HUAIAN, huaian) == _read_off(f"{ALL} carried_in=pass {BOTH}")


def test_a_check_shows_the_number_of_the_text_and_that_of_the_table() -> None:
    checks = _checks("收到政府信息公开申请19件，办结20件。因政府信息公开发生行政诉讼5件。")
    assert checks == [
        Check("narrative.received", "total", 19, 19, "pass"),
        Check("narrative.handled", "total", 20, 18, "fail"),
        Check("narrative.suits", "total", 5, 5, "pass"),
    ]
    assert _checks("收到政府信息公开申请21件。") == [Check("narrative.received", "total", 21, 17, "fail")]


def test_thousands() -> None:
    tables = _tables(new=13119, handled=3050)
    assert _outcomes("收到政府信息公开申请13,119件，答复3，050件。", tables) == _read_off("received=pass handled=pass")


@pytest.mark.parametrize("status", ["blank", "unreadable", "absent"])
def test_a_cell_without_a_number_decides_nothing(status: Status) -> None:
    empty = _tables(status, **dict.fromkeys(TOTALS))
    text = f"{JINGZHOU}政府信息公开申请上年结转2件。"
    wanted = dict.fromkeys(
        ("received", "handled", "carried_out", "carried_in", "reconsideration", "suits"), "undecidable"
    )
    assert _outcomes(text, empty) == wanted
    assert _checks("未收到政府信息公开申请。", empty) == [Check("narrative.received", "total", 0, None, "undecidable")]


def test_a_second_reading_that_cannot_be_known_is_no_failure() -> None:
    tables = _tables("unreadable", carried_in=None)
    assert _outcomes("收到政府信息公开申请17件。", tables) == {"received": "pass"}
    assert _outcomes("收到政府信息公开申请19件。", tables) == {"received": "undecidable"}


def test_suits_with_one_blank_row() -> None:
    blank, lost = _tables(later_suit=None), _tables("unreadable", later_suit=None)
    assert _outcomes("政府信息公开行政诉讼4件。", blank) == {"suits": "pass"}
    assert _outcomes("政府信息公开行政诉讼5件。", blank) == {"suits": "undecidable"}
    assert _outcomes("政府信息公开行政诉讼4件。", lost) == {"suits": "undecidable"}


def test_checks_stand_behind_those_of_their_table_and_leave_grade_and_cells() -> None:
    tables = _tables()
    checked = check_narrative(tables, [Section(1, "一、总体情况", f"{JINGZHOU}政府信息公开申请上年结转2件。")])
    assert [[check.id for check in table.checks] for table in checked] == [
        ["before"],
        ["before", *(f"narrative.{kind}" for kind in ("received", "handled", "carried_out", "carried_in"))],
        ["before", "narrative.reconsideration", "narrative.suits"],
    ]
    assert [replace(table, checks=()) for table in checked] == [replace(table, checks=()) for table in tables]


def test_no_number_no_check() -> None:
    assert _checks("本年度各项工作平稳有序，依申请公开渠道畅通。") == []
    assert check_narrative(_tables(), []) == _tables()
    assert check_narrative([], [Section(1, "一、总体情况", JINGZHOU)]) == []


@pytest.mark.parametrize("number", [2, 5, 6])
def test_other_sections_are_not_read(number: int) -> None:
    assert _checks(JINGZHOU, number=number) == []


def test_sections_three_and_four_tell_their_own_table() -> None:
    assert _outcomes("全年共收到17件，办结17件，发生行政复议9件。", number=3) == _read_off("received=pass handled=fail")
    assert _outcomes("全年行政复议3件，行政诉讼4件，收到申请9件。", number=4) == _read_off(
        "reconsideration=pass suits=fail"
    )


def test_rows_of_a_table_left_in_the_text_are_no_sentences() -> None:
    rows = "（本列数据的勾稽关系为：第一项加第二项之和）\n本年新收政府信息公开申请数量\n21件\n0\n（七）总计\n21件"
    assert _checks(rows, number=3) == []


def test_an_earlier_year_is_not_this_one() -> None:
    text = "2024年，全县稳步推进公开。2023年共收到政府信息公开申请11件。"
    assert _checks(text) == []


@given(
    st.text(
        alphabet="收到受理申请答复办结结转下上年度行政复议诉讼其中公开未无0123,，。（）；：件起共计为的案\n",
        max_size=300,
    )
)
def test_any_text_is_read(text: str) -> None:
    for check in _checks(f"政府信息公开申请{text}"):
        assert check.outcome in {"pass", "fail", "undecidable"}


LONG = ["件1", "共计", "未复议", "收到申请1件，", "1", "（", "上年结转的", "申请", "，1件", "共", "不", "无行政复议，"]


@pytest.mark.parametrize("part", LONG)
def test_long_nonsense_costs_little(part: str) -> None:
    start = time.process_time()
    _checks(f"收到政府信息公开申请{part * 200_000}3件")
    assert time.process_time() - start < 1.0


@pytest.mark.parametrize("part", ["共计", "总数量", "申请人", "案件", "公开政府信息", "下年度结转", "均数量", "今年度"])
def test_repeated_words_do_not_multiply_the_ways_to_read_them(part: str) -> None:
    start = time.process_time()
    for opening in ("收到申请", "行政复议", "结转下年度", "无依申请", "行政诉讼未"):
        _checks(f"公开申请：{opening}{part * 30}甲3件。{opening}{part * 30}甲。")
    assert time.process_time() - start < 1.0
