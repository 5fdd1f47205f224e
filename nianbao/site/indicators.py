"""What can be compared: cells of the forms, sums of them and rates, each with its formula and the cells it takes."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from nianbao.dataset.panel_columns import panel_cells, panel_name
from nianbao.site.bilingual import NONE, Text
from nianbao.site.labels import UNITS, short_label
from parsers.forms import Block, Column, FormTable, Row, forms

Sum = tuple[str, ...]
Kind = Literal["cell", "sum", "rate"]


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number that a report has: a cell of the panel, a sum of cells, or a rate.

    `terms` are alternatives, one for each form that asks in its own way: panel columns that are added up. `over` is
    the same for the denominator of a rate, `per` what the quotient is multiplied with. `depth` sets a part below its
    sum. `unit` is "" for a number without one.
    """

    id: str
    group: str
    kind: Kind
    label: Text
    unit: Text
    terms: tuple[Sum, ...]
    over: tuple[Sum, ...] = ()
    per: int = 1
    formula: Text = NONE
    depth: int = 0
    forms: str = ""

    @property
    def brief(self) -> Text:
        """The label below the heading of what it is a part of."""
        return Text(self.label.zh.rpartition("：")[2], self.label.en.rpartition(": ")[2]) if self.depth else self.label


GROUPS = {
    "rates": Text("比率", "Rates"),
    "requests": Text("申请数量", "Requests"),
    "outcomes": Text("办理结果", "What became of them"),
    "applicants": Text("本年新收：申请人", "Who asked (newly received)"),
    "appeals": Text("行政复议、行政诉讼", "Reviews and lawsuits"),
    "disclosure": Text("主动公开", "Proactive disclosure"),
}
_PARTS = {
    "refused": Text("不予公开", "Refused"),
    "unavail": Text("无法提供", "Unavailable"),
    "declined": Text("不予处理", "Not processed"),
    "closed": Text("其他处理", "Closed otherwise"),
}
_FULLER = {"new": "本年新收申请", "carried_in": "上年结转申请", "handled": "本年办理总计", "carried_out": "结转下年度"}
_SUM_IDS = {"refused": "refused", "unavail": "unavailable", "declined": "declined", "closed": "closed"}
_PERCENT = Text("%", "%")
_APPEALS = ("reconsideration", "direct_suit", "later_suit")
_NO_UNIT_ON_THE_FORM = {"dis_procurement_amount"}
"""Numbers that reports print in different units, which no comparison can bring together."""


@cache
def indicators() -> tuple[Indicator, ...]:
    """Return every indicator, in the order of the pages."""
    found = (*_rates(), *_requests(), *_outcomes(), *_applicants(), *_appeals(), *_disclosure())
    return tuple(indicator for indicator in found if indicator.id not in _NO_UNIT_ON_THE_FORM)


def by_id(identifier: str) -> Indicator:
    """Return one indicator."""
    return next(indicator for indicator in indicators() if indicator.id == identifier)


def _total(row: str) -> str:
    return f"req_{row}_total"


@cache
def _handled_rows() -> tuple[str, ...]:
    """Return the rows of the 2021 form that sum up to what was handled."""
    table = forms()["2021"].tables["requests"]
    return next(identity.right for identity in table.identities if identity.id == "requests.handled")


def _of(part: str) -> Sum:
    return tuple(_total(row) for row in _handled_rows() if row.startswith(f"{part}_"))


def _rates() -> Iterator[Indicator]:
    yield from _shares_of_handled()
    yield from _rates_of_appeals()
    formula = Text("自然人 ÷ 本年新收 × 100", "Natural persons ÷ newly received × 100")
    persons, new = ("req_new_person",), (_total("new"),)
    yield _rate("share_persons", Text("自然人占比", "Share asked by natural persons"), persons, new, formula)


def _shares_of_handled() -> Iterator[Indicator]:
    granted, partial = _total("granted"), _total("partial")
    for identifier, rows, label in (
        ("share_granted", (granted,), Text("予以公开率", "Share granted in full")),
        (
            "share_granted_or_partial",
            (granted, partial),
            Text("予以公开和部分公开率", "Share granted in full or in part"),
        ),
        ("share_refused", _of("refused"), Text("不予公开率", "Share refused")),
        ("share_unavailable", _of("unavail"), Text("无法提供率", "Share unavailable")),
        ("share_declined", _of("declined"), Text("不予处理率", "Share not processed")),
    ):
        part = Text(label.zh.removesuffix("率"), label.en.removeprefix("Share ").capitalize())
        formula = Text(f"{part.zh} ÷ 办理总计 × 100", f"{part.en} ÷ total handled × 100")
        yield _rate(identifier, label, rows, (_total("handled"),), formula)


