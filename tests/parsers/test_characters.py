"""Characters as conversions leave them; every expected text is written by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.characters import clean, width

CLEANED = [
    # traditional script, also with words of Taiwan
    ("本年新收政府信息公開申請數量", "本年新收政府信息公开申请数量"),
    ("政府資訊公開工作年度報告，受理申請及處理結果", "政府信息公开工作年度报告，受理申请及处理结果"),
    ("現行有效件數、對外公開總數量與處理決定數量", "现行有效件数、对外公开总数量与处理决定数量"),
    ("因政府信息公開工作被申請行政複議、提起行政訴訟情況", "因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
    ("未經複議直接起訴，結果維持，結果糾正，尚未審結總計", "未经复议直接起诉，结果维持，结果纠正，尚未审结总计"),
    ("因政府資訊公開工作被申請行政覆議、提起行政訴訟", "因政府信息公开工作被申请行政复议、提起行政诉讼"),
    # names that a conversion corrupts
    ("乾縣2023年政府信息公開工作年度報告", "乾县2023年政府信息公开工作年度报告"),
    ("乾安縣2023年政府信息公開工作年度報告", "乾安县2023年政府信息公开工作年度报告"),
    ("乾县2023年政府信息公开工作年度报告", "乾县2023年政府信息公开工作年度报告"),
    ("乾安县2023年政府信息公开工作年度报告", "乾安县2023年政府信息公开工作年度报告"),
    # pinyin beside the characters
    ("发(fā)布(bù)日期", "发布日期"),
    ("總計(jì)：關(guān)於政府信息公開(kāi)的報(bào)告", "总计：关于政府信息公开的报告"),
    ("发（fā）布", "发布"),
    ("公开(gong kai)情况", "公开情况"),
    ("行政(xíng zhèng)许可", "行政许可"),
    ("公(gong)(gong)(gong)开", "公开"),
    ("办(bàn)(bàn)理", "办理"),
    ("女(nǚ)绿(lǜ)", "女绿"),
    # what stands in parentheses and is no pinyin
    ("(一)予以公开", "(一)予以公开"),
    ("第二十条第(一)项", "第二十条第(一)项"),
    ("本年收費總額(單位:萬元)與處理數量", "本年收费总额(单位:万元)与处理数量"),
    ("(国办公开办函〔2021〕30号)", "(国办公开办函〔2021〕30号)"),
    ("(國辦公開辦函〔2021〕30號)關於報告", "(国办公开办函〔2021〕30号)关于报告"),
    ("统计(2023)年", "统计(2023)年"),
    ("网站(www.qinghe.gov.cn)", "网站(www.qinghe.gov.cn)"),
    ("负责人(A)", "负责人(A)"),
    # radicals of PDF fonts
    ("⾏政许可", "行政许可"),
    ("⼀、总体情况", "一、总体情况"),
    ("⺠政局", "民政局"),
    ("本⽉⽇", "本月日"),
    # inserted signs, lost blanks, doubled punctuation
    ("★一、总★体◆情■况", "一、总体情况"),
    ("总计\u200b数\ufeff", "总计数"),
    ("一、??总体情况", "一、 总体情况"),
    ("受理，，办结。。", "受理，办结。"),
    ("行政复议、、行政诉讼", "行政复议、行政诉讼"),
    # nothing to do
    ("", ""),
    ("本年收费金额(单位:万元)", "本年收费金额(单位:万元)"),
    ("3.危及“三安全一稳定”", "3.危及“三安全一稳定”"),
    ("1,234.50", "1,234.50"),
    ("……", "……"),
]


@pytest.mark.parametrize(("text", "cleaned"), CLEANED)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(("text", "cleaned"), CLEANED)
def test_cleaning_what_is_clean_changes_nothing(text: str, cleaned: str) -> None:
    assert clean(cleaned) == cleaned


ALPHABET = "政公開關總計發fāgong()（）　 ??,,，，。★◆⾏⺠12.5\n\t乾縣"


@given(st.text(ALPHABET) | st.text())
def test_the_number_of_lines_never_changes(text: str) -> None:
    assert clean(text).count("\n") == text.count("\n")


@given(st.text("一二三总计公开12345.|-/ \n"))
def test_simplified_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text


FOLDED = [
    ("１２３", "123"),
    ("１，２３４．５", "1,234.5"),
    ("（一）", "(一)"),
    ("㈠", "(一)"),
    ("：", ":"),
    ("　17　", "17"),
    ("\xa017\xa0", "17"),
    ("总计", "总计"),
    ("⼀", "一"),
]


@pytest.mark.parametrize(("text", "folded"), FOLDED)
def test_width(text: str, folded: str) -> None:
    assert width(text) == folded
