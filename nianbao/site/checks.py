"""The checks that fail, in words of both languages, with both of their sides."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow.compute as pc

from nianbao.dataset.reader import Dataset
from nianbao.site.bilingual import Text
from nianbao.site.labels import TABLES, column_labels, row_labels
from nianbao.site.numbers import thousands
from nianbao.site.streaming import batches
from parsers.forms import Identity, forms

_COLUMNS = ("report_id", "table", "id", "at", "left", "right", "outcome")
_FEW = 4
_NARRATIVE = {
    "narrative.received": Text("收到的申请", "requests received"),
    "narrative.handled": Text("办结的申请", "requests handled"),
    "narrative.carried_in": Text("上年结转", "carried in"),
    "narrative.carried_out": Text("结转下年度", "carried out"),
    "narrative.reconsideration": Text("行政复议", "reviews"),
    "narrative.suits": Text("行政诉讼", "lawsuits"),
}
_ACROSS = {
    "across.carried_in": Text(
        "上年结转与上一年报告的结转下年度", "carried in, against what last year's report carried out"
    ),
    "across.in_force": Text(
        "现行有效件数与上年件数加本年制发减本年废止", "in force, against last year's plus issued minus repealed"
    ),
    "across.agencies": Text("全辖区报告与所属机关之和", "the jurisdiction's report, against the sum of its agencies"),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """A check that fails: the table it is about, what it says, and the cells that it takes."""

    table: str
    words: Text
    cells: frozenset[str]


def read_failures(dataset: Dataset, table_forms: Mapping[str, Mapping[str, str | None]]) -> dict[str, list[Failure]]:
    """Return the failing checks of each report that has any; `table_forms` gives by report the form of each table."""
    found: defaultdict[str, list[Failure]] = defaultdict(list)
    for checks in batches(dataset, "checks", _COLUMNS):
        failing = checks.filter(pc.equal(checks.column("outcome"), "fail"))
        for row in failing.to_pylist():
            form = table_forms.get(row["report_id"], {}).get(row["table"])
            found[row["report_id"]].append(failure(row, form))
    return dict(found)


def failure(row: Mapping[str, Any], form: str | None) -> Failure:
    """Say what a failing row of `checks` means; `form` is that of its table."""
    identities = forms()[form].tables[row["table"]].identities if form in forms() else ()
    identity = next((each for each in identities if each.id == row["id"]), None)
    if form is None or identity is None:
        return Failure(row["table"], _other_words(row, form), frozenset())
    return Failure(row["table"], _identity_words(row, identity, form), _cells(row["at"], identity))


def _identity_words(row: Mapping[str, Any], identity: Identity, form: str) -> Text:
    rows, columns = row_labels(form, identity.table), column_labels(form, identity.table)
    terms, places = (rows, columns) if identity.per == "column" else (columns, rows)
    left, right = (_sum_of([terms[code] for code in side]) for side in (identity.left, identity.right))
    at = places.get(row["at"], Text(row["at"], row["at"]))
    a, b = _sides(row)
    return Text(
        f"{at.zh}：{left.zh} = {a.zh}，而 {right.zh} = {b.zh}", f"{at.en}: {left.en} = {a.en}, but {right.en} = {b.en}"
    )


def _other_words(row: Mapping[str, Any], form: str | None) -> Text:
    a, b = _sides(row)
    said = _NARRATIVE.get(row["id"])
    if said is not None:
        return Text(f"正文与表格不符，{said.zh}：{a.zh}，{b.zh}", f"Text against table, {said.en}: {a.en}, {b.en}")
    across = next(
        (words for start, words in _ACROSS.items() if row["id"].startswith(start)), Text(row["id"], row["id"])
    )
    labels = {**column_labels(form, row["table"]), **row_labels(form, row["table"])} if form in forms() else {}
    at = labels.get(row["at"], Text(row["at"], row["at"]))
    return Text(f"{across.zh}（{at.zh}）：{a.zh}，{b.zh}", f"{across.en} ({at.en}): {a.en}, {b.en}")


def _sides(row: Mapping[str, Any]) -> tuple[Text, Text]:
    known = (None if row[side] is None else thousands(row[side]) for side in ("left", "right"))
    left, right = (Text("不明", "unknown") if side is None else Text(side, side) for side in known)
    return left, right


def _sum_of(labels: Sequence[Text]) -> Text:
    if len(labels) <= _FEW:
        return Text("＋".join(label.zh for label in labels), " + ".join(label.en for label in labels))
    first, last = labels[0], labels[-1]
    return Text(f"{first.zh}＋…＋{last.zh}（{len(labels)} 项）", f"{first.en} + … + {last.en} ({len(labels)} terms)")


def _cells(at: str, identity: Identity) -> frozenset[str]:
    terms = (*identity.left, *identity.right)
    pairs = ((term, at) if identity.per == "column" else (at, term) for term in terms)
    return frozenset(f"{identity.table}.{row}.{column}" for row, column in pairs)


def table_name(table: str) -> Text:
    """Return the name of a table."""
    return TABLES.get(table, Text(table, table))
