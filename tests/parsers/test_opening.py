"""What a file is decides its reader: by content, never by name; what is not read is named in one line."""

import importlib.util
import io
import zipfile

import pytest

from parsers.errors import DocumentError
from parsers.opening import open_pages
from parsers.page import Page
from parsers.sniff import binary_kind, format_of


def zipped(*names: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return held.getvalue()


def compound(*streams: str) -> bytes:
    """A compound file as far as its directory: entries of 128 bytes, a name, then at 64 the name's length."""
    body = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504))
    for name in ("Root Entry", *streams):
        written = (name + "\0").encode("utf-16-le")
        body += written.ljust(64, b"\0") + len(written).to_bytes(2, "little") + bytes(62)
    return bytes(body)


FORMATS = {
    "pdf": b"%PDF-1.4\n\x00\x01",
    "pdf, after what a server put before it": b"\x00\x01\x02\n%PDF-1.4\n",
    "docx": zipped("[Content_Types].xml", "word/document.xml"),
    "xlsx": zipped("_rels/.rels", "xl/workbook.xml", "[Content_Types].xml"),
    "slides": zipped("[Content_Types].xml", "ppt/presentation.xml"),
    "ofd": zipped("OFD.xml", "Doc_0/Document.xml"),
    "odt": zipped("mimetype", "content.xml", "META-INF/manifest.xml"),
    "zip": zipped("report.docx", "word/notes.txt"),
    "zip, damaged": zipped("[Content_Types].xml", "word/document.xml")[:-30],
    "doc": compound("WordDocument", "1Table"),
    "doc, with a sheet in it": compound("WordDocument", "Workbook"),
    "xls": compound("Workbook", "WordDocument"),
    "xls, of 1995": compound("Book"),
    "encrypted": compound("EncryptionInfo", "EncryptedPackage"),
    "compound": compound("Something"),
    "rtf": b"{\\rtf1 x}",
    "image": b"\x89PNG\r\n\x1a\n",
    "image, webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "rar": b"Rar!\x1a\x07",
    "7z": b"7z\xbc\xaf\x27\x1c",
    "program": b"MZ\x00\x00\x01\x02" * 50,
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_told_by_content(name: str) -> None:
    found = format_of(FORMATS[name])
    assert found is not None
    assert found.code == name.split(",")[0]
    assert binary_kind(FORMATS[name]) == found.name


def test_text_that_speaks_of_files_is_text() -> None:
    assert format_of("附件为 %PDF-1.4 格式，PK 开头".encode()) is None
    assert format_of(b"BM is a name") is None


@pytest.mark.parametrize("name", ["rar", "7z", "program", "slides", "compound"])
def test_what_is_not_read_is_named(name: str) -> None:
    found = format_of(FORMATS[name])
    assert found is not None
    with pytest.raises(DocumentError, match="which is not read") as caught:
        open_pages(FORMATS[name])
    assert found.name in str(caught.value)


def test_more_scanned_pages_than_are_read_are_refused_and_not_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    scanned = Page(blocks=[], scans=list(range(1, 42)))
    monkeypatch.setattr("parsers.confined.run", lambda *_, **__: [scanned])
    with pytest.raises(DocumentError, match=r"41 scanned pages, and 40 are read"):
        open_pages(FORMATS["pdf"])


def test_an_encrypted_document_says_what_to_do() -> None:
    with pytest.raises(DocumentError, match="remove its password"):
        open_pages(FORMATS["encrypted"])


@pytest.mark.parametrize(("name", "library", "extra"), [("pdf", "pdfplumber", "pdf"), ("ofd", "pdfplumber", "pdf")])
def test_a_missing_extra_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, library: str, extra: str
) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda wanted: None if wanted == library else real(wanted))
    with pytest.raises(DocumentError) as caught:
        open_pages(FORMATS[name])
    assert str(caught.value).endswith(f'needs nianbao[{extra}]; install it with: pip install "nianbao[{extra}]"')


def test_a_file_larger_than_any_report_is_refused() -> None:
    with pytest.raises(DocumentError, match="bytes, more than"):
        open_pages(b"%PDF-1.4\n\x00" + bytes(70_000_000))
