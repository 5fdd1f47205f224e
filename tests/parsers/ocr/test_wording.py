"""Misread labels brought back to the form's own; what is none, or could be two, is left alone."""

import pytest

from parsers.ocr.wording import mended


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("(罢)其他处理", "(六)其他处理"),
        ("(匕)总计", "(七)总计"),
        ("1.属于国家秘蜜", "1.属于国家秘密"),
        ("7.属干行政热法案卷", "7.属于行政执法案卷"),
        ("结结转下年度继续办理", "四、结转下年度继续办理"),
    ],
)
def test_a_label_misread_by_a_sign_is_mended(read: str, meant: str) -> None:
    assert mended(read) == meant


@pytest.mark.parametrize(
    "text",
    [
        "(一)予以公开",
        "（三）不予公开",
        "商业企业",
        "自然人",
        "总计",
        "信息内容",
        "",
        "其他",
        "三、本年度办理结果",
        "本年制发件数",
    ],
)
def test_what_needs_no_mending_is_left(text: str) -> None:
    assert mended(text) == text
