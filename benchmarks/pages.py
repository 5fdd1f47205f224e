"""The pages that are measured: one report as a word processor's markup of about 100 KB, and as flattened text."""

from random import Random

from tests.zoo.statute import Block, Line, form
from tests.zoo.truths import Truth, truth

_SPAN = (
    "<span lang='EN-US' style='mso-spacerun:yes;font-size:10.5pt;font-family:宋体;mso-bidi-font-family:宋体;"
    "color:black;mso-font-kerning:0pt'>"
)
_PARAGRAPH = "<p class='MsoNormal' align='center' style='text-align:center;mso-pagination:widow-orphan'>"
_CELL_STYLE = "border:solid windowtext 1.0pt;mso-border-alt:solid windowtext .5pt;padding:0cm 5.4pt"
_TITLE = "清河县2024年政府信息公开工作年度报告"
_HEADINGS = ("二、主动公开政府信息情况", "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况")


def report(seed: int = 1) -> Truth:
    """Return a busy report of the 2021 form whose identities hold."""
    return truth(Random(seed), profile="busy", forms=dict.fromkeys(("disclosure", "requests", "appeals"), "2021"))


def _cell(text: str, columns: int = 1, rows: int = 1) -> str:
    return (
        f"<td width='72' colspan='{columns}' rowspan='{rows}' style='{_CELL_STYLE}'>"
        f"{_PARAGRAPH}{_SPAN}{text}<o:p></o:p></span></p></td>\n"
    )


def _row(cells: list[str]) -> str:
    return "<tr style='mso-yfti-irow:1;height:13.65pt'>" + "".join(cells) + "</tr>\n"


def _table(rows: list[list[str]]) -> str:
    return "<table class='MsoNormalTable' border='1'><tbody>" + "".join(map(_row, rows)) + "</tbody></table>"


def _values(facts: Truth, table: str, row: str, columns: tuple[Line, ...]) -> list[str]:
    return [_cell(str(facts.cells[f"{table}.{row}.{column.code}"])) for column in columns]


def _disclosure(facts: Truth) -> str:
    rows: list[list[str]] = []
    for block in form("2021").blocks["disclosure"]:
        rows += [[_cell(block.label, 4)], [_cell("信息内容"), *(_cell(column.label) for column in block.columns)]]
        rows += [[_cell(row.label), *_values(facts, "disclosure", row.code, block.columns)] for row in block.rows]
    return _table(rows)


def _labels(block: Block, index: int) -> list[str]:
    """Return the groups that begin with a row, each spanning its rows, and the row's own label."""
    row, before = block.rows[index], block.rows[index - 1].groups if index else ()
    cells = []
    for depth in range(len(row.groups)):
        prefix = row.groups[: depth + 1]
        if before[: depth + 1] != prefix:
            span = sum(other.groups[: depth + 1] == prefix for other in block.rows)
            cells.append(_cell(prefix[-1], rows=span))
    return [*cells, _cell(row.label, 3 - len(row.groups))]


def _requests(facts: Truth) -> str:
    block = form("2021").blocks["requests"][0]
    person, *others, total = (column.label for column in block.columns)
    head = [
        [_cell(form("2021").note, 3, 3), _cell("申请人情况", 7)],
        [_cell(person, rows=2), _cell("法人或其他组织", 5), _cell(total, rows=2)],
        [_cell(label) for label in others],
    ]
    body = [
        [*_labels(block, index), *_values(facts, "requests", row.code, block.columns)]
        for index, row in enumerate(block.rows)
    ]
    return _table(head + body)


def _appeals(facts: Truth) -> str:
    block = form("2021").blocks["appeals"][0]
    outcomes = [column.label for column in block.columns]
    head = [
        [_cell("行政复议", 5), _cell("行政诉讼", 10)],
        [*(_cell(label, rows=2) for label in outcomes), _cell("未经复议直接起诉", 5), _cell("复议后起诉", 5)],
        [_cell(label) for label in outcomes * 2],
    ]
    values = [cell for row in block.rows for cell in _values(facts, "appeals", row.code, block.columns)]
    return _table([*head, values])


def spanned(facts: Truth) -> bytes:
    """Return the report as a page of spanned tables full of a word processor's attributes."""
    tables = (_disclosure(facts), _requests(facts), _appeals(facts))
    parts = [f"<h1>{_TITLE}</h1><p>发布日期：2025-01-24</p><p>一、总体情况</p><p>全县依法公开信息。</p>"]
    parts += [f"<p>{heading}</p>{table}" for heading, table in zip(_HEADINGS, tables, strict=True)]
    parts += ["<p>五、存在的主要问题及改进情况</p><p>加强培训。</p><p>六、其他需要报告的事项</p><p>无其他事项。</p>"]
    body = "".join(parts)
    return f"<html><head><meta charset='utf-8'><title>{_TITLE}</title></head><body>{body}</body></html>".encode()


def _flat_rows(table: str) -> list[str]:
    lines = []
    for block in form("2021").blocks[table]:
        lines += [block.label] if block.label else []
        lines += ["信息内容"] if table == "disclosure" else []
        lines += [column.label for column in block.columns]
        for row in block.rows:
            lines += [row.label, *(f"@{table}.{row.code}.{column.code}" for column in block.columns)]
    return lines


def _flat_appeals() -> list[str]:
    block = form("2021").blocks["appeals"][0]
    outcomes = [column.label for column in block.columns]
    keys = [f"@appeals.{row.code}.{column.code}" for row in block.rows for column in block.columns]
    return ["行政复议", "行政诉讼", *outcomes, "未经复议直接起诉", "复议后起诉", *outcomes, *outcomes, *keys]


def flattened(facts: Truth) -> bytes:
    """Return the report as text with a cell on each line."""
    lines = [_TITLE, "发布日期：2025-01-24", "一、总体情况", "全县依法公开信息。"]
    for heading, rows in zip(
        _HEADINGS, (_flat_rows("disclosure"), _flat_rows("requests"), _flat_appeals()), strict=True
    ):
        lines += [heading, *rows]
    lines += ["五、存在的主要问题及改进情况", "加强培训。", "六、其他需要报告的事项", "无其他事项。"]
    printed = [str(facts.cells[line[1:]]) if line.startswith("@") else line for line in lines]
    return "\n".join(printed).encode()
