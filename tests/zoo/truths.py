"""Random truths: what a report says before anybody lays it out. All of them satisfy the identities of their forms."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random

from tests.zoo.statute import TABLES, form

Number = int | float
Cells = dict[str, Number | None]

COUNTIES = (
    "沭阳县 靖州县 高陵区 乾安县 乾县 鼓楼区 台江县 云梦县 万年县 丰县 岳阳县 里县 "
    "雄县 佳县 会昌县 尼勒克县 江北区 泰和县 郁南县 范县 余干县 松阳县 钟山县 涞水县 "
    "台前县 涂山市 海宁市 淮安市 扬中市"
)
PLACES = tuple(COUNTIES.split())
BUREAUS = (
    "财政局",
    "发展和改革局",
    "教育局",
    "民政局",
    "水利局",
    "卫生健康委员会",
    "住房和城乡建设局",
    "行政审批服务局",
    "统计局",
    "司法局",
)
TOWNS = ("长桥乡", "中村乡", "螅镇", "青山街道", "河口镇", "石塘镇", "云台街道", "后村乡")
ZONES = ("经济开发区", "高新技术产业开发区", "工业园区")
GUARDED = ("total", "handled")


@dataclass(frozen=True, slots=True)
class Truth:
    """One report: whose, of which year, the form of each of its tables, and the value of each cell (None: blank)."""

    forms: dict[str, str]
    report_year: int
    place: str
    publisher: str
    scope: str
    published_at: str
    cells: Cells
    title: str = ""
    mistakes: tuple[str, ...] = field(default=())

    def with_cells(self, cells: Cells, *mistakes: str) -> "Truth":
        """Return the same report with other cells, and the names of the mistakes published in them."""
        return replace(self, cells=cells, mistakes=(*self.mistakes, *mistakes))


def _scale(rng: Random, most: int) -> int:
    """Return a positive number, small ones as likely as large ones, up to `most`."""
    return max(1, int(most ** rng.uniform(0, 1)))


def _requests(cells: Cells, form_id: str, rng: Random, *, columns: int, parts: int, most: int) -> None:
    block = form(form_id).blocks["requests"][0]
    names = [column.code for column in block.columns if column.code != "total"]
    handled = next(item for item in form(form_id).identities if item.id == "requests.handled").right
    busy = set(rng.sample(names, columns)) if rng.random() < 0.5 else set(names[:columns])
    for column in names:
        values = dict.fromkeys((row.code for row in block.rows), 0)
        for row in rng.sample(handled, min(parts, len(handled))) if column in busy else ():
            values[row] = _scale(rng, most)
        values["handled"] = sum(values[code] for code in handled)
        values["carried_out"] = _scale(rng, most) if column in busy and rng.random() < 0.4 else 0
        everything = values["handled"] + values["carried_out"]
        values["carried_in"] = rng.randint(0, everything) if rng.random() < 0.5 else 0
        values["new"] = everything - values["carried_in"]
        cells.update({f"requests.{row}.{column}": value for row, value in values.items()})
    for line in block.rows:
        cells[f"requests.{line.code}.total"] = sum(int(cells[f"requests.{line.code}.{name}"] or 0) for name in names)


def _appeals(cells: Cells, form_id: str, rng: Random, *, share: float, most: int) -> None:
    block = form(form_id).blocks["appeals"][0]
    for row in block.rows:
        parts = [column.code for column in block.columns if column.code != "total"]
        values = {code: _scale(rng, most) if rng.random() < share else 0 for code in parts}
        values["total"] = sum(values.values())
        cells.update({f"appeals.{row.code}.{code}": values[code] for code in (*parts, "total")})


def _amount(rng: Random, most: int) -> Number:
    digits = rng.choice((0, 1, 2, 2, 4))
    value = round(rng.uniform(0, most), digits)
    return int(value) if value == int(value) else value


def _disclosure(cells: Cells, form_id: str, rng: Random, *, share: float, most: int) -> None:
    makers: dict[str, Callable[[], Number]] = {
        "int": lambda: _scale(rng, most),
        "signed int": lambda: rng.choice((-1, 1)) * _scale(rng, min(most, 200)),
        "decimal": lambda: _amount(rng, most),
    }
    for key, column in form(form_id).cells("disclosure"):
        cells[key] = makers[column.type]() if rng.random() < share else 0


def _publisher(rng: Random) -> tuple[str, str, str]:
    place = rng.choice(PLACES)
    scope = rng.choice(("jurisdiction", "jurisdiction", "office", "department", "township", "zone"))
    names = {
        "jurisdiction": rng.choice((place, place, f"{place}人民政府")),
        "office": f"{place}人民政府办公室",
        "department": place + rng.choice(BUREAUS),
        "township": place + rng.choice(TOWNS),
        "zone": place[:-1] + rng.choice(ZONES),
    }
    return place, names[scope], scope


def _forms(rng: Random) -> dict[str, str]:
    base = rng.choice(("2019", "2021", "2021"))
    chosen = dict.fromkeys(TABLES, base)
    if rng.random() < 0.2:
        chosen["disclosure"] = "2019" if base == "2021" else "2021"
    return chosen


PROFILES = {
    "zeros": {"columns": 0, "parts": 0, "share": 0.0, "most": 1},
    "single": {"columns": 1, "parts": 1, "share": 0.1, "most": 9},
    "sparse": {"columns": 2, "parts": 3, "share": 0.25, "most": 60},
    "busy": {"columns": 4, "parts": 9, "share": 0.6, "most": 3_000},
    "large": {"columns": 6, "parts": 21, "share": 0.9, "most": 9_999_999},
}


def truth(rng: Random, *, profile: str | None = None, forms: dict[str, str] | None = None) -> Truth:
    """Return a random report of a profile (see PROFILES; any of them by default), every cell a number."""
    shape = PROFILES[profile or rng.choice(("zeros", "single", "sparse", "sparse", "busy", "busy", "large"))]
    chosen = forms or _forms(rng)
    columns, parts, share, most = int(shape["columns"]), int(shape["parts"]), shape["share"], int(shape["most"])
    cells: Cells = {}
    _disclosure(cells, chosen["disclosure"], rng, share=share, most=most)
    _requests(cells, chosen["requests"], rng, columns=columns, parts=parts, most=max(1, most // 150))
    _appeals(cells, chosen["appeals"], rng, share=share, most=max(1, min(most, 400)))
    year = rng.randint(2019, 2020) if "2019" in chosen.values() and rng.random() < 0.7 else rng.randint(2021, 2025)
    place, publisher, scope = _publisher(rng)
    published = f"{year + 1}-{rng.randint(1, 3):02}-{rng.randint(1, 28):02}"
    return Truth(chosen, year, place, publisher, scope, published, cells)


def _left(values: list[Number | None]) -> Number:
    return sum(value for value in values if value is not None)


def violations(report: Truth) -> list[str]:
    """Return `identity@row-or-column` for every identity whose two sides differ, a blank counting as 0."""
    broken = []
    for table in TABLES:
        for item in form(report.forms[table]).identities:
            if item.table == table:
                broken += [
                    f"{item.id}@{at}"
                    for at, left, right in sides(report, table, item.id)
                    if _left(left) != _left(right)
                ]
    return broken


Side = list[Number | None]


def sides(report: Truth, table: str, identity: str) -> list[tuple[str, Side, Side]]:
    """Return (row or column, terms on the left, terms on the right) for each place where an identity must hold."""
    item = next(item for item in form(report.forms[table]).identities if item.id == identity)
    block = form(report.forms[table]).blocks[table][0]
    over = block.columns if item.per == "column" else block.rows

    def key(term: str, at: str) -> str:
        return f"{table}.{term}.{at}" if item.per == "column" else f"{table}.{at}.{term}"

    return [
        (
            line.code,
            [report.cells[key(t, line.code)] for t in item.left],
            [report.cells[key(t, line.code)] for t in item.right],
        )
        for line in over
    ]
