"""The zoo on paper: its HTML layouts printed to PDF by Chromium and by LibreOffice, read and judged.

`python -m tests.zoo.printed --documents 200 --seed 1`; exit status 1 as for `tests.zoo.run`. Tables have rules;
`--borders unruled` and `horizontal` print tables whose cells nothing tells apart but the blanks between them.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from tests.zoo import documents
from tests.zoo.bytesof import CODECS
from tests.zoo.documents import Document
from tests.zoo.judge import Verdict, passed
from tests.zoo.layouts import ARRANGEMENTS, LAYOUTS
from tests.zoo.plans import Plan, plain_plans, random_plan
from tests.zoo.run import judged, summary

PAPERS = ("A4", "A4 landscape", "A3 landscape", "Letter", "B5", "A4 small")
FONTS = ("Noto Sans CJK SC", "Noto Serif CJK SC")
RULED = ("collapsed", "separate", "hairline", "thick", "shaded", "dotted", "sideless")
OPEN = ("horizontal", "unruled")
_BORDERS = {
    "collapsed": "table{border-collapse:collapse}td,th{border:0.75pt solid #000}",
    "separate": "table{border-spacing:1.5pt}td,th{border:0.75pt solid #000}",
    "hairline": "table{border-collapse:collapse}td,th{border:0.25pt solid #888}",
    "thick": "table{border-collapse:collapse;border:2.5pt solid #000}td,th{border:1.5pt solid #000}",
    "shaded": "table{border-collapse:collapse}td,th{border:0.5pt solid #000}tr:nth-child(even){background:#dde}",
    "dotted": "table{border-collapse:collapse}td,th{border:1pt dotted #000}",
    "sideless": "table{border-collapse:collapse}td,th{border:0.75pt solid #000}"
    "tr>:first-child{border-left:none}tr>:last-child{border-right:none}",
    "horizontal": "table{border-collapse:collapse}td,th{border:none;border-top:0.75pt solid #000;"
    "border-bottom:0.75pt solid #000}",
    "unruled": "table{border-collapse:collapse}td,th{border:none!important}",
}
_LAYOUTS = {
    "chromium": ("html", "html", "html", "html-short", "html-paragraphs", "html-breaks"),
    "libreoffice": ("html", "html", "html", "html-paragraphs"),
}
"""LibreOffice loses the end of a paragraph as long as those of html-breaks, gives short rows cells at their end, and
prints tables side by side past the paper's edge: what it prints of these is not what was written."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is printed."""

    printer: str
    paper: str
    font: str
    borders: str

    @property
    def parts(self) -> tuple[str, ...]:
        return self.printer, self.paper, self.font, self.borders

    @property
    def style(self) -> str:
        """The style sheet of the print."""
        size, points = (self.paper, 11) if self.paper != "A4 small" else ("A4", 8)
        return (
            f"<style>@page{{size:{size};margin:2cm}}*{{font-family:'{self.font}'!important}}body{{font-size:{points}pt}}"
            f"td,th{{padding:2pt 4pt;text-align:center}}{_BORDERS[self.borders]}</style>"
        )


@dataclass(frozen=True, slots=True)
class Printed:
    """A document of the zoo, how it is printed, and its markup."""

    document: Document
    look: Look
    markup: str

    @property
    def parts(self) -> tuple[str, ...]:
        return (*self.document.plan.parts, *self.look.parts)


def looks(rng: Random, printers: Sequence[str], borders: Sequence[str]) -> Look:
    """Choose how a document is printed."""
    printer = rng.choice(list(printers))
    paper = rng.choice(PAPERS) if printer == "chromium" else rng.choice(PAPERS[:2])
    return Look(printer, paper, rng.choice(FONTS), rng.choice(list(borders)))


def _markup(one: Document, look: Look) -> str:
    codec = CODECS[documents._style(one.plan).encoding][0]
    text = one.body.decode(codec)
    text = re.sub(r'charset="\w+"', 'charset="utf-8"', text)
    if look.printer == "libreoffice":
        text = _ATTRIBUTED[look.borders in RULED](text)
    return text.replace("</head>", f"{look.style}</head>", 1)


def _bordered(text: str) -> str:
    """Give every table and cell the attributes that LibreOffice takes borders from."""
    text = re.sub(r"<table(?! border)", '<table border="1" cellspacing="0"', text, flags=re.IGNORECASE)
    return re.sub(r"<(td|th)\b", r'<\1 style="border:0.75pt solid #000"', text, flags=re.IGNORECASE)


def _unbordered(text: str) -> str:
    return re.sub(r'<table border="?1"?', "<table", text, flags=re.IGNORECASE)


_ATTRIBUTED = {True: _bordered, False: _unbordered}


