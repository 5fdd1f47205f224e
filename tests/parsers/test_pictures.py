"""Pictures in place of tables: which of a page's pictures are read, and where what they say is put."""

import io

import pytest

from parsers import confined, opening
from parsers.page import Grid, Line, Page, Piece
from parsers.pictures import insert, lacks_tables, pictures_of, resource
from parsers.reading import read_reports

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(5_000)


@pytest.mark.parametrize(
    ("source", "meant"),
    [
        ("https://a.gov.cn/p/1.png", b"one"),
        ("/p/1.png", b"one"),
        ("./1.png", None),  # two end so
        ("../q/1.png", b"two"),
        ("q/%E8%A1%A8.png", b"three"),
        ("q/表.png", b"three"),
        ("2.png", None),
        ("", None),
    ],
)
def test_an_address_finds_its_body(source: str, meant: bytes | None) -> None:
    bodies = {
        "https://a.gov.cn/p/1.png": b"one",
        "https://a.gov.cn/q/1.png": b"two",
        "https://a.gov.cn/q/%E8%A1%A8.png": b"three",
    }
    assert resource(source, bodies) == meant


def test_small_pictures_and_other_files_are_left_out() -> None:
    page = Page(blocks=[], sources=[(0, "a.png"), (1, "b.png"), (2, "c.png"), (3, "d.png")])
    bodies = {"http://h/a.png": PICTURE, "http://h/b.png": PICTURE[:100], "http://h/c.png": b"<html>" * 1_000}
    assert pictures_of(page, bodies) == [(0, PICTURE)]


def test_blocks_put_in_are_numbered_on_and_keep_their_boxes() -> None:
    page = Page(blocks=[Line("甲", (1,), 4), Line("乙", (2,), 5), Grid([[Piece("1", (1, 1, 1))]], 5)])
    other = Page(blocks=[Line("丙", (1,)), Grid([[Piece("2", (1, 1, 1))]])], scanned=True)
    other.boxes = {"line:1": "page:1/box:1,1,2,2", "table:1/row:1/cell:1": "page:1/box:3,3,4,4"}
    other.confidence = {"table:1/row:1/cell:1": 0.9}
    insert(page, 1, other)
    assert [block.holder for block in page.blocks] == [4, 4, 4, 5, 5]
    assert [line.text for line in page.lines()] == ["甲", "丙", "乙"]
    assert page.boxes == {"line:3": "page:1/box:1,1,2,2", "table:2/row:1/cell:1": "page:1/box:3,3,4,4"}
    assert page.confidence == {"table:2/row:1/cell:1": 0.9}
    assert page.scanned


def test_a_page_with_the_rows_of_the_form_lacks_no_tables() -> None:
    rows = ["(一)予以公开", "1.属于国家秘密", "2.重复申请", "四、结转下年度继续办理"]
    assert not lacks_tables(Page(blocks=[Grid([[Piece(text, (1, 1, 1))] for text in rows])]))
    assert lacks_tables(Page(blocks=[Line(f"本机关对{text}的申请", (1,)) for text in rows]))


def test_pictures_of_a_page_without_tables_are_read_where_they_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pictures go to their reader in the page's order; what it finds stands under the heading before each."""
    asked: list[tuple[str, ...]] = []

    def read(reader: str, body: bytes, _limits: object, *, name: str, arguments: list[str]) -> list[Page]:
        asked.append((reader, name, *arguments))
        assert len(body) == sum(map(int, arguments))
        row = [Piece(text, (1, 1, index)) for index, text in enumerate(["(一)予以公开", *"1000001"], 1)]
        page = Page(blocks=[Grid([row])], boxes={"table:1/row:1/cell:8": "page:1/box:5,5,6,6"})
        return [Page(blocks=[]), page]

    monkeypatch.setattr(confined, "run", read)
    monkeypatch.setattr(opening, "is_installed", lambda _libraries: True)
    markup = """<html><h1>清河县2023年政府信息公开工作年度报告</h1><p>二、主动公开政府信息情况</p><img src="/1.png">
    <p>三、收到和处理政府信息公开申请情况</p><p><img src="/2.png"></p>
    <p>四、政府信息公开行政复议、行政诉讼情况</p></html>"""
    bodies = {"http://h/1.png": PICTURE, "http://h/2.png": PICTURE + b"x"}
    (report,) = read_reports(markup.encode(), resources=bodies)
    assert asked == [("parsers.pictures:read_pictures", "the pictures of a page", "5008", "5009")]
    (table,) = report.tables
    assert table.table == "requests"
    granted = {cell.column: cell for cell in table.cells if cell.row == "granted"}
    assert (granted["person"].value, granted["total"].where) == (1, "page:2/box:5,5,6,6")


def test_pictures_are_left_alone_where_the_page_has_its_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(confined, "run")
    rows = ["(一)予以公开", "1.属于国家秘密", "2.重复申请"]
    cells = "".join(f"<tr><td>{row}</td>{'<td>0</td>' * 7}</tr>" for row in rows)
    markup = f"<html><table>{cells}</table><img src='/1.png'></html>"
    assert read_reports(markup.encode(), resources={"http://h/1.png": PICTURE})


def test_a_picture_that_is_damaged_gives_nothing() -> None:
    pytest.importorskip("PIL")
    from parsers.pictures import read_pictures

    assert read_pictures(io.BytesIO(PICTURE).getvalue(), str(len(PICTURE))) == [Page(blocks=[])]
