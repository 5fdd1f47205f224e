"""Tables whose cells do not stand where the form has them: their numbers go where they belong, or are refused."""

from collections.abc import Callable, Sequence
from random import Random

import pytest

from parsers.reading import read_reports
from tests.zoo.statute import form
from tests.zoo.truths import Truth, truth

FORMS = dict.fromkeys(("disclosure", "requests", "appeals"), "2021")
BLOCKS = form("2021").blocks
ROWS, COLUMNS = BLOCKS["requests"][0].rows, BLOCKS["requests"][0].columns
SUITS, OUTCOMES = BLOCKS["appeals"][0].rows, BLOCKS["appeals"][0].columns
NAMES = ("行政复议", "未经复议直接起诉", "复议后起诉")
HEADS = [column.label for column in COLUMNS]
Row = Sequence[str]


def line(cells: Sequence[str]) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def values(facts: Truth, table: str, row: str, columns: Sequence[str]) -> list[str]:
    return [str(facts.cells[f"{table}.{row}.{column}"]) for column in columns]


def requests(facts: Truth, of_row: Callable[[str, Row], Sequence[str]], heads: Row = ("", *HEADS)) -> str:
    """Return table 3, each row as `of_row` makes it of its label and its cells."""
    codes = [column.code for column in COLUMNS]
    rows = [of_row(row.label, values(facts, "requests", row.code, codes)) for row in ROWS]
    return "<table>" + line(heads) + "".join(map(line, rows)) + "</table>"


def plain(facts: Truth) -> str:
    return requests(facts, lambda label, cells: [label, *cells])


def lines(facts: Truth, of_row: Callable[[str, Row], Sequence[str]], heads: Row = ()) -> str:
    """Return table 3 as a paragraph a text."""
    codes = [column.code for column in COLUMNS]
    rows = [of_row(row.label, values(facts, "requests", row.code, codes)) for row in ROWS]
    return "".join(f"<p>{text}</p>" for text in (*heads, *(text for row in rows for text in row)))


def disclosure(facts: Truth, step: int = 1) -> str:
    made = ""
    for block in BLOCKS["disclosure"]:
        columns = block.columns[::step]
        made += line([block.label]) + line(["信息内容", *(column.label for column in columns)])
        codes = [column.code for column in columns]
        made += "".join(line([row.label, *values(facts, "disclosure", row.code, codes)]) for row in block.rows)
    return f"<table>{made}</table>"


def appeals(facts: Truth, order: Sequence[int] = range(5)) -> str:
    codes, heads = [OUTCOMES[at].code for at in order], [OUTCOMES[at].label for at in order]
    cells = [value for row in SUITS for value in values(facts, "appeals", row.code, codes)]
    return (
        "<table>"
        + line(["行政复议", "行政诉讼"])
        + line([*heads, *NAMES[1:]])
        + line(heads * 2)
        + line(cells)
        + "</table>"
    )


def appeals_by_row(facts: Truth, order: Sequence[int]) -> str:
    codes, heads = [OUTCOMES[at].code for at in order], ["", *(OUTCOMES[at].label for at in order)]
    rows = zip(NAMES, SUITS, strict=True)
    return (
        "<table>"
        + line(heads)
        + "".join(line([name, *values(facts, "appeals", row.code, codes)]) for name, row in rows)
        + "</table>"
    )


def transposed(facts: Truth) -> str:
    heads = line(["", *(row.label for row in ROWS)])
    rows = [[facts.cells[f"requests.{row.code}.{column.code}"] for row in ROWS] for column in COLUMNS]
    return (
        f"<table>{heads}"
        + "".join(line([head, *map(str, row)]) for head, row in zip(HEADS, rows, strict=True))
        + "</table>"
    )


def spans(facts: Truth) -> str:
    return lines(facts, lambda label, cells: ["".join(f"<span>{text}</span>" for text in (label, *cells))])


