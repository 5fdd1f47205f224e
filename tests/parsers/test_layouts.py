"""A page of a layout read before says what it says without: what is remembered of others changes nothing."""

from collections.abc import Iterator
from random import Random

import pytest

from benchmarks.pages import report, spanned
from parsers import layouts, rebuilding
from parsers.reading import read_reports
from tests.zoo.documents import render
from tests.zoo.layouts import LAYOUTS
from tests.zoo.plans import random_plan

MARKUP = [name for name, layout in LAYOUTS.items() if "html" in layout.tags]
TWINS = 240
TITLE = "清河县2024年政府信息公开工作年度报告"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    layouts.forget()
    yield
    layouts.forget()


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Gather the codes of the tables that are read by a layout."""
    found: list[str] = []
    read = layouts.cells_of_layout
    monkeypatch.setattr(rebuilding, "cells_of_layout", lambda grid, of: (found.append(of.table), read(grid, of))[1])
    return found


def as_read(body: bytes) -> list[object]:
    return [each.as_json() for each in read_reports(body)]


def test_the_second_page_of_a_layout_is_read_by_it(known: list[str]) -> None:
    first, second = spanned(report(1)), spanned(report(2))
    alone = as_read(second)
    layouts.forget()
    read_reports(first)
    assert known == []
    assert as_read(second) == alone
    assert known == ["disclosure", "requests", "appeals"]


def test_every_layout_of_markup_reads_the_same_with_others_remembered(known: list[str]) -> None:
    """Twins have the same layout and noise, and other numbers; whatever came before stays remembered."""
    bodies = []
    for number in range(TWINS):
        rng = Random(f"twins {number}")
        plan = random_plan(rng, MARKUP[number % len(MARKUP)])
        bodies += [render(plan, rng.randrange(10**6)).body for _ in range(2)]
    remembered = [as_read(body) for body in bodies]
    hits = len(known)
    for body, read in zip(bodies, remembered, strict=True):
        layouts.forget()
        assert as_read(body) == read
    assert hits >= TWINS // 8


@pytest.mark.parametrize(
    "changed",
    [
        ("三、收到和处理政府信息公开申请情况</", "三、收到和处理政府信息公开申请情况</h2><p>2023年</p><h2></"),
        (TITLE, "清河县2019年政府信息公开工作年度报告"),
        ("(二)部分公开", "(二)部分公开情况"),
        ("(一)予以公开", "(一)予以公开2"),
        ("rowspan='8'", "rowspan='7'"),
        ("</body>", "<p>一、本年新收政府信息公开申请数量 1 2 3 4 5 6 21</p></body>"),
        ("</body>", "<table><tr><td>行政复议</td></tr><tr><td>结果维持</td><td>3</td></tr></table></body>"),
    ],
)
def test_what_stands_around_a_known_layout_or_differs_from_it_counts(changed: tuple[str, str]) -> None:
    body = spanned(report(2)).decode()
    assert changed[0] in body
    page = body.replace(*changed).encode()
    alone = as_read(page)
    layouts.forget()
    read_reports(spanned(report(1)))
    assert as_read(page) == alone


def test_the_unit_of_a_heading_counts_for_the_second_page_too(known: list[str]) -> None:
    first, second = (spanned(report(seed)).decode().replace("单位:万元", "单位:元").encode() for seed in (3, 2))
    alone = as_read(second)
    layouts.forget()
    read_reports(first)
    assert as_read(second) == alone
    assert "disclosure" in known


def test_a_year_in_a_table_is_held_against_that_of_each_report() -> None:
    head = "三、收到和处理政府信息公开申请情况</p><table class='MsoNormalTable' border='1'><tbody>"
    first, second = (spanned(report(seed)).decode() for seed in (3, 2))
    first, second = (body.replace(head, f"{head}<tr><td colspan='10'>2024年</td></tr>") for body in (first, second))
    assert "2024年</td>" in second
    second = second.replace(TITLE, TITLE.replace("2024", "2023"))
    alone = as_read(second.encode())
    layouts.forget()
    read_reports(first.encode())
    assert as_read(second.encode()) == alone


def test_the_same_table_twice_is_not_read_by_its_layout(known: list[str]) -> None:
    body = spanned(report(2)).decode()
    start, end = body.index("<table", body.index("三、收到")), body.index("四、")
    twice = (body[:end] + body[start:end] + body[end:]).encode()
    alone = as_read(twice)
    layouts.forget()
    read_reports(spanned(report(1)))
    assert as_read(twice) == alone
    assert known == []


def test_a_blank_cell_is_no_part_of_a_known_layout(known: list[str]) -> None:
    body = spanned(report(2)).decode()
    at = body.index("<o:p>", body.index("(一)予以公开") + 200)
    blank = (body[: body.rindex(">", 0, at) + 1] + body[at:]).encode()
    read_reports(spanned(report(1)))
    assert as_read(blank)
    assert "requests" not in known


def test_only_so_many_layouts_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layouts, "_MOST_LAYOUTS", 6)
    for number in range(8):
        read_reports(spanned(report(number)).decode().replace("规章", f"规章{'又' * number}").encode())
    assert len(layouts._layouts) <= 6
