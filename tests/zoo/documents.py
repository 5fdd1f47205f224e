"""Documents: plans rendered to bytes, with the truth and what can be asked of a reader."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tests.zoo import expectations, glyphs
from tests.zoo.bytesof import html_bytes, text_bytes
from tests.zoo.departures import BLANKS, MISTAKES, everything
from tests.zoo.expectations import Expected
from tests.zoo.flow import Beside, Flow, Table, mapped
from tests.zoo.grading import grades
from tests.zoo.layouts import ARRANGEMENTS, LAYOUTS, Layout
from tests.zoo.narrative import statements
from tests.zoo.noise import NOISES
from tests.zoo.pages import another
from tests.zoo.plans import Plan, plan
from tests.zoo.statute import TABLES
from tests.zoo.style import Style
from tests.zoo.titles import title_lines
from tests.zoo.truths import Truth, truth


@dataclass(frozen=True, slots=True)
class Document:
    """A rendered report: its bytes, its truth, what is expected of each cell, and the grades each table can have.

    `told` says whether the narrative tells the numbers of the tables `right`, `wrong` or not at all (""); `others` are
    the further reports of the same body.
    """

    name: str
    plan: Plan
    body: bytes
    truth: Truth
    expected: Expected
    grades: dict[str, frozenset[str]]
    told: str = ""
    others: tuple["Document", ...] = ()

    @property
    def suffix(self) -> str:
        """The file name's ending that fits the body."""
        return ".html" if "html" in LAYOUTS[self.plan.layout].tags else ".txt"


def _dated(report: Truth, years: tuple[int, int] | None, rng: Random) -> Truth:
    """Return the report of another year, where an arrangement is of certain years only."""
    if years is None:
        return report
    year = rng.randint(*years)
    return replace(report, report_year=year, published_at=f"{year + 1}-03-{rng.randint(1, 28):02}")


def _truth(plan: Plan, rng: Random) -> Truth:
    report = _dated(truth(rng), ARRANGEMENTS[plan.arrangement].years, rng)
    if plan.mistake:
        report = MISTAKES[plan.mistake](report, rng)
    if plan.blanks:
        report = BLANKS[plan.blanks](report, rng)
    return everything(report, rng) if ARRANGEMENTS[plan.arrangement].empty else report


def _style(plan: Plan) -> Style:
    arrangement = ARRANGEMENTS[plan.arrangement]
    style = Style(tables=arrangement.tables, page=arrangement.page)
    for name in plan.noises:
        style = NOISES[name].change(style)
    return style


def _seen(flow: Flow) -> frozenset[str]:
    """Return the keys of the cells that stand in the flow."""
    tables: list[Table] = []
    for item in flow:
        if isinstance(item, Table | Beside):
            tables += [item] if isinstance(item, Table) else [table for _, table in item.columns]
    return frozenset(box.key for table in tables for row in table.grid for box in row if box.key)


def _expected(report: Truth, plan: Plan, style: Style) -> Expected:
    layout, arrangement = LAYOUTS[plan.layout], ARRANGEMENTS[plan.arrangement]
    if not arrangement.has_tables:
        return {}
    if layout.empties == "lost":
        return expectations.lost(report)
    if "broken-spans" in style.tables:
        return expectations.in_doubt(_placed(report, layout, style), "requests", "appeals")
    return _placed(report, layout, style)


def _placed(report: Truth, layout: Layout, style: Style) -> Expected:
    on_one_line = "appeals-rows" not in style.tables
    if style.blank or layout.empties == "kept" or None not in report.cells.values():
        return expectations.sure(report)
    if layout.empties in ("labelled", "tailed"):
        return expectations.labelled(report, on_one_line=on_one_line, tails=layout.empties == "tailed")
    return expectations.dropped(report, on_one_line=on_one_line)


def _body(flow: Flow, layout: Layout, style: Style, rng: Random) -> bytes:
    text = layout.render(flow, style, rng)
    return html_bytes(text, flow, style) if "html" in layout.tags else text_bytes(text, style)


def _told(report: Truth, plan: Plan, style: Style) -> str:
    spoken = style.shift in ("plain", "later") and ARRANGEMENTS[plan.arrangement].has_tables
    return style.told if spoken and statements(report) else ""


def _of(report: Truth, plan: Plan, style: Style, body: bytes, seen: frozenset[str]) -> Document:
    expected = _expected(report, plan, style)
    if not ARRANGEMENTS[plan.arrangement].whole:
        expected = expectations.cut(expected, seen)
    allowed = {code: grades(report, code) for code in TABLES} if expected else {}
    return Document("", plan, body, report, expected, allowed, _told(report, plan, style))


def _titled(report: Truth, style: Style) -> Truth:
    return replace(report, title="".join(title_lines(report, style.title)))


def render(plan: Plan, seed: int) -> Document:
    """Return the document of a plan; the same plan and seed give the same document."""
    rng = Random(f"{plan.parts}/{seed}")
    style, arrangement = _style(plan), ARRANGEMENTS[plan.arrangement]
    report = _titled(_truth(plan, rng), style)
    flow = arrangement.build(report, style, rng)
    seen = _seen(flow)
    flow = mapped(flow, lambda text, role: glyphs.changed(text, role, style.glyphs, rng))
    body = _body(flow, LAYOUTS[plan.layout], style, rng)
    document, name = _of(report, plan, style, body, seen), f"{'+'.join(plan.parts)}#{seed}"
    if plan.arrangement != "two-reports":
        return replace(document, name=name)
    other = replace(_of(_titled(another(report), style), plan, style, body, seen), name=f"{name}/second")
    return replace(document, name=name, others=(other,))


def document(number: int, seed: int = 0) -> Document:
    """Return document `number` of a run."""
    return render(*plan(number, seed))


def documents(count: int, seed: int = 0) -> Iterator[Document]:
    """Yield the first `count` documents of a run."""
    return (document(number, seed) for number in range(count))
