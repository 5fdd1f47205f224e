"""What each check of the dataset compares, in both languages: the forms' identities, the narrative, the years."""

from dataclasses import dataclass
from functools import cache

from nianbao.dataset.across import AGENCIES, CARRIED_IN, IN_FORCE
from parsers.forms import FormTable, Identity, forms

NARRATIVE = "narrative."
_TERMS_IN_FULL = 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """Both sides of a check in Chinese, and what it says in English; `at` tells which codes its place is one of."""

    id: str
    table: str
    left: str
    right: str
    text: str
    at: str


_TOLD = {
    "received": ("requests", "new, or new + carried_in"),
    "handled": ("requests", "handled"),
    "carried_out": ("requests", "carried_out"),
    "carried_in": ("requests", "carried_in"),
    "reconsideration": ("appeals", "reconsideration"),
    "suits": ("appeals", "direct_suit + later_suit"),
}
_ACROSS = (
    Meaning(
        CARRIED_IN,
        "requests",
        "上年结转",
        "上年报告的结转下年度继续办理",
        "requests carried in are those that last year's report carried out",
        "column",
    ),
    Meaning(
        IN_FORCE,
        "disclosure",
        "现行有效件数",
        "上年现行有效件数 + 本年制发件数 - 本年废止件数",
        "documents in force are last year's, and those issued, without those repealed; clean-ups break it",
        "row",
    ),
    Meaning(
        AGENCIES,
        "requests, appeals",
        "本级政府报告的总计",
        "各机关报告的总计之和",
        "a jurisdiction's total is the sum over its agencies, where it says how many it covers and all are there",
        "row",
    ),
)


@cache
def check_meanings() -> dict[str, Meaning]:
    """Return every kind of check by its id: identities of the forms, of the narrative, across reports."""
    meanings = {}
    for form in forms().values():
        for table in form.tables.values():
            for identity in table.identities:
                meanings[identity.id] = _of_identity(table, identity)
    for kind, (code, terms) in _TOLD.items():
        text = f"the number that the text tells is {terms} of the column total"
        meanings[NARRATIVE + kind] = Meaning(NARRATIVE + kind, code, "正文所述", "表中总计", text, "column")
    return {**meanings, **{meaning.id: meaning for meaning in _ACROSS}}


@cache
def place_label(table: str, code: str) -> str:
    """Return the label of a row or column of a table by its code; the code itself if no form has it."""
    labels: dict[str, str] = {}
    for form in forms().values():
        labels |= _labels(form.tables[table]) if table in form.tables else {}
    return labels.get(code, code)


def _labels(table: FormTable) -> dict[str, str]:
    rows = {row.code: row.label for block in table.blocks for row in block.rows}
    return rows | {column.code: column.label for block in table.blocks for column in block.columns}


def _of_identity(table: FormTable, identity: Identity) -> Meaning:
    labels = _labels(table)
    left, right = (_sum_of([labels[code] for code in side]) for side in (identity.left, identity.right))
    codes = [_sum_of(list(side)) for side in (identity.left, identity.right)]
    return Meaning(identity.id, identity.table, left, right, " = ".join(codes), identity.per)


def _sum_of(terms: list[str]) -> str:
    if len(terms) <= _TERMS_IN_FULL:
        return " + ".join(terms)
    return f"{terms[0]} + … + {terms[-1]} ({len(terms)})"
