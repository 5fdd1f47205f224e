"""Documents of monstrous size or shape, each made by a function so that none is kept."""

from collections.abc import Callable

MEGABYTE = 1_000_000
LABEL = "一、本年新收政府信息公开申请数量"


def _filled(piece: str, size: int) -> bytes:
    encoded = piece.encode()
    return encoded * (size // len(encoded))


def nested_tables() -> bytes:
    """10 MB of tables in tables."""
    return _filled("<table><tr><td>", 10 * MEGABYTE)


def nested_full_tables() -> bytes:
    """Tables in tables, each with a row of the form, closed."""
    row = f"<table><tr><td>{LABEL}</td><td>1</td><td>"
    return (row * 2_000 + "</td></tr></table>" * 2_000).encode()


def million_cells() -> bytes:
    """A table of a thousand rows of a thousand cells."""
    row = "<tr>" + "<td>1</td>" * 1_000 + "</tr>"
    return f"<html><body><table>{row * 1_000}</table></body></html>".encode()


def many_tables() -> bytes:
    """A hundred thousand tables of one row of the form."""
    return _filled(f"<table><tr><td>{LABEL}</td><td>1</td></tr></table>", 10 * MEGABYTE)


def one_line() -> bytes:
    """10 MB of one line of text."""
    return _filled("政府信息公开申请 12 ", 10 * MEGABYTE)


def one_line_of_digits() -> bytes:
    """10 MB of one number."""
    return b"7" * (10 * MEGABYTE)


def brackets() -> bytes:
    """5 MB of opening brackets."""
    return b"(" * (5 * MEGABYTE)


def wide_brackets() -> bytes:
    """5 MB of full-width brackets behind a Han character."""
    return _filled("公（", 5 * MEGABYTE)


def commas() -> bytes:
    """5 MB of commas on one line."""
    return b"1," * (5 * MEGABYTE // 2)


def pinyin() -> bytes:
    """5 MB of annotations."""
    return _filled("公(gōng)(gong)(", 5 * MEGABYTE)


def spans() -> bytes:
    """Cells that span a hundred thousand rows and columns each."""
    cell = f"<td rowspan=100000 colspan=100000>{LABEL}</td>"
    return f"<table>{('<tr>' + cell * 10 + '</tr>') * 1_000}</table>".encode()


def long_span() -> bytes:
    """A span of a number of a million digits."""
    return b"<table><tr><td colspan=" + b"9" * MEGABYTE + b">1</td></tr></table>"


def deep_divisions() -> bytes:
    """A million nested elements."""
    return _filled("<div>", 5 * MEGABYTE)


def deep_inlines() -> bytes:
    """Half a million nested elements inside a cell."""
    return f"<table><tr><td>{LABEL}</td><td>".encode() + b"<span>" * 500_000 + b"1"


def blank_lines() -> bytes:
    """5 MB of blank lines behind a label."""
    return LABEL.encode() + b"\n" * (5 * MEGABYTE)


def labels() -> bytes:
    """Two hundred thousand times the first label of table 3, each on its line."""
    return _filled(f"{LABEL}\n1\n", 5 * MEGABYTE)


def titles() -> bytes:
    """A hundred thousand titles and headings."""
    return _filled("清河县2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n四、行政复议\n", 5 * MEGABYTE)


def pipes() -> bytes:
    """5 MB of pipes."""
    return b"|" * (5 * MEGABYTE)


def attributes() -> bytes:
    """An element of a million attributes."""
    return b"<td " + b"a=b " * MEGABYTE + b">"


def comments() -> bytes:
    """5 MB of comments left open."""
    return _filled("<!-- <meta charset=", 5 * MEGABYTE)


MONSTERS: tuple[Callable[[], bytes], ...] = (
    *(nested_tables, nested_full_tables, million_cells, many_tables, one_line, one_line_of_digits, brackets),
    *(wide_brackets, commas, pinyin, spans, long_span, deep_divisions, deep_inlines, blank_lines, labels, titles),
    *(pipes, attributes, comments),
)
