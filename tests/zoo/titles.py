"""Titles of reports, in the grammar they are published in."""

from tests.zoo.truths import Truth

ZEROS = str.maketrans("0123456789", "〇一二三四五六七八九")
TITLES = {
    "plain": "{who}{year}年政府信息公开工作年度报告",
    "about": "{who}关于{year}年度政府信息公开工作的年度报告",
    "short": "{who}{year}年政府信息公开年报",
    "year-first": "{year}年{who}政府信息公开工作年度报告",
    "year-first-annual": "{year}年度{who}政府信息公开工作年度报告",
    "affairs": "{who}{year}年政务信息公开年度报告",
    "year-inside": "{who}政府信息公开工作{year}年度报告",
    "chinese-year": "{who}{chinese}年政府信息公开工作年度报告",
    "annual-work": "{who}{year}年政府信息公开年度工作报告",
    "no-annual": "{who}{year}年度政府信息公开工作报告",
    "two-lines": "{who}\n{year}年政府信息公开工作年度报告",
    "cut-late": "{who}{year}年政府信息公开年度工作\n报告",
}


def title_lines(report: Truth, name: str) -> list[str]:
    """Return the lines of the title in the variant of that name (see TITLES)."""
    chinese = str(report.report_year).translate(ZEROS)
    text = TITLES[name].format(who=report.publisher, year=report.report_year, chinese=chinese)
    return text.split("\n")
