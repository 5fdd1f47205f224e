"""The pages of 2,846 counties over seven years: time, memory, sizes, and how fast they are in a browser.

`python -m benchmarks.site [--counties N] [--folder DIR]` makes a store with an archive of as many pages, writes the
site in a process of its own, and opens it in Chromium over loopback.
"""

import argparse
import hashlib
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nianbao.dataset.documents import Document, Visit
from nianbao.dataset.places import Place, places
from nianbao.dataset.write import update
from nianbao.site.serving import server_of
from parsers.forms import Form, FormTable, forms
from parsers.report import Cell, Check, Division, Report, Section, Table
from scraper.archive import ArchiveWriter
from scraper.journal import ARCHIVE_FOLDER
from scraper.messages import Response
from scraper.state import State
from scraper.warc import Page
from tests.browser.chromium import launched

YEARS = range(2019, 2026)
NEW_FORM_FROM = 2021
FETCHED = "2026-03-01T08:00:00Z"
MOST_SECONDS, MOST_MEGABYTES, MOST_PAGE = 180, 600, 1_000_000
INTERACTIVE_MS, COMPARISON_MS = 1_500, 200
MISSING, FAILING = 0.06, 0.03


@dataclass
class Kept:
    """What a county carries from a year to the next: requests by applicant, documents in force."""

    carried: np.ndarray
    in_force: np.ndarray


def counties(most: int) -> list[Place]:
    """Return counties of today, by code."""
    return [place for place in places() if place.level == "county" and place.last is None][:most]


def documents(store: Path, most: int) -> Iterator[Document]:
    """Yield the reports of all counties and archive their pages on the way."""
    dice = np.random.default_rng(7)
    state = State(store, create=True)

    def announce(name: str) -> None:
        state.write("INSERT OR IGNORE INTO archives VALUES (?, 0)", name)

    archive = ArchiveWriter(store / ARCHIVE_FOLDER, {}, announce, software="benchmark", max_bytes=1 << 30)
    with state.transaction():
        state.write("INSERT INTO runs VALUES (1, '000001', ?, ?, 'finished')", FETCHED, FETCHED)
        for county in counties(most):
            kept = Kept(np.zeros(6, dtype=np.int64), dice.poisson(40, 2))
            for year in YEARS:
                report, body = made(county, year, kept, dice)
                if dice.random() < MISSING:
                    continue
                url = f"http://www.c{county.code}.gov.cn/zfxxgk/{year}/t{county.code}.html"
                response = Response(url, 200, {"Content-Type": "text/html; charset=utf-8"}, body)
                place = archive.append(Page(response, FETCHED, {}))
                state.write(
                    "INSERT INTO records (key, file, offset, length, url, kind, content_type, sha256, fetched_at, run) "
                    "VALUES (?, ?, ?, ?, ?, 'report', 'text/html; charset=utf-8', ?, ?, 1)",
                    *(url, place.file, place.offset, place.length, url, report.sha256, FETCHED),
                )
                yield Document(report, url, FETCHED, county.code)
        for name, length in archive.sync().items():
            state.write("UPDATE archives SET length = ? WHERE file = ?", length, name)
    archive.close()
    state.close()


def made(county: Place, year: int, kept: Kept, dice: np.random.Generator) -> tuple[Report, bytes]:
    """Return a report and the page that publishes it."""
    form = forms()["2021" if year >= NEW_FORM_FROM else "2019"]
    grids = {code: numbers(form, table, kept, dice) for code, table in form.tables.items()}
    title = f"{county.name}{year}年政府信息公开工作年度报告"
    body = page(title, form, grids)
    tables = tuple(
        table_of(form, table, grids[code], number) for number, (code, table) in enumerate(form.tables.items(), 1)
    )
    report = Report(
        sha256=hashlib.sha256(body).hexdigest(),
        title=title,
        publisher=f"{county.name}人民政府",
        division=Division(county.code, county.name),
        scope="jurisdiction",
        report_year=year,
        published_at=f"{year + 1}-01-28",
        tables=tables,
        sections=(Section(1, "一、总体情况", f"{county.name}的总体情况。"),),
    )
    return report, body


