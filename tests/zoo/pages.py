"""Whole pages: a report with last year's tables, with another report, with other forms, without tables."""

from random import Random

from tests.zoo import narrative
from tests.zoo.flow import SECTION_OF, Beside, Flow, Item, Table, Text, body, standard, table_items
from tests.zoo.statute import form
from tests.zoo.style import Style
from tests.zoo.truths import Truth, truth

CAPTIONS = ("{year}年{label}", "附表（{year}年度）", "{year}年度数据")


def last_year(report: Truth, rng: Random) -> Truth:
    """Return another random report of the same publisher and forms, of the year before."""
    other = truth(rng, forms=report.forms)
    return Truth(
        report.forms,
        report.report_year - 1,
        report.place,
        report.publisher,
        report.scope,
        report.published_at,
        other.cells,
    )


def _captioned(report: Truth, code: str, items: list[Item], caption: str) -> list[Item]:
    label = form(report.forms[code]).sections[SECTION_OF[code]][0]
    return [Text(caption.format(year=report.report_year, label=label), "caption"), *items]


def _both_years(report: Truth, style: Style, rng: Random, *, older_first: bool) -> Flow:
    """Put last year's tables before or after this year's, each under a caption with its year."""
    old, caption = last_year(report, rng), rng.choice(CAPTIONS)
    new_items, old_items = table_items(report, style, rng), table_items(old, style, rng)
    inside: dict[str, list[Item]] = {}
    for code in SECTION_OF:
        pair = [_captioned(old, code, old_items[code], caption), _captioned(report, code, new_items[code], caption)]
        inside[code] = [item for items in (pair if older_first else pair[::-1]) for item in items]
    return body(report, style, rng, inside)


def last_year_before(report: Truth, style: Style, rng: Random) -> Flow:
    """Put last year's tables before this year's."""
    return _both_years(report, style, rng, older_first=True)


def last_year_after(report: Truth, style: Style, rng: Random) -> Flow:
    """Put last year's tables after this year's."""
    return _both_years(report, style, rng, older_first=False)


def last_year_beside(report: Truth, style: Style, rng: Random) -> Flow:
    """Put this year's and last year's tables side by side in a layout table."""
    old, flip = last_year(report, rng), rng.choice((1, -1))
    inside: dict[str, list[Item]] = {}
    for code in SECTION_OF:
        columns = []
        for one in (report, old)[::flip]:
            tables = [item for item in table_items(one, style, rng)[code] if isinstance(item, Table)]
            columns.append((Text(f"{one.report_year}年", "caption"), tables[0]))
        inside[code] = [Beside(tuple(columns))]
    return body(report, style, rng, inside)


def another(report: Truth) -> Truth:
    """Return the second report of a page whose first is this one: another agency's, or last year's; always the same."""
    rng = Random(f"{report.publisher} {report.report_year} {report.cells}")
    return truth(rng) if rng.random() < 0.5 else last_year(report, rng)


def with_another(report: Truth, style: Style, rng: Random) -> Flow:
    """Put a second report, with its own title, under the first: another agency's or last year's."""
    other = another(report)
    return (*standard(report, style, rng), *standard(other, style, rng))


def headings_only(report: Truth, style: Style, rng: Random) -> Flow:
    """Leave the tables to pictures or an attachment."""
    choices = (
        Text(f"/images/{report.report_year}/table.png", "picture"),
        Text("（表格见附件）"),
        Text(f"{report.publisher}{report.report_year}年度报告附表.xlsx", "link"),
    )
    instead: list[Item] = [rng.choice(choices)]
    return body(report, style, rng, dict.fromkeys(SECTION_OF, instead))


def cut_off(report: Truth, style: Style, rng: Random) -> Flow:
    """End the page inside table 2 or 3, after some row or in the middle of one."""
    flow = standard(report, style, rng)
    code = rng.choice(("disclosure", "requests", "requests"))
    at, table = next((at, item) for at, item in enumerate(flow) if isinstance(item, Table) and item.code == code)
    filled = [index for index, row in enumerate(table.grid) if any(box.kind == "value" for box in row)]
    last = rng.choice(filled[:-1])
    following = table.grid[last + 1]
    rest = following[: rng.randint(0, len(following) - 1)]
    return (*flow[:at], Table(code, (*table.grid[: last + 1], *([rest] if rest else []))))


def narrative_only(report: Truth, style: Style, rng: Random) -> Flow:
    """Tell sections two to four in sentences."""
    sentences = narrative.told(report, rng)
    return body(report, style, rng, {code: [Text(line)] for code, line in zip(SECTION_OF, sentences, strict=True)})
