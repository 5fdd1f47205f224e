"""Holds a parsed report against a document: right, flagged, silently wrong, lies, and what else was asked for."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.zoo.documents import Document
from tests.zoo.expectations import Expectation, Need
from tests.zoo.layouts import ARRANGEMENTS
from tests.zoo.statute import form
from tests.zoo.truths import Number

READ = frozenset({"printed", "blank", "derived"})
ABSENT: dict[str, Any] = {"value": None, "status": "absent"}
TOLERATED = frozenset({"facts", "narrative", "misled", "flagged", "right", "sure", "documents"})
FAILING = ("silent", "lies", "crashes", "year", "extra")


@dataclass(slots=True)
class Verdict:
    """What came of one document.

    `counts`: `sure` cells that had to be right and those `missed` among them; over all judged cells `right`,
    `flagged`, `silent` (wrong and not flagged), `lies` (wrong in a table graded verified); `misled` cells that were not
    judged; the `year` if wrong; tables `extra` or missing (`absent`), of the wrong form (`forms`), not in the form's
    shape (`shape`), with a wrong grade though faultless (`grades`); checks of the `narrative` that fail on true
    sentences or pass false ones; `facts` (title, publisher, scope, date) that differ. `faults` says each in words.
    """

    name: str
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Nothing is wrong but what is only told: facts and the narrative."""
        return not any(count for name, count in self.counts.items() if name not in TOLERATED)

    def add(self, name: str, words: str) -> None:
        """Count a fault and keep its words."""
        self.counts[name] += 1
        self.faults.append(f"{name}: {words}")


