"""Extracts of archived pages: text and spans, every number under its name, nothing of the page's own markup."""

import pytest

from nianbao.site.extract import extract
from nianbao.site.extract_markup import markup
from parsers.errors import DocumentError
from tests.nianbao.site.stores import Links

PAGE = """<html><head><title>报告</title><script>alert(1)</script></head><body>
<table><tr><td>导航</td><td>二</td></tr></table>
<h1>某县2024年政府信息公开工作年度报告</h1>
<table onclick="steal()"><tr><td rowspan=2 colspan="2" style="color:red">项目</td><td>自然人</td><td>总计</td></tr>
<tr><td>甲</td><td>乙</td></tr>
{filler}<tr><td rowspan="2">三、</td><td>（一）予以公开</td>
<td><img src=x onerror=alert(2)><b>5</b></td><td><a href="javascript:x()">&lt;script&gt;9&lt;/script&gt;</a></td></tr>
<tr><td>（二）</td><td>7</td><td>\u202e8\u2066</td></tr></table>
<p>尾</p></body></html>"""
FILLER = "".join(f"<tr><td colspan=2>行{n}</td><td>{n}</td><td>{n}</td></tr>" for n in range(8))


def page_of(text: str, places: dict[str, list[str]], raws: dict[str, str | None]) -> tuple[str, Links, set[str]]:
    found = extract(text.encode(), "text/html; charset=utf-8", places, raws)
    html = "".join(markup(found))
    return html, Links(html), found.placed


def test_a_table_keeps_its_spans_and_marks_its_cells() -> None:
    places = {
        "table:2/row:11/cell:3": ["requests.granted.person"],
        "table:2/row:12/cell:2": ["requests.partial.person"],
    }
    html, page, placed = page_of(
        PAGE.format(filler=FILLER), places, {"requests.granted.person": "5", "requests.partial.person": "7"}
    )
    assert placed == {"requests.granted.person", "requests.partial.person"} == set(page.ids)
    assert [tag for tag in page.tags if tag[1].get("rowspan") or tag[1].get("colspan")][:1] == [
        ("td", {"colspan": "2", "rowspan": "2"})
    ]
    late = next(
        given for tag, given in page.tags if tag == "td" and given.get("rowspan") == "2" and "colspan" not in given
    )
    assert late == {"rowspan": "2"}  # below the rows whose spans the parser reads
    assert '<td id="requests.granted.person" class="n">5</td>' in html
    assert "导航" not in html


def test_nothing_of_the_page_but_its_text_gets_through() -> None:
    places = {"table:2/row:3/cell:4": ["requests.granted.total"], "table:2/row:4/cell:3": ["requests.partial.total"]}
    html, page, _ = page_of(
        PAGE.format(filler=""), places, {"requests.granted.total": "9", "requests.partial.total": "8"}
    )
    assert {tag for tag, _ in page.tags} == {"div", "table", "tr", "td"}
    assert {name for _, given in page.tags for name in given} <= {
        "class",
        "id",
        "tabindex",
        "role",
        "aria-labelledby",
        "lang",
        "colspan",
        "rowspan",
    }
    assert "&lt;script&gt;9&lt;/script&gt;" in html
    assert not {"\u202e", "\u2066"} & set(html)
    assert "\N{REPLACEMENT CHARACTER}8\N{REPLACEMENT CHARACTER}" in html


def test_lines_are_numbered_and_each_number_on_one_is_marked() -> None:
    text = "某县报告\n" * 30 + "（一）予以公开 5 0 5\n尚未\n" + "正文\n" * 40 + "总计 9\n"
    places = {
        "line:31": ["requests.granted.person", "requests.granted.business", "requests.granted.total"],
        "line:73": ["appeals.direct_suit.total"],
    }
    raws: dict[str, str | None] = dict(
        zip([name for names in places.values() for name in names], ["5", "0", "5", "9"], strict=True)
    )
    html, page, placed = page_of(text, places, raws)
    assert placed == set(raws) == set(page.ids)
    numbers = [int(given["value"]) for tag, given in page.tags if tag == "li" and "value" in given]
    assert numbers == [28, 29, 30, 31, 32, 70, 71, 72, 73, 74]
    assert (
        '公开 <span id="requests.granted.person" class="n">5</span> <span id="requests.granted.business" class="n">0<'
        in html
    )


def test_cells_that_share_a_place_all_lead_there() -> None:
    places = {"table:1/row:1/cell:2": ["requests.new.person", "requests.new.total"]}
    html, page, placed = page_of(
        "<table><tr><td>新收</td><td>3 3</td></tr></table>",
        places,
        {"requests.new.person": "3", "requests.new.total": "3"},
    )
    assert set(page.ids) == placed == {"requests.new.person", "requests.new.total"}
    assert "3 3</td>" in html


def test_a_document_that_cannot_be_opened() -> None:
    with pytest.raises(DocumentError):
        extract(b"\x7fELF" + bytes(100), None, {"line:1": ["requests.new.total"]}, {"requests.new.total": "1"})
