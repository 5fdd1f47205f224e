"""Numbers as they are printed: separators, full-width digits, units, notes, padding, signs."""

from decimal import Decimal
from random import Random

from tests.zoo.statute import Line
from tests.zoo.truths import Number

WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def plain(value: Number) -> str:
    """Return the number as digits, never with an exponent: 7538.66, -8, 0."""
    return format(Decimal(repr(value)), "f")


def _grouped(value: Number) -> str:
    return format(Decimal(repr(value)), ",f")


def _with_unit(value: Number, column: Line, rng: Random) -> str:
    if column.unit == "万元":
        yuan = Decimal(repr(value)) * 10_000
        return (
            rng.choice((f"{yuan:f}".removesuffix(".0"), f"{int(yuan)}")) + "元"
            if rng.random() < 0.5
            else f"{plain(value)}万元"
        )
    return plain(value) + (column.unit or rng.choice(("元", "万元")))


def _ten_thousands(value: Number, column: Line) -> str:
    if isinstance(value, int) and value >= 1_000 and value % 100 == 0 and column.unit == "件":
        return f"{plain(value / 10_000).rstrip('0').rstrip('.')}万"
    return plain(value)


def _with_note(value: Number) -> str:
    part = int(abs(value) * 0.7)
    return (
        f"{plain(value)}（其中修订{'' if part % 2 else ' '}{part}{'' if part % 2 else ' '}件）"
        if value
        else plain(value)
    )


def _decimals(value: Number, column: Line) -> str:
    return f"{value:.2f}" if column.type == "decimal" and value == round(value, 2) else plain(value)


def _padded(value: Number, rng: Random) -> str:
    pad = rng.choice((" ", "  ", "\u3000", " " * 29))
    return pad + plain(value) + rng.choice(("", " ", "  "))


def printed(value: Number, column: Line, name: str, rng: Random) -> str:
    """Return the number in the format of that name (see FORMATS)."""
    texts = {
        "comma": lambda: _grouped(value),
        "wide-comma": lambda: _grouped(value).replace(",", "，"),
        "full-width": lambda: plain(value).translate(WIDE),
        "unit": lambda: _with_unit(value, column, rng),
        "ten-thousands": lambda: _ten_thousands(value, column),
        "note": lambda: _with_note(value) if rng.random() < 0.2 else plain(value),
        "decimals": lambda: _decimals(value, column),
        "padded": lambda: _padded(value, rng),
        "signed": lambda: f"{'+' if value > 0 else ''}{plain(value)}" if column.type == "signed int" else plain(value),
        "plain": lambda: plain(value),
    }
    return texts[name]()


FORMATS = ("comma", "wide-comma", "full-width", "unit", "ten-thousands", "note", "decimals", "padded", "signed")
