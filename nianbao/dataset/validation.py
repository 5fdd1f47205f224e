"""All checks over a dataset: what its publishers got wrong, and whether it agrees with its codebook and with itself.

The first are facts about published reports: identities, narratives and checks across reports that fail. The second are
defects: a damaged file, a key twice, a cell that no form has, a panel that is not its cells.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.codebook import datapackage
from nianbao.dataset.fields import TABLES
from nianbao.dataset.reader import open_dataset
from nianbao.dataset.schema import UNKNOWN_YEAR, registry
from nianbao.dataset.tables import CODEBOOK, file_name, read_part, years_of
from nianbao.dataset.validation_findings import Failure, Findings, sort_failures
from nianbao.dataset.validation_report import validation_markdown
from nianbao.dataset.validation_rules import ACROSS, year_defects
from nianbao.dataset.validation_tables import Defect, joined, reference_defects, table_defects
from nianbao.dataset.validation_year import Year
from nianbao.dataset.whole_files import replace_file, write_text
from nianbao.dataset.write import update
from parsers.errors import DatasetError

REPORT = "validation.md"
"""The validation report, in the store: equal datasets give equal bytes."""

_CODEBOOK_RULE = "codebook"
_MENDED_BY_WRITING = {ACROSS, _CODEBOOK_RULE}
_CONTENTS = ("cells", "checks", "sections")
_VERSIONED = ("report_id", "version")


def check(store: Path, *, write: bool = True) -> Findings:
    """Run all checks over the dataset of a store and return what they found.

    With `write`, checks across reports that an earlier version of this program left out are written into the dataset,
    and the validation report into the store; what is equal already is left untouched. Raises DatasetError if there is
    no dataset, a later version wrote it, or the store cannot be written.
    """
    findings = validate(open_dataset(store).folder)
    if not write:
        return findings
    if findings.defects and {defect.rule for defect in findings.defects} <= _MENDED_BY_WRITING:
        update(store, (), parser_version="", all_checks=True)
        findings = validate(open_dataset(store).folder)
    report = validation_markdown(findings)
    try:
        replace_file(store / REPORT, partial(write_text, text=report))
    except OSError as error:
        raise DatasetError(
            f"{store / REPORT}: cannot be written ({error.strerror or error}); make room or give access, then run again"
        ) from error
    return findings


def validate(folder: Path) -> Findings:
    """Return what all checks find in one generation of a dataset; nothing is written."""
    return _Validation(folder).run()


class _Validation:
    """Goes through the years one by one, so that no more than one is in memory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found = Findings()
        self._years = years_of(folder)

    def run(self) -> Findings:
        self._check_codebook()
        panel = self._part("panel")
        for year in self._years:
            self._check_year(year, panel)
        if panel is not None:
            self._check_whole(panel)
        self._found.failures = sort_failures(self._found.failures)
        return self._found

    def _check_codebook(self) -> None:
        if (self._folder / CODEBOOK).read_bytes() != datapackage(tuple(self._years)):
            text = "is not what this version of the program says of the files"
            self._found.defects.append(Defect(CODEBOOK, _CODEBOOK_RULE, 1, text))

    def _part(self, name: str, year: int | None = None) -> pa.Table | None:
        """Return one file, None where it cannot be read; what its rows have against the registry is taken down."""
        try:
            part = read_part(self._folder, name, year)
        except DatasetError as error:
            text = str(error).removeprefix(f"{self._folder / file_name(name, year)}: ")
            self._found.defects.append(Defect(file_name(name, year), "readable", 1, text))
            return None
        self._found.defects += table_defects(file_name(name, year), part, registry()[name])
        return part

    def _check_year(self, year: int, panel: pa.Table | None) -> None:
        defects = len(self._found.defects)
        parts = {name: self._part(name, year) for name, table in registry().items() if table.folder}
        for name, part in parts.items():
            self._check_references(name, year, part, parts)
        own = {name: parts[name] for name in ("reports", *_CONTENTS)}
        self._count(year, own)
        if panel is None or any(part is None for part in own.values()) or len(self._found.defects) > defects:
            return  # the rows do not even belong together: that was said, and more would only repeat it
        before = _rows_of_year(panel, year - 1)
        self._found.defects += year_defects(Year(year, **own, panel=_rows_of_year(panel, year), before=before))

    def _check_references(self, name: str, year: int, part: pa.Table | None, parts: dict[str, pa.Table | None]) -> None:
        parent_name = registry()[name].parent
        parent = parts.get(parent_name) if parent_name else None
        if part is not None and parent is not None:
            columns = _VERSIONED if name.startswith("history/") else _VERSIONED[:1]
            self._found.defects += reference_defects(file_name(name, year), part, columns, parent)

    def _check_whole(self, panel: pa.Table) -> None:
        """Check what spans all years: coverage and revisions, and that the panel has no report beside theirs."""
        for name in ("coverage", "revisions"):
            part = self._part(name)
            if part is not None and name == "coverage":
                self._found.defects += reference_defects(file_name(name), part, _VERSIONED[:1], panel)
        if len(panel) != self._found.reports.total():
            text = f"{len(panel)} reports, and {self._found.reports.total()} in reports/"
            self._found.defects.append(Defect(file_name("panel"), "panel", 1, text))

    def _count(self, year: int, parts: dict[str, pa.Table | None]) -> None:
        found, named_year = self._found, None if year == UNKNOWN_YEAR else year
        reports, cells, checks = (parts[name] for name in ("reports", "cells", "checks"))
        if reports is not None:
            found.reports.update({(named_year, grade): count for grade, count in _counts(reports, "grade")})
            found.parsers.update(dict(_counts(reports, "parser_version")))
            fetches = (found.latest_fetch, pc.max(reports.column("fetched_at")).as_py())
            found.latest_fetch = max(filter(None, fetches), default=None)
        if cells is not None:
            found.statuses.update(dict(_counts(cells, "status")))
        if checks is not None:
            grouped = checks.group_by(["id", "outcome"]).aggregate([([], "count_all")]).to_pylist()
            found.outcomes.update({(row["id"], row["outcome"]): row["count_all"] for row in grouped})
        if reports is not None and checks is not None:
            found.failures += _failures(named_year, reports, checks)


def _failures(year: int | None, reports: pa.Table, checks: pa.Table) -> Iterable[Failure]:
    failed = checks.filter(pc.equal(checks.column("outcome"), "fail"))
    whose = pc.index_in(failed.column("report_id"), value_set=joined(reports, ("report_id",)))
    failed, whose = failed.filter(pc.is_valid(whose)), whose.drop_null()
    names = ("division_code", "division_name", "publisher", "scope", "url", *(f"{table}_form" for table in TABLES))
    for row, report in zip(failed.to_pylist(), reports.select(names).take(whose).to_pylist(), strict=True):
        form = report[f"{row['table']}_form"] or ""
        shared = {name: report[name] for name in names[:5]} | {
            name: row[name] for name in ("report_id", "table", "id", "at")
        }
        yield Failure(**shared, report_year=year, form=form, left=row["left"], right=row["right"])


def _rows_of_year(panel: pa.Table, year: int) -> pa.Table:
    column = panel.column("report_year")
    return panel.filter(pc.is_null(column) if year == UNKNOWN_YEAR else pc.equal(column, year))


def _counts(table: pa.Table, name: str) -> Iterable[tuple[str, int]]:
    counted = pc.value_counts(table.column(name))
    return [(entry["values"], entry["counts"]) for entry in counted.to_pylist()]
