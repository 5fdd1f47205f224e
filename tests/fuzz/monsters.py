"""Documents of monstrous size or shape, each made by a function so that none is kept."""

from collections.abc import Callable

MEGABYTE = 1_000_000
SIZES = (10 * MEGABYTE, 3 * MEGABYTE, MEGABYTE, 140_000)
"""The largest that is tried, and sizes below the bounds of a reader that refuses what is too large."""

LABEL = "一、本年新收政府信息公开申请数量"
ROW = f"<tr><td>{LABEL}</td><td>1</td></tr>"
Monster = Callable[[int], bytes]


def _filled(piece: str, size: int) -> bytes:
    encoded = piece.encode()
    return encoded * (size // len(encoded))


def nested_tables(size: int) -> bytes:
    """Tables in tables, never closed."""
    return _filled("<table><tr><td>", size)


def nested_full_tables(size: int) -> bytes:
    """Tables in tables, each with a row of the form, closed."""
    row, end = f"<table>{ROW}<tr><td>", "</td></tr></table>"
    times = size // len((row + end).encode())
    return (row * times + end * times).encode()


def million_cells(size: int) -> bytes:
    """A table of rows of a thousand cells."""
    return b"<table>" + _filled("<tr>" + "<td>1</td>" * 1_000 + "</tr>", size) + b"</table>"


def heading_cells(size: int) -> bytes:
    """The same of heading cells in capital letters."""
    return b"<TABLE>" + _filled("<TR>" + "<TH>1</TH>" * 1_000 + "</TR>", size) + b"</TABLE>"


def many_tables(size: int) -> bytes:
    """Tables of one row of the form, one after the other."""
    return _filled(f"<table>{ROW}</table>", size)


def many_capital_tables(size: int) -> bytes:
    """The same in capital letters."""
    return _filled(f"<TABLE>{ROW.upper()}</TABLE>", size)


def one_line(size: int) -> bytes:
    """One line of text."""
    return _filled("政府信息公开申请 12 ", size)


def long_lines(size: int) -> bytes:
    """Lines of 190,000 characters."""
    return _filled("政府信息公开申请 12 " * 15_000 + "\n", size)


def one_number(size: int) -> bytes:
    """A number of as many digits."""
    return b"7" * size


def brackets(size: int) -> bytes:
    """Opening brackets."""
    return b"(" * size


def lines_of_brackets(size: int) -> bytes:
    """Lines of 10,000 opening brackets behind a label."""
    return _filled(LABEL + "(" * 10_000 + "\n", size)


def wide_brackets(size: int) -> bytes:
    """Full-width brackets behind a Han character."""
    return _filled("公（", size)


def commas(size: int) -> bytes:
    """A number grouped without end."""
    return _filled("1,", size)


def pinyin(size: int) -> bytes:
    """Annotations, some never closed."""
    return _filled("公(gōng)(gong)(", size)


def lines_of_pinyin(size: int) -> bytes:
    """The same on lines."""
    return _filled("公(gōng gōng gōng)(gong\n", size)


def spans(size: int) -> bytes:
    """Cells that span a hundred thousand rows and columns each."""
    cell = f"<td rowspan=100000 colspan=100000>{LABEL}</td>"
    return b"<table>" + _filled(f"<tr>{cell * 10}</tr>", size) + b"</table>"


def long_span(size: int) -> bytes:
    """A span given by a number of as many digits."""
    return b"<table><tr><td colspan=" + b"9" * size + b">1</td></tr></table>"


def deep_divisions(size: int) -> bytes:
    """Nested elements."""
    return _filled("<div>", size)


def deep_divisions_with_stray_ends(size: int) -> bytes:
    """Nested elements, each with the end of one that was never begun."""
    return _filled("<div></x>", size)


def deep_unknown_elements(size: int) -> bytes:
    """Nested elements that HTML does not know."""
    return _filled("<x>", size)


def deep_inlines(size: int) -> bytes:
    """Nested elements inside a cell."""
    return f"<table><tr><td>{LABEL}</td><td>".encode() + _filled("<span>", size) + b"1"


def misnested_formatting(size: int) -> bytes:
    """Formatting elements that paragraphs cut: the standard has them opened again and again."""
    return _filled("<p><b><i><font color=red>1", size)


def blank_lines(size: int) -> bytes:
    """Blank lines behind a label."""
    return LABEL.encode() + b"\n" * size


def breaks(size: int) -> bytes:
    """Line breaks behind a label."""
    return f"<p>{LABEL}".encode() + _filled("<br>", size)


def labels(size: int) -> bytes:
    """The first label of table 3 and a number, again and again."""
    return _filled(f"{LABEL}\n1\n", size)


def label_soup(size: int) -> bytes:
    """Labels of several tables on one line, again and again."""
    return _filled("总计其他行政复议规章总计其他处理(七)总计\n7\n", size)


def misprinted_labels(size: int) -> bytes:
    """Labels that are nearly those of the form, behind one that is."""
    return f"{LABEL}\n1\n2\n".encode() + _filled("要求行政机关再次出具已获信息\n1\n", size)


def titles(size: int) -> bytes:
    """Titles and headings."""
    return _filled(
        "清河县2023年政府信息公开工作年度报告\n二、主动公开政府信息情况\n四、政府信息公开行政复议、行政诉讼情况\n", size
    )


def unfinished_titles(size: int) -> bytes:
    """Half titles on lines."""
    return _filled("清河县人民政府办公室2023年\n关于政府信息公开\n", size)


def pipes(size: int) -> bytes:
    """Pipes on one line."""
    return b"|" * size


def lines_of_pipes(size: int) -> bytes:
    """A label and a thousand pipes on each line."""
    return _filled(LABEL + "|" * 1_000 + "1\n", size)


def rows_of_two_numbers(size: int) -> bytes:
    """The rows of table 3 with two numbers each, again and again: all must be placed."""
    rows = ("(一)予以公开", "1.属于国家秘密", "7.属于行政执法案卷", "2.重复申请", "(七)总计", "四、结转下年度继续办理")
    return _filled(f"{LABEL} 1 1\n" + "".join(f"{row} 1 1\n" for row in rows), size)


def appeals_without_end(size: int) -> bytes:
    """The heading of table 4 over more and more numbers."""
    return f"四、政府信息公开行政复议、行政诉讼情况\n{'结果维持 ' * 3}总计\n".encode() + _filled("1 0 2\n", size)


def attributes(size: int) -> bytes:
    """An element of attributes without end."""
    return b"<td " + b"a=b " * (size // 4) + b">"


def comments(size: int) -> bytes:
    """Comments left open."""
    return _filled("<!-- <meta charset=", size)


def references(size: int) -> bytes:
    """Character references without end."""
    return _filled("&#x4e00;&nbsp;&amp", size)


MONSTERS: tuple[Monster, ...] = (
    *(nested_tables, nested_full_tables, million_cells, heading_cells, many_tables, many_capital_tables, one_line),
    *(long_lines, one_number, brackets, lines_of_brackets, wide_brackets, commas, pinyin, lines_of_pinyin, spans),
    *(long_span, deep_divisions, deep_divisions_with_stray_ends, deep_unknown_elements, deep_inlines),
    *(misnested_formatting, blank_lines, breaks, labels, label_soup, misprinted_labels, titles, unfinished_titles),
    *(pipes, lines_of_pipes, rows_of_two_numbers, appeals_without_end, attributes, comments, references),
)
