"""What a file is, decided by its content, never by its name or its declared type."""

import codecs
import re
from typing import NamedTuple


class Format(NamedTuple):
    """What a file is: a code that readers are chosen by, and its name in words for a person."""

    code: str
    name: str


PDF = Format("pdf", "a PDF file")
DOCX = Format("docx", "a Word document (DOCX)")
DOC = Format("doc", "a Word document of the older kind (DOC, WPS)")
RTF = Format("rtf", "an RTF document")
ODT = Format("odt", "an OpenDocument text (ODT)")
XLSX = Format("xlsx", "an Excel workbook (XLSX)")
XLS = Format("xls", "an Excel workbook of the older kind (XLS, ET)")
OFD = Format("ofd", "an OFD document")
ZIP = Format("zip", "a ZIP archive")
_SLIDES = Format("slides", "a presentation (PPT, PPTX)")
_ENCRYPTED = Format("encrypted", "an encrypted Office document")
_COMPOUND = Format("compound", "an Office document of the older kind (DOC, XLS, WPS)")
_PROGRAM = Format("program", "a program")
_BINARY = Format("binary", "a binary file")
_ZIP_MAGIC = b"PK\x03\x04"
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAGIC = (
    (b"%PDF-", PDF),
    (_ZIP_MAGIC, ZIP),
    (b"PK\x05\x06", Format("empty_zip", "an empty ZIP archive")),
    (_OLE_MAGIC, _COMPOUND),
    (b"{\\rtf", RTF),
    (b"\x89PNG\r\n\x1a\n", Format("image", "a PNG picture")),
    (b"\xff\xd8\xff", Format("image", "a JPEG picture")),
    (b"GIF87a", Format("image", "a GIF picture")),
    (b"GIF89a", Format("image", "a GIF picture")),
    (b"BM", Format("image", "a BMP picture")),
    (b"II*\x00", Format("image", "a TIFF picture")),
    (b"MM\x00*", Format("image", "a TIFF picture")),
    (b"\x1f\x8b", Format("gzip", "a gzip archive")),
    (b"Rar!", Format("rar", "a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", Format("7z", "a 7z archive")),
    (b"\x7fELF", _PROGRAM),
    (b"MZ", _PROGRAM),
)
_WEBP = Format("image", "a WebP picture")
_STREAMS = (
    ("WordDocument", DOC),
    ("Workbook", XLS),
    ("Book", XLS),
    ("PowerPoint Document", _SLIDES),
    ("EncryptedPackage", _ENCRYPTED),
)
_DIRECTORY_ENTRY = 128
_NAME_LENGTH_AT = 64
_LARGEST_DIRECTORY = 4_000_000
_DIRECTORY_END = 65_557
_PDF_WITHIN = 1_024
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|meta|title|div|p|br|table|tbody|tr|td|span|ul|li|h[1-6]|font|section|article|a)\b",
    re.IGNORECASE,
)
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_SAMPLE = 16_384
_SHORT_MAGIC = 2


def format_of(body: bytes) -> Format | None:
    """Tell the format of a body that is neither text nor markup, None for text in any encoding.

    Documents kept in a ZIP archive or in a compound file ([MS-CFB]) are told apart by the names of their parts.
    """
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    for magic, found in _MAGIC:
        if body.startswith(magic) and (len(magic) > _SHORT_MAGIC or _has_control(body)):
            return _told_apart(body, found)
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return _WEBP
    if not _has_control(body):
        return None
    return PDF if b"%PDF-" in body[:_PDF_WITHIN] else _BINARY


def binary_kind(body: bytes) -> str | None:
    """Name the kind of a body that is neither text nor markup, None for text in any encoding."""
    found = format_of(body)
    return found.name if found else None


def _told_apart(body: bytes, found: Format) -> Format:
    if found is ZIP:
        return _zipped(body)
    return _compound(body) if found is _COMPOUND else found


def _zipped(body: bytes) -> Format:
    """Tell what a ZIP archive holds: one document by its parts (ECMA-376, GB/T 33190, ODF), else files."""
    names = _names(body)
    if "[Content_Types].xml" in names:
        for folder, found in (("word/", DOCX), ("xl/", XLSX), ("ppt/", _SLIDES)):
            if any(name.startswith(folder) for name in names):
                return found
    if "OFD.xml" in names:
        return OFD
    return ODT if {"mimetype", "content.xml", "META-INF/manifest.xml"} <= names else ZIP


def _names(body: bytes) -> set[str]:
    """Return the names of an archive's files, none where its directory is damaged or larger than any document's."""
    end = body.rfind(b"PK\x05\x06", max(0, len(body) - _DIRECTORY_END))
    if end < 0 or int.from_bytes(body[end + 12 : end + 16], "little") > _LARGEST_DIRECTORY:
        return set()
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return {name.replace("\\", "/") for name in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return set()


def _compound(body: bytes) -> Format:
    """Tell what a compound file holds by the stream that stands first in its directory."""
    places = [(at, found) for name, found in _STREAMS if (at := _stream(body, name)) is not None]
    return min(places, key=lambda each: each[0])[1] if places else _COMPOUND


def _stream(body: bytes, name: str) -> int | None:
    """Find the directory entry of a stream: its name, then at offset 64 the name's length in bytes."""
    written = (name + "\0").encode("utf-16-le")
    at = body.find(written)
    while at >= 0:
        length = body[at + _NAME_LENGTH_AT : at + _NAME_LENGTH_AT + 2]
        if at % _DIRECTORY_ENTRY == 0 and int.from_bytes(length, "little") == len(written):
            return at
        at = body.find(written, at + 1)
    return None


def _has_control(body: bytes) -> bool:
    sample = body[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROL)) > len(sample) // 200 + 1


def is_markup(text: str) -> bool:
    """Say whether a text is HTML: it holds at least one of HTML's own tags."""
    return _MARKUP.search(text) is not None
