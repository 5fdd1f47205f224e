"""The contract of the report as a check on its JSON, whatever document it was read from."""

import json
import re
from typing import Any

from tests.zoo.statute import FORMS, TABLES, form

KEYS = (
    *("source", "sha256", "title", "publisher", "division", "scope", "report_year", "published_at"),
    *("tables", "sections", "warnings"),
)
CELL = ("row", "column", "value", "status", "raw", "where")
SCOPES = {"jurisdiction", "office", "department", "township", "zone", "unknown"}
READ = {"printed", "blank", "derived"}
STATUSES = READ | {"unreadable", "absent"}
OUTCOMES = {"pass", "fail", "undecidable"}
WHERE = re.compile(r"line:[1-9]\d*|table:[1-9]\d*/row:[1-9]\d*/cell:[1-9]\d*")
DATE = re.compile(r"\d{4}(-\d\d){0,2}(T\d\d:\d\d(:\d\d)?\+08:00)?")
Json = dict[str, Any]


def faults(report: Json) -> list[str]:
    """Return what a report breaks of its contract, in words; nothing if it is well formed."""
    found = [] if tuple(report) == KEYS else [f"keys {tuple(report)}"]
    found += [] if report["scope"] in SCOPES else [f"scope {report['scope']}"]
    found += _fact_faults(report)
    codes = [table["table"] for table in report["tables"]]
    found += [] if codes == [code for code in TABLES if code in codes] else [f"tables {codes}"]
    for table in report["tables"]:
        found += [f"{table['table']}: {fault}" for fault in _table_faults(table)]
    return found + _text_faults(report)


def _fact_faults(report: Json) -> list[str]:
    year, date = report["report_year"], report["published_at"]
    found = [] if year is None or (type(year) is int and 1990 < year < 2100) else [f"year {year!r}"]
    found += [] if date is None or DATE.fullmatch(date) else [f"date {date!r}"]
    return found + ([] if re.fullmatch(r"[0-9a-f]{64}", report["sha256"]) else [f"sha256 {report['sha256']!r}"])


def _text_faults(report: Json) -> list[str]:
    found = []
    numbers = [section["number"] for section in report["sections"]]
    if len(set(numbers)) != len(numbers) or not set(numbers) <= {1, 2, 3, 4, 5, 6}:
        found.append(f"sections {numbers}")
    if any("\n" in warning or not warning for warning in report["warnings"]):
        found.append("a warning that is not one line")
    if not report["tables"] and not report["warnings"]:
        found.append("no table and no warning")
    try:
        json.dumps(report, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        found.append(f"no JSON: {error}")
    return found


def _table_faults(table: Json) -> list[str]:
    if table["form"] not in FORMS:
        return [f"form {table['form']!r}"]
    found = []
    keys = [f"{table['table']}.{cell['row']}.{cell['column']}" for cell in table["cells"]]
    if keys != form(table["form"]).keys(table["table"]):
        found.append("not every cell of the form once, in its order")
    for key, cell in zip(keys, table["cells"], strict=True):
        found += [f"{key}: {fault}" for fault in _cell_faults(cell)]
    found += [fault for check in table["checks"] for fault in _check_faults(check)]
    grade = _grade(table)
    return found + ([] if table["grade"] in grade else [f"graded {table['grade']}, must be of {sorted(grade)}"])


def _cell_faults(cell: Json) -> list[str]:
    value, status = cell["value"], cell["status"]
    found = [] if tuple(cell)[:6] == CELL and set(cell) <= {*CELL, "unit"} else [f"keys {tuple(cell)}"]
    if status not in STATUSES:
        return [*found, f"status {status!r}"]
    if (value is None) != (status in {"blank", "unreadable", "absent"}):
        found.append(f"value {value!r} is {status}")
    if value is not None and (type(value) not in (int, float) or abs(value) > 1e20):
        found.append(f"value {value!r}")
    if cell["where"] is not None and not WHERE.fullmatch(cell["where"]):
        found.append(f"where {cell['where']!r}")
    if status == "printed" and (not cell["raw"] or cell["where"] is None):
        found.append(f"printed, raw {cell['raw']!r}, where {cell['where']!r}")
    if status == "absent" and (cell["raw"] is not None or cell["where"] is not None):
        found.append("absent, yet something stands there")
    return found


def _check_faults(check: Json) -> list[str]:
    name = f"{check['id']}@{check['at']}"
    if check["outcome"] not in OUTCOMES:
        return [f"{name}: outcome {check['outcome']!r}"]
    if check["outcome"] == "undecidable" or check["id"].startswith("narrative."):
        return []
    left, right = check["left"], check["right"]
    if left is None or right is None:
        return [f"{name}: {check['outcome']} of {left} and {right}"]
    return [] if (abs(left - right) < 1e-6) == (check["outcome"] == "pass") else [f"{name}: {left} {right} {check}"]


def _grade(table: Json) -> set[str]:
    """Return the grades that statuses and outcomes allow."""
    if not {cell["status"] for cell in table["cells"]} <= READ:
        return {"partial"}
    outcomes = {check["outcome"] for check in table["checks"] if not check["id"].startswith("narrative.")}
    if "fail" in outcomes:
        return {"inconsistent"}
    if not outcomes or "undecidable" in outcomes:
        return {"consistent"}
    derived = any(cell["status"] == "derived" for cell in table["cells"])
    return {"verified", "consistent"} if derived else {"verified"}
