"""Word documents: what shows is read, in its order, with its place; what does not show is not."""

import pytest

from parsers.office.word import embedded, read_docx
from parsers.page import Grid, Line, Page
from tests.parsers.office.made import MORE, WORD, docx, p, r, relations, tbl, tc, zipped

PICTURE = "".join(f'<w:r><w:drawing><a:blip r:embed="{name}"/></w:drawing></w:r>' for name in "bc")
VANISH = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r>"


def read(body: str, **parts: str) -> Page:
    (page,) = read_docx(docx(body, {f"{name}.xml": text for name, text in parts.items()}))
    return page


def lines(page: Page) -> list[tuple[str, tuple[int, ...]]]:
    return [(line.text, line.place) for line in page.lines()]


def grid(page: Page) -> Grid:
    (found,) = [block for block in page.blocks if isinstance(block, Grid)]
    return found


def raws(page: Page) -> list[list[str]]:
    return [[cell.raw for cell in row] for row in grid(page).rows]


def test_paragraphs_and_tables_stand_in_the_documents_order_with_their_places() -> None:
    page = read(p("一") + tbl(tc("甲") + tc("1"), tc("乙") + tc("2")) + p("") + p("二"))
    assert lines(page) == [("一", (1,)), ("", (2,)), ("二", (3,))]
    assert [isinstance(block, Grid) for block in page.blocks] == [False, True, False, False]
    assert [[cell.place for cell in row] for row in grid(page).rows] == [[(1, 1, 1), (1, 1, 2)], [(1, 2, 1), (1, 2, 2)]]


def test_merged_cells_are_spans_and_count_as_in_the_markup() -> None:
    restart, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    page = read(
        tbl(
            tc("注", '<w:gridSpan w:val="2"/>' + restart) + tc("甲") + tc("乙"),
            tc("不显示", '<w:gridSpan w:val="2"/>' + on) + tc("1") + tc("2"),
        )
    )
    assert raws(page) == [["注", "甲", "乙"], ["1", "2"]]
    note = grid(page).rows[0][0]
    assert (note.columns, note.rows) == (2, 2)
    assert grid(page).rows[1][0].place == (1, 2, 2)


def test_cells_merged_across_in_the_old_way_are_one() -> None:
    first, on = '<w:hMerge w:val="restart"/>', '<w:hMerge w:val="continue"/>'
    page = read(tbl(tc("宽", first) + tc("", on) + tc("窄"), tc("1") + tc("2") + tc("3")))
    assert raws(page) == [["宽", "窄"], ["1", "2", "3"]]
    assert grid(page).rows[0][0].columns == 2


def test_a_merged_cell_without_a_beginning_is_read_as_it_stands() -> None:
    assert raws(read(tbl(tc("头") + tc("头"), tc("7", "<w:vMerge/>") + tc("8"))))[1] == ["7", "8"]


def test_changes_count_as_if_they_were_accepted() -> None:
    deleted = '<w:del w:id="1"><w:r><w:delText>9</w:delText></w:r></w:del>'
    inserted = f'<w:ins w:id="2">{r("4")}</w:ins>'
    moved = f"<w:moveFrom>{r('8')}</w:moveFrom><w:moveTo>{r('5')}</w:moveTo>"
    page = read(tbl(tc("数") + tc(p(deleted + inserted + moved)), tc("空") + tc(p(deleted))))
    assert raws(page) == [["数", "45"], ["空", ""]]


def test_deleted_rows_and_cells_are_gone() -> None:
    gone = "<w:trPr><w:del w:id='3'/></w:trPr>" + tc("旧") + tc("1")
    page = read(tbl(tc("新") + tc("2") + tc("旧", "<w:cellDel w:id='4'/>"), gone))
    assert raws(page) == [["新", "2"]]


def test_a_paragraph_whose_end_is_deleted_goes_on_in_the_next() -> None:
    assert lines(read(p("前半", "<w:rPr><w:del w:id='5'/></w:rPr>") + p("后半"))) == [("前半后半", (2,))]


