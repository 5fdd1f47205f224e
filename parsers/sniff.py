"""What a file is, decided by its content, never by its name or its declared type."""

import codecs
import re

_MAGIC = (
    (b"%PDF-", "a PDF file"),
    (b"PK\x03\x04", "a ZIP archive or an Office document (DOCX, XLSX, OFD)"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Office document of the older kind (DOC, XLS, WPS)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|meta|title|div|p|br|table|tbody|tr|td|span|ul|li|h[1-6]|font|section|article|a)\b",
    re.IGNORECASE,
)
_CONTROL = bytes([*range(0x09), *range(0x0E, 0x1B), *range(0x1C, 0x20)])
_SAMPLE = 65_536
_SHORT_MAGIC = 2


def binary_kind(body: bytes) -> str | None:
    """Name the kind of a body that is neither text nor markup, None for text in any encoding."""
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    for magic, name in _MAGIC:
        if body.startswith(magic) and (len(magic) > _SHORT_MAGIC or _has_control(body)):
            return name
    return "a binary file" if _has_control(body) else None


def _has_control(body: bytes) -> bool:
    sample = body[:_SAMPLE]
    return len(sample) - len(sample.translate(None, _CONTROL)) > len(sample) // 200 + 1


def is_markup(text: str) -> bool:
    """Say whether a text is HTML: it holds at least one of HTML's own tags."""
    return _MARKUP.search(text) is not None
