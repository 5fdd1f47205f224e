"""The provinces as a grid of tiles and as pages: how far the reports of each got."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nianbao.dataset.places import places
from nianbao.site.links import division_page, source_page
from nianbao.site.pages import Pages
from nianbao.site.series import OWN, Atlas, Division

# Row and column of each tile: neighbours stay neighbours as far as a grid allows; no boundary is drawn.
_TILES = {
    "黑龙江省": (0, 8), "内蒙古自治区": (1, 5), "吉林省": (1, 8), "新疆维吾尔自治区": (2, 1), "甘肃省": (2, 3),
    "宁夏回族自治区": (2, 4), "北京市": (2, 6), "天津市": (2, 7), "辽宁省": (2, 8), "青海省": (3, 2), "陕西省": (3, 4),
    "山西省": (3, 5), "河北省": (3, 6), "山东省": (3, 7), "西藏自治区": (4, 1), "四川省": (4, 3), "重庆市": (4, 4),
    "河南省": (4, 5), "安徽省": (4, 6), "江苏省": (4, 7), "云南省": (5, 3), "贵州省": (5, 4), "湖北省": (5, 5),
    "江西省": (5, 6), "浙江省": (5, 7), "上海市": (5, 8), "广西壮族自治区": (6, 4), "湖南省": (6, 5), "广东省": (6, 6),
    "福建省": (6, 7), "台湾省": (6, 8), "海南省": (7, 5), "澳门特别行政区": (7, 6), "香港特别行政区": (7, 7),
}  # fmt: skip
_WITHOUT_REPORTS = {"台湾省", "香港特别行政区", "澳门特别行政区"}
_SHORT = ("内蒙古", "黑龙江")
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """Of a province in one year: divisions looked at, reports read, reports verified."""

    divisions: int
    found: int
    verified: int

    @property
    def step(self) -> int:
        """How dark the tile is, 0 for none to 5 for all verified."""
        return 0 if not self.divisions else -(-self.verified * _STEPS // self.divisions)


@dataclass(frozen=True, slots=True)
class Tile:
    """A province on the grid; `page` and `tally` are None where the dataset has nothing of it."""

    name: str
    row: int
    column: int
    page: str | None
    tally: Tally | None
    without_reports: bool


@dataclass(frozen=True, slots=True)
class Province:
    """A province with its divisions and, by year, how far their reports got."""

    name: str
    code: str
    divisions: tuple[Division, ...]
    tallies: Mapping[int, Tally]

    @property
    def page(self) -> str:
        """Its page."""
        return f"p/{self.code}.html"


def provinces(atlas: Atlas) -> list[Province]:
    """Return the provinces of which the dataset has anything, by code; divisions of unknown place come last."""
    grouped: defaultdict[str, list[Division]] = defaultdict(list)
    for division in atlas.divisions.values():
        grouped[division.province].append(division)
    codes = {place.name: place.code for place in places() if place.level == "province"}
    found = [
        Province(name, codes.get(name, "other"), tuple(members), {y: _tally(atlas, members, y) for y in atlas.years})
        for name, members in grouped.items()
        if name in codes or not name
    ]
    return sorted(found, key=lambda province: (not province.name, province.code))


def _tally(atlas: Atlas, members: Sequence[Division], year: int) -> Tally:
    reports = [atlas.rows[member.own.reports[year]] for member in members if year in member.own.reports]
    looked_at = [member for member in members if member.coverage or member.own.reports]
    return Tally(len(looked_at), len(reports), sum(row["grade"] == "verified" for row in reports))


def tiles(found: Sequence[Province], year: int | None) -> list[Tile]:
    """Return the grid, by row and column; the shade of a tile is the share verified in that year."""
    known = {province.name: province for province in found}
    grid = []
    for name, (row, column) in sorted(_TILES.items(), key=lambda each: each[1]):
        province = known.get(name)
        short = next((short for short in _SHORT if name.startswith(short)), name[:2])
        tally = province.tallies.get(year) if province and year else None
        page = province.page if province else None
        grid.append(Tile(short, row + 1, column + 1, page, tally, name in _WITHOUT_REPORTS))
    return grid


def province_pages(pages: Pages, atlas: Atlas, found: Sequence[Province]) -> Iterator[tuple[str, str]]:
    """Yield name and content of the page of each province: its divisions and their reports by year."""
    for province in found:
        rows = [(division, f"../{division_page(division.code)}", _reports(atlas, division))
                for division in sorted(province.divisions, key=_order)]  # fmt: skip
        yield province.page, pages.render("province.html", root="../", here=province.page, province=province, rows=rows)


def _order(division: Division) -> tuple[str, str]:
    return division.prefecture if division.level == "county" else "", division.code


def _reports(atlas: Atlas, division: Division) -> dict[int, tuple[str, str | None]]:
    rows = {year: atlas.rows[number] for year, number in division.own.reports.items()}
    return {year: (f"../{source_page(row['report_id'], year)}", row["grade"]) for year, row in rows.items()}


def scopes_of(atlas: Atlas) -> list[str]:
    """Return the scopes that the dataset has series of, jurisdictions first."""
    others = {series.scope for division in atlas.divisions.values() for series in division.others}
    return [OWN, *sorted(others - {"unknown"})]
