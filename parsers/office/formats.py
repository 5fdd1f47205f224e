"""Number formats of sheets: a stored number as the sheet displays it (ECMA-376 part 1, 18.8.30 and 18.8.31)."""

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

BUILT_IN = {
    **dict(enumerate(("General", "0", "0.00", "#,##0", "#,##0.00"))),
    **dict(zip((9, 10, 49), ("0%", "0.00%", "@"), strict=True)),
    **dict.fromkeys((37, 38), "#,##0;-#,##0"),
    **dict.fromkeys((39, 40), "#,##0.00;-#,##0.00"),
    **dict.fromkeys((14, 15, 16, 17, 22, *range(27, 32), 34, 35, 36, *range(50, 59)), "yyyy-mm-dd"),
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 45, 46, 47), "hh:mm"),
}
_ASIDE = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"(?P<whole>[#0?](?:[#0?,]*[#0?])?)(?:\.(?P<places>[#0?]+))?(?P<thousands>,*)")
_DATE = re.compile(r"[ymdhs年月日时]", re.IGNORECASE)
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)
_LAST_DAY = 2_958_466
_LARGEST = Decimal(10) ** 15


def displayed(stored: str, code: str, *, from_1904: bool = False) -> str:
    """Return a stored number as text in a format; a format that is not known shows it as General does.

    General shows at most 15 digits, as many as a sheet computes with.
    """
    try:
        number = Decimal(stored)
    except InvalidOperation:
        return stored
    if not number.is_finite() or abs(number) >= _LARGEST:
        return stored
    sections = _sections(code)
    section = sections[0]
    if number < 0 and len(sections) > 1:
        section, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    bare = _ASIDE.sub("", section)
    if not section:
        return ""
    if "general" in bare.lower() or bare.strip() == "@":
        return _general(number)
    if _DATE.search(bare):
        return _date(number, from_1904=from_1904)
    return _patterned(number, section, bare)


def _sections(code: str) -> list[str]:
    """Cut a format at its semicolons, those in quotes aside."""
    parts, quoted = [""], False
    for sign in code:
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def _general(number: Decimal) -> str:
    text = f"{float(number):.15g}"
    return format(Decimal(text), "f") if "e" in text else text


def _patterned(number: Decimal, section: str, bare: str) -> str:
    pattern = _DIGITS.search(bare)
    if pattern is None:
        return _literal(section) or _general(number)
    if "E" in bare or "/" in bare:
        return _general(number)
    places = pattern["places"] or ""
    shown = (number * 100 if "%" in bare else number).scaleb(-3 * len(pattern["thousands"]))
    rounded = shown.quantize(Decimal(1).scaleb(-len(places)), ROUND_HALF_UP)
    text = format(rounded, ",f" if "," in pattern["whole"] else "f")
    spare = len(places) - len(places.rstrip("#"))
    while spare and text.endswith("0"):
        text, spare = text[:-1], spare - 1
    before, after = section.split(pattern[0][0], 1)[0], section.rsplit(pattern[0][-1], 1)[-1]
    return f"{_literal(before)}{text.removesuffix('.')}{_literal(after)}"


def _literal(part: str) -> str:
    """Return what a part of a format prints as it stands."""
    return _ASIDE.sub(lambda found: found[1] or found[2] or "", part)


def _date(number: Decimal, *, from_1904: bool) -> str:
    if not 0 <= number < _LAST_DAY:
        return _general(number)
    moment = (_EPOCH_1904 if from_1904 else _EPOCH) + timedelta(days=float(number))
    return moment.strftime("%H:%M") if number < 1 else moment.strftime("%Y-%m-%d")
