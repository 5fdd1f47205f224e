"""An extract as markup: built anew cell by cell, every text escaped, nothing of the page's own markup in it."""

from collections.abc import Sequence
from html import escape

from markupsafe import Markup

from nianbao.site.bilingual import plain
from nianbao.site.extract import Extract, Printed, PrintedLine


def markup(found: Extract) -> list[Markup]:
    """Return each block of an extract: a table, or a list of numbered lines."""
    return [_lines(block) if isinstance(block[0], PrintedLine) else _table(block) for block in found.blocks]


def _table(rows: Sequence[Sequence[Printed]]) -> Markup:
    body = "".join(f"<tr>{''.join(map(_cell, row))}\n" for row in rows)
    scroll = '<div class="scroll" tabindex="0" role="region" aria-labelledby="published">'
    return Markup(f'{scroll}<table class="extract" lang="zh">\n{body}</table></div>')  # noqa: S704 - escaped below


def _cell(cell: Printed) -> str:
    spans = (f' colspan="{cell.columns}"' if cell.columns > 1 else "") + (
        f' rowspan="{cell.rows}"' if cell.rows > 1 else ""
    )
    if len(cell.names) == 1:
        return f'<td{spans} id="{escape(cell.names[0])}" class="n">{_text(cell)}</td>'
    return f"<td{spans}>{_anchors(cell)}{_text(cell)}</td>"


def _lines(lines: Sequence[PrintedLine]) -> Markup:
    body = "".join(map(_line, lines))
    return Markup(f'<ol class="lines" lang="zh">\n{body}</ol>')  # noqa: S704 - escaped below


def _line(line: PrintedLine) -> str:
    gap = '<li class="gap" aria-hidden="true">…</li>' if line.after_gap else ""
    return f'{gap}<li value="{line.number}">{"".join(map(_piece, line.pieces))}</li>\n'


def _piece(piece: Printed) -> str:
    if len(piece.names) == 1:
        return f'<span id="{escape(piece.names[0])}" class="n">{_text(piece)}</span>'
    return f"{_anchors(piece)}{_text(piece)}"


def _anchors(piece: Printed) -> str:
    """Return an empty mark for each of several cells that stand in one place."""
    return "".join(f'<span id="{escape(name)}" class="n"></span>' for name in piece.names)


def _text(piece: Printed) -> str:
    return escape(plain(piece.text))
