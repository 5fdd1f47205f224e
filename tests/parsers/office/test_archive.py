"""Archives: the documents in them are read, the report first; what cannot be read is named."""

import zipfile
from io import BytesIO

import pytest

from parsers.errors import DocumentError
from parsers.office.archive import name_of, read_archive
from parsers.opening import open_pages
from tests.parsers.office.made import docx, p, zipped

REPORT = "靖州县2024年政府信息公开工作年度报告"


def report(name: str = REPORT) -> bytes:
    return docx(p(name) + p("一、总体情况"))


def first_lines(body: bytes) -> list[str]:
    return [page.lines()[0].text for page in open_pages(body)]


def test_each_document_is_a_page_and_the_report_comes_first() -> None:
    body = zipped({"a说明.txt": "说明", f"b/{REPORT}.docx": report(), "z.docx": docx(p("附件"))})
    assert first_lines(body) == [REPORT, "说明", "附件"]


def test_the_name_of_a_file_can_be_the_title() -> None:
    (page,) = read_archive(zipped({f"{REPORT}.docx": docx(p("一、总体情况"))}))
    assert page.titles == [REPORT]


def test_what_systems_leave_behind_is_no_document() -> None:
    body = zipped(
        {"__MACOSX/._a.docx": b"x", "~$a.docx": b"x", ".b.docx": b"x", "c/": b"", "d.exe": b"MZ", "a.docx": report()}
    )
    assert first_lines(body) == [REPORT]


def test_an_archive_in_an_archive_is_read_and_one_deeper_is_not() -> None:
    inner = zipped({"a.docx": report()})
    assert first_lines(zipped({"in.zip": inner, "b.txt": "旁"})) == ["旁", REPORT]
    with pytest.raises(DocumentError, match="nested"):
        open_pages(zipped({"out.zip": zipped({"in.zip": inner})}))


def test_names_are_read_as_chinese_programs_write_them() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("年报.txt", "文")
    marked = stream.getvalue()
    utf8 = "年报.txt".encode()
    gbk = "年报啊".encode("gb18030") + b".tx"  # as many bytes as the name in UTF-8
    assert len(gbk) == len(utf8) - 1
    names = []
    for raw in (utf8, gbk + b"t"):
        body = marked.replace(utf8, raw).replace(b"\x00\x08", b"\x00\x00")
        (member,) = zipfile.ZipFile(BytesIO(body)).infolist()
        names.append(name_of(member))
    assert names == ["年报.txt", "年报啊.txt"]


def test_an_archive_says_why_nothing_in_it_can_be_read() -> None:
    with pytest.raises(DocumentError, match=r"a\.docx: .*damaged"):
        open_pages(zipped({"a.docx": report()[:300]}))
    with pytest.raises(DocumentError, match="holds no document"):
        open_pages(zipped({"a.exe": b"MZ"}))


def test_one_bad_document_does_not_cost_the_others() -> None:
    assert first_lines(zipped({"a.docx": b"PK\x03\x04cut", "b.txt": "好"})) == ["好"]


def test_a_document_that_is_not_read_is_named_beside_the_others() -> None:
    (page,) = open_pages(zipped({"a.docx": b"PK\x03\x04cut", "b.txt": "好"}))
    (warning,) = page.warnings
    assert warning.startswith("not read: a.docx: ")


def test_only_so_many_documents_are_opened() -> None:
    assert len(open_pages(zipped({f"{n:02}.txt": f"文{n}" for n in range(40)}))) == 12