SWAPPED = [HEADS[1], HEADS[0], *HEADS[2:]]
REFUSED: dict[str, tuple[str, Callable[[Truth], str]]] = {
    "rows as columns": ("requests", transposed),
    "labels behind the cells": ("requests", lambda facts: requests(facts, lambda label, cells: [*cells, label])),
    "labels and cells in one text": ("requests", spans),
    "pictures of digits": (
        "requests",
        lambda facts: requests(facts, lambda label, cells: [label, *("<img src='5.png'>" for _ in cells)]),
    ),
    "columns in another order, on lines": (
        "requests",
        lambda facts: lines(facts, lambda label, cells: [label, cells[1], cells[0], *cells[2:]], SWAPPED),
    ),
    "labels first, then all cells": (
        "requests",
        lambda facts: lines(facts, lambda label, _: [label]) + lines(facts, lambda _, cells: cells),
    ),
    "cells before their label, on lines": (
        "requests",
        lambda facts: lines(facts, lambda label, cells: [*cells, label]),
    ),
    "cells before their label, on one line": (
        "requests",
        lambda facts: lines(facts, lambda label, cells: [" ".join((*cells, label))]),
    ),
    "outcomes in another order": ("appeals", lambda facts: appeals(facts, (4, 3, 2, 1, 0))),
    "outcomes in another order, by row": ("appeals", lambda facts: appeals_by_row(facts, (1, 0, 2, 3, 4))),
}
READ: dict[str, tuple[str, Callable[[Truth], str]]] = {
    "columns of disclosure in another order": ("disclosure", lambda facts: disclosure(facts, -1)),
    "fields of a form": (
        "requests",
        lambda facts: requests(facts, lambda label, cells: [label, *(f"<input value='{cell}'>" for cell in cells)]),
    ),
    "digits struck out": (
        "requests",
        lambda facts: requests(facts, lambda label, cells: [label, *(f"<del>9</del>{cell}" for cell in cells)]),
    ),
    "totals before the others": (
        "requests",
        lambda facts: requests(
            facts, lambda label, cells: [label, cells[-1], *cells[:-1]], ["", HEADS[-1], *HEADS[:-1]]
        ),
    ),
    "in the form's order": ("appeals", appeals),
}


def page(facts: Truth, table: str, made: str) -> bytes:
    parts = {"disclosure": disclosure(facts), "requests": plain(facts), "appeals": appeals(facts)} | {table: made}
    headings = (
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    )
    body = "".join(f"<p>{head}</p>{part}" for head, part in zip(headings, parts.values(), strict=True))
    title = f"清河县{facts.report_year}年政府信息公开工作年度报告"
    return f"<h1>{title}</h1>{body}<p>五、存在的主要问题及改进情况</p>".encode()


def wrong_and_read(name: str, cases: dict[str, tuple[str, Callable[[Truth], str]]], seed: int) -> tuple[int, int]:
    """Return how many cells are given wrong, and how many of the changed table are given."""
    facts = truth(Random(seed), profile="busy", forms=FORMS)
    table, made = cases[name]
    (report,) = read_reports(page(facts, table, made(facts)))
    given = [
        (found.table, cell) for found in report.tables for cell in found.cells if cell.status in ("printed", "blank")
    ]
    wrong = sum(cell.value != facts.cells[f"{of}.{cell.row}.{cell.column}"] for of, cell in given)
    return wrong, sum(of == table for of, _ in given)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", REFUSED)
def test_cells_in_another_order_are_refused(name: str, seed: int) -> None:
    assert wrong_and_read(name, REFUSED, seed) == (0, 0)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", READ)
def test_cells_whose_headings_tell_their_order_are_read(name: str, seed: int) -> None:
    wrong, given = wrong_and_read(name, READ, seed)
    facts = truth(Random(seed), profile="busy", forms=FORMS)
    assert (wrong, given) == (0, sum(at.startswith(READ[name][0]) for at in facts.cells))
