"""One sheet read: laid flat, its tables and its other print; turned first where it was scanned sideways."""

import re
from dataclasses import dataclass, replace

import numpy as np

from parsers.ocr.cells import CellText, read_cells
from parsers.ocr.grids import RuledTable, find_tables
from parsers.ocr.prose import Paragraph, read_paragraphs
from parsers.ocr.straighten import Flat, Image, lay_flat

_WORDS = re.compile("公开|信息|政府|情况|申请|数量|件数|结果|行政|年度|总计|其他|工作|处理|机构|组织|起诉")
_FEW_WORDS = 3
_MUCH_PRINT = 6


@dataclass(frozen=True, slots=True)
class ReadSheet:
    """A sheet laid flat and what was read on it; `words` counts common words of these reports."""

    flat: Flat
    tables: list[RuledTable]
    cells: list[list[CellText]]
    paragraphs: list[Paragraph]

    @property
    def pieces(self) -> int:
        """How many pieces of print stand there: cells that are not empty, and paragraphs."""
        return sum(bool(cell.text) for cells in self.cells for cell in cells) + len(self.paragraphs)

    @property
    def words(self) -> int:
        """How many common words stand there: hardly one where a sheet lies sideways, whose lines read backwards."""
        texts = [cell.text for cells in self.cells for cell in cells]
        texts += [paragraph.text for paragraph in self.paragraphs]
        return sum(len(_WORDS.findall(text)) for text in texts)


def read_sheet(grey: Image) -> ReadSheet:
    """Read a sheet of grey values; where hardly a word is legible although much is printed, turned as reads best."""
    best = _read(grey, 0)
    if best.words >= _FEW_WORDS or best.pieces < _MUCH_PRINT:
        return best
    return max([best, *(_read(grey, quarters) for quarters in (1, 2, 3))], key=lambda read: read.words)


def _read(grey: Image, quarters: int) -> ReadSheet:
    """Read a sheet turned by some quarters, counter-clockwise."""
    flat = lay_flat(np.ascontiguousarray(np.rot90(grey, quarters)))
    flat = replace(flat, back=_turn_back(grey.shape, quarters) @ flat.back)
    tables = find_tables(flat.ink)
    return ReadSheet(flat, tables, read_cells(flat.ink, tables), read_paragraphs(flat.ink, tables))


def _turn_back(shape: tuple[int, ...], quarters: int) -> Image:
    """Return the map from the points of a turned sheet to those of the sheet as it came."""
    height, width = shape
    maps = (
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        [[0, -1, width], [1, 0, 0], [0, 0, 1]],
        [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        [[0, 1, 0], [-1, 0, height], [0, 0, 1]],
    )
    return np.array(maps[quarters], np.float64)
