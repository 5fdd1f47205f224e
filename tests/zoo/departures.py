"""What publishers do to a truth before they print it: cells left blank, and numbers that do not add up."""

from collections.abc import Callable
from random import Random

from tests.zoo.statute import form
from tests.zoo.truths import Cells, Truth

PARTS = ("person", "business", "research", "nonprofit", "legal", "other")


def _emptied(report: Truth, keys: set[str]) -> Truth:
    return report.with_cells({key: None if key in keys else value for key, value in report.cells.items()})


def zero_columns(report: Truth, rng: Random) -> Truth:
    """Leave out the columns of applicants that hold nothing but zeros, as most departments do."""
    rows = form(report.forms["requests"]).blocks["requests"][0].rows
    keys: set[str] = set()
    for column in PARTS[1:] if rng.random() < 0.7 else PARTS:
        column_keys = {f"requests.{row.code}.{column}" for row in rows}
        if all(report.cells[key] == 0 for key in column_keys):
            keys |= column_keys
    return _emptied(report, keys)


def random_zeros(report: Truth, rng: Random) -> Truth:
    """Leave out some of the zeros, anywhere."""
    share = rng.choice((0.1, 0.4, 0.8))
    return _emptied(report, {key for key, value in report.cells.items() if value == 0 and rng.random() < share})


def all_zeros(report: Truth, rng: Random) -> Truth:
    """Leave out every zero of one table, or of all."""
    tables = rng.choice((("requests",), ("appeals",), ("disclosure", "requests", "appeals")))
    return _emptied(report, {key for key, value in report.cells.items() if value == 0 and key.split(".")[0] in tables})


def zero_rows(report: Truth, rng: Random) -> Truth:
    """Leave out whole rows in which nothing happened."""
    rows: dict[str, list[str]] = {}
    for key in report.cells:
        rows.setdefault(key.rpartition(".")[0], []).append(key)
    empty = [keys for keys in rows.values() if all(report.cells[key] == 0 for key in keys) and rng.random() < 0.8]
    return _emptied(report, {key for keys in empty for key in keys})


def part_zeros(report: Truth, rng: Random) -> Truth:
    """Leave out the zeros of the applicants' columns, and keep every total."""
    share = rng.choice((0.5, 1.0))
    keys = {key for key, value in report.cells.items() if value == 0 and key.rpartition(".")[2] in PARTS}
    return _emptied(report, {key for key in sorted(keys) if rng.random() < share})


def whole_table(report: Truth, rng: Random) -> Truth:
    """Leave one table empty."""
    table = rng.choice(("disclosure", "requests", "appeals"))
    return _emptied(report, {key for key in report.cells if key.startswith(f"{table}.")})


def inner_totals(report: Truth, rng: Random) -> Truth:
    """Leave out totals inside table 3: those of the rows, the row of those handled, or both."""
    which = rng.choice(("rows", "handled", "both"))
    first = {"requests.new.total", "requests.carried_in.total", "requests.carried_out.total", "requests.handled.total"}
    rows = {key for key in report.cells if key.startswith("requests.") and key.endswith(".total")} - first
    handled = {key for key in report.cells if key.startswith("requests.handled.")}
    return _emptied(report, {"rows": rows, "handled": handled, "both": rows | handled}[which])


def everything(report: Truth, rng: Random) -> Truth:
    """Leave the whole form empty."""
    return _emptied(report, set(report.cells) if rng else set())


def _change(report: Truth, key: str, value: int, name: str) -> Truth:
    cells: Cells = dict(report.cells)
    cells[key] = max(0, value)
    return report.with_cells(cells, name) if cells[key] != report.cells[key] else report


def total_zero(report: Truth, rng: Random) -> Truth:
    """Publish 0 as the total beside parts that are not."""
    totals = [key for key, value in report.cells.items() if key.endswith(".total") and value]
    return _change(report, rng.choice(totals), 0, "total zero") if totals else report


def off_by_one(report: Truth, rng: Random) -> Truth:
    """Publish a cell of table 3 or 4 that is one too many or too few."""
    keys = [key for key in report.cells if not key.startswith("disclosure.")]
    key = rng.choice(keys)
    value = int(report.cells[key] or 0)
    return _change(report, key, value + (rng.choice((-1, 1)) if value else 1), "off by one")


def handled_wrong(report: Truth, rng: Random) -> Truth:
    """Publish another number of requests handled than the outcomes add up to."""
    key = f"requests.handled.{rng.choice((*PARTS, 'total'))}"
    return _change(report, key, int(report.cells[key] or 0) + rng.randint(1, 9), "handled wrong")


def out_of_balance(report: Truth, rng: Random) -> Truth:
    """Publish more or fewer requests received than handled and carried over."""
    cells: Cells = dict(report.cells)
    row, column, more = rng.choice(("new", "carried_out")), rng.choice(PARTS), rng.randint(1, 5)
    for name in (column, "total"):
        cells[f"requests.{row}.{name}"] = int(cells[f"requests.{row}.{name}"] or 0) + more
    return report.with_cells(cells, "out of balance")


Departure = Callable[[Truth, Random], Truth]
BLANKS: dict[str, Departure] = {
    "zero-columns": zero_columns,
    "random-zeros": random_zeros,
    "all-zeros": all_zeros,
    "zero-rows": zero_rows,
    "part-zeros": part_zeros,
    "whole-table": whole_table,
    "inner-totals": inner_totals,
}
MISTAKES: dict[str, Departure] = {
    "total-zero": total_zero,
    "off-by-one": off_by_one,
    "handled-wrong": handled_wrong,
    "out-of-balance": out_of_balance,
}
