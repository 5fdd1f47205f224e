"""Pages that are pictures: told from pages of text by what is printed, not by what a scanner hid behind it."""

import io
from collections.abc import Callable

import pytest

from parsers import opening
from parsers.errors import DocumentError
from parsers.opening import open_pages
from parsers.pdf.reader import read_pdf
from tests.parsers import papers
from tests.parsers.pdf.press import A4, Paper, bound
from tests.parsers.pdf.typeset import printed_report
from tests.parsers.reading import READ, cells, read

WORDS = "本部分如实报告有关情况，没有其他需要说明的内容。"


def picture_alone(page: Paper) -> None:
    page.picture(0, 0, *A4)


def hidden_text(page: Paper) -> None:
    page.picture(0, 0, *A4)
    page.text(50, 100, WORDS, mode=3)


def text_under_a_picture(page: Paper) -> None:
    page.text(50, 100, WORDS)
    page.picture(0, 0, *A4)


def text_on_a_picture(page: Paper) -> None:
    page.picture(0, 0, *A4)
    page.text(50, 100, WORDS)


def picture_for_a_table(page: Paper) -> None:
    page.text(50, 100, "三、收到和处理政府信息公开申请情况")
    page.picture(50, 120, 550, 500)


def seal(page: Paper) -> None:
    page.text(50, 100, WORDS)
    page.picture(450, 700, 500, 750)


@pytest.mark.parametrize("draw", [picture_alone, hidden_text, text_under_a_picture, picture_for_a_table])
def test_a_page_that_has_to_be_looked_at_is_a_scan(draw: Callable[[Paper], None]) -> None:
    page = Paper()
    draw(page)
    (found,) = read_pdf(bound([page]))
    assert (found.scans, found.pictures) == ([1], 1)
    assert WORDS not in [line.text for line in found.lines()]


@pytest.mark.parametrize("draw", [text_on_a_picture, seal])
def test_a_page_with_text_on_it_is_text(draw: Callable[[Paper], None]) -> None:
    page = Paper()
    draw(page)
    (found,) = read_pdf(bound([page]))
    assert (found.scans, [line.text for line in found.lines()]) == ([], [WORDS])


def test_text_in_an_encoding_that_nothing_maps_has_to_be_looked_at() -> None:
    page = Paper()
    text_on_a_picture(page)
    body = bound([page]).replace(b"/UniGB-UCS2-H", b"/Identity-H  ").replace(b"(GB1)", b"(Own)")
    assert read_pdf(body)[0].scans == [1]


def test_a_scan_without_the_reader_of_scans_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "is_installed", lambda libraries: "rapidocr" not in libraries)
    page = Paper()
    picture_alone(page)
    with pytest.raises(DocumentError, match=r'pip install "nianbao\[ocr\]"'):
        open_pages(bound([page]))


@pytest.mark.slow
def test_a_printed_report_that_was_scanned_gives_no_wrong_number() -> None:
    truth = papers.values(papers.paper())
    found = cells(read(scanned(printed_report())))
    assert all(cell.value == truth[name] for name, cell in found.items() if cell.status in READ)
    assert sum(cell.status in READ for cell in found.values()) > 0.9 * len(truth)


def scanned(body: bytes) -> bytes:
    """Pictures of a document's pages, as a PDF file."""
    import pypdfium2

    with pypdfium2.PdfDocument(body) as document:
        pages = [page.render(scale=200 / 72).to_pil() for page in document]
    held = io.BytesIO()
    pages[0].save(held, "PDF", save_all=True, append_images=pages[1:], resolution=200)
    return held.getvalue()