def test_hidden_text_instructions_and_footnote_marks_do_not_show() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>SUM(ABOVE)</w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{r("12")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    shown = VANISH.replace("<w:vanish/>", '<w:vanish w:val="0"/>').replace("隐藏", "件")
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    assert raws(read(tbl(tc("甲") + tc(p(VANISH + field + note + shown)))))[0] == ["甲", "12件"]


def test_content_controls_and_links_are_read_wherever_they_wrap() -> None:
    control = "<w:sdt><w:sdtPr><w:text/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = control.format(f"<w:tr>{control.format(tc(p(control.format(r('3')))))}{tc('4')}</w:tr>")
    link = f'<w:p><w:hyperlink r:id="x">{r("链")}</w:hyperlink><w:fldSimple w:instr="PAGE">{r("1")}</w:fldSimple></w:p>'
    page = read(control.format(p("控")) + control.format(f"<w:tbl>{row}</w:tbl>") + link)
    assert [text for text, _ in lines(page)] == ["控", "链1"]
    assert raws(page) == [["3", "4"]]


def test_text_boxes_are_read_once_after_their_paragraph() -> None:
    box = f"<v:shape><v:textbox><w:txbxContent>{p('框里')}</w:txbxContent></v:textbox></v:shape>"
    drawn = f"<w:drawing><a:x><w:txbxContent>{p('框里')}</w:txbxContent></a:x></w:drawing>"
    old = f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    both = f"<mc:AlternateContent><mc:Choice>{drawn}</mc:Choice>{old}</mc:AlternateContent>"
    page = read(p(f"<w:r><w:t>外</w:t>{both}</w:r>"))
    assert lines(page) == [("外", (1,)), ("框里", (2,))]
    assert page.pictures == 0


def test_a_table_in_a_table_is_read_as_a_table_of_its_own() -> None:
    inner = tbl(tc("甲") + tc("1"), tc("乙") + tc("2"))
    page = read(tbl(tc(p("左") + inner + p("")) + tc("右")))
    assert raws(page) == [["甲", "1"], ["乙", "2"]]
    assert grid(page).rows[0][0].place == (2, 1, 1)
    assert [text for text, _ in lines(page) if text] == ["左", "右"]


def test_a_whole_article_in_one_cell_is_lines() -> None:
    page = read(tbl(tc(p("长" * 700)) + tc("短")))
    assert [text[:1] for text, _ in lines(page)] == ["长", "短"]


def test_breaks_make_lines_and_tabs_stay() -> None:
    page = read(p(f"{r('甲')}<w:r><w:tab/></w:r>{r('1')}<w:r><w:br/></w:r>{r('乙')}"))
    assert lines(page) == [("甲\t1", (1,)), ("乙", (1,))]


def test_cut_labels_are_joined_and_numbers_of_two_paragraphs_are_not() -> None:
    page = read(tbl(tc(p("商业") + p("企业")) + tc(p("1") + p("7")) + tc(p(r("1") + r("7")))))
    assert raws(page) == [["商业企业", "1 7", "17"]]


def test_pictures_and_objects_are_counted_and_not_opened() -> None:
    picture = '<w:r><w:drawing><a:blip r:embed="rId9"/></w:drawing></w:r>'
    thing = '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12" r:id="rId8"/></w:object></w:r>'
    assert read(p(picture) + p(thing) + p("字")).pictures == 2


def test_pictures_are_known_by_their_parts_and_places() -> None:
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations({"a": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": relations({"b": ("image", "media/image1.png"), "c": ("image", "media/no.png")}),
        "word/document.xml": f"<w:document {WORD} {MORE}><w:body>{p('前')}{p(PICTURE)}{p('后')}</w:body></w:document>",
        "word/media/image1.png": b"\x89PNG",
    }
    body = zipped(parts)
    (page,) = read_docx(body)
    assert page.sources == [(1, "word/media/image1.png")]
    assert embedded(body, page) == {"word/media/image1.png": b"\x89PNG"}


def test_footnotes_follow_the_text_and_headers_are_left_out() -> None:
    line = f'<w:footnote w:type="separator">{p("线")}</w:footnote>'
    notes = f"<w:footnotes {WORD}>{line}<w:footnote>{p('注一')}</w:footnote></w:footnotes>"
    header = f"<w:hdr {WORD}>{p('页眉')}</w:hdr>"
    assert [text for text, _ in lines(read(p("正文"), footnotes=notes, header1=header))] == ["正文", "注一"]


def test_a_symbol_of_a_private_font_is_no_digit() -> None:
    assert raws(read(tbl(tc("甲") + tc(p('<w:r><w:sym w:font="Wingdings" w:char="F031"/></w:r>')))))[0][1] == "□"


def test_formatted_digits_and_ruby_are_read_as_they_show() -> None:
    ruby = f"<w:r><w:ruby><w:rt>{r('ban')}</w:rt><w:rubyBase>{r('办')}</w:rubyBase></w:ruby></w:r>"
    page = read(p(ruby + "<w:r><w:noBreakHyphen/></w:r>" + r("8")))
    assert lines(page) == [("办-8", (1,))]


@pytest.mark.parametrize("name", ["word/document.xml", "WORD/Document.XML", "word\\document.xml"])
def test_members_are_found_whatever_the_writer_made_of_their_names(name: str) -> None:
    main = f"<w:document {WORD} {MORE}><w:body>{p('在')}</w:body></w:document>"
    parts = {"[Content_Types].xml": "<Types/>", name: main, "_rels/.rels": relations({})}
    assert [line.text for line in read_docx(zipped(parts))[0].blocks if isinstance(line, Line)] == ["在"]


def test_a_reference_that_leads_nowhere_hurts_nobody() -> None:
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations({"a": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": relations({"b": ("image", "../NULL"), "c": ("numbering", "numbering.xml")}),
        "word/document.xml": f"<w:document {WORD} {MORE}><w:body>{p('在')}</w:body></w:document>",
    }
    assert [line.text for line in read_docx(zipped(parts))[0].lines()] == ["在"]
