"""Columns of the dataset as Stata has them: numbers with reasons for missing, coded texts with value labels, texts."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.export.reasons import ABSENT, MEANINGS, Letters, status_letters
from nianbao.dataset.fields import YEAR, Field
from nianbao.dataset.panel_columns import LONGEST_LABEL
from parsers.forms import forms

_Objects = npt.NDArray[np.object_]
_Numbers = npt.NDArray[np.float64]

_NUL = "\0"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class StataColumn:
    """One variable: its values (numbers, texts, or the letter of an extended missing value), its labels and display."""

    name: str
    label: str
    values: _Objects | _Numbers
    labels: dict[float | str, str] = field(default_factory=dict)
    letters: tuple[str, ...] = ()
    display: str | None = None


def stata_column(of: Field, table: pa.Table, letters: Letters | None = None) -> StataColumn:
    """Return a column of a table as Stata has it.

    `letters` say why numbers are missing; without them the status beside a number does. A missing code or year is
    `.c`, absent; any other missing number is `.`, a missing text is empty.
    """
    column = table.column(of.name)
    codes = codes_of(of)
    if codes:
        return _coded(of, column, codes)
    if of.type == "string":
        return StataColumn(of.name, _label(of), _texts(column))
    if letters is None:
        letters = _letters_beside(of, table)
    display = "%4.0f" if of.name == YEAR.name else None
    values = _numbers(column, letters)
    used = _used(values)
    return StataColumn(of.name, _label(of), _settled(values, used), letters=used, display=display)


def codes_of(of: Field) -> dict[str, int]:
    """Return the number that stands for each text of a field with few values, none for a field without a list.

    A form is coded by its year, a flag as 0 and 1, anything else from 1 on in the registry's order.
    """
    if of.type == "boolean":
        return {"no": 0, "yes": 1}
    if of.name == "form" or of.name.endswith("_form"):
        return {form: int(form) for form in forms()}
    return {value: number for number, value in enumerate(of.values, start=1)}


def _coded(of: Field, column: pa.ChunkedArray, codes: dict[str, int]) -> StataColumn:
    if of.type == "boolean":
        column = pc.if_else(column, "yes", "no")
    encoded = pc.dictionary_encode(column).combine_chunks()
    missing = ABSENT if of.type == "string" else None
    pool = np.array([*(codes[text] for text in encoded.dictionary.to_pylist()), missing], dtype=object)
    values = pool[pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)]
    labels: dict[float | str, str] = {code: text for text, code in codes.items()}
    used = _used(values)
    labels |= {letter: MEANINGS[letter] for letter in used}
    return StataColumn(of.name, _label(of), _settled(values, used), labels, used)


def _numbers(column: pa.ChunkedArray, letters: Letters) -> _Objects:
    """Return numbers as objects, one object for each different number, and letters where they are missing."""
    numbers = column.cast(pa.float64()).to_numpy()
    missing = np.isnan(numbers)
    pool, positions = np.unique(numbers[~missing], return_inverse=True)
    values = np.full(len(numbers), None, dtype=object)
    values[~missing] = np.array([*pool.tolist(), None], dtype=object)[positions]
    for letter in MEANINGS:
        values[missing & (letters == letter)] = letter
    return values


def _letters_beside(of: Field, table: pa.Table) -> Letters:
    status = of.name.replace("value", "status")
    if status != of.name and status in table.column_names:
        return status_letters(table.column(status))
    return np.full(len(table), ABSENT if of.name == YEAR.name else "", dtype="U1")


def _texts(column: pa.ChunkedArray) -> _Objects:
    texts = pc.replace_substring(pc.fill_null(column, ""), _NUL, _REPLACEMENT)
    values: _Objects = texts.to_pandas().to_numpy(dtype=object)
    return values


def _settled(values: _Objects, letters: tuple[str, ...]) -> _Objects | _Numbers:
    """Return values as numbers where there is no letter among them: a column of objects alone says no type."""
    return values if letters else values.astype(np.float64)


def _used(values: _Objects) -> tuple[str, ...]:
    present = {value for value in values if type(value) is str}
    return tuple(letter for letter in MEANINGS if letter in present)


def _label(of: Field) -> str:
    return of.label if len(of.label) <= LONGEST_LABEL else of.label[: LONGEST_LABEL - 1] + "…"
