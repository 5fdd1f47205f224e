"""The rules that hold one year's reports together: forms, statuses, identities, grades, panel, checks across them."""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.across import across_checks, only_across
from nianbao.dataset.contents import KEY, named
from nianbao.dataset.fields import TABLES
from nianbao.dataset.panel import panel_numbers
from nianbao.dataset.panel_columns import panel_cells
from nianbao.dataset.schema import registry
from nianbao.dataset.validation_tables import Defect
from nianbao.dataset.validation_year import Flags, Positions, Year, positions
from parsers.errors import DatasetError
from parsers.forms import forms

ACROSS = "across"
"""The rule that a rewrite of the checks satisfies."""

_NEAR = 1e-9
_Outcomes = npt.NDArray[np.object_]


def year_defects(year: Year) -> Iterator[Defect]:
    """Yield what in one year's parts does not agree with the rest of them."""
    try:
        _ = year.columns  # nothing else means anything where a cell is in no form
    except DatasetError as error:
        yield Defect(year.file("cells"), "form", 1, str(error))
        return
    for rule in _RULES:
        yield from rule(year)


def _form(year: Year) -> Iterator[Defect]:
    """Demand that each table of a report has every cell of its form, and no other."""
    there = year.read | year.lost
    expected = np.zeros_like(there)
    for table in TABLES:
        for form in forms():
            cells = positions(form, table, forms()[form].tables[table].cells())
            expected[np.ix_(year.with_form(table, form), cells)] = True
    yield from year.differing("cells", "form", there != expected, "reports whose cells are not those of the form")


def _status(year: Year) -> Iterator[Defect]:
    """Demand that a number stands beside `printed` and `derived`, and nowhere else."""
    numbered = pc.is_in(year.cells.column("status"), value_set=pa.array(["printed", "derived"]))
    odd = pc.not_equal(numbered, pc.is_valid(year.cells.column("value"))).to_numpy()
    yield from year.breaking("cells", "status", year.rows[odd], "cells whose value and status do not agree")


def _identity(year: Year) -> Iterator[Defect]:
    """Demand that each identity of each table was checked, and that its outcome is what the cells say."""
    own = year.own_checks
    place = pc.binary_join_element_wise(*(own.column(name).cast(pa.string()) for name in ("id", "at")), " ")
    encoded = place.combine_chunks().dictionary_encode()
    codes = {name: code for code, name in enumerate(encoded.dictionary.to_pylist())}
    which, rows = encoded.indices.to_numpy(), own.column(KEY).to_numpy()
    outcomes = own.column("outcome").cast(pa.string()).to_numpy()
    wrong = np.zeros(len(year), dtype=np.bool_)
    for form, table in ((form, table) for form in forms() for table in TABLES):
        of_form = year.with_form(table, form)
        for name, left, right in _identities(form, table):
            chosen = which == codes.get(name, -1)
            stored = np.full(len(year), "", dtype=object)
            stored[rows[chosen]] = outcomes[chosen]
            wrong[of_form] |= _outcomes_wrong(year, of_form, left, right, stored[of_form])
    yield from year.differing("checks", "identity", wrong, "reports whose outcomes are not what their cells say")


def _identities(form: str, table: str) -> Iterator[tuple[str, Positions, Positions]]:
    """Yield each repetition of each identity: `id at` and the panel's columns of both sides, from the form alone."""
    form_table = forms()[form].tables[table]
    for identity in form_table.identities:
        per_column = identity.per == "column"
        for at in dict.fromkeys(cell[1 if per_column else 0] for cell in form_table.cells()):
            left, right = (
                positions(form, table, [(term, at) if per_column else (at, term) for term in side])
                for side in (identity.left, identity.right)
            )
            yield f"{identity.id} {at}", left, right


