"""The shapes in which reports publish their tables: each renders the same boxes in its own way.

One function a row of the shapes known from published reports, as plain as can be, so that a test can be read beside the
page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.parsers.papers import Printed
from tests.zoo.statute import Block, Line, form

HEADINGS = {
    1: "一、总体情况",
    2: "二、主动公开政府信息情况",
    3: "三、收到和处理政府信息公开申请情况",
    4: "四、政府信息公开行政复议、行政诉讼情况",
    5: "五、存在的主要问题及改进情况",
    6: "六、其他需要报告的事项",
}
TITLE = "清河县2023年政府信息公开工作年度报告"


@dataclass(frozen=True)
class Box:
    """A cell as printed, with its spans; `is_label` tells labels and headings from values."""

    text: str
    columns: int = 1
    rows: int = 1
    is_label: bool = True


Sheet = list[list[Box]]


def _values(printed: Printed, table: str, row: str, columns: Sequence[Line]) -> list[Box]:
    return [Box(printed[f"{table}.{row}.{column.code}"], is_label=False) for column in columns]


def disclosure_sheet(printed: Printed, form_id: str) -> Sheet:
    """Table 2: blocks of rows, each under its own title and headings."""
    sheet: Sheet = []
    for block in form(form_id).blocks["disclosure"]:
        sheet.append([Box(block.label, columns=4)])
        sheet.append([Box("信息内容"), *(Box(column.label) for column in block.columns)])
        sheet += [[Box(row.label), *_values(printed, "disclosure", row.code, block.columns)] for row in block.rows]
    return sheet


def _path(row: Line) -> tuple[str, ...]:
    return (*row.groups, row.label)


def _group_boxes(rows: Sequence[Line], index: int) -> list[Box]:
    """The groups that begin with a row, with the number of rows each spans, then the row's own label."""
    boxes = []
    row = rows[index]
    for depth, group in enumerate(row.groups):
        prefix = row.groups[: depth + 1]
        if index and rows[index - 1].groups[: depth + 1] == prefix:
            continue
        span = 0
        while index + span < len(rows) and rows[index + span].groups[: depth + 1] == prefix:
            span += 1
        boxes.append(Box(group, rows=span))
    return [*boxes, Box(row.label, columns=3 - len(row.groups))]


def requests_head(form_id: str) -> Sheet:
    """The three heading rows of table 3 over a corner of three by three."""
    labels = {column.code: column.label for column in form(form_id).blocks["requests"][0].columns}
    note = Box("(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)", columns=3, rows=3)
    inner = [Box(labels[code]) for code in ("business", "research", "nonprofit", "legal", "other")]
    middle = [Box(labels["person"], rows=2), Box("法人或其他组织", columns=5), Box(labels["total"], rows=2)]
    return [[note, Box("申请人情况", columns=7)], middle, inner]


def requests_sheet(printed: Printed, form_id: str) -> Sheet:
    """Table 3: three heading rows, then a row of seven cells behind up to three labels."""
    block: Block = form(form_id).blocks["requests"][0]
    body = [
        [*_group_boxes(block.rows, index), *_values(printed, "requests", row.code, block.columns)]
        for index, row in enumerate(block.rows)
    ]
    return requests_head(form_id) + body


def appeals_sheet(printed: Printed) -> Sheet:
    """Table 4: the five outcomes thrice on one line, under two rows of headings."""
    block = form("2021").blocks["appeals"][0]
    outcomes = [column.label for column in block.columns]
    first = [Box(text, rows=2) for text in outcomes]
    suits = [Box("未经复议直接起诉", columns=5), Box("复议后起诉", columns=5)]
    values = [box for row in block.rows for box in _values(printed, "appeals", row.code, block.columns)]
    return [
        [Box("行政复议", columns=5), Box("行政诉讼", columns=10)],
        [*first, *suits],
        [Box(text) for text in outcomes * 2],
        values,
    ]


def sheets(printed: Printed, disclosure: str = "2021", requests: str = "2021") -> dict[int, Sheet]:
    """The tables by the number of their section."""
    return {
        2: disclosure_sheet(printed, disclosure),
        3: requests_sheet(printed, requests),
        4: appeals_sheet(printed),
    }


# ---- markup


def html_table(sheet: Sheet, cell: Callable[[str], str] = lambda text: text) -> str:
    """A spanned table; `cell` writes what stands inside a cell."""
    rows = []
    for line in sheet:
        spans = ((f' colspan="{box.columns}"', f' rowspan="{box.rows}"', cell(box.text)) for box in line)
        rows.append("<tr>" + "".join(f"<td{columns}{rows}>{text}</td>" for columns, rows, text in spans) + "</tr>")
    return '<table border="1"><tbody>' + "\n".join(rows) + "</tbody></table>"


