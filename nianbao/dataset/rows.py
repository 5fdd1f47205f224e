"""A document as a row of `reports`: where it comes from, whose it is, and how well it was read."""

from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from nianbao.dataset.contents import digest
from nianbao.dataset.documents import Document
from nianbao.dataset.fields import TABLES
from nianbao.dataset.identity import host_is_official, host_of
from nianbao.dataset.lineage import series_of, successor_of
from nianbao.dataset.places import parents
from nianbao.dataset.schema import UNKNOWN_YEAR
from parsers.errors import DatasetError
from parsers.report import Division, Grade, Report

_PAGE_SUFFIXES = {"", ".html", ".htm", ".shtml", ".shtm", ".xhtml", ".jsp", ".jspx", ".asp", ".aspx", ".php", ".do"}
_ATTACHED_SUFFIXES = {".pdf", ".doc", ".docx", ".wps", ".xls", ".xlsx", ".et", ".ofd", ".rtf", ".txt", ".zip", ".rar"}
_ATTACHED_SUFFIXES |= {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff"}


def report_row(identifier: str, document: Document, parser_version: str) -> dict[str, Any]:
    """Return the row of `reports` for a document, as its first version.

    Raises DatasetError if the time of its fetch is no ISO 8601 time with a zone.
    """
    report = document.report
    return {
        "report_id": identifier,
        "version": 1,
        **_division(report.division),
        **_lineage(report),
        "publisher": report.publisher,
        "scope": report.scope,
        "title": report.title,
        "report_year": folder_year(report),
        "published_at": report.published_at,
        "url": document.url,
        "host": host_of(document.url),
        "host_is_official": host_is_official(document.url),
        "media": _media(document),
        "found_on": document.found_on,
        "site_code": document.site_code,
        "fetched_at": _utc(document),
        "sha256": report.sha256,
        "grade": grade(report),
        **_tables(report),
        "failed_checks": sum(check.outcome == "fail" for table in report.tables for check in table.checks),
        "unread_cells": sum(cell.status in ("unreadable", "absent") for table in report.tables for cell in table.cells),
        "warnings": "\n".join(report.warnings) or None,
        "parser_version": parser_version,
        "content": digest(report),
        "differing": "\n".join(document.differing) or None,
    }


def folder_year(report: Report) -> int:
    """Return the year that the report is filed under: its own, or UNKNOWN_YEAR."""
    return UNKNOWN_YEAR if report.report_year is None else report.report_year


def grade(report: Report) -> Grade | None:
    """Return the grade of the whole report, None where no table was found.

    `verified` when requests and appeals are and disclosure is consistent. Else `partial` when a table is missing or
    partial, `inconsistent` when an identity fails, `consistent` otherwise.
    """
    if not report.tables:
        return None
    grades = {table.table: table.grade for table in report.tables}
    if len(grades) < len(TABLES) or "partial" in grades.values():
        return "partial"
    if "inconsistent" in grades.values():
        return "inconsistent"
    return "verified" if grades["requests"] == grades["appeals"] == "verified" else "consistent"


def _division(division: Division | None) -> dict[str, str | None]:
    if division is None:
        return dict.fromkeys(("division_code", "division_name", "prefecture", "province"))
    province, prefecture = parents(division.code)
    return {
        "division_code": division.code,
        "division_name": division.name,
        "prefecture": prefecture,
        "province": province,
    }


def _lineage(report: Report) -> dict[str, str | None]:
    if report.division is None:
        return dict.fromkeys(("series", "successor_code"))
    successor = successor_of(report.division, report.report_year)
    return {
        "series": series_of(report.division, report.report_year),
        "successor_code": successor.code if successor else None,
    }


def _tables(report: Report) -> dict[str, str | None]:
    columns: dict[str, str | None] = {}
    for code in TABLES:
        table = report.table(code)
        columns[f"{code}_form"] = table.form if table else None
        columns[f"{code}_grade"] = table.grade if table else None
    return columns


def _media(document: Document) -> str:
    if document.is_attached:
        return "attachment"
    suffix = PurePosixPath(urlsplit(document.url).path).suffix.lower()
    if suffix in _ATTACHED_SUFFIXES:
        return "attachment"
    if suffix in _PAGE_SUFFIXES or document.content_type is None:
        return "page"
    return "page" if "html" in document.content_type.lower() else "attachment"


def _utc(document: Document) -> str:
    try:
        time = datetime.fromisoformat(document.fetched_at)
    except ValueError:
        time = None
    if time is None or time.tzinfo is None:
        raise DatasetError(
            f"{document.url}: fetched_at {document.fetched_at!r} is no ISO 8601 time with a zone, such as "
            "2025-02-18T08:52:00Z"
        )
    return time.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
