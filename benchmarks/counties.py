"""Reports of made-up counties, year after year, as the parser would give them: sound tables, a story, few mistakes."""

import hashlib
from collections.abc import Iterator
from functools import cache

import numpy as np

from nianbao.dataset.documents import Document
from parsers.forms import Form, FormTable, forms
from parsers.report import Cell, Check, Division, Report, Section, Table

FIRST_YEAR = 2019
NEW_FORM_FROM = 2021
PARTS = 6

_SENTENCES = (
    "本年度共收到政府信息公开申请{}件，均在法定期限内办结。",
    "全年通过政府网站发布信息{}条，政务新媒体发布{}条，公开渠道进一步畅通。",
    "围绕重点领域做好公开，涉及财政预决算、公共资源配置、社会救助等信息{}条。",
    "组织业务培训{}次，参训{}人次，工作人员的公开意识不断增强。",
    "公开内容的深度与群众的期待还有差距，下一步将完善制度、加强指导，及时回应关切。",
)
_HEADINGS: tuple[str, ...] = ("总体情况", "主动公开政府信息情况", "收到和处理政府信息公开申请情况")
_HEADINGS += ("政府信息公开行政复议、行政诉讼情况", "存在的主要问题及改进情况", "其他需要报告的事项")


def county_reports(counties: int, years: int, seed: int = 1) -> Iterator[Document]:
    """Yield the reports of all counties, county after county; a request carried over is met again the next year."""
    dice = np.random.default_rng(seed)
    for number in range(counties):
        carried, in_force = np.zeros(PARTS, dtype=np.int64), dice.poisson(50, 2)
        for year in range(FIRST_YEAR, FIRST_YEAR + years):
            disclosed, in_force = _disclosure(year, in_force, dice)
            document, carried = _document(number, year, disclosed, carried, dice)
            yield document


def _document(
    number: int, year: int, disclosed: list[int], carried: np.ndarray, dice: np.random.Generator
) -> tuple[Document, np.ndarray]:
    form = _form(year)
    requests, carried = _requests(form.tables["requests"], carried, dice)
    grids = {
        "disclosure": disclosed,
        "requests": requests,
        "appeals": _appeals(dice),
    }
    tables = tuple(_table(form.id, form.tables[name], grid) for name, grid in grids.items())
    name = f"第{number}县"
    code = f"{100000 + number}"
    report = Report(
        sha256=hashlib.sha256(f"{code} {year}".encode()).hexdigest(),
        title=f"{name}{year}年政府信息公开工作年度报告",
        publisher=f"{name}人民政府",
        division=Division(code, name),
        scope="jurisdiction",
        report_year=year,
        published_at=f"{year + 1}-01-28",
        tables=tables,
        sections=_sections(dice),
    )
    return Document(
        report, f"http://www.c{code}.gov.cn/{year}/report.html", f"{year + 1}-03-01T08:00:00Z", code
    ), carried


def _form(year: int) -> Form:
    return forms()["2021" if year >= NEW_FORM_FROM else "2019"]


def _disclosure(year: int, in_force: np.ndarray, dice: np.random.Generator) -> tuple[list[int], np.ndarray]:
    """Return the table's numbers, and how many rules and normative documents are in force at the end of the year."""
    cells = _form(year).tables["disclosure"].cells()
    numbers = dict(zip(cells, dice.poisson(40, len(cells)).tolist(), strict=True))
    if year < NEW_FORM_FROM:
        return list(numbers.values()), in_force
    issued, repealed = dice.poisson(3, 2), np.minimum(dice.poisson(2, 2), in_force)
    in_force = in_force + issued - repealed
    for place, row in enumerate(("rules", "normative")):
        for column, amounts in (("issued", issued), ("repealed", repealed), ("in_force", in_force)):
            numbers[row, column] = int(amounts[place])
    return list(numbers.values()), in_force


def _requests(table: FormTable, carried: np.ndarray, dice: np.random.Generator) -> tuple[list[int], np.ndarray]:
    """Return the table's numbers in the form's order and what it carries over; one table in fifty is off by one."""
    outcomes = dice.poisson(0.6, (len(table.blocks[0].rows) - 4, PARTS))
    handled = outcomes.sum(axis=0)
    carried_out = dice.poisson(0.5, PARTS)
    new = np.maximum(handled + carried_out - carried, 0)
    carried_out = new + carried - handled
    grid = np.vstack([new, carried, outcomes, handled, carried_out])
    grid = np.hstack([grid, grid.sum(axis=1, keepdims=True)])
    if dice.random() < 0.02:
        grid[-2, -1] += 1
    return grid.ravel().tolist(), carried_out


def _appeals(dice: np.random.Generator) -> list[int]:
    parts = dice.poisson(0.4, (3, 4))
    numbers: list[int] = np.hstack([parts, parts.sum(axis=1, keepdims=True)]).ravel().tolist()
    return numbers


def _table(form: str, table: FormTable, grid: list[int]) -> Table:
    cells = tuple(
        [
            Cell(row, column, value, "printed", str(value), where)
            for (row, column, where), value in zip(_places(form, table.code), grid, strict=True)
        ]
    )
    checks = tuple(_checks(form, table.code, grid))
    failed = any(check.outcome == "fail" for check in checks)
    return Table(table.code, form, "inconsistent" if failed else "verified" if checks else "consistent", cells, checks)


@cache
def _places(form: str, code: str) -> tuple[tuple[str, str, str], ...]:
    number = ("disclosure", "requests", "appeals").index(code) + 1
    cells = forms()[form].tables[code].cells()
    return tuple(
        (row, column, f"table:{number}/row:{n // 7 + 4}/cell:{n % 7 + 2}") for n, (row, column) in enumerate(cells)
    )


def _checks(form: str, code: str, grid: list[int]) -> Iterator[Check]:
    for identity, at, left, right in _terms(form, code):
        ours, theirs = (sum([grid[position] for position in side]) for side in (left, right))
        yield Check(identity, at, ours, theirs, "pass" if ours == theirs else "fail")


@cache
def _terms(form: str, code: str) -> tuple[tuple[str, str, tuple[int, ...], tuple[int, ...]], ...]:
    table = forms()[form].tables[code]
    positions = {cell: position for position, cell in enumerate(table.cells())}
    found = []
    for identity in table.identities:
        per_column = identity.per == "column"
        for at in dict.fromkeys(cell[1 if per_column else 0] for cell in table.cells()):
            left, right = (
                tuple(positions[(term, at) if per_column else (at, term)] for term in side)
                for side in (identity.left, identity.right)
            )
            found.append((identity.id, at, left, right))
    return tuple(found)


def _sections(dice: np.random.Generator) -> tuple[Section, ...]:
    numbers = dice.integers(1, 5000, (len(_HEADINGS), 8, 2)).tolist()
    return tuple(
        Section(
            place + 1,
            f"{'一二三四五六'[place]}、{heading}",
            "".join(_SENTENCES[(place + n) % len(_SENTENCES)].format(*pair) for n, pair in enumerate(numbers[place])),
        )
        for place, heading in enumerate(_HEADINGS)
    )
