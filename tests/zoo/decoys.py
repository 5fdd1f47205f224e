"""What is no part of a report, or none at all: catalogue data, other forms, notices, the free form of before 2019."""

from random import Random

from tests.zoo import narrative
from tests.zoo.departures import everything
from tests.zoo.flow import SECTION_OF, Flow, Item, Table, Text, standard, table_items
from tests.zoo.sheets import Box, Grid
from tests.zoo.statute import form
from tests.zoo.style import Style
from tests.zoo.truths import Truth

ANNEX = (
    ("一、主动公开情况", "", False),
    ("（一）主动公开政府信息数", "条", True),
    ("其中：主动公开规范性文件数", "条", True),
    ("制发规范性文件总数", "件", True),
    ("二、依申请公开情况", "", False),
    ("（一）收到申请数", "件", True),
    ("1.当面申请数", "件", True),
    ("（二）申请办结数", "件", True),
    ("（三）申请答复数", "件", True),
    ("1.属于已主动公开范围数", "件", True),
    ("2.同意公开答复数", "件", True),
    ("不属于本行政机关公开数", "件", True),
    ("三、行政复议数量", "件", True),
    ("（一）维持具体行政行为数", "件", True),
    ("四、行政诉讼数量", "件", True),
)
WEBSITE = (
    ("独立用户访问总量（单位：个）",),
    ("信息发布（单位：条）", "总数"),
    ("概况类信息更新量",),
    ("办事服务", "行政许可"),
    ("互动交流", "收到留言数量（单位：条）"),
    ("互动交流", "总计"),
)
TITLES = {
    "website": "{place}人民政府网站工作年度报表（{year}年度）",
    "supervision": "{place}{year}年政府网站监管年度报表",
    "notice": "关于做好{year}年政府信息公开工作年度报告编制发布工作的通知",
    "half-year": "{place}{year}年上半年政府信息公开情况统计",
    "summary": "{place}{year}年政务公开工作总结",
    "points": "{place}{year}年政务公开工作要点",
    "law": "{place}{year}年法治政府建设年度报告",
    "picture": "一图读懂：{place}{year}年政府信息公开工作年度报告",
    "budget": "{place}{year}年部门预算公开说明",
    "government": "{place}{year}年政府工作报告",
}


def _row(*texts: str) -> tuple[Box, ...]:
    return tuple(Box((text,) if text else (), "plain") for text in texts)


def title_of(name: str, report: Truth) -> str:
    """Return the title of a page that is no report (see TITLES)."""
    return TITLES[name].format(place=report.place, year=report.report_year)


def metadata(report: Truth, rng: Random) -> Table:
    """Return the table of catalogue data that disclosure portals put above a report."""
    index = f"0143{rng.randint(10_000, 99_999)}/{report.report_year + 1}-0000{rng.randint(1, 9)}"
    grid: Grid = (
        (Box(("名称",), "plain"), Box((report.title,), "plain", 1, 3)),
        _row("索引号", index, "分类", "其他　年报"),
        _row("发布机构", report.publisher, "公开日期", report.published_at),
        _row("文号", "", "总计", "1"),
    )
    return Table("decoy", grid)


def _website(report: Truth, rng: Random) -> Table:
    rows = [(*_row(*labels), *_row(str(rng.randint(0, 90_000)))) for labels in WEBSITE]
    return Table("decoy", (_row("网站名称", f"{report.place}人民政府门户网站"), *rows))


def with_decoys(report: Truth, style: Style, rng: Random) -> Flow:
    """Put catalogue data above, the web site's form below, and links to other pages around the report."""
    caption = Text(f"政府网站工作年度报表（{report.report_year}年度）", "caption")
    links = [Text(title_of(name, report), "furniture") for name in rng.sample(sorted(TITLES), 3)]
    return (metadata(report, rng), *standard(report, style, rng), caption, _website(report, rng), *links)


def _template(report: Truth, style: Style, rng: Random) -> list[Item]:
    """Return the empty form that a notice on the report encloses."""
    tables = table_items(everything(report, rng), style, rng)
    items: list[Item] = [Text("附件：年度报告格式", "caption")]
    for code, number in SECTION_OF.items():
        items += [
            Text(f"{'〇一二三四'[number]}、{form(report.forms[code]).sections[number][0]}", "heading"),
            *tables[code],
        ]
    return items


def _figures(report: Truth, rng: Random) -> Table:
    rows = [_row(label, unit, str(rng.randint(0, 900)) if counted else "") for label, unit, counted in ANNEX]
    return Table("decoy", (_row("统计指标", "单位", "统计数"), *rows))


def other_document(report: Truth, style: Style, rng: Random) -> Flow:
    """Return a page that is no such report, though its title or its tables may look like one."""
    name = rng.choice(sorted(TITLES))
    items: list[Item] = [Text(title_of(name, report), "title")]
    items += [Text(text) for text in narrative.about_other_work(report, rng)]
    if name in ("website", "supervision"):
        items.append(_website(report, rng))
    elif name == "notice" and rng.random() < 0.5:
        items += _template(report, style, rng)
    elif name == "half-year":
        items.append(_figures(report, rng))
    elif name == "picture":
        items.append(Text("/images/tu.png", "picture"))
    return tuple(items)


def before_2019(report: Truth, style: Style, rng: Random) -> Flow:
    """Return a report of the years before the forms: sentences and an annex of other figures."""
    items: list[Item] = [Text(report.title, "title")]
    items += [Text(text) for text in narrative.opening(report, rng)]
    for number, name in enumerate(("概述", "主动公开政府信息情况", "依申请公开政府信息情况"), 1):
        items.append(Text(f"{'〇一二三'[number]}、{name}", "heading"))
        items += [Text(text) for text in narrative.about_other_work(report, rng)]
    return (*items, Text("附件：政府信息公开情况统计表", "caption"), _figures(report, rng))
