"""The report as a value: what the parser returns and every other package reads."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

Status = Literal["printed", "blank", "derived", "unreadable", "absent"]
Outcome = Literal["pass", "fail", "undecidable"]
Grade = Literal["verified", "consistent", "inconsistent", "partial"]
Scope = Literal["jurisdiction", "office", "department", "township", "zone", "unknown"]
Number = int | float


class Cell(NamedTuple):
    """One cell of a statutory table.

    `raw` is what stands in the document, untouched (None where nothing does); `where` its place:
    `line:N`, `table:N/row:R/cell:C` or `page:N/box:x0,y0,x1,y1`, counted from 1. `unit` is set only
    where the document prints a unit and the form states none, `confidence` (0 to 1) only where the cell was read from
    a picture.
    """

    row: str
    column: str
    value: Number | None
    status: Status
    raw: str | None = None
    where: str | None = None
    unit: str | None = None
    confidence: float | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the cell as the JSON contract has it; `unit` and `confidence` only where there is one."""
        cell: dict[str, Any] = {
            "row": self.row,
            "column": self.column,
            "value": self.value,
            "status": self.status,
            "raw": self.raw,
            "where": self.where,
        }
        if self.unit:
            cell["unit"] = self.unit
        if self.confidence is not None:
            cell["confidence"] = self.confidence
        return cell


class Check(NamedTuple):
    """One identity, or one sentence of the narrative, held against the table.

    `at` is the row or column over which the identity repeats; `left` and `right` are the two sides,
    None where they cannot be known.
    """

    id: str
    at: str
    left: Number | None
    right: Number | None
    outcome: Outcome

    def as_json(self) -> dict[str, Any]:
        """Return the check as the JSON contract has it."""
        return {"id": self.id, "at": self.at, "left": self.left, "right": self.right, "outcome": self.outcome}


@dataclass(frozen=True, slots=True)
class Table:
    """One statutory table: every cell of its form once, in the form's order."""

    table: str
    form: str
    grade: Grade
    cells: tuple[Cell, ...]
    checks: tuple[Check, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the table as the JSON contract has it."""
        return {
            "table": self.table,
            "form": self.form,
            "grade": self.grade,
            "cells": [cell.as_json() for cell in self.cells],
            "checks": [check.as_json() for check in self.checks],
        }


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections of the report: its heading as printed and its narrative, without tables."""

    number: int
    heading: str
    text: str

    def as_json(self) -> dict[str, Any]:
        """Return the section as the JSON contract has it."""
        return {"number": self.number, "heading": self.heading, "text": self.text}


@dataclass(frozen=True, slots=True)
class Division:
    """A county-level or higher division: GB/T 2260 code and official name."""

    code: str
    name: str

    def as_json(self) -> dict[str, Any]:
        """Return the division as the JSON contract has it."""
        return {"code": self.code, "name": self.name}


@dataclass(frozen=True, slots=True)
class Report:
    """A yearly report on open government information, as one document publishes it.

    `sha256` is that of the document's bytes; `published_at` keeps the precision it was printed with
    (`2025-02-18` or `2025-02-18T16:52+08:00`). `tables` holds disclosure, requests, appeals, those that
    were found. `division` is None until `nianbao.parse` names it. Titles, names and sections are simplified
    Chinese.
    """

    sha256: str
    title: str | None = None
    publisher: str | None = None
    division: Division | None = None
    scope: Scope = "unknown"
    report_year: int | None = None
    published_at: str | None = None
    tables: tuple[Table, ...] = ()
    sections: tuple[Section, ...] = ()
    warnings: tuple[str, ...] = ()
    source: str | None = None

    def table(self, code: str) -> Table | None:
        """Return the table of that code (`disclosure`, `requests`, `appeals`), None if it was not found."""
        return next((table for table in self.tables if table.table == code), None)

    def as_json(self) -> dict[str, Any]:
        """Return the report as the JSON contract has it, keys in the contract's order."""
        return {
            "source": self.source,
            "sha256": self.sha256,
            "title": self.title,
            "publisher": self.publisher,
            "division": self.division.as_json() if self.division else None,
            "scope": self.scope,
            "report_year": self.report_year,
            "published_at": self.published_at,
            "tables": [table.as_json() for table in self.tables],
            "sections": [section.as_json() for section in self.sections],
            "warnings": list(self.warnings),
        }
