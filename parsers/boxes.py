"""Places on printed pages: how a box is written, and tables whose cells say where on the page they stand."""

from collections.abc import Mapping, Sequence

from parsers.report import Table


def box_text(page: int, box: Sequence[float]) -> str:
    """Write a box on a page, counted from 1, as the report contract has it: `page:N/box:x0,y0,x1,y1`.

    Units are points, the origin is the page's top left corner; tenths of a point are kept.
    """
    return f"page:{page}/box:{','.join(f'{round(value, 1):g}' for value in box)}"


def on_paper(tables: Sequence[Table], boxes: Mapping[str, str]) -> list[Table]:
    """Return tables whose cells stand where they are printed, for a page that has the boxes of its places."""
    if not boxes:
        return list(tables)
    return [_table(table, boxes) for table in tables]


def _table(table: Table, boxes: Mapping[str, str]) -> Table:
    cells = tuple(
        cell._replace(where=boxes.get(cell.where, cell.where)) if cell.where else cell for cell in table.cells
    )
    return Table(table.table, table.form, table.grade, cells, table.checks)
