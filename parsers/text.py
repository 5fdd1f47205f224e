"""The text reader: a line of the file is a line of the page, and its number is its place."""

from parsers.page import Line, Page


def read_text(text: str) -> Page:
    """Read a plain text; lines end with LF, CRLF or CR, and are counted from 1."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return Page(blocks=[Line(line, (number,)) for number, line in enumerate(lines, 1)])