def _expected(one: Document, look: Look) -> Document:
    """Without rules between them, empty cells are taken to leave no trace."""
    if look.borders in RULED or not one.expected or not ARRANGEMENTS[one.plan.arrangement].whole:
        return one
    layout = replace(LAYOUTS[one.plan.layout], empties="dropped")
    style = documents._style(one.plan)
    if "broken-spans" in style.tables:
        return one
    return replace(one, expected=documents._placed(one.truth, layout, style))


def _plans(seed: int, printer: str, rng: Random) -> tuple[Plan, int]:
    """Choose a plan that is HTML and that the printer can print: one part alone, or a random combination."""
    layouts = _LAYOUTS[printer]
    while True:
        alone = [each for each in plain_plans() if each.layout in layouts]
        chosen = rng.choice(alone) if rng.random() < 0.5 else random_plan(rng, rng.choice(layouts))
        if (printer, chosen.arrangement) != ("libreoffice", "last-year-beside"):
            return chosen, rng.randrange(1_000_000) + seed


def printable(count: int, seed: int, printers: Sequence[str], borders: Sequence[str]) -> list[Printed]:
    """Return the documents of a run, each with its look."""
    found: list[Printed] = []
    for number in range(count):
        rng = Random(f"printed {seed}/{number}")
        look = looks(rng, printers, borders)
        one = documents.render(*_plans(seed, look.printer, rng))
        found.append(Printed(_expected(one, look), look, _markup(one, look)))
    return found


def by_chromium(items: Iterable[tuple[Path, Printed]]) -> None:
    """Print each markup beside its path with the ending .pdf."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(java_script_enabled=False, offline=True).new_page()
        for path, one in items:
            page.set_content(one.markup)
            page.pdf(path=str(path), prefer_css_page_size=True)
        browser.close()


def by_libreoffice(items: Sequence[tuple[Path, Printed]]) -> None:
    """Convert all markup in one call of LibreOffice."""
    if not items:
        return
    folder = items[0][0].parent
    for path, one in items:
        path.with_suffix(".html").write_text(one.markup, encoding="utf-8-sig")
    names = [str(path.with_suffix(".html")) for path, _ in items]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--infilter=HTML (StarWriter)",
        "--convert-to",
        "pdf:writer_pdf_Export",
    ]
    subprocess.run(
        [*command, "--outdir", str(folder), *names], check=True, capture_output=True, timeout=60 + 5 * len(names)
    )


def prints(items: Sequence[Printed], folder: Path) -> list[Path]:
    """Print everything; return the paths of the PDF files in order."""
    paths = [(folder / f"{index:05}.pdf", one) for index, one in enumerate(items)]
    by_chromium([each for each in paths if each[1].look.printer == "chromium"])
    by_libreoffice([each for each in paths if each[1].look.printer == "libreoffice"])
    return [path for path, _ in paths]


def verdicts(items: Sequence[Printed], paths: Sequence[Path], workers: int) -> Iterator[tuple[Printed, Verdict]]:
    """Yield the verdict on each print, in order; the parser's own processes do the work."""
    bodies = [replace(one.document, body=path.read_bytes()) for one, path in zip(items, paths, strict=True)]
    with ThreadPoolExecutor(workers) as pool:
        yield from zip(items, pool.map(judged, bodies), strict=True)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.zoo.printed", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--documents", type=int, default=200, help="how many")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--printer", choices=("chromium", "libreoffice"), action="append")
    parser.add_argument("--borders", choices=tuple(_BORDERS), action="append")
    parser.add_argument("--show", action="store_true", help="print the faults of each document")
    parser.add_argument("--most", type=int, default=40, help="with --show, how many documents with faults to print")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", metavar="DIR", help="write the PDF files there and leave them")
    return parser.parse_args(argv)


def judge_all(items: Sequence[Printed], folder: Path, workers: int = 2) -> Iterator[tuple[Path, Printed, Verdict]]:
    """Print documents to a folder, read them, and yield the verdict on each."""
    paths = prints(items, folder)
    for path, (one, verdict) in zip(paths, verdicts(items, paths, workers), strict=True):
        yield path, one, verdict


def main(argv: list[str] | None = None) -> int:
    options = arguments(argv)
    printers = options.printer or ("chromium", "libreoffice")
    items = printable(options.documents, options.seed, printers, options.borders or RULED)
    rows: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    shown = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.keep or temporary).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for path, one, verdict in judge_all(items, folder, options.workers):
            total.update(verdict.counts)
            for part in one.parts:
                rows.setdefault(part, Counter()).update(verdict.counts)
            if options.show and verdict.faults and not verdict.good and shown < options.most:
                shown += 1
                print(path.name, one.parts, *verdict.faults[:8], sep="\n    ")  # noqa: T201
    print(summary(rows, total))  # noqa: T201
    return 0 if passed(total) else 1


if __name__ == "__main__":
    sys.exit(main())
