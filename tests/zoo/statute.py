"""The statutory forms, read as data from their TOML: tables, blocks, rows, columns, labels and identities."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "parsers" / "forms"
FORMS = ("2019", "2021")
TABLES = ("disclosure", "requests", "appeals")


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a form: its code, its label, the labels above it, and what reports print instead."""

    code: str
    label: str
    variants: tuple[str, ...]
    groups: tuple[str, ...] = ()
    unit: str = ""
    type: str = "int"


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that share their columns, under one title (第二十条第(一)项; empty in tables 3 and 4)."""

    label: str
    rows: tuple[Line, ...]
    columns: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """sum(left) = sum(right), over each column (the terms are rows) or each row (the terms are columns)."""

    id: str
    table: str
    per: str
    left: tuple[str, ...]
    right: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Form:
    """One form: its blocks by table, its identities, its section headings by number."""

    id: str
    blocks: dict[str, tuple[Block, ...]]
    identities: tuple[Identity, ...]
    sections: dict[int, tuple[str, ...]]
    note: str

    def cells(self, table: str) -> Iterator[tuple[str, Line]]:
        """Yield the key `table.row.column` and the column of every cell of a table, in the form's order."""
        for block in self.blocks[table]:
            for row in block.rows:
                for column in block.columns:
                    yield f"{table}.{row.code}.{column.code}", column

    def keys(self, table: str) -> list[str]:
        """Return the keys of every cell of a table."""
        return [key for key, _ in self.cells(table)]


def _line(data: dict[str, object]) -> Line:
    groups, variants = data.get("groups", ()), data.get("variants", ())
    assert isinstance(groups, list | tuple)
    assert isinstance(variants, list | tuple)
    return Line(
        str(data["code"]),
        str(data["label"]),
        tuple(map(str, variants)),
        tuple(map(str, groups)),
        str(data.get("unit", "")),
        str(data.get("type", "int")),
    )


@cache
def form(form_id: str) -> Form:
    """Return the form of that id (`2019` or `2021`)."""
    data = tomllib.loads((FOLDER / f"{form_id}.toml").read_text(encoding="utf-8"))
    blocks = {
        table["code"]: tuple(
            Block(block["label"], tuple(map(_line, block["rows"])), tuple(map(_line, block["columns"])))
            for block in table["blocks"]
        )
        for table in data["tables"]
    }
    identities = tuple(
        Identity(item["id"], item["table"], item["per"], tuple(item["left"]), tuple(item["right"]))
        for item in data["identities"]
    )
    sections = {item["number"]: (item["label"], *item["variants"]) for item in data["sections"]}
    note = next(table["note"] for table in data["tables"] if table["code"] == "requests")
    return Form(data["id"], blocks, identities, sections, note)
