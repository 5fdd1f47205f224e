"""OFD: text objects and paths of each page become lines and ruled tables with their boxes."""

import pytest

from parsers.errors import DocumentError
from parsers.office.ofd import read_ofd
from parsers.page import Grid, Page
from tests.parsers.office.made import zipped
from tests.zoo.worded_ofd import package, rule, text_object

SIZE = 4.0


def at(text: str, x: float, y: float) -> str:
    """A text whose upper left corner stands at a place, in millimetres."""
    return text_object(text, (x, y), SIZE, SIZE * 0.88, [SIZE] * (len(text) - 1))


def frame(xs: list[float], ys: list[float]) -> str:
    across = (rule((xs[0], y), xs[-1] - xs[0], 0) for y in ys)
    down = (rule((x, ys[0]), 0, ys[-1] - ys[0]) for x in xs)
    return "".join((*across, *down))


def box(page: Page, place: str) -> list[float]:
    return [float(each) for each in page.boxes[place].split("box:")[1].split(",")]


TABLE = frame([20, 60, 80, 100], [50, 60, 70]) + at("规章", 22, 53) + at("3", 65, 53) + at("7", 85, 63)


def test_lines_and_tables_stand_in_order_with_their_boxes() -> None:
    (page,) = read_ofd(package([at("下面", 20, 90) + TABLE + at("靖州县", 20, 20)]))
    first, grid, last = page.blocks
    assert (first.text, last.text) == ("靖州县", "下面")
    assert isinstance(grid, Grid)
    assert [[cell.raw for cell in row] for row in grid.rows] == [["规章", "3", ""], ["", "", "7"]]
    x0, top, x1, bottom = (float(each) for each in page.boxes["table:1/row:1/cell:2"].split("box:")[1].split(","))
    assert (x0, top, x1, bottom) == pytest.approx(
        (60 * 72 / 25.4, 50 * 72 / 25.4, 80 * 72 / 25.4, 60 * 72 / 25.4), abs=1
    )


def test_characters_stand_where_their_distances_put_them() -> None:
    steps = text_object("12", (65, 53), SIZE, SIZE * 0.88, [20.0])  # the 2 stands in the next cell
    (page,) = read_ofd(package([frame([20, 60, 80, 100], [50, 60]) + at("规章", 22, 53) + steps]))
    (grid,) = page.blocks
    assert [cell.raw for cell in grid.rows[0]] == ["规章", "1", "2"]


def test_repeated_distances_are_read_in_their_short_form() -> None:
    code = '<ofd:TextCode X="0" Y="3.5" DeltaX="g 2 30">甲乙丙</ofd:TextCode>'
    (page,) = read_ofd(package([f'<ofd:TextObject Boundary="20 20 100 4" Size="4">{code}</ofd:TextObject>']))
    assert [line.text for line in page.lines()] == ["甲 乙 丙"]


def test_what_is_not_visible_is_not_read() -> None:
    hidden = at("隐", 20, 30).replace("<ofd:TextObject", '<ofd:TextObject Visible="false"')
    (page,) = read_ofd(package([hidden + at("显", 20, 40)]))
    assert [line.text for line in page.lines()] == ["显"]


def test_a_scaled_object_stands_where_its_matrix_puts_it() -> None:
    half = (
        '<ofd:TextObject Boundary="20 20 50 4" Size="8" CTM="0.5 0 0 0.5 10 0">'
        '<ofd:TextCode X="0" Y="7" DeltaX="8">甲乙</ofd:TextCode></ofd:TextObject>'
    )
    (page,) = read_ofd(package([half]))
    x0, _, x1, _ = box(page, "line:1")
    assert (x0, x1) == pytest.approx((30 * 72 / 25.4, 38 * 72 / 25.4), abs=1)


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"OFD.xml": "<OFD/>"}, "no pages"),
        ({"OFD.xml": "<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot></DocBody></OFD>"}, "Document.xml"),
        (
            {
                "OFD.xml": "<OFD><DocBody><DocRoot>D.xml</DocRoot></DocBody></OFD>",
                "D.xml": "<Document><Pages/></Document>",
            },
            "0 pages",
        ),
        ({"OFD.xml": "<OFD><DocBody>"}, "well-formed"),
    ],
)
def test_a_damaged_document_is_named(parts: dict[str, str], words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        read_ofd(zipped(parts))
