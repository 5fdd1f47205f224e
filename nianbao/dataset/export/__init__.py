"""The dataset in the formats that other programs open: CSV, XLSX, Stata and SQLite.

Each format is one module with a function `write(dataset, folder)`; what they share are the rows in batches (`parts`),
the codebook as rows (`codebook_rows`), why a number of the panel is missing (`reasons`), and texts that a spreadsheet
would take for formulas (`formulas`).
"""

from importlib import import_module
from pathlib import Path

from nianbao.dataset.export.files import ExportedFile
from nianbao.dataset.export.staging import keep_out_of_generations, staged
from nianbao.dataset.reader import open_dataset
from parsers.errors import DatasetError

__all__ = ["FORMATS", "ExportedFile", "export"]

FORMATS = ("csv", "xlsx", "dta", "sqlite")


def export(store: Path, to: str, out: Path) -> list[ExportedFile]:
    """Write the dataset of a store in the format `to` into the folder `out`, and return the files written.

    The files take their places when all of them are complete, over earlier ones of the same names; other files of the
    folder are left alone. Raises DatasetError if there is no dataset, it is damaged, `out` is no place for it, a
    library is missing, or the format cannot hold the data; `out` is then as it was.
    """
    if to not in FORMATS:
        raise DatasetError(f"{to}: no such format; there are {', '.join(FORMATS)}")
    dataset = open_dataset(store)
    keep_out_of_generations(store, out)
    with staged(out) as stage:
        files: list[ExportedFile] = import_module(f"{__name__}.{to}").write(dataset, stage.folder)
        stage.publish([file.name for file in files])
    return files
