"""Numbers that nobody typed stand before their paragraphs as Word writes them."""

import pytest

from parsers.office.numbering import counted, written
from parsers.office.word import read_docx
from tests.parsers.office.made import WORD, docx, p, tbl, tc


def level(number: int, style: str, text: str, start: int = 1) -> str:
    shown = f'<w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/>'
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/>{shown}</w:lvl>'


HEADINGS = (
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "japaneseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimal", "%3.%4"),
)
RESTART = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
NUMBERING = (
    f"<w:numbering {WORD}>"
    f'<w:abstractNum w:abstractNumId="0">{"".join(HEADINGS)}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{level(0, "bullet", "●")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    f'<w:num w:numId="3"><w:abstractNumId w:val="0"/>{RESTART}</w:num>'
    "</w:numbering>"
)
STYLES = (
    f'<w:styles {WORD}><w:style w:styleId="h"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    '<w:style w:styleId="i"><w:basedOn w:val="h"/></w:style>'
    '<w:style w:styleId="loop"><w:basedOn w:val="loop"/></w:style></w:styles>'
)


def numbered(number: int, depth: int = 0) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def texts(*paragraphs: str) -> list[str]:
    parts = {"numbering.xml": NUMBERING, "styles.xml": STYLES}
    return [line.text for line in read_docx(docx("".join(paragraphs), parts))[0].lines()]


def test_levels_count_for_themselves_and_start_over_under_a_new_heading() -> None:
    found = texts(
        p("总体", numbered(1)),
        p("主动", numbered(1, 1)),
        p("申请", numbered(1, 1)),
        p("子", numbered(1, 2)),
        p("孙", numbered(1, 3)),
        p("情况", numbered(1)),
        p("再", numbered(1, 1)),
    )
    assert found == ["一、总体", "（一）主动", "（二）申请", "1.子", "1.1孙", "二、情况", "（一）再"]


def test_text_between_does_not_stop_the_count_and_a_bullet_is_no_number() -> None:
    assert texts(p("甲", numbered(1)), p("文"), p("点", numbered(2)), p("乙", numbered(1))) == [
        "一、甲",
        "文",
        "点",
        "二、乙",
    ]


def test_an_instance_of_its_own_starts_where_it_says() -> None:
    assert texts(p("甲", numbered(1)), p("乙", numbered(3)), p("丙", numbered(3))) == ["一、甲", "五、乙", "六、丙"]


def test_styles_number_and_a_paragraph_can_take_it_back() -> None:
    found = texts(
        p("甲", '<w:pStyle w:val="h"/>'),
        p("乙", '<w:pStyle w:val="i"/>'),
        p("丙", f'<w:pStyle w:val="h"/>{numbered(0)}'),
        p("丁", '<w:pStyle w:val="loop"/>'),
    )
    assert found == ["一、甲", "二、乙", "丙", "丁"]


def test_a_generated_number_never_joins_a_typed_one() -> None:
    body = tbl(tc("甲") + tc(p("0", numbered(1, 2))))
    page = read_docx(docx(body, {"numbering.xml": NUMBERING}))[0]
    (grid,) = page.blocks
    assert grid.rows[0][1].raw == "1. 0"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (0, "0"),
    ],
)
def test_numbers_are_counted_as_chinese_does(number: int, text: str) -> None:
    assert counted(number) == text


@pytest.mark.parametrize(
    ("style", "number", "text"),
    [
        ("decimal", 7, "7"),
        ("decimalZero", 7, "07"),
        ("upperRoman", 14, "XIV"),
        ("lowerLetter", 28, "bb"),
        ("decimalEnclosedCircle", 3, "③"),
        ("decimalEnclosedCircle", 21, "21"),
        ("ideographDigital", 10, "一〇"),
        ("ideographTraditional", 3, "丙"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("none", 4, ""),
        ("nobodyKnows", 4, "4"),
    ],
)
def test_formats_write_as_the_standard_says(style: str, number: int, text: str) -> None:
    assert written(number, style) == text
