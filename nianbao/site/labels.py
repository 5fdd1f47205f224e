"""Words of the forms, of grades, statuses and reasons, in both languages."""

import re
from functools import cache

from nianbao.site.bilingual import Text
from parsers.forms import forms

_NUMBERING = re.compile(r"^(?:[一二三四五六七]、|\([一二三四五六七]\)|\d\.)")
_EXPLANATION = re.compile(r"\((?:区分|单位|万元|包括).*\)$|政府信息公开申请数量$|继续办理$")
_LONG = "、行政机关不再处理其政府信息公开申请"

UNITS = {"件": Text("件", ""), "项": Text("项", "items"), "万元": Text("万元", "10,000 yuan"), "": Text("", "")}
TABLES = {
    "disclosure": Text("主动公开政府信息情况", "Proactive disclosure"),
    "requests": Text("收到和处理政府信息公开申请情况", "Requests received and handled"),
    "appeals": Text("政府信息公开行政复议、行政诉讼情况", "Reviews and lawsuits"),
}
GRADES = {
    "verified": Text("已验证", "verified"),
    "consistent": Text("未见矛盾", "consistent"),
    "inconsistent": Text("勾稽不符", "does not add up"),
    "partial": Text("未读全", "partly read"),
    None: Text("无表格", "no tables"),
}
GRADES_EXPLAINED = {
    "verified": Text(
        "每个单元格都已读出，每条勾稽关系都成立。", "Every cell was read and every identity of the form holds."
    ),
    "consistent": Text(
        "每个单元格都已读出，没有不符，但有的勾稽关系无从判断。",
        "Every cell was read, no identity fails, some cannot be decided.",
    ),
    "inconsistent": Text(
        "每个单元格都已读出，公布的数字自身对不上；照原样保留。",
        "Every cell was read; the numbers as published do not add up, and are kept as printed.",
    ),
    "partial": Text("有单元格或整张表未能读出。", "A cell or a whole table could not be read."),
    None: Text("文件中没有找到法定表格。", "The document holds no statutory table."),
}
STATUSES = {
    "printed": Text("原文数字", "printed"),
    "blank": Text("空白", "blank"),
    "derived": Text("推得", "derived"),
    "unreadable": Text("无法识别", "unreadable"),
    "absent": Text("无此格", "absent"),
}
SCOPES = {
    "jurisdiction": Text("全辖区", "whole jurisdiction"),
    "office": Text("政府办公室", "government office"),
    "department": Text("部门", "department"),
    "township": Text("乡镇街道", "township"),
    "zone": Text("开发区等", "development zone"),
    "unknown": Text("范围不明", "scope unknown"),
}
LEVELS = {
    "province": Text("省级", "provinces"),
    "prefecture": Text("地级", "prefectures"),
    "county": Text("县级", "counties"),
}
_REASONS = {
    "not found on its site": "网站上未找到",
    "not looked for yet": "尚未查找",
    "listed, not fetched yet": "已列出，尚未抓取",
    "only a copy on another host": "只有其他网站的副本",
    "an identity cannot be decided": "有勾稽关系无从判断",
    "an identity fails as printed": "公布的数字自身不符",
    "a table or a cell was not read": "有表格或单元格未读出",
    "no statutory table in the document": "文件中没有法定表格",
}
_REASON_HEADS = {
    "blocked": "被网站拦截",
    "failed": "抓取失败",
    "not found": "未找到",
    "not found; pages not to be had": "未找到；有网页取不到",
}


def reason(text: str | None) -> Text:
    """Return why a report is missing or not verified; what has no Chinese wording keeps its own."""
    if not text:
        return Text("", "")
    head, _, rest = text.partition(":")
    zh = _REASONS.get(text) or (f"{_REASON_HEADS[head]}：{rest.strip()}" if head in _REASON_HEADS else text)
    return Text(zh, text)


@cache
def short_label(label: str) -> str:
    """Return a label of the form without its numbering and its explanations."""
    return _EXPLANATION.sub("", _NUMBERING.sub("", label)).removesuffix(_LONG)


@cache
def row_labels(form: str, table: str) -> dict[str, Text]:
    """Return the rows' labels; one that says little alone (其他, 总计) has its group before it."""
    labels = {}
    for row in (row for block in forms()[form].tables[table].blocks for row in block.rows):
        zh = short_label(row.label)
        if zh in ("总计", "其他") and row.groups:
            zh = f"{short_label(row.groups[-1])}/{zh}"
        labels[row.code] = Text(zh, row.label_en)
    return labels


@cache
def column_labels(form: str, table: str) -> dict[str, Text]:
    """Return the columns' labels."""
    columns = (column for block in forms()[form].tables[table].blocks for column in block.columns)
    return {column.code: Text(short_label(column.label), column.label_en) for column in columns}


def cell_label(form: str | None, table: str, row: str, column: str) -> Text:
    """Return what a cell is: its row, then its column; the codes where the form is not known."""
    known = form is not None and table in (forms()[form].tables if form in forms() else ())
    rows, columns = (row_labels(str(form), table), column_labels(str(form), table)) if known else ({}, {})
    of_row, of_column = rows.get(row, Text(row, row)), columns.get(column, Text(column, column))
    return Text(f"{of_row.zh}，{of_column.zh}", f"{of_row.en}, {of_column.en}")