def equal(value: object, published: Number) -> bool:
    """Say whether a read value is the published number."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value - published) < 1e-9


def _is_right(cell: dict[str, Any], wanted: Expectation) -> bool:
    if wanted.value is None:
        return cell["value"] is None and cell["status"] == "blank"
    return cell["status"] in READ and equal(cell["value"], wanted.value)


def _judge_cell(verdict: Verdict, key: str, cell: dict[str, Any], wanted: Expectation, grade: str | None) -> None:
    counts = verdict.counts
    if wanted.need is Need.MISLED:
        counts["misled"] += 1
        return
    counts["sure"] += wanted.need is Need.SURE
    if _is_right(cell, wanted):
        counts["right"] += 1
        return
    words = (
        f"{key} {wanted.need.value} {wanted.value!r}, read {cell['value']!r} {cell['status']} raw {cell.get('raw')!r}"
    )
    counts["missed"] += wanted.need is Need.SURE
    if cell["status"] not in READ:
        counts["flagged"] += 1
        if wanted.need is Need.SURE:
            verdict.faults.append(f"missed: {words}")
        return
    verdict.add("silent", words)
    if grade == "verified":
        verdict.add("lies", words)


def _keyed(code: str, table: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"{code}.{cell['row']}.{cell['column']}": cell for cell in table["cells"]}


def _judge_cells(verdict: Verdict, document: Document, tables: dict[str, dict[str, Any]]) -> None:
    cells = {key: cell for code, table in tables.items() for key, cell in _keyed(code, table).items()}
    for key, wanted in document.expected.items():
        grade = tables.get(key.split(".")[0], {}).get("grade")
        _judge_cell(verdict, key, cells.get(key, ABSENT), wanted, grade)


def _judge_tables(verdict: Verdict, document: Document, tables: dict[str, dict[str, Any]]) -> None:
    wanted = {key.split(".")[0] for key in document.expected}
    for code in sorted(set(tables) - wanted):
        verdict.add(
            "extra", f"{code} is not there, {sum(c['value'] is not None for c in tables[code]['cells'])} numbers"
        )
    asked = {key.split(".")[0] for key, item in document.expected.items() if item.need is Need.SURE}
    for code in sorted(asked - set(tables)):
        verdict.add("absent", f"{code} was not found")
    for code in sorted(wanted & set(tables)):
        published, read = document.truth.forms[code], tables[code]["form"]
        if published != read and ARRANGEMENTS[document.plan.arrangement].whole:
            verdict.add("forms", f"{code} is of {published}, read as {read}")
        if list(_keyed(code, tables[code])) != form(read).keys(code):
            verdict.add("shape", f"{code} does not list every cell of form {read} once, in its order")


def _faultless(document: Document, code: str, table: dict[str, Any]) -> bool:
    found = _keyed(code, table)
    wanted = {key: item for key, item in document.expected.items() if key.startswith(f"{code}.")}
    return found.keys() == wanted.keys() and all(_is_right(found[key], item) for key, item in wanted.items())


def _judge_grades(verdict: Verdict, document: Document, tables: dict[str, dict[str, Any]]) -> None:
    """A table whose cells are all right must have a grade that its published cells can have."""
    for code, table in tables.items():
        if code in document.grades and _faultless(document, code, table):
            allowed = set(document.grades[code])
            if "verified" in allowed and any(cell["status"] == "derived" for cell in table["cells"]):
                allowed.add("consistent")
            if table["grade"] not in allowed:
                verdict.add("grades", f"{code} graded {table['grade']}, can be {sorted(allowed)}")


def _judge_narrative(verdict: Verdict, document: Document, tables: dict[str, dict[str, Any]]) -> None:
    """True sentences may not fail against faultless tables; of false ones at least one must."""
    pair = [tables[code] for code in ("requests", "appeals") if code in tables]
    if not document.told or len(pair) < 2 or not all(_faultless(document, t["table"], t) for t in pair):
        return
    checks = [check for table in pair for check in table["checks"] if check["id"].startswith("narrative.")]
    failing = [check for check in checks if check["outcome"] == "fail"]
    if document.told == "right" and failing:
        verdict.add("narrative", f"the text is right, but fails: {failing[0]}")
    if document.told == "wrong" and not failing:
        verdict.add("narrative", f"the text is wrong, but none of {len(checks)} checks fails")


def _judge_facts(verdict: Verdict, document: Document, report: dict[str, Any]) -> None:
    truth = document.truth
    if not ARRANGEMENTS[document.plan.arrangement].is_report:
        if not report.get("warnings"):
            verdict.add("unwarned", "no word that this is no such report")
        return
    if report.get("report_year") != truth.report_year:
        verdict.add("year", f"{report.get('report_year')}, published {truth.report_year}")
    wanted = {"title": truth.title, "publisher": truth.publisher, "scope": truth.scope}
    wrong = [
        f"{name} {report.get(name)!r} for {value!r}" for name, value in wanted.items() if report.get(name) != value
    ]
    if (report.get("published_at") or "")[:10] != truth.published_at:
        wrong.append(f"published_at {report.get('published_at')!r} for {truth.published_at!r}")
    if wrong:
        verdict.add("facts", "; ".join(wrong))


def judge(document: Document, report: dict[str, Any]) -> Verdict:
    """Hold a report, as the JSON object that `nianbao parse --format jsonl` prints, against a document."""
    verdict = Verdict(document.name, Counter({"documents": 1}))
    tables = {table["table"]: table for table in report.get("tables", [])}
    _judge_tables(verdict, document, tables)
    _judge_cells(verdict, document, tables)
    _judge_grades(verdict, document, tables)
    _judge_narrative(verdict, document, tables)
    _judge_facts(verdict, document, report)
    return verdict


def crashed(document: Document, error: BaseException) -> Verdict:
    """Return the verdict on a document that made the parser raise."""
    verdict = Verdict(document.name, Counter({"documents": 1, "crashes": 1}))
    verdict.counts["sure"] = verdict.counts["missed"] = sum(
        item.need is Need.SURE for item in document.expected.values()
    )
    verdict.faults.append(f"crash: {type(error).__name__}: {error}")
    return verdict


def share(counts: Counter[str]) -> float:
    """Return the share of recoverable cells that came out right, 1.0 if there are none."""
    return 1 - counts["missed"] / counts["sure"] if counts["sure"] else 1.0


def passed(counts: Counter[str], least: float = 0.999) -> bool:
    """Say whether a run is good: nothing silent, no lie, no crash, no wrong year, no invented table, enough right."""
    return share(counts) >= least and not any(counts[name] for name in FAILING)
