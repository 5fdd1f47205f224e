"""Labels and headings: what is the same whatever its numbering, and what is none of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.labels import key, section_of
from tests.zoo.statute import FORMS, form

SAME = [
    ("1.属于国家秘密", "1、属于国家秘密", "１．属于国家秘密", "１、 属于国家秘密", "属于国家秘密", "属于 国家 秘密"),
    ("3.其他", "3.其它", "3、其他", "其 他"),
    ("总计", "合计", "总 计", "总\u3000计"),
    ("3.危及“三安全一稳定”", "危及三安全一稳定", '3.危及"三安全一稳定"', "3.危及「三安全一稳定」"),
    ("2.其他法律行政法规禁止公开", "其他法律、行政法规禁止公开"),
    ("(二)部分公开(区分处理的,只计这一情形,不计其他情形)", "(二)部分公开（区分处理的，只计这一情形，不计其他情形）"),
    ("本年收费金额(单位:万元)", "本年收费金额（单位：万元）"),
    ("第二十条第(一)项", "第二十条第（一）项", "第二十条第㈠项", "第二十条第(一项)"),
]


@pytest.mark.parametrize("texts", SAME, ids=lambda texts: str(texts[0]))
def test_one_label_has_one_key_however_it_is_printed(texts: tuple[str, ...]) -> None:
    assert len({key(text) for text in texts}) == 1


def test_different_rows_of_a_form_have_different_keys() -> None:
    for form_id in FORMS:
        for table in ("disclosure", "requests", "appeals"):
            labels = [row.label for block in form(form_id).blocks[table] for row in block.rows]
            assert len({key(label) for label in labels}) == len(labels)


@given(st.text())
def test_any_text_has_a_key_of_han_characters_only(text: str) -> None:
    assert all("㐀" <= character <= "鿿" for character in key(text))


HEADINGS = [
    (1, "一、总体情况"),
    (1, "一、 总体情况"),
    (1, "一、总体工作情况"),
    (1, "总体情况"),
    (2, "二、主动公开政府信息情况"),
    (2, "二、行政机关主动公开政府信息情况"),
    (2, "（二、主动公开政府信息情况"[1:]),
    (2, "2.主动公开政府信息情况"),
    (2, "2、主动公开政府信息情况"),
    (2, "三、主动公开政府信息情况"),
    (2, "第二部分 主动公开政府信息情况"),
    (3, "三、收到和处理政府信息公开申请情况"),
    (3, "三、收到和处理政府信息公开申请的情况"),
    (3, "四、收到和处理政府信息公开申请情况"),
    (3, "收到和处理政府信息公开申请情况"),
    (4, "四、政府信息公开行政复议、行政诉讼情况"),
    (4, "四、因政府信息公开工作被申请行政复议、提起行政诉讼情况"),
    (4, "四、政府信息公开行政复议行政诉讼情况"),
    (5, "五、存在的主要问题及改进情况"),
    (5, "五、政府信息公开工作存在的主要问题及改进情况"),
    (5, "五、存在问题及改进情况"),
    (6, "六、其他需要报告的事项"),
    (6, "六、需要报告的其他事项"),
    (6, "六、其他需要报告的事项："),
]


@pytest.mark.parametrize(("number", "text"), HEADINGS)
def test_headings_of_sections(number: int, text: str) -> None:
    assert section_of(text) == number


@pytest.mark.parametrize("form_id", FORMS)
def test_every_label_and_variant_of_the_forms_is_a_heading(form_id: str) -> None:
    for number, labels in form(form_id).sections.items():
        for label in labels:
            assert section_of(label) == number
            assert section_of(f"{'一二三四五六'[number - 1]}、{label}") == number


NO_HEADINGS = [
    "",
    "(一)主动公开政府信息情况",
    "（二）收到和处理政府信息公开申请情况",
    "㈢存在的主要问题",
    "本年度收到和处理政府信息公开申请情况如下表。",
    "主动公开政府信息情况良好，全年发布各类信息一千余条，较上年增长百分之十；",
    "一、本年新收政府信息公开申请数量",
    "三、本年度办理结果",
    "四、结转下年度继续办理",
    "二、上年结转政府信息公开申请数量",
    "行政复议",
    "其他",
    "清河县2023年政府信息公开工作年度报告",
    "17",
]


@pytest.mark.parametrize("text", NO_HEADINGS)
def test_no_headings(text: str) -> None:
    assert section_of(text) is None


@given(st.text())
def test_any_text_is_one_of_six_headings_or_none(text: str) -> None:
    assert section_of(text) in {None, 1, 2, 3, 4, 5, 6}
