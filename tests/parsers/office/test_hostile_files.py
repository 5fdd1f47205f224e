"""Hostile office files end in a named outcome, in bounded time, without a request and without running anything."""

import socket
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from random import Random

import pytest

from parsers.errors import DocumentError
from parsers.office.archive import read_archive
from parsers.office.ofd import read_ofd
from parsers.office.sheet import read_sheet
from parsers.office.word import read_docx
from parsers.opening import open_pages
from parsers.page import Page
from tests.parsers.office.made import MORE, WORD, docx, number, p, r, relations, rows, tbl, tc, text, xlsx, zipped
from tests.zoo.worded_ofd import package

Reader = Callable[[bytes], list[Page]]
DOCX = docx(p("靖州县2024年政府信息公开工作年度报告") + tbl(tc("规章") + tc("3"), tc("文件") + tc("4")))
XLSX = xlsx({"表": rows(text("A1", "规章") + number("B1", "3"))})
OFD = package(
    ['<ofd:TextObject Boundary="20 20 9 4" Size="4"><ofd:TextCode X="0" Y="3">甲</ofd:TextCode></ofd:TextObject>']
)
READERS: list[tuple[Reader, bytes]] = [
    (read_docx, DOCX),
    (read_sheet, XLSX),
    (read_ofd, OFD),
    (read_archive, zipped({"a.docx": DOCX})),
]


