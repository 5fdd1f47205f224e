"""Words of a line: glyphs that stand together, and whether they are what a cell of the form can hold."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from parsers.characters import clean, simplified
from parsers.labels import is_row_label
from parsers.pdf.glyphs import Box, Glyph, TextLine, around, joined
from parsers.pieces import CELL_KINDS, kind_of

NUMBERED = re.compile(r"\s*(?:[(（]?[一二三四五六七八九十\d]{1,3}[)）、.．]|[㈠-㈩⑴-⒇①-⑳])")
"""The number that a row's label begins with."""
_HAN_GAP = 0.4
_WORD_GAP = 0.25


@dataclass(slots=True)
class Words:
    """Glyphs that stand together on a line; `is_cell` where they are a number or a blank mark."""

    glyphs: list[Glyph]
    text: str
    box: Box
    is_cell: bool
    rest: list["Words"] = field(default_factory=list)

    @property
    def whole(self) -> str:
        """The text with what stands above and below it; two numbers stay two."""
        lines = sorted([self, *self.rest], key=lambda each: each.base)
        text = lines[0].text
        for line in lines[1:]:
            text += f" {line.text}" if text[-1].isdecimal() and line.text[0].isdecimal() else line.text
        return text

    @property
    def base(self) -> float:
        """The baseline."""
        return self.glyphs[0].base

    @property
    def y(self) -> float:
        """A height inside the glyphs."""
        return self.glyphs[0].y

    @property
    def size(self) -> float:
        """The size of the glyphs."""
        return self.glyphs[0].size


def words_of(line: TextLine) -> list[Words]:
    """Split a line where glyphs stand apart."""
    groups: list[list[Glyph]] = []
    for glyph in line.glyphs:
        if glyph.text.isspace():
            continue
        last = groups[-1][-1] if groups else None
        if last is None or glyph.x0 - last.x1 > _gap(last, glyph):
            groups.append([])
        groups[-1].append(glyph)
    texts = [joined(group) for group in groups]
    return [
        Words(group, text, around(glyph.box for glyph in group), kind_of(clean(text)) in CELL_KINDS)
        for group, text in zip(groups, texts, strict=True)
    ]


@lru_cache(maxsize=4096)
def is_label(text: str) -> bool:
    """Say whether a text, in either script, is the whole label of a row of disclosure or requests."""
    return is_row_label(clean(text)) or is_row_label(clean(simplified(text)))


def _gap(one: Glyph, other: Glyph) -> float:
    size = max(one.size, other.size)
    return (_WORD_GAP if one.text.isascii() and other.text.isascii() else _HAN_GAP) * size
