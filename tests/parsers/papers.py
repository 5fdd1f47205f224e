"""Three tables written by hand for both forms, and what each cell of them must read as."""

from tests.zoo.statute import form

# Columns in the form's order; every identity holds. A row that is not named prints zeros.
_REQUESTS = {
    "2021": """
        new                  30 4 0 0 1 0 35
        carried_in            2 0 0 0 0 1  3
        granted              12 1 0 0 0 0 13
        partial               3 1 0 0 0 0  4
        refused_by_law        1 0 0 0 0 0  1
        refused_3rd_party     2 0 0 0 0 0  2
        refused_process       0 1 0 0 0 0  1
        refused_query         4 0 0 0 0 0  4
        unavail_not_held      5 1 0 0 1 1  8
        unavail_unclear       1 0 0 0 0 0  1
        declined_petition     1 0 0 0 0 0  1
        closed_uncorrected    1 0 0 0 0 0  1
        handled              30 4 0 0 1 1 36
        carried_out           2 0 0 0 0 0  2
    """,
    "2019": """
        new                  19 2 0 1 0 0 22
        granted               8 0 0 1 0 0  9
        partial               2 1 0 0 0 0  3
        refused_internal      1 0 0 0 0 0  1
        unavail_not_held      4 1 0 0 0 0  5
        declined_repeat       1 0 0 0 0 0  1
        closed                2 0 0 0 0 0  2
        handled              18 2 0 1 0 0 21
        carried_out           1 0 0 0 0 0  1
    """,
}
_DISCLOSURE = {
    "2021": """
        rules      0 0 2
        normative  7 1 25
        licences   1204
        penalties  318
        coercion   12
        fees       1234.56
    """,
    "2019": """
        rules           1 1 3
        normative       12 10 60
        licences        120 +3 2045
        other_services  45 -2 310
        penalties       800 0 77
        coercion        60 1 5
        fees            9 0
        procurement     21 3456.78
    """,
}
_APPEALS = """
    reconsideration  3 1 0 1 5
    direct_suit      0 0 0 0 0
    later_suit       2 0 1 0 3
"""

Printed = dict[str, str]
"""What each cell of a table prints, by `table.row.column`."""


def _printed(table: str, form_id: str, text: str) -> Printed:
    rows = {name: values for name, *values in (line.split() for line in text.strip().splitlines())}
    cells = {}
    for block in form(form_id).blocks[table]:
        for row in block.rows:
            values = rows.get(row.code, ["0"] * len(block.columns))
            for column, value in zip(block.columns, values, strict=True):
                cells[f"{table}.{row.code}.{column.code}"] = value
    return cells


def disclosure(form_id: str = "2021") -> Printed:
    return _printed("disclosure", form_id, _DISCLOSURE[form_id])


def requests(form_id: str = "2021") -> Printed:
    return _printed("requests", form_id, _REQUESTS[form_id])


def appeals() -> Printed:
    return _printed("appeals", "2021", _APPEALS)


def paper(disclosure_form: str = "2021", requests_form: str = "2021") -> Printed:
    """The three tables of one report."""
    return disclosure(disclosure_form) | requests(requests_form) | appeals()


def changed(printed: Printed, **cells: str) -> Printed:
    """The same with some cells printed differently; `requests__new__person` names requests.new.person."""
    changes = {name.replace("__", "."): text for name, text in cells.items()}
    assert changes.keys() <= printed.keys()
    return printed | changes


def values(printed: Printed) -> dict[str, float | None]:
    """What plainly printed cells must read as; an empty one is a blank."""
    return {key: float(text) if text else None for key, text in printed.items()}
