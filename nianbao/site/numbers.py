"""Numbers as they stand on a page."""

from nianbao.site.indicators import Indicator

_DECIMALS = 4


def thousands(value: float) -> str:
    """Write a number with separators and as many decimals as it has, four at most: 12,345.6."""
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.{_DECIMALS}f}".rstrip("0").rstrip(".")


def shown(value: float, indicator: Indicator) -> str:
    """Write a value of an indicator: rates to one decimal, everything else as it is."""
    return f"{value:,.1f}" if indicator.kind == "rate" else thousands(value)


def exact(value: float) -> int | float:
    """Return a number as it goes into a data file: whole ones as integers, others to ten digits."""
    return int(value) if value == int(value) else float(f"{value:.10g}")
