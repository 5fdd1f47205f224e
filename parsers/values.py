"""What stands in a cell: a number with its unit, a blank mark, or something else.

Number formats, marks and units are those seen in published reports; what is not clearly a number is never read as one.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from parsers.characters import width
from parsers.forms import Column
from parsers.report import Number

_GROUPED = r"\d{1,3}(?:,\d{3})+"
_NUMBER = re.compile(
    rf"""(?P<sign>[+\-−–]?)\s?(?P<digits>{_GROUPED}|\d{{1,15}})(?P<fraction>\.\d{{1,10}})?
         \s?(?P<unit>亿元|万元|元|亿|万(?:[件项条宗次个人])?|[件项条宗次个])?
         \s?(?P<note>\([^()]*\))?""",
    re.VERBOSE,
)
_SIGNS_LIKE_DIGITS = re.compile(r"[²³¹⁰-₉①-⓿❶-➓㈠-㉃㉑-㉟㊀-㊿½¼¾⅐-↉]")
_MINUS = ("-", "−", "–")
_MARK = re.compile(r"[-−–—―─_/\\]+|无|不适用")
_YUAN = {"元": 1, "万元": 10_000, "万": 10_000, "亿元": 100_000_000, "亿": 100_000_000}
_COUNTED = {"万": 10_000, "亿": 100_000_000}


@dataclass(frozen=True, slots=True)
class Printed:
    """A number as printed: its amount, and the unit beside it ("" where there is none)."""

    amount: Decimal
    unit: str
    plain: Number


@lru_cache(maxsize=16_384)
def read_number(text: str) -> Printed | None:
    """Read a cleaned text as a number, None if it is not one and nothing else.

    Reads 1,234 and 1，234, full-width digits, decimals, signs, a unit behind (251000元, 12件, 1.2万) and a note in
    parentheses (22（其中修订 16 件）).
    """
    if _SIGNS_LIKE_DIGITS.search(text):
        return None
    plain = width(text)
    if plain.isdecimal() and len(plain) <= 15:
        return Printed(Decimal(plain), "", int(plain))
    match = _NUMBER.fullmatch(plain)
    if not match:
        return None
    digits = match["digits"].replace(",", "") + (match["fraction"] or "")
    amount = -Decimal(digits) if match["sign"] in _MINUS else Decimal(digits)
    return Printed(amount, match["unit"] or "", float(amount) if match["fraction"] else int(amount))


def ungrouped(text: str) -> str:
    """Return a number without what parts its thousands, be that commas or what a scan leaves of them, points."""
    return text.replace(",", "").replace(".", "")


@lru_cache(maxsize=4096)
def is_mark(text: str) -> bool:
    """Say whether a cleaned text is one of the marks that stand for a blank (/, -, —, 无, 不适用)."""
    return _MARK.fullmatch(width(text)) is not None


def in_unit_of(printed: Printed, column: Column, header_unit: str = "") -> tuple[Number, str | None]:
    """Convert a printed number to the column's unit, where the form states one.

    `header_unit` is a unit that the column's own heading prints (单位:元). Returns the value and the unit to report:
    None where the form states one, else the printed unit or None.
    """
    unit = printed.unit or header_unit
    if not unit or not column.unit:
        return printed.plain, unit or None
    if column.unit in _YUAN:
        return _scaled(printed, Decimal(_YUAN.get(unit, _YUAN[column.unit])) / _YUAN[column.unit]), None
    return _scaled(printed, Decimal(_COUNTED.get(unit[0], 1))), None


def _scaled(printed: Printed, factor: Decimal) -> Number:
    if factor == 1:
        return printed.plain
    amount = printed.amount * factor
    return int(amount) if amount == amount.to_integral_value() else float(amount)
