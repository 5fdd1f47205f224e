"""The zoo as office files: `python -m tests.zoo.worded --documents 500 --kind docx`; doc, rtf, xlsx, xls and ofd too.

A document's tables become tables of Word or cells of a sheet, its lines paragraphs or rows. Exit status 1 if the run is
no good, by the measure of `tests.zoo.run`.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from random import Random
from subprocess import run as call
from tempfile import TemporaryDirectory

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.worksheet.worksheet import Worksheet

from tests.zoo import documents as zoo
from tests.zoo import glyphs
from tests.zoo.documents import Document
from tests.zoo.flow import Beside, Flow, Item, Table, Text, mapped
from tests.zoo.judge import Verdict, passed
from tests.zoo.layouts import ARRANGEMENTS, LAYOUTS
from tests.zoo.markup import _boxes, _shortened
from tests.zoo.pages import another
from tests.zoo.plans import Plan, plan
from tests.zoo.run import judged, summary
from tests.zoo.worded_ofd import as_ofd
from tests.zoo.worded_tables import Habits, habits, placed, runs, table

KINDS = ("docx", "doc", "rtf", "xlsx", "xls", "ofd")
WRITTEN_BY_LIBREOFFICE = {
    "doc": ("docx", "doc"),
    "rtf": ("docx", "rtf"),
    "xls": ("xlsx", "xls"),
    "ofd": ("docx", "pdf"),
}
GRIDS = frozenset({"html", "html-short"})
NUMERALS = "一二三四五六"


def fits(one: Plan, kind: str) -> bool:
    """Say whether a plan makes sense as an office file: sheets and printed pages show grids."""
    if any(name.startswith("encoding:") for name in one.noises):
        return False
    if kind in ("xlsx", "xls"):
        return one.layout == "html" and one.arrangement not in ("last-year-beside", "wrapped")
    if kind == "ofd":
        return one.layout == "html" and one.arrangement not in ("last-year-beside", "wrapped", "cut-off")
    return one.arrangement != "wrapped"


def flow_of(one: Plan, seed: int) -> tuple[Document, Flow, Random]:
    """Return a document whose body is still to be made, its flow, and the chance to go on with."""
    rng = Random(f"{one.parts}/{seed}")
    style, arrangement = zoo._style(one), ARRANGEMENTS[one.arrangement]
    report = zoo._titled(zoo._truth(one, rng), style)
    flow = arrangement.build(report, style, rng)
    seen = zoo._seen(flow)
    flow = mapped(flow, lambda text, role: glyphs.changed(text, role, style.glyphs, rng))
    document, name = zoo._of(report, one, style, b"", seen), f"{'+'.join(one.parts)}#{seed}"
    if one.arrangement != "two-reports":
        return replace(document, name=name), flow, rng
    other = replace(zoo._of(zoo._titled(another(report), style), one, style, b"", seen), name=f"{name}/second")
    return replace(document, name=name, others=(other,)), flow, rng


def as_docx(one: Plan, seed: int, *, plainly: bool = False) -> Document:
    """Return a zoo document as DOCX; `plainly` without what LibreOffice prints otherwise than Word."""
    document, flow, rng = flow_of(one, seed)
    habit = replace(habits(rng), tracked=False, boxed=False) if plainly else habits(rng)
    layout = LAYOUTS[one.layout]
    if one.layout in GRIDS:
        items = tuple(map(_shortened, flow)) if one.layout == "html-short" else flow
        parts = [part for item in items for part in _item(item, habit, rng)]
    elif one.layout in ("html-paragraphs", "html-breaks"):
        lines = [text for text, role in _boxes(flow) if text and role != "picture"]
        joint = "<w:r><w:br/></w:r>" if one.layout == "html-breaks" else "</w:p><w:p>"
        parts = [f"<w:p>{joint.join(runs(line, habit, rng) for line in lines)}</w:p>"]
    else:
        text = layout.render(flow, zoo._style(one), rng)
        parts = [_line(line, habit, rng) for line in text.splitlines()]
    return replace(document, body=whole_docx(parts))


def _line(line: str, habit: Habits, rng: Random) -> str:
    words = "<w:r><w:tab/></w:r>".join(runs(part, habit, rng) if part else "" for part in line.split("\t"))
    return f"<w:p>{words}</w:p>"


def _item(item: Item, habit: Habits, rng: Random) -> Iterator[str]:
    if isinstance(item, Text):
        yield _text(item, habit, rng)
    elif isinstance(item, Table):
        yield table(item.grid, habit, rng) + "<w:p/>"
    else:
        cells = "".join(_beside(text, one, habit, rng) for text, one in item.columns)
        grid = '<w:gridCol w:w="4000"/>' * len(item.columns)
        yield f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid><w:tr>{cells}</w:tr></w:tbl><w:p/>"


def _beside(text: Text, one: Table, habit: Habits, rng: Random) -> str:
    return f"<w:tc><w:tcPr/>{_text(text, habit, rng)}{table(one.grid, habit, rng)}<w:p/></w:tc>"


def _text(item: Text, habit: Habits, rng: Random) -> str:
    if item.role == "picture":
        return "<w:p><w:r><w:object/></w:r></w:p>"
    if habit.boxed and item.role == "title":
        inner = f"<w:p>{runs(item.text, habit, rng)}</w:p>"
        return (
            f'<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox><w:txbxContent>{inner}'
            "</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
        )
    if habit.numbered and item.role == "heading" and item.text[:1] in NUMERALS and item.text[1:2] == "、":
        level = '<w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr></w:pPr>'
        return f"<w:p>{level}{runs(item.text[2:], habit, rng)}</w:p>"
    return f"<w:p>{runs(item.text, habit, rng)}</w:p>"


DEFINITION = (
    '<w:abstractNum {} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
)
INSTANCE = '<w:num {} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'


def whole_docx(parts: list[str]) -> bytes:
    """Return a file whose body are these elements, made by python-docx from its own template."""
    document = docx.Document()
    definition, instance = (parse_xml(text.format(nsdecls("w"))) for text in (DEFINITION, INSTANCE))
    numbering = document.part.numbering_part.element
    numbering.insert(0, definition)
    numbering.append(instance)
    body = document.element.body
    holder = parse_xml(f"<w:body {nsdecls('w')}>{''.join(parts)}</w:body>")
    for element in list(holder):
        body.insert(len(body) - 1, element)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def as_xlsx(one: Plan, seed: int) -> Document:
    """Return a zoo document as XLSX: the whole report in one sheet, or a sheet for each table."""
    document, flow, rng = flow_of(one, seed)
    items = tuple(map(_shortened, flow)) if one.layout == "html-short" else flow
    book = openpyxl.Workbook()
    sheet, row, apart = book.active, 1, rng.random() < 0.4
    for item in items:
        if apart and isinstance(item, Text) and item.role == "heading" and item.text[:1] in "三四":
            sheet, row = book.create_sheet(), 1
        row = _fill(sheet, row, item, rng)
    stream = BytesIO()
    book.save(stream)
    return replace(document, body=stream.getvalue())


def _fill(sheet: Worksheet, row: int, item: Item, rng: Random) -> int:
    """Write an item from a row on and return the row after it."""
    if isinstance(item, Text):
        sheet.cell(row, 1).value = item.text
        sheet.cell(row, 1).data_type = "s"
        if rng.random() < 0.5:
            sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=10)
        return row + 1
    assert not isinstance(item, Beside)
    for one in placed(item.grid):
        cell = sheet.cell(row + one.row, one.column + 1)
        text = "\n".join(one.box.lines)
        cell.value = _number(text) if one.box.kind == "value" and _is_number(text) else text or None
        if isinstance(cell.value, str):
            cell.data_type = "s"
        if one.rows > 1 or one.box.columns > 1:
            last = {"end_row": cell.row + one.rows - 1, "end_column": cell.column + one.box.columns - 1}
            sheet.merge_cells(start_row=cell.row, start_column=cell.column, **last)
    return row + len(item.grid) + rng.choice((0, 1))


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).removeprefix("-").isdecimal() and text == str(_number(text))


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


def rendered(one: Plan, seed: int, kind: str) -> Document:
    """Return a zoo document as an office file; what LibreOffice writes is still of the kind that it is made from."""
    if kind in ("xlsx", "xls"):
        return as_xlsx(one, seed)
    return as_docx(one, seed, plainly=kind != "docx")


def converted(found: list[Document], kind: str) -> list[Document]:
    """Return documents with their bodies as LibreOffice writes them in another format."""
    if kind not in WRITTEN_BY_LIBREOFFICE:
        return found
    source, target = WRITTEN_BY_LIBREOFFICE[kind]
    with TemporaryDirectory() as folder:
        names = [Path(folder) / f"{index}.{source}" for index in range(len(found))]
        for name, document in zip(names, found, strict=True):
            name.write_bytes(document.body)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", folder, *map(str, names)]
        call(command, check=True, capture_output=True, timeout=900)
        bodies = [name.with_suffix(f".{target}").read_bytes() for name in names]
    bodies = list(map(as_ofd, bodies)) if kind == "ofd" else bodies
    return [replace(document, body=body) for document, body in zip(found, bodies, strict=True)]


def chosen(count: int, seed: int, kind: str) -> list[tuple[Plan, int]]:
    """Return the first plans of a run that make sense as an office file: every part alone, then combinations."""
    found: list[tuple[Plan, int]] = []
    number = 0
    while len(found) < count:
        one, own = plan(number, seed)
        number += 1
        if fits(one, kind):
            found.append((one, own))
    return found


def _rendered(task: tuple[Plan, int, str]) -> Document:
    return rendered(*task)


def verdicts(count: int, seed: int, kind: str, workers: int, every: int = 1) -> Iterator[tuple[Document, Verdict]]:
    """Yield each document with its verdict."""
    tasks = [(*each, kind) for each in chosen(count * every, seed, kind)[::every]]
    with ProcessPoolExecutor(workers) as pool:
        found = converted(list(pool.map(_rendered, tasks, chunksize=20)), kind)
        yield from zip(found, pool.map(judged, found, chunksize=5), strict=True)


def arguments(argv: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.zoo.worded", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--documents", type=int, default=300, help="how many")
    parser.add_argument("--every", type=int, default=1, help="take every nth plan")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", choices=KINDS, default="docx")
    parser.add_argument("--show", type=int, default=0, help="how many documents with faults to print")
    parser.add_argument("--workers", type=int, default=2, help="processes")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return the exit status."""
    options = arguments(argv)
    rows: dict[str, Counter[str]] = {}
    total: Counter[str] = Counter()
    for document, verdict in verdicts(options.documents, options.seed, options.kind, options.workers, options.every):
        total.update(verdict.counts)
        for part in document.plan.parts:
            rows.setdefault(part, Counter()).update(verdict.counts)
        if verdict.faults and not verdict.good and options.show > 0:
            options.show -= 1
            print(verdict.name, *verdict.faults[:8], sep="\n    ")  # noqa: T201
    print(summary(rows, total))  # noqa: T201
    return 0 if passed(total) else 1


if __name__ == "__main__":
    sys.exit(main())
