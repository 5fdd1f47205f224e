"""Decoding: bytes made by Python's codecs from texts that are known, declared rightly, wrongly or not at all."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.decode import decode

SIMPLIFIED = "靖州县2024年政府信息公开工作年度报告"
TRADITIONAL = "政府信息公開工作年度報告，收到和處理申請的情況"
RARE = "佳县螅镇、垚𠮷镕"  # GB18030 has these, GB2312 does not


def html(text: str, charset: str | None, encoding: str) -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">' if charset else ""
    return f"<html><head>{meta}<title>{text}</title></head><body>{text}</body></html>".encode(encoding)


# what it is, text, encoding of the bytes, declared in the meta element, declared by the server
PAGES = [
    ("utf-8 declared", SIMPLIFIED, "utf-8", "utf-8", None),
    ("utf-8 not declared", SIMPLIFIED, "utf-8", None, None),
    ("utf-8 declared by the server", SIMPLIFIED, "utf-8", None, "text/html; charset=utf-8"),
    ("utf-8 declared as gbk", SIMPLIFIED, "utf-8", "gbk", None),
    ("utf-8 declared as gb2312 by the server", SIMPLIFIED, "utf-8", "utf-8", "text/html;charset=gb2312"),
    ("gb2312", SIMPLIFIED, "gb2312", "gb2312", None),
    ("gbk declared as gb2312", RARE.replace("𠮷", ""), "gbk", "gb2312", None),
    ("gb18030 declared as gb2312", RARE, "gb18030", "gb2312", None),
    ("gbk declared in capitals and quotes", SIMPLIFIED, "gbk", "GBK", None),
    ("gbk declared as utf-8", SIMPLIFIED, "gbk", "utf-8", None),
    ("gbk, and the server says utf-8", SIMPLIFIED, "gbk", "gbk", "text/html; charset=UTF-8"),
    ("gb18030 not declared", RARE, "gb18030", None, None),
    ("big5 declared", TRADITIONAL, "big5", "big5", None),
    ("big5 declared by the server", TRADITIONAL, "big5", None, 'text/html; charset="Big5"'),
    ("a charset that does not exist", SIMPLIFIED, "utf-8", "utf-88", None),
    ("a codec that is not one of text", SIMPLIFIED, "utf-8", "hex", None),
    ("nothing but ASCII", "annual report", "ascii", None, None),
]


@pytest.mark.parametrize(
    ("text", "encoding", "meta", "header"), [page[1:] for page in PAGES], ids=[p[0] for p in PAGES]
)
def test_pages_are_read_as_they_were_written(text: str, encoding: str, meta: str | None, header: str | None) -> None:
    body = html(text, meta, encoding)
    assert decode(body, header) == body.decode(encoding)
    assert f"<title>{text}</title>" in decode(body, header)


@pytest.mark.parametrize(
    "body",
    [
        codecs.BOM_UTF8 + SIMPLIFIED.encode(),
        codecs.BOM_UTF16_LE + SIMPLIFIED.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + SIMPLIFIED.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-16 little endian", "utf-16 big endian"],
)
@pytest.mark.parametrize("header", [None, "text/plain; charset=gbk"])
def test_a_byte_order_mark_wins_and_is_no_part_of_the_text(body: bytes, header: str | None) -> None:
    assert decode(body, header) == SIMPLIFIED


def test_a_page_of_markup_with_a_few_characters_of_gbk() -> None:
    filler = "<div class='row'><span>0</span><span>17</span></div>\n" * 400
    body = html(filler + "总计", None, "gbk")
    assert "总计" in decode(body)


@pytest.mark.parametrize(("encoding", "charset"), [("utf-8", "utf-8"), ("gb18030", "gb2312")])
def test_broken_bytes_cost_little_of_the_rest(encoding: str, charset: str) -> None:
    whole = html(SIMPLIFIED * 20 + "<p>第二十条</p>", charset, encoding)
    at = whole.rindex(b"</title>")
    text = decode(whole[:at] + b"\xff" + whole[at:])
    assert "<p>第二十条</p>" in text
    assert SIMPLIFIED * 19 in text


@given(st.text())
def test_utf_8_without_a_declaration_is_itself(text: str) -> None:
    body = text.encode("utf-8", errors="ignore")
    if not body.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and b"charset" not in body:
        assert decode(body) == body.decode("utf-8")


@given(st.binary(max_size=400), st.none() | st.text(max_size=40))
def test_any_bytes_give_a_text(body: bytes, header: str | None) -> None:
    assert isinstance(decode(body, header), str)
