"""Scans with their truths: a report of the zoo printed, scanned and saved, with what can be asked of each cell."""

import io
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from PIL import Image

from tests.scans.fonts import faces
from tests.scans.paper import look, printed
from tests.scans.wear import Wear, scanned, wear
from tests.zoo import expectations
from tests.zoo.departures import BLANKS, MISTAKES
from tests.zoo.documents import Document
from tests.zoo.flow import Text, standard
from tests.zoo.grading import grades
from tests.zoo.plans import Plan
from tests.zoo.statute import TABLES
from tests.zoo.style import Style
from tests.zoo.titles import title_lines
from tests.zoo.truths import truth


@dataclass(frozen=True, slots=True)
class Scan:
    """A scanned report: the document to judge by, its sheets as the scanner saw them, and the scanner."""

    document: Document
    sheets: tuple[np.ndarray, ...]
    worn: Wear


def _style(rng: Random) -> Style:
    tables = frozenset(name for name in ("appeals-rows", "blocks-apart", "fillers") if rng.random() < 0.25)
    labels = frozenset(name for name in ("cut", "variants", "instruction") if rng.random() < 0.3)
    return Style(
        blank=rng.choice(("", "", "/", "-")),
        numbers=rng.choice(((), (), (), ("comma",), ("signed",), ("decimals",))),
        tables=tables,
        labels=labels,
        point=rng.choice((".", ".", "、")),
        told="",
    )


def scan(number: int, seed: int, dpi: int, *, held_out: bool = False) -> Scan:
    """Return scan `number` of a run; the same numbers give the same scan."""
    rng = Random(f"scan {seed}/{number}/{dpi}/{held_out}")
    style, report = _style(rng), truth(rng)
    if rng.random() < 0.08:
        report = MISTAKES[rng.choice(sorted(MISTAKES))](report, rng)
    if rng.random() < 0.3:
        report = BLANKS[rng.choice(sorted(BLANKS))](report, rng)
    report = replace(report, title="".join(title_lines(report, style.title)))
    flow = standard(report, style, rng)
    flow = tuple(item for item in flow if not isinstance(item, Text) or len(item.text) < 200)
    worn = wear(rng, dpi)
    sheets = printed(flow, faces(rng, held_out=held_out), look(rng))
    seen = tuple(scanned(np.asarray(sheet), worn, rng) for sheet in sheets)
    allowed = {code: grades(report, code) for code in TABLES}
    plan = Plan("scan")
    document = Document(f"scan-{seed}-{number}-{dpi}", plan, b"", report, expectations.sure(report), allowed)
    return Scan(document, seen, worn)


def as_tiff(sheets: tuple[np.ndarray, ...], dpi: int) -> bytes:
    """Return sheets as one TIFF of several pages."""
    first, *rest = map(Image.fromarray, sheets)
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest, compression="tiff_deflate", dpi=(dpi, dpi))
    return out.getvalue()
