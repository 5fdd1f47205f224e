"""The panel's columns of numbers: every cell of every form, named PREFIX_ROW_COLUMN."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from nianbao.dataset.fields import TABLES, Field
from parsers.forms import Block, Column, Form, FormTable, Row, forms

LONGEST_LABEL = 80
"""Characters that Stata keeps of a variable's label."""

_EXPLANATION = re.compile(r" \(.*\)$|; .*$")
_SHORT = {
    "refused_by_law": "Refused: barred by other law",
    "refused_security": "Refused: endangers security or stability",
    "refused_internal": "Refused: internal affairs",
    "refused_process": "Refused: deliberative process",
    "refused_query": "Refused: administrative record query",
    "declined_published": "Not processed: asks for a publication on sale",
    "declined_excessive": "Not processed: large numbers of repeated requests",
    "declined_reissue": "Not processed: asks to confirm or reissue",
    "closed_uncorrected": "Closed: request not corrected in time",
}
"""English labels of rows whose full ones leave no room for a column's; the forms have the full ones."""


def panel_name(table: FormTable, row: str, column: str) -> str:
    """Return a cell's column in the panel: PREFIX_ROW_COLUMN, such as req_new_person."""
    return f"{table.prefix}_{row}_{column}"


@cache
def panel_cells() -> tuple[Field, ...]:
    """Return the panel's columns of numbers: every cell of every form once, the newest form first."""
    fields: dict[str, Field] = {}
    for form, table, block, row, column in _form_cells():
        field = _panel_cell(form, table, block, row, column)
        seen = fields.get(field.name)
        fields[field.name] = replace(seen, place=seen.place + field.place) if seen else field
    order = {table: position for position, table in enumerate(TABLES)}
    return tuple(sorted(fields.values(), key=lambda field: order[field.place[0][1]]))


def _form_cells() -> Iterator[tuple[Form, FormTable, Block, Row, Column]]:
    for form in reversed(forms().values()):
        for table in form.tables.values():
            for block in table.blocks:
                for row in block.rows:
                    for column in block.columns:
                        yield form, table, block, row, column


def _panel_cell(form: Form, table: FormTable, block: Block, row: Row, column: Column) -> Field:
    parts = (block.label, *row.groups, row.label, column.label)
    return Field(
        name=panel_name(table, row.code, column.code),
        type="number",
        label="，".join(part for part in parts if part),
        label_en=_label_en(row, column),
        missing="not read, not in this form, or a blank that no identity proves to be 0",
        unit=column.unit,
        place=((form.id, table.code, row.code, column.code),),
    )


def _label_en(row: Row, column: Column) -> str:
    labels = (_SHORT.get(row.code, _EXPLANATION.sub("", row.label_en)), _EXPLANATION.sub("", column.label_en))
    return ": ".join(labels)
