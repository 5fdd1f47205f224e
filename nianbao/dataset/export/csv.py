"""CSV: every table as one file, UTF-8 with a byte order mark, so that Excel shows the Chinese text.

A null is an empty field, an empty text a quoted one. Source: RFC 4180, but for the line ends, which are LF.
"""

import codecs
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
from pyarrow.csv import CSVWriter

from nianbao.dataset.export.codebook_rows import codebook_table
from nianbao.dataset.export.files import ExportedFile, file_stem
from nianbao.dataset.export.formulas import NEUTRAL, neutral_column
from nianbao.dataset.export.parts import batches
from nianbao.dataset.reader import Dataset
from nianbao.dataset.schema import registry


def write(dataset: Dataset, folder: Path) -> list[ExportedFile]:
    """Write every table and the codebook into `folder`; the memory needed is that of a batch of rows."""
    files = [
        write_file(folder, name, table.arrow(with_year=True), batches(dataset, name))
        for name, table in registry().items()
    ]
    codebook = codebook_table()
    return [*files, write_file(folder, "codebook", codebook.schema, [codebook])]


def write_file(folder: Path, name: str, schema: pa.Schema, parts: Iterable[pa.Table]) -> ExportedFile:
    """Write one table, given in parts, as `name`.csv."""
    file_name = f"{file_stem(name)}.csv"
    rows = altered = 0
    with (folder / file_name).open("wb") as file:
        file.write(codecs.BOM_UTF8)
        with CSVWriter(file, schema) as writer:
            for part in parts:
                neutral, count = _neutral(part)
                writer.write_table(neutral)
                rows, altered = rows + len(part), altered + count
    note = f"{altered} texts that a spreadsheet would take for formulas begin with {NEUTRAL}"
    return ExportedFile(file_name, rows, (note,) if altered else ())


def _neutral(table: pa.Table) -> tuple[pa.Table, int]:
    altered = 0
    for position, field in enumerate(table.schema):
        if field.type == pa.string():
            column, count = neutral_column(table.column(position))
            altered += count
            table = table.set_column(position, field, column) if count else table
    return table, altered
