"""Flows as HTML: spanned tables plain or in an office suite's clutter, and flattened ones."""

import html
import re
from dataclasses import replace
from random import Random

from tests.zoo.flow import Beside, Flow, Item, Table, Text
from tests.zoo.sheets import Box, Grid
from tests.zoo.style import Style

WORD_BLANKS = ("&nbsp;", "<o:p></o:p>", "<o:p>&nbsp;</o:p>", "\u3000", "")
NUMBER = re.compile(r"\d{2,}")
TAGS = {"title": "h1", "heading": "p", "meta": "div", "furniture": "div"}


def _split(text: str, rng: Random) -> str:
    """Split a text over spans, inside numbers too, as an office suite leaves them."""
    if len(text) < 2 or rng.random() < 0.5:
        return f"<span>{html.escape(text)}</span>"
    at = rng.randint(1, len(text) - 1)
    fonts = ('<span lang="EN-US">', '<span style="font-family:仿宋">')
    return "".join(f"{rng.choice(fonts)}{html.escape(part)}</span>" for part in (text[:at], text[at:]))


def _word(lines: tuple[str, ...], rng: Random) -> str:
    if not any(lines):
        return f'<p class="MsoNormal">{rng.choice(WORD_BLANKS)}</p>'
    return "".join(
        f'<p class="MsoNormal" align="center" style="line-height:150%">{_split(line, rng)}<o:p></o:p></p>'
        for line in lines
    )


def _content(box: Box, style: Style, rng: Random) -> str:
    if style.clutter == "word":
        return _word(box.lines, rng)
    if not any(box.lines) and box.kind == "value":
        return rng.choice(("", "&nbsp;", " "))
    return "<br/>".join(map(html.escape, box.lines))


def _cell(box: Box, style: Style, rng: Random) -> str:
    spans = f' rowspan="{box.rows}"' if box.rows > 1 else ""
    spans += f' colspan="{box.columns}"' if box.columns > 1 else ""
    if style.clutter == "sloppy":
        return f"<TD align=center{spans.replace(chr(34), '')}>{_content(box, style, rng)}"
    width = ' width="61" valign="center"' if style.clutter == "word" else ""
    tag = "th" if box.kind == "header" and style.clutter == "th" else "td"
    return f"<{tag}{spans}{width}>{_content(box, style, rng)}</{tag}>"


def _table(grid: Grid, style: Style, rng: Random) -> str:
    if style.clutter == "sloppy":
        return (
            "<TABLE border=1>"
            + "\n<TR>".join("".join(_cell(box, style, rng) for box in row) for row in ((), *grid))
            + "</TABLE>"
        )
    rows = "\n".join("<tr>" + "".join(_cell(box, style, rng) for box in row) + "</tr>" for row in grid)
    attributes = ' border="1" cellspacing="0"' if style.clutter == "word" else ""
    return f"<table{attributes}><tbody>\n{rows}\n</tbody></table>"


def _text(item: Text, style: Style, rng: Random) -> str:
    if item.role == "picture":
        return f'<p><img src="{item.text}" alt=""/></p>'
    if item.role == "link":
        return f'<p>附件：<a href="/files/table.xlsx">{html.escape(item.text)}</a></p>'
    tag = TAGS.get(item.role, "p")
    inner = _split(item.text, rng) if style.clutter == "word" and item.role != "title" else html.escape(item.text)
    return f"<{tag}>{inner}</{tag}>"


def _item(item: Item, style: Style, rng: Random) -> str:
    if isinstance(item, Text):
        return _text(item, style, rng)
    if isinstance(item, Table):
        return _table(item.grid, style, rng)
    columns = (
        f'<td valign="top">{_text(text, style, rng)}{_table(table.grid, style, rng)}</td>'
        for text, table in item.columns
    )
    return f"<table><tr>{''.join(columns)}</tr></table>"


def _wrapped(inner: str) -> str:
    """Wrap a page in the layout tables of old sites."""
    menu = "<table><tr><td>首页</td><td>政务公开</td><td>办事服务</td></tr></table>"
    content = f"<table><tr><td>\n{inner}\n</td></tr></table>"
    return f'<table width="100%"><tr><td>{menu}</td></tr><tr><td>{content}</td></tr></table>'


def page(inner: str, title: str, style: Style, charset: str | None) -> str:
    """Return a complete HTML page around the content: head, navigation, scripts, the content's own div."""
    meta = f'<meta charset="{charset}"/>' if charset else ""
    head = f"<head>{meta}<title>{html.escape(title)}</title><style>td{{border:1px solid #000}}</style></head>"
    menu = '<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/zwgk/">政务公开</a></li></ul></div>'
    script = "<script>var visits = 1203; document.write('第二十条第（一）项');</script>"
    content = (
        _wrapped(inner) if "wrapped" in style.page else f'<div id="zoom" class="article-content">\n{inner}\n</div>'
    )
    return f"<!DOCTYPE html>\n<html>{head}<body>\n{menu}\n{content}\n{script}</body></html>\n"


def spanned(flow: Flow, style: Style, rng: Random) -> str:
    """Render tables as tables, with their spans."""
    return "\n".join(_item(item, style, rng) for item in flow)


def short_rows(flow: Flow, style: Style, rng: Random) -> str:
    """Render tables as tables, but leave the empty cells of the form out of the markup."""
    return spanned(tuple(map(_shortened, flow)), style, rng)


def _shortened(item: Item) -> Item:
    if isinstance(item, Text):
        return item
    if isinstance(item, Beside):
        return Beside(tuple((text, _without_empties(table)) for text, table in item.columns))
    return _without_empties(item)


def _without_empties(table: Table) -> Table:
    rows = (tuple(box for box in row if box.lines or box.kind != "value") for row in table.grid)
    return replace(table, grid=tuple(row for row in rows if row))


def _boxes(flow: Flow) -> list[tuple[str, str]]:
    """Return (text, role) of every line of the flow once its tables are gone, "" for an empty cell."""
    lines: list[tuple[str, str]] = []
    for item in flow:
        if isinstance(item, Text):
            lines.append((item.text, item.role))
        else:
            tables = [table for _, table in item.columns] if isinstance(item, Beside) else [item]
            boxes = (box for table in tables for row in table.grid for box in row if box.kind != "filler")
            lines += [(line, box.kind) for box in boxes for line in box.lines or ("",)]
    return lines


def paragraphs(flow: Flow, style: Style, rng: Random) -> str:
    """Render every cell as a paragraph of its own; empty cells leave no trace, or an empty paragraph."""
    hollow = rng.choice(("", "", "<p>&nbsp;</p>\n"))
    kept = ("title", "picture", "link")
    return "".join(
        _text(Text(text, role if role in kept else "text"), style, rng) + "\n" if text else hollow
        for text, role in _boxes(flow)
    )


def breaks(flow: Flow, style: Style, rng: Random) -> str:
    """Render every cell as a line of one paragraph, between line breaks."""
    joint = rng.choice(("<br/>\n", "<br>", "<br />\n<br />\n"))
    lines = (html.escape(text) for text, role in _boxes(flow) if text and role != "picture")
    return f"<p>{joint.join(lines)}</p>"