def _rates_of_appeals() -> Iterator[Indicator]:
    totals = tuple(f"app_{row}_total" for row in _APPEALS)
    label = Text("每百件新收申请的复议和诉讼", "Reviews and suits per hundred requests")
    formula = Text(
        "（行政复议＋未经复议直接起诉＋复议后起诉）÷ 本年新收 × 100",
        "(reviews + direct suits + suits after review) ÷ newly received × 100",
    )
    yield _rate("appeals_per_100", label, totals, (_total("new"),), formula, Text("件", ""))
    corrected, decided = (
        tuple(f"app_{row}_{column}" for row in _APPEALS for column in columns)
        for columns in (("corrected",), ("upheld", "corrected", "other"))
    )
    label = Text("复议和诉讼纠错率", "Share of reviews and suits that corrected the decision")
    formula = Text(
        "结果纠正 ÷（结果维持＋结果纠正＋其他结果）× 100", "Corrected ÷ (upheld + corrected + other result) × 100"
    )
    yield _rate("share_corrected", label, corrected, decided, formula)


def _rate(identifier: str, label: Text, terms: Sum, over: Sum, formula: Text, unit: Text = _PERCENT) -> Indicator:
    return Indicator(identifier, "rates", "rate", label, unit, (terms,), (over,), 100, formula)


def _requests() -> Iterator[Indicator]:
    for row in ("new", "carried_in", "handled", "carried_out"):
        yield _cell("requests", "requests", row, "total", _row_label("requests", row))


def _outcomes() -> Iterator[Indicator]:
    for row in _handled_rows():
        part = row.split("_")[0]
        if part not in _PARTS:
            yield _cell("outcomes", "requests", row, "total", _row_label("requests", row))
            continue
        rows = _of(part)
        if _total(row) == rows[0]:
            alternatives = (rows, (_total("closed"),)) if part == "closed" else (rows,)
            formula = Text("该栏各项之和", "Sum of the rows under this heading")
            identifier, label = _SUM_IDS[part], _PARTS[part]
            yield Indicator(identifier, "outcomes", "sum", label, UNITS["件"], alternatives, formula=formula)
        yield _cell("outcomes", "requests", row, "total", _row_label("requests", row), depth=1)


def _applicants() -> Iterator[Indicator]:
    for column in forms()["2021"].tables["requests"].blocks[0].columns:
        if column.code != "total":
            label = Text(column.label, column.label_en)
            yield _cell("applicants", "requests", "new", column.code, label)


def _appeals() -> Iterator[Indicator]:
    (block,) = forms()["2021"].tables["appeals"].blocks
    for row in block.rows:
        total, *others = sorted(block.columns, key=lambda column: column.code != "total")
        label = Text(row.label, row.label_en)
        yield _cell("appeals", "appeals", row.code, total.code, label)
        for column in others:
            part = Text(f"{row.label}：{column.label}", f"{row.label_en}: {column.label_en}")
            yield _cell("appeals", "appeals", row.code, column.code, part, depth=1)


def _disclosure() -> Iterator[Indicator]:
    """Yield the cells of both forms, those of one row together; a cell that both forms have comes once."""
    seen: dict[str, Indicator] = {}
    for form in reversed(forms().values()):
        table = form.tables["disclosure"]
        for block in table.blocks:
            for row in block.rows:
                for column in block.columns:
                    indicator = _of_disclosure(table, block, row, column)
                    seen.setdefault(indicator.id, indicator)
    order = list(dict.fromkeys(_disclosure_row(indicator) for indicator in seen.values()))
    yield from sorted(seen.values(), key=lambda indicator: order.index(_disclosure_row(indicator)))


def _disclosure_row(indicator: Indicator) -> str:
    return indicator.label.zh.split("：", maxsplit=1)[0]


def _of_disclosure(table: FormTable, block: Block, row: Row, column: Column) -> Indicator:
    zh = "规范性文件" if row.code == "normative" else short_label(row.label)
    label = Text(f"{zh}：{short_label(column.label)}", f"{row.label_en.split(' (')[0]}: {column.label_en}")
    identifier = panel_name(table, row.code, column.code)
    unit = UNITS.get(column.unit, Text(column.unit, column.unit))
    return Indicator(identifier, "disclosure", "cell", label, unit, ((identifier,),), forms=_forms_with(identifier))


@cache
def _forms_with(identifier: str) -> str:
    """Return the one form that has a cell of the panel, "" where every form has it."""
    (places,) = (field.place for field in panel_cells() if field.name == identifier)
    return places[0][0] if len(places) < len(forms()) else ""


def _cell(group: str, table: str, row: str, column: str, label: Text, depth: int = 0) -> Indicator:
    identifier = panel_name(forms()["2021"].tables[table], row, column)
    only = _forms_with(identifier)
    return Indicator(identifier, group, "cell", label, UNITS["件"], ((identifier,),), depth=depth, forms=only)


def _row_label(table: str, row: str) -> Text:
    (block,) = forms()["2021"].tables[table].blocks
    found = next(each for each in block.rows if each.code == row)
    english = (found.label_en.partition(": ")[2] or found.label_en).split(" (")[0].replace('"', "")
    return Text(_FULLER.get(row) or short_label(found.label), english[0].upper() + english[1:])
