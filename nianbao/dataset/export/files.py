"""What an export wrote: its files, and what of the data was altered to fit them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """One file of an export: its name in the folder, its rows, and in `notes` what was altered to fit the format.

    `rows` is None for a file that describes the others.
    """

    name: str
    rows: int | None
    notes: tuple[str, ...] = ()


def file_stem(table: str) -> str:
    """Return the name of a table's file without its suffix: `history-cells` for `history/cells`."""
    return table.replace("/", "-")