@pytest.fixture(autouse=True)
def _shut_off(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing be asked for, and nothing be started but our own readers."""

    def refuse(*arguments: object, **_: object) -> None:
        raise AssertionError(f"asked for the network: {arguments[1:]}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    started: list[object] = []
    true_popen = subprocess.Popen.__init__

    def watched(self: object, command: list[str], *rest: object, **options: object) -> None:
        started.append(command)
        true_popen(self, command, *rest, **options)

    monkeypatch.setattr(subprocess.Popen, "__init__", watched)
    yield
    assert all("parsers.confined" in " ".join(map(str, command)) for command in started)


@pytest.mark.parametrize(("read", "body"), READERS)
def test_a_file_cut_anywhere_is_named(read: Reader, body: bytes) -> None:
    for size in (0, 4, 30, len(body) // 3, len(body) // 2, len(body) - 10):
        with pytest.raises(DocumentError) as caught:
            read(body[:size])
        assert "\n" not in str(caught.value)


def outcome(read: Reader, body: bytes) -> str:
    try:
        read(body)
    except DocumentError as error:
        return str(error)
    return "read"


@pytest.mark.parametrize(("read", "body"), READERS)
def test_a_file_with_changed_bytes_is_read_or_named(read: Reader, body: bytes) -> None:
    rng = Random(7)
    for _ in range(60):
        changed = bytearray(body)
        for _ in range(rng.randint(1, 6)):
            changed[rng.randrange(len(changed))] = rng.randrange(256)
        assert "\n" not in outcome(read, bytes(changed))


def bomb(size: int) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations({"r": ("officeDocument", "word/document.xml")}),
            "word/document.xml": b"<a>" + b" " * size,
        }
    )


def test_what_inflates_beyond_bounds_is_refused_in_time() -> None:
    begun = time.monotonic()
    with pytest.raises(DocumentError, match="MB"):
        read_docx(bomb(70 << 20))
    assert time.monotonic() - begun < 5


def test_a_size_that_is_declared_wrongly_does_not_help() -> None:
    body = bytearray(bomb(70 << 20))
    with zipfile.ZipFile(BytesIO(bytes(body))) as archive:
        at = archive.start_dir
    entry = body.index(b"word/document.xml", at) - 46
    body[entry + 24 : entry + 28] = (500).to_bytes(4, "little")
    with pytest.raises(DocumentError):
        read_docx(bytes(body))


def test_overlapping_members_are_bounded_by_what_they_declare() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(6):
            archive.writestr(f"{n}.txt", b" " * (50 << 20))
    with pytest.raises(DocumentError, match="inflates to 300 MB"):
        read_archive(stream.getvalue())


def test_a_million_members_are_refused() -> None:
    body = zipped({f"{n}.txt": "" for n in range(5_001)})
    with pytest.raises(DocumentError, match="5,001 members"):
        read_archive(body)


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f"<w:document {WORD}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)
OUTSIDE = ENTITIES.replace('<!ENTITY a "aaaaaaaaaa">', '<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize("document", [ENTITIES.encode(), OUTSIDE.encode(), ENTITIES.encode("utf-16")])
def test_a_document_type_is_refused_whatever_the_encoding(document: bytes) -> None:
    parts = {"_rels/.rels": relations({"r": ("officeDocument", "word/document.xml")}), "word/document.xml": document}
    with pytest.raises(DocumentError, match="document type"):
        read_docx(zipped(parts))


def test_deep_nesting_ends() -> None:
    table = p("底")
    for _ in range(150):
        table = tbl(tc(table + p("")))
    with pytest.raises(DocumentError, match="nests its tables"):
        read_docx(docx(table))
    spans = "<w:sdt><w:sdtContent>" * 3_000 + p("底") + "</w:sdtContent></w:sdt>" * 3_000
    assert read_docx(docx(spans + p("顶")))[0].lines()[-1].text == "顶"


def test_a_million_pictures_are_counted_and_nothing_else() -> None:
    pictures = "<w:p>" + "<w:r><w:drawing><a:blip r:embed='x'/></w:drawing></w:r>" * 50_000 + "</w:p>"
    begun = time.monotonic()
    assert read_docx(docx(pictures))[0].pictures == 50_000
    assert time.monotonic() - begun < 8


def test_too_many_paragraphs_are_refused() -> None:
    with pytest.raises(DocumentError, match="paragraphs"):
        read_docx(docx("<w:p/>" * 60_001))


def test_macros_templates_links_and_objects_are_left_alone() -> None:
    link = '<w:p><w:hyperlink r:id="r7">' + r("链接") + "</w:hyperlink></w:p>"
    outer = "http://127.0.0.1:9/x"
    related = relations({"r7": ("hyperlink", outer), "r8": ("attachedTemplate", outer), "r9": ("oleObject", outer)})
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": related.replace(f'Target="{outer}"', f'Target="{outer}" TargetMode="External"'),
        "word/document.xml": f"<w:document {WORD} {MORE}><w:body>{link}</w:body></w:document>",
        "word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"AutoOpen" * 100,
    }
    (page,) = open_pages(zipped(parts))
    assert [line.text for line in page.lines()] == ["链接"]


def test_encrypted_files_are_named_as_such() -> None:
    body = bytearray(zipped({"a.txt": "密"}))
    for at in (6, body.index(b"PK\x01\x02") + 8):
        body[at] |= 1
    with pytest.raises(DocumentError, match="encrypted"):
        open_pages(bytes(body))
    sealed = bytearray(DOCX)
    at = sealed.index(b"PK\x01\x02")
    while at >= 0:
        sealed[at + 8] |= 1
        at = sealed.find(b"PK\x01\x02", at + 4)
    with pytest.raises(DocumentError, match="encrypted"):
        open_pages(bytes(sealed))


def test_a_word_document_with_a_password_is_one_clear_line() -> None:
    """[MS-OFFCRYPTO] 2.3.4.4: a compound file with the streams EncryptionInfo and EncryptedPackage."""
    names = ("Root Entry", "EncryptionInfo", "EncryptedPackage")
    entries = [name.encode("utf-16-le").ljust(64, b"\0") + bytes([2 * len(name) + 2, 0]) + bytes(62) for name in names]
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    body = header.ljust(512, b"\0") + b"".join(entries).ljust(512, b"\0") + Random(7).randbytes(4096)
    with pytest.raises(DocumentError) as caught:
        open_pages(body)
    assert str(caught.value) == "the document is an encrypted Office document; remove its password to have it read"


@pytest.mark.parametrize("magic", [b"Rar!\x1a\x07\x01\x00" + bytes(60), b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(60)])
def test_archives_of_other_kinds_are_named(magic: bytes) -> None:
    with pytest.raises(DocumentError, match=r"RAR|7z"):
        open_pages(magic)


def test_an_empty_document_is_a_page_without_blocks() -> None:
    assert read_docx(docx(""))[0].blocks == []
    assert read_sheet(xlsx({"Sheet1": ""}))[0].blocks == []
