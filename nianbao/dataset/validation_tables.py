"""What the registry says of a table, held against its rows: keys, required columns, enumerations, references."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nianbao.dataset.schema import TableSchema


@dataclass(frozen=True, slots=True)
class Defect:
    """A way in which the dataset contradicts itself: the file, the rule, how many rows break it, and the first one."""

    file: str
    rule: str
    rows: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.rule}: {self.text}"


def table_defects(file: str, part: pa.Table, table: TableSchema) -> Iterator[Defect]:
    """Yield what the rows of one file have against the registry, references to other files apart."""
    for field in table.stored:
        column = part.column(field.name)
        if not field.missing and column.null_count:
            text = f"{column.null_count} rows without {field.name}, which is never missing"
            yield Defect(file, "required", column.null_count, text)
        if field.values:
            yield from _strangers(file, field.name, column, field.values)
    if table.key:
        yield from _doubles(file, part, [name for name in table.key if name in part.column_names])


def reference_defects(file: str, part: pa.Table, columns: Sequence[str], parent: pa.Table) -> Iterator[Defect]:
    """Yield the rows that refer to none of the parent's; a null refers to nothing and is no defect."""
    lost = pc.is_null(pc.index_in(joined(part, columns), value_set=joined(parent, columns)))
    lost = pc.and_(lost, pc.is_valid(part.column(columns[0])))
    if count := pc.sum(lost).as_py():
        first = joined(part, columns).filter(lost)[0].as_py()
        yield Defect(file, "reference", count, f"{count} rows of reports that are not in the dataset, such as {first}")


def joined(table: pa.Table, columns: Sequence[str]) -> pa.Array:
    """Return some columns as one column of texts."""
    texts = [table.column(name).cast(pa.string()) for name in columns]
    together = texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, " ")
    return together.combine_chunks()


def _strangers(file: str, name: str, column: pa.ChunkedArray, values: Sequence[str]) -> Iterator[Defect]:
    allowed = pc.or_(pc.is_in(column, value_set=pa.array(values)), pc.is_null(column))
    if count := len(column) - pc.sum(allowed, min_count=0).as_py():
        first = column.filter(pc.invert(allowed))[0].as_py()
        yield Defect(file, "values", count, f"{count} rows whose {name} is none of the enumeration, such as {first!r}")


def _doubles(file: str, part: pa.Table, key: Sequence[str]) -> Iterator[Defect]:
    codes = _codes(part, key)
    order = np.argsort(codes, kind="stable")
    again = np.flatnonzero(np.diff(codes[order]) == 0)
    if len(again):
        row = part.select(list(key)).slice(int(order[again[0]]), 1).to_pylist()[0]
        first = " ".join(str(value) for value in row.values())
        yield Defect(file, "key", len(again), f"{len(again)} rows with a key that another row has too, such as {first}")


def _codes(part: pa.Table, key: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return one whole number a row, equal where the keys are."""
    codes = np.zeros(len(part), dtype=np.int64)
    for name in key:
        encoded = part.column(name).combine_chunks().dictionary_encode()
        values = pc.fill_null(encoded.indices, len(encoded.dictionary)).to_numpy(zero_copy_only=False)
        codes = codes * (len(encoded.dictionary) + 1) + values
    return codes
