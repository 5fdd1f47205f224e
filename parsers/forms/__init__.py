"""The statutory forms as values, read once from the TOML files beside this module.

Sources: 国办公开办函〔2021〕30号 (form 2021) and 国办公开办函〔2019〕60号 (form 2019).
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: `code`, printed `label`, `groups` of labels above it, `variants` seen in reports."""

    code: str
    label: str
    label_en: str
    groups: tuple[str, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a block; `type` is int, signed int or decimal, `unit` the form's own ("" where it has none)."""

    code: str
    label: str
    label_en: str
    unit: str
    type: str
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share columns; `label` is the block's own heading (第二十条第(一)项), "" where it has none."""

    label: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """What must add up: sum(left) = sum(right), once per column (terms are rows) or per row (terms are columns)."""

    id: str
    table: str
    per: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    status: str


@dataclass(frozen=True, slots=True)
class FormTable:
    """One statutory table of a form.

    `columns` gives by row code the columns that the row has, `row_addresses` the (row code, column code) of each.
    """

    code: str
    prefix: str
    section: int
    label: str
    label_en: str
    blocks: tuple[Block, ...]
    identities: tuple[Identity, ...]
    columns: dict[str, tuple[Column, ...]]
    addresses: tuple[tuple[str, str], ...]
    row_addresses: dict[str, tuple[tuple[str, str], ...]]

    def cells(self) -> tuple[tuple[str, str], ...]:
        """Return (row code, column code) of every cell, in the form's order."""
        return self.addresses


@dataclass(frozen=True, slots=True)
class FormSection:
    """One of the six sections: its number, label and the variants seen."""

    number: int
    label: str
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """A statutory form: three tables, six sections, and the marks that stand for a blank."""

    id: str
    basis: str
    tables: dict[str, FormTable]
    sections: tuple[FormSection, ...]
    blank_marks: frozenset[str]


def _block(data: dict[str, Any]) -> Block:
    rows = tuple(
        Row(row["code"], row["label"], row["label_en"], tuple(row.get("groups", ())), tuple(row["variants"]))
        for row in data["rows"]
    )
    columns = tuple(Column(**{**column, "variants": tuple(column["variants"])}) for column in data["columns"])
    return Block(data["label"], rows, columns)


def _table(data: dict[str, Any], identities: tuple[Identity, ...]) -> FormTable:
    blocks = tuple(_block(block) for block in data["blocks"])
    columns = {row.code: block.columns for block in blocks for row in block.rows}
    row_addresses = {row: tuple((row, column.code) for column in of_row) for row, of_row in columns.items()}
    return FormTable(
        code=data["code"],
        prefix=data["prefix"],
        section=data["section"],
        label=data["label"],
        label_en=data["label_en"],
        blocks=blocks,
        identities=tuple(identity for identity in identities if identity.table == data["code"]),
        columns=columns,
        addresses=tuple(address for of_row in row_addresses.values() for address in of_row),
        row_addresses=row_addresses,
    )


def _form(text: str) -> Form:
    data = tomllib.loads(text)
    identities = tuple(
        Identity(**{**identity, "left": tuple(identity["left"]), "right": tuple(identity["right"])})
        for identity in data["identities"]
    )
    return Form(
        id=data["id"],
        basis=data["basis"],
        tables={table["code"]: _table(table, identities) for table in data["tables"]},
        sections=tuple(FormSection(s["number"], s["label"], tuple(s["variants"])) for s in data["sections"]),
        blank_marks=frozenset(data["blank_marks"]),
    )


@cache
def forms() -> dict[str, Form]:
    """Return every form by its id, oldest first."""
    folder = files(__package__)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    loaded = (_form((folder / name).read_text(encoding="utf-8")) for name in names)
    return {form.id: form for form in loaded}
