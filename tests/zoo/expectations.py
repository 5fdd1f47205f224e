"""What can be asked of a reader for each cell of a document: the very value, or a flag instead of a guess."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from tests.zoo import placing
from tests.zoo.placing import Finding, Values
from tests.zoo.statute import form
from tests.zoo.truths import Number, Truth


class Need(Enum):
    """`sure` must be right; `open` is right or flagged; `misled` reads otherwise with every sum right: not judged."""

    SURE = "sure"
    OPEN = "open"
    MISLED = "misled"


@dataclass(frozen=True, slots=True)
class Expectation:
    """The published value of a cell (None: blank), and what can be asked for."""

    value: Number | None
    need: Need


Expected = dict[str, Expectation]


def sure(report: Truth) -> Expected:
    """Everything stands there: every cell must be right."""
    return {key: Expectation(value, Need.SURE) for key, value in report.cells.items()}


def lost(report: Truth) -> Expected:
    """Nothing can be relied on: every cell is right or flagged."""
    return {key: Expectation(value, Need.OPEN) for key, value in report.cells.items()}


def _rows(report: Truth, table: str) -> list[list[str]]:
    """Return the keys of each row of a table."""
    rows: dict[str, list[str]] = {}
    for key in form(report.forms[table]).keys(table):
        rows.setdefault(key.rpartition(".")[0], []).append(key)
    return list(rows.values())


def _printed(report: Truth, keys: Iterable[str]) -> Values:
    return tuple(value for key in keys if (value := report.cells[key]) is not None)


def _judged(report: Truth, rows: list[list[str]], finding: Finding, *, fits: bool) -> Expected:
    """Turn a finding into expectations; a row that prints all or nothing is sure whatever the search says."""
    expected: Expected = {}
    cells = finding.cells or tuple(() for _ in rows)
    for keys, row in zip(rows, cells, strict=True):
        count = len(_printed(report, keys))
        for index, key in enumerate(keys):
            value = report.cells[key]
            if count in (0, len(keys)):
                need = Need.SURE
            elif not row:
                need = Need.OPEN
            elif not fits:
                need = Need.MISLED
            else:
                need = Need.SURE if row[index] == {value} else Need.OPEN
            expected[key] = Expectation(value, need)
    return expected


def _disclosure(report: Truth) -> Expected:
    expected: Expected = {}
    for keys in _rows(report, "disclosure"):
        finding = placing.free_row(_printed(report, keys), len(keys))
        expected |= _judged(report, [keys], finding, fits=True)
    return expected


def _values(report: Truth, keys: Iterable[str]) -> Values:
    return tuple(report.cells[key] for key in keys)


def _appeals(report: Truth, *, on_one_line: bool) -> Expected:
    rows = _rows(report, "appeals")
    fits = all(placing.adds_up(_values(report, keys)) for keys in rows)
    if on_one_line:
        line = [key for keys in rows for key in keys]
        return _judged(report, [line], placing.appeals_line(_printed(report, line)), fits=fits)
    return _judged(report, rows, placing.appeals_rows([_printed(report, keys) for keys in rows]), fits=fits)


def _requests(report: Truth) -> Expected:
    rows = {keys[0].split(".")[1]: keys for keys in _rows(report, "requests")}
    outer = placing.OUTER
    outcomes = [name for name in rows if name not in outer]
    values = {name: _values(report, keys) for name, keys in rows.items()}
    printed = {name: _printed(report, keys) for name, keys in rows.items()}
    new, before, handled, after = (printed[name] for name in outer)
    table = placing.Requests(new, before, handled, after, tuple(printed[name] for name in outcomes))
    finding = placing.requests(table)
    fits = placing.stands([values[name] for name in outer], [values[name] for name in outcomes])
    return _judged(report, [rows[name] for name in (*outer, *outcomes)], finding, fits=fits)


def dropped(report: Truth, *, on_one_line: bool) -> Expected:
    """Empty cells left no trace: only what the arithmetic places, and rows printed whole, must be right."""
    return _disclosure(report) | _requests(report) | _appeals(report, on_one_line=on_one_line)


def labelled(report: Truth, *, on_one_line: bool, tails: bool) -> Expected:
    """Cells are counted from a row's label.

    The line of table 4 has none, so an empty first cell leaves it open; with `tails`, pipes left over at the end of
    rows, a row that ends with an empty cell may as well have lost it.
    """
    rows = _rows(report, "disclosure") + _rows(report, "requests")
    last = _rows(report, "appeals")
    rows += [[key for keys in last for key in keys]] if on_one_line else last
    doubtful: set[str] = set()
    for keys in rows:
        values = _values(report, keys)
        headless = on_one_line and values[0] is None and len(keys) == 15
        if any(value is not None for value in values) and (headless or (tails and values[-1] is None)):
            doubtful |= set(keys)
    need = {True: Need.OPEN, False: Need.SURE}
    return {key: Expectation(value, need[key in doubtful]) for key, value in report.cells.items()}


def in_doubt(expected: Expected, *tables: str) -> Expected:
    """Return the same with every sure cell of those tables open."""
    return {
        key: replace(item, need=Need.OPEN) if key.split(".")[0] in tables and item.need is Need.SURE else item
        for key, item in expected.items()
    }


def cut(expected: Expected, seen: frozenset[str]) -> Expected:
    """The page ends early: rows printed whole stand, the rest of a table that began is open, others are not there."""
    tables = {key.split(".")[0] for key in seen}
    kept = {key: item for key, item in expected.items() if key.split(".")[0] in tables}
    missing = {key.rpartition(".")[0] for key in kept if key not in seen}
    return {
        key: replace(item, need=Need.OPEN) if key.rpartition(".")[0] in missing else item for key, item in kept.items()
    }
