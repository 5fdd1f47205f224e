"""A whole site from a store: every page, every data file, in one pass over the reports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nianbao.dataset.reader import Dataset, open_dataset
from nianbao.site.assets import assets
from nianbao.site.bilingual import Text
from nianbao.site.bodies import Bodies
from nianbao.site.checks import Failure, read_failures
from nianbao.site.data_files import data_files
from nianbao.site.division_pages import DivisionPages
from nianbao.site.fingerprint import fingerprint
from nianbao.site.folder import Folder, is_made_of, is_site, replacing
from nianbao.site.indicators import indicators
from nianbao.site.links import division_page, source_page
from nianbao.site.lists import changes_page, error_pages, revision_pages, whose
from nianbao.site.medians import Groups
from nianbao.site.pages import Pages
from nianbao.site.provinces import Province, province_pages, provinces, tiles
from nianbao.site.series import Atlas, read_atlas
from nianbao.site.source_pages import SourcePages, cells_by_report
from nianbao.site.values import Values, read_values
from parsers.errors import DatasetError
from scraper.schema import FILE_NAME as STATE_FILE

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What was written: the first page, how many divisions and reports have a page, files and bytes.

    `written` is False where the site that is there was made of the same dataset by the same program: it stays.
    """

    page: Path
    divisions: int
    reports: int
    files: int
    bytes: int
    written: bool = True


def build_site(store: Path, out: Path, told: Told = lambda stage: None) -> Built:
    """Write the pages of a store's dataset into the folder `out`, in place of the site that is there.

    `told` is called with the name of each stage. Raises StoreError where `out` cannot be written or holds other
    files, DatasetError where the dataset is missing or cannot be read: a site that is there then stays, and where
    there is none, a page says what is wrong.
    """
    page = out / "index.html"
    try:
        dataset = open_dataset(store)
        made_of = fingerprint(dataset.folder, (store / STATE_FILE).is_file())
        if is_made_of(out, made_of):
            return _as_it_stands(out)
        atlas, values = read_atlas(dataset), read_values(dataset)
        failures = read_failures(dataset, _forms_of(atlas))
    except DatasetError as error:
        if not is_site(out):
            _write_refusal(out, error)
        raise
    with replacing(out, made_of) as folder:
        site = _Site(folder, dataset, atlas, values, failures)
        site.write(Bodies(store), told)
        return Built(page, len(atlas.divisions), len(atlas.rows), folder.files, folder.bytes)


def _as_it_stands(out: Path) -> Built:
    sizes = [path.stat().st_size for path in out.rglob("*") if path.is_file()]
    divisions, reports = (sum(1 for _ in out.glob(pattern)) for pattern in ("c/*.html", "s/*/*.html"))
    return Built(out / "index.html", divisions, reports, len(sizes), sum(sizes), written=False)


def _forms_of(atlas: Atlas) -> dict[str, dict[str, str | None]]:
    tables = ("disclosure", "requests", "appeals")
    return {row["report_id"]: {table: row[f"{table}_form"] for table in tables} for row in atlas.rows}


def _write_refusal(out: Path, error: DatasetError) -> None:
    with replacing(out, "nothing: the dataset could not be read") as folder:
        for name, content in assets(charts=False):
            folder.write(name, content)
        says = Text(f"数据集无法读取：{error}", f"The dataset cannot be read: {error}")
        folder.write("index.html", Pages(()).render("refusal.html", here="index.html", says=says))


class _Site:
    """Writes each kind of page."""

    def __init__(
        self, folder: Folder, dataset: Dataset, atlas: Atlas, values: Values, failures: dict[str, list[Failure]]
    ) -> None:
        self._folder = folder
        self._dataset = dataset
        self._atlas = atlas
        self._values = values
        self._failures = failures
        self._pages = Pages(atlas.years)
        self._provinces = provinces(atlas)

    def write(self, bodies: Bodies, told: Told) -> None:
        told("data")
        self._write_all(assets(charts=bool(self._atlas.rows)))
        self._write_all(data_files(self._atlas, self._values))
        told("lists")
        self._write_all(self._overview())
        told(f"{len(self._atlas.divisions)} divisions")
        self._write_all(self._divisions())
        told(f"{len(self._atlas.rows)} reports")
        self._write_sources(bodies)

    def _write_all(self, files: Iterator[tuple[str, str]]) -> None:
        for name, content in files:
            self._folder.write(name, content)

    def _divisions(self) -> Iterator[tuple[str, str]]:
        codes = {province.name: province.code for province in self._provinces}
        groups = Groups(self._atlas, self._values)
        made = DivisionPages(self._pages, self._atlas, self._values, self._failures)
        for division in self._atlas.divisions.values():
            page = made.page(division, groups.of(division), codes.get(division.province))
            yield division_page(division.code), page

    def _write_sources(self, bodies: Bodies) -> None:
        made = SourcePages(self._pages, bodies, self._failures)
        rows = {row["report_id"]: row for row in self._atlas.rows}
        for report_id, cells in cells_by_report(self._dataset):
            row = rows.pop(report_id)
            page = made.page(row, cells)
            self._folder.write(source_page(report_id, row["report_year"]), page.html)
            for name, picture in page.pictures.items():
                self._folder.write(name, picture)
        for report_id, row in rows.items():
            self._folder.write(source_page(report_id, row["report_year"]), made.page(row, ()).html)

    def _overview(self) -> Iterator[tuple[str, str]]:
        atlas, pages = self._atlas, self._pages
        yield "index.html", self._home()
        yield from province_pages(pages, atlas, self._provinces)
        yield "coverage.html", pages.render("coverage.html", here="coverage.html", provinces=self._provinces)
        yield from error_pages(pages, atlas, self._failures)
        yield from revision_pages(pages, atlas, self._dataset)
        yield "changes.html", changes_page(pages, atlas, self._values)
        yield "unplaced.html", self._unplaced()
        for name in ("compare.html", "find.html", "about.html"):
            rates = [indicator for indicator in indicators() if indicator.kind == "rate"]
            yield name, pages.render(name, here=name, rates=rates, has_reports=bool(atlas.rows))

    def _home(self) -> str:
        year = _newest_full_year(self._provinces, self._atlas)
        grades = [row["grade"] for row in self._atlas.rows]
        return self._pages.render(
            "index.html",
            here="index.html",
            tiles=tiles(self._provinces, year),
            year=year,
            counts={
                "reports": len(grades),
                "divisions": sum(bool(each.own.reports) for each in self._atlas.divisions.values()),
                "verified": grades.count("verified"),
                "failing": len(self._failures),
            },
            provinces=self._provinces,
            unplaced=len(self._atlas.unplaced),
        )

    def _unplaced(self) -> str:
        rows = [self._atlas.rows[number] for number in self._atlas.unplaced]
        items = [(row, whose(self._atlas, row)[0], source_page(row["report_id"], row["report_year"])) for row in rows]
        return self._pages.render("unplaced.html", here="unplaced.html", items=items)


def _newest_full_year(found: list[Province], atlas: Atlas) -> int | None:
    """Return the newest year that has at least half as many reports as the best one; None without any report."""
    counts = {year: sum(province.tallies[year].found for province in found) for year in atlas.years}
    best = max(counts.values(), default=0)
    return max((year for year, count in counts.items() if count and 2 * count >= best), default=None)