def numbers(form: Form, table: FormTable, kept: Kept, dice: np.random.Generator) -> list[int]:
    """Return sound numbers for a table, in the form's order; one in thirty is off by one."""
    if table.code == "disclosure":
        found = [int(number) for number in dice.poisson(40, len(table.cells()))]
        return found if form.id == "2019" else [*rules(kept, dice), *found[6:]]
    if table.code == "appeals":
        parts = dice.poisson(0.5, (3, 4))
        return [int(number) for number in np.hstack([parts, parts.sum(axis=1, keepdims=True)]).ravel()]
    outcomes = dice.poisson(0.8, (len(table.blocks[0].rows) - 4, 6))
    handled = outcomes.sum(axis=0)
    carried_in, carried_out = kept.carried, dice.poisson(0.3, 6)
    new = np.maximum(handled + carried_out - carried_in, 0)
    kept.carried = carried_out = new + carried_in - handled
    grid = np.vstack([new, carried_in, outcomes, handled, carried_out])
    grid = np.hstack([grid, grid.sum(axis=1, keepdims=True)])
    grid[0, -1] += dice.random() < FAILING
    return [int(number) for number in grid.ravel()]


def rules(kept: Kept, dice: np.random.Generator) -> list[int]:
    """Return issued, repealed and in force of rules and normative documents, that follow from the year before."""
    issued, repealed = dice.poisson(3, 2), np.minimum(dice.poisson(2, 2), kept.in_force)
    kept.in_force = kept.in_force + issued - repealed
    return [int(number) for number in np.stack([issued, repealed, kept.in_force], axis=1).ravel()]


def table_of(form: Form, table: FormTable, grid: list[int], number: int) -> Table:
    """Return the table as the parser gives it."""
    places_ = [(row, column, at) for row, column, at in placed(table)]
    cells = tuple(
        Cell(row, column, value, "printed", str(value), f"table:{number}/{at}")
        for (row, column, at), value in zip(places_, grid, strict=True)
    )
    values = {(cell.row, cell.column): value for cell, value in zip(cells, grid, strict=True)}
    checks = tuple(checks_of(table, values))
    grade = "consistent" if not checks else "verified" if all(c.outcome == "pass" for c in checks) else "inconsistent"
    return Table(table.code, form.id, grade, cells, checks)  # type: ignore[arg-type]


def checks_of(table: FormTable, values: dict[tuple[str, str], int]) -> Iterator[Check]:
    (block,) = table.blocks if table.identities else (None,)
    for identity in table.identities if block else ():
        along = [each.code for each in (block.columns if identity.per == "column" else block.rows)]
        for at in along:
            sides = (identity.left, identity.right)
            pairs = [[(term, at) if identity.per == "column" else (at, term) for term in side] for side in sides]
            left, right = (sum(values[pair] for pair in side) for side in pairs)
            yield Check(identity.id, at, left, right, "pass" if left == right else "fail")


def placed(table: FormTable) -> Iterator[tuple[str, str, str]]:
    """Yield row, column and place of each cell of the page: a heading and then a line a row, block by block."""
    line = 0
    for block in table.blocks:
        line += 1
        for row in block.rows:
            line += 1
            for index, column in enumerate(block.columns, 2):
                yield row.code, column.code, f"row:{line}/cell:{index}"


def page(title: str, form: Form, grids: dict[str, list[int]]) -> bytes:
    """Return a page of a word processor's markup, about 40 KB."""
    parts = [
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>一、总体情况</p>",
        f"<p>{'。'.join([title] * 20)}</p>",
    ]
    for code, table in form.tables.items():
        numbers_ = iter(grids[code])
        parts.append(f"<h3>{table.label}</h3><table border=1>")
        for block in table.blocks:
            heads = "".join(_td(column.label) for column in block.columns)
            parts.append(f"<tr>{_td(block.label)}{heads}</tr>")
            for row in block.rows:
                cells = "".join(_td(str(next(numbers_))) for _ in block.columns)
                parts.append(f"<tr>{_td(row.label)}{cells}</tr>")
        parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode()


