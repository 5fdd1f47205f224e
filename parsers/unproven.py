"""Tables printed without rules: what stands in their columns tells them, so only the form's arithmetic proves a cell.

What an identity speaks against is refused here, where a ruled table would be given as published.
"""

import re
from collections.abc import Collection

from parsers.identities import check_identities, grade, instances_of
from parsers.page import Page
from parsers.report import Cell, Table

_ENOUGH = 0.75
"""Of a table's cells must be read, or the others are in doubt too: rows and columns were mistaken."""
_DIGIT = re.compile(r"\d")
_YEARS_BESIDE = re.compile(r"\W*20\d\d\s*年度?\s+20\d\d\s*年度?\W*")
"""The captions of two years' tables, which no rule parts."""
_READ = ("printed", "derived", "blank")


def without_unproven(page: Page, table: Table) -> tuple[Table, list[str]]:
    """Refuse the cells of a table without rules that nothing proves; return the table and what there is to warn of."""
    starts = tuple(f"table:{number}/" for number in page.unruled)
    if not any(_is_open(cell, starts) for cell in table.cells):
        return table, []
    refused = _opposed(table) | {index for index, cell in enumerate(table.cells) if _is_guess(cell)}
    left = sum(cell.status in _READ for index, cell in enumerate(table.cells) if index not in refused)
    if left < _ENOUGH * len(table.cells) or any(_YEARS_BESIDE.fullmatch(text) for _, text in page.texts):
        refused = set(range(len(table.cells)))
    refused = {index for index in refused if table.cells[index].status in _READ}
    if not refused:
        return table, []
    return _without(table, refused), [
        f"{table.table}: no rules are drawn, and nothing proves {len(refused)} cells; not read"
    ]


def _is_open(cell: Cell, starts: tuple[str, ...]) -> bool:
    where = cell.where or ""
    return cell.value is not None and (where.startswith(starts) or not where.startswith("table:"))


def _opposed(table: Table) -> set[int]:
    """Return the cells of identities that fail, and the numbers of which no identity they stand in decides."""
    terms: dict[str, set[int]] = {"pass": set(), "fail": set(), "undecidable": set()}
    checks = check_identities(table.form, table.table, table.cells)
    for instance, check in zip(instances_of(table.form, table.table), checks, strict=True):
        terms[check.outcome].update(instance.terms)
    open_ones = terms["undecidable"] - terms["pass"]
    return terms["fail"] | {index for index in open_ones if table.cells[index].value is not None}


def _is_guess(cell: Cell) -> bool:
    """Say whether a number was found where no digit stands: what is left of a blank mark is no number."""
    return cell.status == "derived" and not _DIGIT.search(cell.raw or "")


def _without(table: Table, refused: Collection[int]) -> Table:
    cells = tuple(
        cell._replace(value=None, status="unreadable") if index in refused else cell
        for index, cell in enumerate(table.cells)
    )
    checks = tuple(check_identities(table.form, table.table, cells))
    return Table(table.table, table.form, grade(table.form, table.table, cells, checks), cells, checks)
