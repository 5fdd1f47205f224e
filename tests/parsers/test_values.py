"""What stands in a cell: numbers with their units, marks for nothing, and everything that is neither."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.forms import Column, forms
from parsers.values import in_unit_of, is_mark, read_number


def column(form_id: str, row: str, code: str) -> Column:
    for block in forms()[form_id].tables["disclosure"].blocks:
        if row in {each.code for each in block.rows}:
            return next(each for each in block.columns if each.code == code)
    raise LookupError(row)


WAN_YUAN = column("2021", "fees", "amount")
COUNT = column("2021", "licences", "decisions")
CHANGE = column("2019", "licences", "items_change")
NO_UNIT = column("2019", "procurement", "amount")

NUMBERS = [
    ("0", "0"),
    ("17", "17"),
    ("00", "0"),
    ("1,234", "1234"),
    ("1，234", "1234"),
    ("1,234,567.89", "1234567.89"),
    ("１２３", "123"),
    ("１，２３４．５", "1234.5"),
    ("7538.66", "7538.66"),
    ("59237.2449", "59237.2449"),
    ("11398889", "11398889"),
    ("+2", "2"),
    ("-8", "-8"),
    ("－8", "-8"),
    ("−8", "-8"),
    ("＋3", "3"),
    ("12件", "12"),
    ("３项", "3"),
    ("5 件", "5"),
    ("22（其中修订 16 件）", "22"),
    ("22(其中修订16件)", "22"),
    ("  17", "17"),
    ("17\u3000", "17"),
    ("\xa017\xa0", "17"),
]


@pytest.mark.parametrize(("text", "amount"), NUMBERS)
def test_numbers(text: str, amount: str) -> None:
    printed = read_number(text)
    assert printed is not None
    assert printed.amount == Decimal(amount)


NO_NUMBERS = [
    *("", " ", "/", "-", "—", "无", "见附表", "不适用", "其他", "约20", "0以上", "近百"),
    *("1.2.3", "1,23", "12,34", "1,2345", ",123", "1,,234", ".5", "5.", "1.", "1、"),
    *("12%", "12‰", "1/2", "3:4", "1-2", "17－18", "17~18", "1 234", "1 2", "2023年", "20日"),
    *("①", "¹", "1²", "½", "Ⅳ", "㈠", "一", "十二", "(一)", "(3)", "１７件件", "件", "件3", "3 件 4 件"),
    *("--8", "+-8", "8-", "1e5", "0x10", "NaN", "inf", "∞", "1_000", "十5", "5(", "5)", "5((注))"),
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_numbers(text: str) -> None:
    assert read_number(text) is None


UNITS = [
    # text, the column, the unit of its heading, value, unit to report
    ("251000元", WAN_YUAN, "", 25.1, None),
    ("25.1万元", WAN_YUAN, "", 25.1, None),
    ("25.1 万元", WAN_YUAN, "", 25.1, None),
    ("25.1万", WAN_YUAN, "", 25.1, None),
    ("1.5亿元", WAN_YUAN, "", 15000, None),
    ("25.1", WAN_YUAN, "", 25.1, None),
    ("251000", WAN_YUAN, "元", 25.1, None),
    ("25.1万元", WAN_YUAN, "元", 25.1, None),
    ("0元", WAN_YUAN, "", 0, None),
    ("1元", WAN_YUAN, "", 0.0001, None),
    ("1,234,500元", WAN_YUAN, "", 123.45, None),
    ("12件", COUNT, "", 12, None),
    ("1.2万", COUNT, "", 12000, None),
    ("1.2万件", COUNT, "", 12000, None),
    ("3项", CHANGE, "", 3, None),
    ("-8项", CHANGE, "", -8, None),
    ("3456.78", NO_UNIT, "", 3456.78, None),
    ("3456.78万元", NO_UNIT, "", 3456.78, "万元"),
    ("34567800元", NO_UNIT, "", 34567800, "元"),
    ("3456.78", NO_UNIT, "万元", 3456.78, "万元"),
    ("34567800元", NO_UNIT, "万元", 34567800, "元"),
]


@pytest.mark.parametrize(("text", "cell", "heading", "value", "unit"), UNITS)
def test_units(text: str, cell: Column, heading: str, value: float, unit: str | None) -> None:
    printed = read_number(text)
    assert printed is not None
    assert in_unit_of(printed, cell, heading) == (value, unit)


@pytest.mark.parametrize(("text", "kind"), [("17", int), ("1,234", int), ("7538.66", float), ("1.2万件", int)])
def test_whole_numbers_are_integers(text: str, kind: type) -> None:
    printed = read_number(text)
    assert printed is not None
    value, _ = in_unit_of(printed, COUNT)
    assert type(value) is kind


MARKS = ["/", "-", "—", "－", "–", "——", "--", "无", "不适用", " / ", "／", "\u3000—\u3000"]


@pytest.mark.parametrize("text", MARKS)
def test_marks(text: str) -> None:
    assert is_mark(text)
    assert read_number(text) is None


@pytest.mark.parametrize("form_id", ["2019", "2021"])
def test_every_blank_mark_of_the_forms_is_one(form_id: str) -> None:
    assert all(is_mark(mark) for mark in forms()[form_id].blank_marks if mark)


@pytest.mark.parametrize("text", ["0", "-8", "无此项", "不", "—1—", "- 4 -", "o", "×", "见附表", "1/2", "."])
def test_no_marks(text: str) -> None:
    assert not is_mark(text)


@given(st.integers(min_value=-(10**14), max_value=10**14))
def test_every_integer_reads_as_itself_grouped_or_not(number: int) -> None:
    for text in (f"{number}", f"{number:,}"):
        printed = read_number(text)
        assert printed is not None
        assert printed.amount == number


@given(st.decimals(min_value=0, max_value=10**9, places=4))
def test_decimals_keep_every_digit(number: Decimal) -> None:
    printed = read_number(f"{number:f}")
    assert printed is not None
    assert printed.amount == number


@given(st.text())
def test_no_text_raises(text: str) -> None:
    printed = read_number(text)
    assert printed is None or not is_mark(text)
