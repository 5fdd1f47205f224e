"""A body to its pages: what the file is decides which reader opens it; one body can hold several documents."""

import importlib.util
from collections.abc import Mapping
from typing import NamedTuple

from parsers import confined
from parsers.bounds import bounded_file, bounded_markup, bounded_text
from parsers.cleaning import clean_page
from parsers.confined import Limits
from parsers.decode import decoded
from parsers.errors import DocumentError
from parsers.html import read_html
from parsers.page import Page
from parsers.pictures import lacks_tables, pictures_of, with_pictures
from parsers.sniff import Format, format_of, is_markup
from parsers.text import read_text


class _Reader(NamedTuple):
    """How a format is read: the function, the extra and the libraries that it needs, its limits, what it is told."""

    function: str
    extra: str = ""
    libraries: tuple[str, ...] = ()
    limits: Limits = Limits()
    told: tuple[str, ...] = ()


_CONVERTED = Limits(seconds=60, megabytes=4_000, programs=True)
_OCR = ("rapidocr", "onnxruntime")
_SECONDS_A_SCAN = 20
_MOST_SCANS = 40


def _scans(count: int) -> Limits:
    """Return the limits for reading so many scans."""
    return Limits(seconds=30 + _SECONDS_A_SCAN * count, megabytes=6_000, processors=2)


_READERS: dict[str, _Reader] = {
    "pdf": _Reader("parsers.pdf.reader:read_pdf", "pdf", ("pdfplumber",)),
    "docx": _Reader("parsers.office.word:read_docx"),
    "doc": _Reader("parsers.office.legacy:read_legacy", limits=_CONVERTED, told=("doc",)),
    "rtf": _Reader("parsers.office.legacy:read_legacy", limits=_CONVERTED, told=("rtf",)),
    "odt": _Reader("parsers.office.legacy:read_legacy", limits=_CONVERTED, told=("odt",)),
    "xls": _Reader("parsers.office.sheet:read_sheet", "sheet", ("python_calamine",)),
    "xlsx": _Reader("parsers.office.sheet:read_sheet"),
    "ofd": _Reader("parsers.office.ofd:read_ofd", "pdf", ("pdfplumber",)),
    "image": _Reader("parsers.ocr.reader:read_image", "ocr", _OCR, _scans(4)),
}


def open_pages(
    body: bytes, content_type: str | None = None, resources: Mapping[str, bytes] | None = None
) -> list[Page]:
    """Open a body as its documents, at least one, each a page of cleaned text.

    `resources` are bodies by URL that the body refers to, such as pictures. Raises `DocumentError` for an empty body,
    one of a kind that is not read, and one larger than any report page.
    """
    if not body.strip():
        raise DocumentError("the document is empty")
    found = format_of(body)
    pages = (
        [_written(body, content_type, resources or {})] if found is None else read_file(body, found, resources or {})
    )
    for page in pages:
        clean_page(page)
    return pages


def _written(body: bytes, content_type: str | None, resources: Mapping[str, bytes]) -> Page:
    """Read markup or plain text, and where tables are missing the pictures in place of them."""
    text, utf8 = decoded(body, content_type)
    if not is_markup(text):
        page = read_text(bounded_text(text))
    else:
        markup = bounded_markup(text)
        page = read_html(utf8 if utf8 is not None and markup is text else markup)
        if resources and page.sources and lacks_tables(page):
            _read_pictures(page, resources)
    page.abrupt = text[-1:].isdecimal()
    return page


def _read_pictures(page: Page, resources: Mapping[str, bytes]) -> None:
    pictures = pictures_of(page, resources)
    if pictures:
        need("the pictures of a page", "ocr", _OCR)
        bodies = [bounded_file(body) for _, body in pictures]
        lengths = [str(len(body)) for body in bodies]
        reader, limits = "parsers.pictures:read_pictures", _scans(len(bodies))
        read = confined.run(reader, b"".join(bodies), limits, name="the pictures of a page", arguments=lengths)
        with_pictures(page, [index for index, _ in pictures], read)


def read_file(body: bytes, found: Format, resources: Mapping[str, bytes]) -> list[Page]:
    """Read a file of a format, its pages not yet cleaned.

    Raises `DocumentError` for a format that is not read, a missing extra, and whatever the format's reader refuses.
    """
    if found.code == "zip":
        from parsers.office.archive import read_archive

        return read_archive(bounded_file(body), resources)
    reader = _READERS.get(found.code)
    if reader is None:
        raise DocumentError(_refusal(found))
    need(found.name, reader.extra, reader.libraries)
    pages = confined.run(reader.function, bounded_file(body), reader.limits, name=found.name, arguments=reader.told)
    if found.code == "docx":
        return [_illustrated(body, page) for page in pages]
    return [_scanned(body, page) if page.scans else page for page in pages]


def _illustrated(body: bytes, page: Page) -> Page:
    """Read the pictures in a Word document that has them in place of tables, where they can be read."""
    if page.sources and lacks_tables(page) and is_installed(_OCR):
        from parsers.office.word import embedded

        _read_pictures(page, embedded(body, page))
    return page


def _scanned(body: bytes, page: Page) -> Page:
    """Read the pages of a PDF file that are pictures; one that has text elsewhere is read without, if it must be."""
    if page.blocks and not is_installed(_OCR):
        return page
    need("a scanned PDF file", "ocr", _OCR)
    if len(page.scans) > _MOST_SCANS:
        count = len(page.scans)
        raise DocumentError(f"the PDF file has {count} scanned pages, and {_MOST_SCANS} are read; split it first")
    numbers = [str(number) for number in page.scans]
    limits = _scans(len(numbers))
    return confined.run("parsers.pdf.scanned:read_scanned", body, limits, name="a scanned PDF file", arguments=numbers)[
        0
    ]


def _refusal(found: Format) -> str:
    if found.code == "encrypted":
        return f"the document is {found.name}; remove its password to have it read"
    return f"the document is {found.name}, which is not read; unpack or convert it first"


def need(what: str, extra: str, libraries: tuple[str, ...]) -> None:
    """Raise `DocumentError` where a library that reading something needs is not installed, with how to install it."""
    if not is_installed(libraries):
        raise DocumentError(f'reading {what} needs nianbao[{extra}]; install it with: pip install "nianbao[{extra}]"')


def is_installed(libraries: tuple[str, ...]) -> bool:
    """Say whether libraries can be imported, without importing them."""
    return all(importlib.util.find_spec(library) is not None for library in libraries)