def _word(text: str) -> str:
    inner = f'<span lang="EN-US" style="font-size:10.5pt">{text}</span>' if text else "<o:p>&nbsp;</o:p>"
    return f'<p class="MsoNormal" style="text-align:center">{inner}</p>'


def word_table(sheet: Sheet) -> str:
    """A table as a word processor writes it: paragraphs and spans in each cell."""
    return html_table(sheet, _word)


def paragraphs(sheet: Sheet) -> str:
    """A paragraph a cell."""
    return "\n".join(f"<p>{box.text}</p>" for line in sheet for box in line)


def pipe_paragraphs(sheet: Sheet) -> str:
    """A paragraph a row, spans lost, cells between pipes."""
    return "\n".join("<p>" + " | ".join(box.text for box in line) + "</p>" for line in sheet)


# ---- text


def lines(sheet: Sheet) -> str:
    """A line a cell."""
    return "\n".join(box.text for line in sheet for box in line)


def spaced_lines(sheet: Sheet) -> str:
    """A line a cell, with blank lines between."""
    return "\n\n".join(box.text for line in sheet for box in line)


def pipes(sheet: Sheet) -> str:
    """A row a line, cells between pipes, spans lost."""
    return "\n".join(" | ".join(box.text for box in line) for line in sheet)


def padded_pipes(sheet: Sheet) -> str:
    """The same with pipes left over at the end of short rows."""
    return "\n".join(" | ".join(box.text for box in line) + "||" for line in sheet)


def lone_pipes(sheet: Sheet) -> str:
    """A line a cell and a pipe on its own line between them."""
    return "\n".join("\n|\n".join(box.text for box in line) for line in sheet)


def tabs(sheet: Sheet) -> str:
    """A row a line, cells between tabs."""
    return "\n".join("\t".join(box.text for box in line) for line in sheet)


def padded(sheet: Sheet) -> str:
    """A row a line, values padded with blanks."""
    return "\n".join(" ".join(box.text if box.is_label else f"{box.text:>29}" for box in line) for line in sheet)


def pdf_lines(sheet: Sheet) -> str:
    """The text layer of a PDF: padded rows, a page number and one stroke of the vertical stub now and then."""
    stub = iter("三本年度办理结果")
    out: list[str] = []
    for index, line in enumerate(padded(sheet).split("\n")):
        out.append(line)
        if index % 6 == 5:
            out += [f"— {index // 6 + 1} —"]
        elif index % 4 == 3 and len(sheet) > 20:
            out += [next(stub, "果")]
    return "\n".join(out)


def dropped(sheet: Sheet) -> str:
    """A line a row, empty cells gone."""
    return "\n".join(" ".join(box.text for box in line if box.text) for line in sheet)


MARKUP = {"spanned": html_table, "word": word_table, "paragraphs": paragraphs, "pipe_paragraphs": pipe_paragraphs}
TEXT = {
    "lines": lines,
    "spaced_lines": spaced_lines,
    "pipes": pipes,
    "padded_pipes": padded_pipes,
    "lone_pipes": lone_pipes,
    "tabs": tabs,
    "padded": padded,
    "pdf": pdf_lines,
}
SHAPES = {**MARKUP, **TEXT}


# ---- whole documents

_NARRATIVE = {
    1: "本县围绕中心工作，回应群众关切。",
    5: "工作中还有不足，下一步加强培训。",
    6: "本年度没有收取信息处理费。",
}


def document(
    tables: dict[int, Sheet], shape: str = "spanned", *, title: str = TITLE, before: dict[int, str] | None = None
) -> bytes:
    """A whole report in one shape; `before` puts a text ahead of a section's table."""
    is_markup = shape in MARKUP
    parts = [title, "发布日期：2024-01-25"]
    for number, heading in HEADINGS.items():
        parts.append(heading)
        parts += [(before or {})[number]] if number in (before or {}) else []
        parts += [_NARRATIVE[number]] if number in _NARRATIVE else []
        parts += [SHAPES[shape](tables[number])] if number in tables else []
    return page(parts, title) if is_markup else "\n".join(parts).encode()


def page(parts: Sequence[str], title: str = "") -> bytes:
    """Parts of an article as a page of markup; what is no element becomes a paragraph."""
    body = "\n".join(part if part.lstrip().startswith("<") else f"<p>{part}</p>" for part in parts)
    head = f"<head><meta charset='utf-8'><title>{title}</title></head>"
    return f"<!DOCTYPE html><html>{head}<body><div class='article'>{body}</div></body></html>".encode()
