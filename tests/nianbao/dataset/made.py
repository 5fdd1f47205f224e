"""Reports made by hand for the tests: the cells of a form with given numbers, its identities worked out here."""

import hashlib
import random
from dataclasses import replace

from nianbao.dataset.documents import Document
from parsers.forms import FormTable, Identity, forms
from parsers.report import Cell, Check, Division, Report, Section, Table

JINGZHOU = Division("431229", "靖州苗族侗族自治县")
URL = "http://www.jzx.gov.cn/zfxxgk/202502/t20250218_1.html"
FETCHED = "2025-03-01T08:00:00Z"


def made_document(report=None, *, url=URL, fetched_at=FETCHED, **changes):
    return Document(report if report is not None else made_report(), url, fetched_at, **changes)


def made_report(
    *,
    form="2021",
    forms_by_table=None,
    values=None,
    blanks=(),
    unread=(),
    year=2024,
    division=JINGZHOU,
    seed=None,
    **changes,
):
    """Return a report; `values` are by "table.row.column", all other cells are 0 (or random and sound, with a seed)."""
    values = dict(values or {})
    chosen = {code: (forms_by_table or {}).get(code, form) for code in ("disclosure", "requests", "appeals")}
    if seed is not None:
        values = sound_values(chosen, random.Random(seed)) | values
    tables = tuple(made_table(code, chosen[code], values, set(blanks), set(unread)) for code in chosen)
    title = f"{division.name if division else ''}{year}年政府信息公开工作年度报告"
    sections = tuple(Section(n, f"{'一二三四五六'[n - 1]}、部分", f"第{n}部分的正文。") for n in range(1, 7))
    report = Report(
        sha256="",
        title=title,
        publisher=division.name if division else None,
        division=division,
        scope="jurisdiction",
        report_year=year,
        published_at="2025-02-18",
        tables=tables,
        sections=sections,
    )
    report = replace(report, **{name: value for name, value in changes.items() if name != "sha256"})
    body = repr((report.title, report.tables, report.sections)).encode()
    return replace(report, sha256=changes.get("sha256") or hashlib.sha256(body).hexdigest())


def made_table(code, form, values, blanks=frozenset(), unread=frozenset()):
    table = forms()[form].tables[code]
    cells = []
    for number, (row, column) in enumerate(table.cells(), start=1):
        place = f"{code}.{row}.{column}"
        where = f"line:{number}"
        if place in unread:
            cells.append(Cell(row, column, None, "unreadable", "?", where))
        elif place in blanks:
            cells.append(Cell(row, column, None, "blank", "", where))
        else:
            value = values.get(place, 0)
            cells.append(Cell(row, column, value, "printed", str(value), where))
    checks = made_checks(table, {(cell.row, cell.column): cell for cell in cells})
    return Table(code, form, grade_of(cells, checks), tuple(cells), checks)


def made_checks(table: FormTable, cells):
    checks = []
    for identity in table.identities:
        along = [column.code for column in table.blocks[0].columns]
        if identity.per == "row":
            along = [row.code for row in table.blocks[0].rows]
        checks += [made_check(identity, at, cells) for at in along]
    return tuple(checks)


def made_check(identity: Identity, at, cells):
    def terms(codes):
        return [cells[(code, at) if identity.per == "column" else (at, code)] for code in codes]

    left, right = terms(identity.left), terms(identity.right)
    if any(cell.status == "unreadable" for cell in left + right):
        return Check(identity.id, at, None, None, "undecidable")
    if all(cell.value is None for cell in left + right):
        return Check(identity.id, at, None, None, "undecidable")
    a, b = (sum(cell.value or 0 for cell in side) for side in (left, right))
    return Check(identity.id, at, a, b, "pass" if a == b else "fail")


def grade_of(cells, checks):
    if any(cell.status == "unreadable" for cell in cells):
        return "partial"
    outcomes = {check.outcome for check in checks}
    if "fail" in outcomes:
        return "inconsistent"
    return "verified" if outcomes == {"pass"} else "consistent"


def sound_values(chosen, dice):
    """Random numbers for all three tables that satisfy every identity."""
    values = {}
    for row, column in forms()[chosen["disclosure"]].tables["disclosure"].cells():
        value = dice.randrange(100_000) / 100 if column == "amount" else dice.choice([0, 0, dice.randrange(5000)])
        values[f"disclosure.{row}.{column}"] = value
    requests = forms()[chosen["requests"]].tables["requests"]
    rows = {row.code for row in requests.blocks[0].rows}
    columns = [column.code for column in requests.blocks[0].columns if column.code != "total"]
    outcomes = sorted(rows - {"new", "carried_in", "handled", "carried_out"})
    for column in columns:
        numbers = {row: dice.choice([0, 0, 0, dice.randrange(40)]) for row in outcomes}
        handled, out = sum(numbers.values()), dice.randrange(5)
        carried_in = dice.randrange(min(5, handled + out + 1))
        numbers |= {"handled": handled, "carried_out": out, "carried_in": carried_in}
        numbers["new"] = handled + out - carried_in
        values |= {f"requests.{row}.{column}": number for row, number in numbers.items()}
    for row in rows:
        values[f"requests.{row}.total"] = sum(values[f"requests.{row}.{column}"] for column in columns)
    for row in ("reconsideration", "direct_suit", "later_suit"):
        parts = {column: dice.randrange(4) for column in ("upheld", "corrected", "other", "pending")}
        values |= {f"appeals.{row}.{column}": number for column, number in parts.items()}
        values[f"appeals.{row}.total"] = sum(parts.values())
    return values