def _outcomes_wrong(year: Year, of_form: Positions, left: Positions, right: Positions, said: _Outcomes) -> Flags:
    """Return which outcomes the cells do not bear out; a blank among the terms may leave one undecidable."""
    ours = year.values[np.ix_(of_form, left)].sum(axis=1)
    theirs = year.values[np.ix_(of_form, right)].sum(axis=1)
    holds = np.abs(ours - theirs) < _NEAR
    terms = np.ix_(of_form, np.concatenate([left, right]))
    whole = year.read[terms].all(axis=1)
    sure = whole & ~year.blank[terms].any(axis=1)
    wrong: Flags = (said == "") | ((said == "undecidable") & sure)
    wrong |= (said == "pass") & ~(holds & whole)
    wrong |= (said == "fail") & ~(whole & ~holds)
    return wrong


def _grade(year: Year) -> Iterator[Defect]:
    """Demand that a grade is no better than cells and outcomes allow, and that the counts of a report are true."""
    own = year.own_checks
    rows = own.column(KEY).to_numpy()
    narrative = pc.starts_with(own.column("id").cast(pa.string()), "narrative.")
    wrong = np.zeros(len(year), dtype=np.bool_)
    for table in TABLES:
        identities = pc.and_(pc.equal(own.column("table"), table), pc.invert(narrative))
        failed, open_ = (
            _counted(year, rows, pc.and_(identities, pc.equal(own.column("outcome"), outcome))) > 0
            for outcome in ("fail", "undecidable")
        )
        wrong |= _grades_wrong(year, table, failed, open_)
    all_failed = _counted(year, rows, pc.equal(own.column("outcome"), "fail"))
    wrong |= year.reports.column("failed_checks").to_numpy() != all_failed
    wrong |= year.reports.column("unread_cells").to_numpy() != year.lost.sum(axis=1)
    yield from year.differing("reports", "grade", wrong, "reports whose grades or counts are not those of their rows")


def _grades_wrong(year: Year, table: str, failed: Flags, undecided: Flags) -> Flags:
    grade = year.reports.column(f"{table}_grade").to_numpy()
    columns = [position for position, field in enumerate(panel_cells()) if field.place[0][1] == table]
    lost = year.lost[:, columns].any(axis=1)
    wrong: Flags = (grade == "partial") != lost
    wrong |= ~lost & ((grade == "inconsistent") != failed)
    wrong |= (grade == "verified") & undecided
    return wrong


def _counted(year: Year, rows: npt.NDArray[np.int32], chosen: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    flags = pc.fill_null(chosen, fill_value=False).to_numpy()
    return np.bincount(rows[flags], minlength=len(year))


def _panel(year: Year) -> Iterator[Defect]:
    """Demand that the panel has the very reports of `reports`, their columns and the numbers of their cells."""
    if not year.panel.column("report_id").combine_chunks().equals(year.ids):
        text = f"its reports of {year.year} are not those of {year.file('reports')}"
        yield Defect(year.file("panel"), "panel", 1, text)
        return
    found = np.column_stack([year.panel.column(field.name).to_numpy() for field in panel_cells()])
    expected = panel_numbers(len(year), year.keyed_cells, year.own_checks)
    same = (found == expected) | (np.isnan(found) & np.isnan(expected))
    yield from year.differing("panel", "panel", ~same, f"reports of {year.year} whose numbers are not those of cells/")
    for name in (name for name in year.reports.column_names if name in year.panel.column_names):
        if not year.panel.column(name).combine_chunks().equals(year.reports.column(name).combine_chunks()):
            text = f"{name} of {year.year} is not that of {year.file('reports')}"
            yield Defect(year.file("panel"), "panel", 1, text)


def _across(year: Year) -> Iterator[Defect]:
    """Demand that the checks across reports are those that panel and narratives give."""
    fresh = across_checks(year.panel, year.before, year.narratives)
    ids = pa.table({"report_id": year.panel.column("report_id")})
    expected = named(fresh, ids, registry()["checks"].arrow()).combine_chunks()
    found = only_across(year.checks).combine_chunks()
    if not expected.equals(found):
        text = "the checks across reports are not those that the reports give"
        yield Defect(year.file("checks"), ACROSS, max(len(found), len(expected)), text)


_RULES: tuple[Callable[[Year], Iterator[Defect]], ...] = (_form, _status, _identity, _grade, _panel, _across)