def _td(text: str) -> str:
    style = 'style="border:solid windowtext 1.0pt;padding:0cm 5.4pt"'
    inner = f'<p style="text-align:center"><span style="font-size:12pt">{text}</span></p>'
    return f"<td {style}>{inner}</td>"


def write_in_a_process(store: Path, out: Path) -> tuple[float, float]:
    """Write the site as a user does; return seconds and megabytes."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "nianbao", "site", "--store", store, "--out", out], check=True)
    seconds = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{used.ru_utime + used.ru_stime:.0f} s of processor time")
    return seconds, used.ru_maxrss / 1024


def in_chromium(out: Path) -> tuple[float, float]:
    """Return the milliseconds until the first page answers a search, and those of a comparison."""
    with server_of(out, 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        with launched() as browser:
            first = [_until_it_answers(browser, base) for _ in range(3)]
            comparisons = _comparisons(browser, base)
        server.shutdown()
    return statistics.median(first), statistics.median(comparisons)


def _until_it_answers(browser, base: str) -> float:  # type: ignore[no-untyped-def]
    context = browser.new_context()
    started = time.perf_counter()
    view = context.new_page()
    view.goto(f"{base}/index.html", wait_until="commit")
    view.fill("#search", "东城")
    view.wait_for_selector("#search-list [role=option]")
    taken = (time.perf_counter() - started) * 1000
    context.close()
    return taken


def _comparisons(browser, base: str) -> list[float]:  # type: ignore[no-untyped-def]
    view = browser.new_context().new_page()
    view.goto(f"{base}/compare.html#c=110101,110102,110105&i=req_new_total")
    view.wait_for_selector("#chart svg")
    found = []
    for indicator in ("req_granted_total", "share_granted", "refused", "appeals_per_100", "req_new_person"):
        view.evaluate("() => { delete document.body.dataset.compared }")
        view.select_option("#indicator", indicator)
        view.wait_for_function("() => document.body.dataset.compared")
        found.append(float(view.evaluate("() => document.body.dataset.compared")))
    return found


def largest(out: Path) -> tuple[int, str]:
    """Return the size of the largest page or data file but the chart library's, and its name."""
    sizes = ((path.stat().st_size, path.name) for path in out.rglob("*") if path.is_file() and path.name != "vega.js")
    return max(sizes)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counties", type=int, default=2_846)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        store, out = folder / "store", folder / "site"
        if not (store / "dataset").exists():
            started = time.perf_counter()
            store.mkdir(parents=True, exist_ok=True)
            visits = [Visit(place.code, place.name) for place in counties(given.counties)]
            update(store, documents(store, given.counties), parser_version="benchmark", visits=visits)
            print(f"made a store of {given.counties} counties in {time.perf_counter() - started:.0f} s (not measured)")
        seconds, megabytes = write_in_a_process(store, out)
        size, name = largest(out)
        first, comparison = in_chromium(out)
    rows = (
        ("site written, s", seconds, MOST_SECONDS),
        ("memory, MB", megabytes, MOST_MEGABYTES),
        (f"largest file ({name}), bytes", size, MOST_PAGE),
        ("first page answers a search, ms", first, INTERACTIVE_MS),
        ("a comparison of three counties, ms", comparison, COMPARISON_MS),
    )
    for what, value, goal in rows:
        print(f"{what:<48} {value:>12,.0f}   goal {goal:>9,}   {'ok' if value <= goal else 'MISSED'}")
    return int(any(value > goal for _, value, goal in rows))


if __name__ == "__main__":
    sys.exit(main())
