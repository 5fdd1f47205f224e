"""The demo: the sample sites of a checkout served on loopback, harvested for real, and what the dataset then holds."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich import box
from rich.table import Table as Grid
from rich.text import Text

from nianbao.dataset.divisions import without_place
from nianbao.dataset.reader import Dataset
from nianbao.exits import printable
from nianbao.pipeline import Ran, Watch, run
from nianbao.replay import SERVED_AT, ReplayProxy
from nianbao.stores import prepare
from nianbao.wording import check_in_words
from parsers.errors import SitesError
from parsers.forms import forms
from parsers.report import Check, Division
from scraper import Options, read_sites

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLES = CHECKOUT / "data" / "samples"
STORE = CHECKOUT / "data" / "harvest"

_MARKS = {"verified": "V", "consistent": "C", "inconsistent": "I", "partial": "P"}
_STYLES = {"V": "green", "C": "cyan", "I": "bold red", "P": "yellow"}
LEGEND = (
    "V verified: every cell read, every identity holds    C consistent: every cell read, some cannot be decided\n"
    "I inconsistent: an identity fails as printed         P partial: a cell or a table could not be read"
)
SQL = """\
SELECT division_name, report_year, req_new_total, req_granted_total
FROM '{store}/dataset/panel.parquet'
WHERE scope = 'jurisdiction' AND grade = 'verified'
ORDER BY req_new_total DESC LIMIT 5
"""
PYTHON = """\
from nianbao import open_dataset
print(open_dataset("{store}").panel()[["division_name", "report_year", "req_new_total", "grade"]])
"""


def run_demo(store: Path, watch: Watch, samples: Path = SAMPLES) -> Ran:
    """Serve the sample sites on loopback and run the main job on them, with a clock that stands still.

    Raises SitesError outside of a checkout, StoreError where the store holds a real harvest;
    else like `pipeline.run`.
    """
    if not (samples / "sites.csv").is_file():
        raise SitesError(
            f"{samples}: the sample sites are not there; clone the repository and run `make demo` in it, or harvest "
            "sites of your own with `nianbao harvest`"
        )
    prepare(store, for_demo=True)
    listed = read_sites(samples / "sites.csv")
    with ReplayProxy(samples / "sites") as proxy:
        return run(listed.sites, store, Options(proxy=proxy.url, delay=0), watch, now=lambda: SERVED_AT)


def years_grid(dataset: Dataset) -> Grid:
    """Return publishers by years: a mark for the grade of each report that was found."""
    marks: defaultdict[tuple[str, str], dict[int, str]] = defaultdict(dict)
    for report in dataset.arrow("reports").to_pylist():
        whose = (report["division_code"] or "", _whose(report))
        marks[whose][report["report_year"]] = _MARKS.get(report["grade"], "-")
    years = sorted({year for found in marks.values() for year in found})
    grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for head in ("code", "whose", *map(str, years)):
        grid.add_column(head)
    for (code, name), found in sorted(marks.items()):
        ours = [found.get(year, "") for year in years]
        grid.add_row(code, Text(printable(name)), *(Text(mark, _STYLES.get(mark, "")) for mark in ours))
    return grid


def failures(dataset: Dataset) -> Iterator[str]:
    """Yield a line for each identity that fails, with both of its sides in words."""
    reports = {report["report_id"]: report for report in dataset.arrow("reports").to_pylist()}
    for row in dataset.arrow("checks").to_pylist():
        report = reports[row["report_id"]]
        if row["outcome"] == "fail":
            form = forms()[report[f"{row['table']}_form"]].tables[row["table"]]
            check = Check(row["id"], row["at"], row["left"], row["right"], "fail")
            yield printable(f"{_whose(report)} {report['report_year']}, {check_in_words(check, form)}")


def _whose(report: Mapping[str, Any]) -> str:
    """Return the division, and what else the publisher's name says: 吴兴区 人民政府办公室."""
    if report["division_code"] is None or report["scope"] == "jurisdiction":
        return str(report["division_name"] or report["publisher"] or report["url"])
    division = Division(report["division_code"], report["division_name"])
    return f"{division.name} {without_place(report['publisher'] or '', division)}".strip()
