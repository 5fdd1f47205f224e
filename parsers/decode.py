"""From bytes to text: the byte order mark, the declared charset, then the encodings that Chinese sites use."""

import codecs
import re
from typing import NamedTuple

_META = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_\-]+)", re.IGNORECASE)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_\-]+)", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs"}
_UTF8 = ("utf-8", "utf8")
_GUESSES = ("utf-8", "gb18030", "big5hkscs")
_META_WITHIN = 4096


class Decoded(NamedTuple):
    """A text, and its encoding in UTF-8 where the body is just that."""

    text: str
    utf8: bytes | None


def decode(body: bytes, content_type: str | None = None) -> str:
    """Decode a page or a text file, as `decoded` does."""
    return decoded(body, content_type).text


def decoded(body: bytes, content_type: str | None = None) -> Decoded:
    """Decode a page or a text file.

    The order follows the HTML Standard, section 13.2.3 (byte order mark, transport, meta), except that a declaration
    counts only when the body decodes strictly: sites declare gb2312 over GBK, and GBK over UTF-8. Undeclared bodies are
    tried as UTF-8, GB18030 and Big5; what none of them reads is decoded as GB18030 or UTF-8, whichever loses less.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return Decoded(body.decode(encoding, errors="replace"), None)
    for encoding in (*_declared(body, content_type), *_GUESSES):
        text = _strictly(body, encoding)
        if text is not None:
            return Decoded(text, body if encoding in _UTF8 else None)
    lossy = [body.decode(encoding, errors="replace") for encoding in ("utf-8", "gb18030")]
    return Decoded(min(lossy, key=lambda text: text.count("\ufffd")), None)


def _declared(body: bytes, content_type: str | None) -> list[str]:
    found = []
    header = _HEADER.search(content_type or "")
    if header:
        found.append(header[1])
    meta = _META.search(body[:_META_WITHIN])
    if meta:
        found.append(meta[1].decode("ascii"))
    return [_WIDER.get(name.lower(), name.lower()) for name in found]


def _strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return None
