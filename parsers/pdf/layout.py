"""A printed page as blocks from top to bottom: lines of text and tables."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.pdf.columns import completed
from parsers.pdf.glyphs import Box, Glyph, TextLine, lines_of
from parsers.pdf.ruled import PrintedTable, printed_tables
from parsers.pdf.rules import Rules, tables_of
from parsers.pdf.unruled import unruled_rows

_LARGE = 1.25
_ALIKE = 0.06
_PITCH = 2.6


@dataclass(slots=True)
class PrintedPage:
    """One page: its number, its size in points, its blocks in reading order.

    `pictured` is the share of it that pictures cover, `beside_text` that of pictures without text on them; `is_scan`
    says that what it says is a picture.
    """

    number: int
    width: float
    height: float
    blocks: list[TextLine | PrintedTable] = field(default_factory=list)
    pictured: float = 0.0
    beside_text: float = 0.0
    is_scan: bool = False


def lay_out(number: int, size: tuple[float, float], glyphs: Sequence[Glyph], rules: Rules) -> PrintedPage:
    """Bring the glyphs and rules of a page into reading order."""
    rules, aside = completed(rules, lines_of(glyphs))
    if aside:
        known = set(map(id, aside))
        glyphs = [glyph for glyph in glyphs if id(glyph) not in known]
    tables, outside = printed_tables(number, tables_of(rules), glyphs)
    rows, lines = unruled_rows(number, lines_of(outside))
    blocks: list[TextLine | PrintedTable] = [*lines, *rows, *tables]
    return PrintedPage(number, *size, _with_headlines(sorted(blocks, key=_top)))


def _with_headlines(blocks: list[TextLine | PrintedTable]) -> list[TextLine | PrintedTable]:
    """Join lines of one size, larger than that of the text, that follow closely: a title cut by the page's width."""
    sizes = Counter(round(glyph.size, 1) for block in blocks if isinstance(block, TextLine) for glyph in block.glyphs)
    usual = sizes.most_common(1)[0][0] if sizes else 0.0
    found: list[TextLine | PrintedTable] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, TextLine) and isinstance(last, TextLine) and _go_on(last, block, usual):
            last.glyphs += block.glyphs
        else:
            found.append(block)
    return found


def _go_on(above: TextLine, below: TextLine, usual: float) -> bool:
    is_large = min(above.size, below.size) > _LARGE * usual and abs(above.size - below.size) < _ALIKE * below.size
    return is_large and below.glyphs[0].base - above.glyphs[-1].base < _PITCH * below.size


def _top(block: TextLine | PrintedTable) -> tuple[float, float]:
    box: Box = block.box
    return box[1], box[0]
