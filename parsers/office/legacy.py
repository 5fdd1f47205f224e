"""The reader of DOC, WPS, RTF and ODT: LibreOffice makes a DOCX of them, which is read as any other.

A cell's place is that in the converted document, which has the tables, rows and cells of the original.
"""

from parsers.errors import DocumentError
from parsers.office.soffice import convert
from parsers.office.word import read_docx
from parsers.page import Page

_NAMES = {
    "doc": "a Word document of the older kind (DOC, WPS)",
    "rtf": "an RTF document",
    "odt": "an OpenDocument text (ODT)",
}
_SECONDS = 45
_MOST_RTF_GROUPS = 4_000
"""Levels of braces up to which an RTF document is handed on; LibreOffice keeps its own stack for each."""


def read_legacy(body: bytes, kind: str) -> list[Page]:
    """Read a document of an older format into one page; `kind` is doc, rtf or odt.

    Raises `DocumentError` where LibreOffice is missing, refuses the document or takes too long with it.
    """
    if kind not in _NAMES:
        raise DocumentError(f"a document of the kind {kind} is not converted; the kinds are {', '.join(_NAMES)}")
    if kind == "rtf" and _depth(body) > _MOST_RTF_GROUPS:
        raise DocumentError(f"the RTF document nests its groups more than {_MOST_RTF_GROUPS:,} levels deep")
    return read_docx(convert(body, kind, "docx", name=_NAMES[kind], seconds=_SECONDS))


def _depth(body: bytes) -> int:
    depth = deepest = 0
    for part in body.split(b"}"):
        depth += part.count(b"{")
        deepest = max(deepest, depth)
        depth -= 1
    return deepest
