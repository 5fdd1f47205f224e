"""Tables beside each other under captions on one line: each caption brought to its own table."""

from collections.abc import Sequence

from parsers.pdf.glyphs import Glyph, TextLine
from parsers.pdf.layout import PrintedPage
from parsers.pdf.ruled import PrintedTable

_MOST_LINES = 3


def share_captions(pages: Sequence[PrintedPage]) -> None:
    """Put what stands over each of several tables side by side right before that table, over a page's end too."""
    before: list[tuple[PrintedPage, TextLine]] = []
    for page in pages:
        blocks = list(page.blocks)
        index = 0
        while index < len(blocks):
            block = blocks[index]
            if isinstance(block, TextLine):
                before.append((page, block))
                index += 1
                continue
            group = _beside_each_other(blocks[index:])
            if len(group) > 1:
                _share(page, group, before[-_MOST_LINES:])
            before = []
            index += len(group)


def _beside_each_other(blocks: Sequence[TextLine | PrintedTable]) -> list[PrintedTable]:
    """Return the tables that blocks begin with, as many as stand beside the first."""
    found: list[PrintedTable] = []
    for block in blocks:
        if not isinstance(block, PrintedTable):
            break
        if found and not (block.box[1] < found[0].box[3] and block.box[0] >= found[-1].box[2] - 1):
            break
        found.append(block)
    return found


def _share(page: PrintedPage, tables: Sequence[PrintedTable], lines: Sequence[tuple[PrintedPage, TextLine]]) -> None:
    """Divide the lines nearest above that have something over every table."""
    for home, line in reversed(lines):
        parts = [[glyph for glyph in line.glyphs if table.box[0] <= glyph.x <= table.box[2]] for table in tables]
        if not all(parts) or sum(map(len, parts)) < len(line.glyphs):
            return
        home.blocks = [block for block in home.blocks if block is not line]
        for table, part in zip(tables, parts, strict=True):
            _put_before(page, table, part)


def _put_before(page: PrintedPage, table: PrintedTable, glyphs: list[Glyph]) -> None:
    """Put a caption before its table, and before the captions that were put there; those stand lower."""
    at = next(index for index, block in enumerate(page.blocks) if block is table)
    while at and isinstance(above := page.blocks[at - 1], TextLine) and above.is_caption:
        at -= 1
    page.blocks.insert(at, TextLine(glyphs, is_caption=True))
