"""Number formats show a number as a sheet does."""

import pytest

from parsers.office.formats import displayed


@pytest.mark.parametrize(
    ("stored", "code", "shown"),
    [
        ("25", "General", "25"),
        ("25.0", "General", "25"),
        ("25.10", "General", "25.1"),
        ("0.1", "General", "0.1"),
        ("59237.244900000005", "General", "59237.2449"),
        ("123456789012", "General", "123456789012"),
        ("0.00001", "General", "0.00001"),
        ("-3", "General", "-3"),
        ("25", "0.00", "25.00"),
        ("25.125", "0.00", "25.13"),
        ("1234.5", "#,##0", "1,235"),
        ("1234.5", "#,##0.0", "1,234.5"),
        ("25.10", "0.0#", "25.1"),
        ("12", '0"件"', "12件"),
        ("12", "0_ ", "12"),
        ("-12", "0_);[Red](0)", "(12)"),
        ("-12", "0", "-12"),
        ("-12", "#,##0_ ;[红色]-#,##0 ", "-12 "),
        ("0.25", "0%", "25%"),
        ("0", '0;-0;"无"', "无"),
        ("0", "0;-0;", ""),
        ("7", "@", "7"),
        ("45689", "yyyy/m/d", "2025-02-01"),
        ("45689", 'yyyy"年"m"月"d"日"', "2025-02-01"),
        ("12000", "0.0,", "12.0"),
        ("3.5", "# ?/?", "3.5"),
        ("1E+300", "0", "1E+300"),
        ("NaN", "0", "NaN"),
        ("abc", "0", "abc"),
    ],
)
def test_a_number_shows_as_the_format_says(stored: str, code: str, shown: str) -> None:
    assert displayed(stored, code) == shown


def test_dates_are_counted_from_the_workbooks_own_first_day() -> None:
    assert displayed("44227", "yyyy-mm-dd", from_1904=True) == "2025-02-01"
