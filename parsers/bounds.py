"""How large a document may be: a report page holds far less, and what holds more is refused before it costs time."""

import re

from parsers.errors import DocumentError

_DATA_URI = re.compile(r"data:[a-z]+/[a-z0-9.+-]+;base64,[A-Za-z0-9+/=\s]{100,}", re.IGNORECASE)
_BLOCK = re.compile(
    r"<(/?)(?:div|ul|ol|dl|section|article|form|center|blockquote|fieldset|main|nav|header|footer|aside|details"
    r"|figure|pre|address|table)\b",
    re.IGNORECASE,
)
_MOST_BYTES = 64_000_000
_MOST_CHARACTERS = 6_000_000
_ORDINARY = 150_000
"""Characters of markup that cannot hold more tags than are read in good time."""
_DEEPEST = 1_500
"""Levels of nested blocks up to which markup is read: the time to parse it grows with the square of the depth."""
_FEW_TAGS = 4 * _DEEPEST
_FEW_CHARACTERS = 120_000
"""Tags, and characters of markup, that are read within a second however deep the tags are nested."""
_MOST_SEPARATORS = 50_000
_MOST_LINES = 60_000
_LONGEST_LINE = 200_000
_MOST = (("<table", 3_000, "tables"), ("<td", 40_000, "cells"), ("<tr", 20_000, "rows"), ("<", 300_000, "tags"))


def bounded_markup(text: str) -> str:
    """Return markup without embedded pictures.

    Raises `DocumentError` for markup that is larger, or nested deeper, than any report page.
    """
    if len(text) > _MOST_CHARACTERS and "base64" in text:
        text = _DATA_URI.sub("data:,", text)
    _within(len(text), _MOST_CHARACTERS, "characters")
    if len(text) > _ORDINARY:
        for tag, most, name in _MOST:
            _within(text.count(tag), most, name)
        _within(text.count("|"), _MOST_SEPARATORS, "separators")
    if len(text) > _FEW_CHARACTERS and text.count("<") > _FEW_TAGS:
        _within(_depth(text), _DEEPEST, "levels of nested blocks")
    return text


def bounded_text(text: str) -> str:
    """Return a plain text as it is. Raises `DocumentError` for one that is larger than any report."""
    _within(len(text), _MOST_CHARACTERS, "characters")
    _within(text.count("\n") + text.count("\r"), _MOST_LINES, "lines")
    _within(text.count("|") + text.count("\t"), _MOST_SEPARATORS, "separators")
    if len(text) > _LONGEST_LINE:
        _within(max(map(len, text.splitlines()), default=0), _LONGEST_LINE, "characters on a line")
    return text


def bounded_file(body: bytes) -> bytes:
    """Return a file that is no text as it is. Raises `DocumentError` for one that is larger than any report."""
    _within(len(body), _MOST_BYTES, "bytes")
    return body


def _within(count: int, most: int, name: str) -> None:
    if count > most:
        raise DocumentError(f"the document has {count:,} {name}, more than the {most:,} that a report page can have")


def _depth(text: str) -> int:
    depth = deepest = 0
    for tag in _BLOCK.finditer(text):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest
