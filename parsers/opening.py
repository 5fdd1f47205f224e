"""A body to its pages: what the file is decides which reader opens it; one body can hold several documents."""

from collections.abc import Mapping

from parsers.bounds import bounded_markup, bounded_text
from parsers.characters import clean_page
from parsers.decode import decode
from parsers.errors import DocumentError
from parsers.html import read_html
from parsers.page import Page
from parsers.sniff import binary_kind, is_markup
from parsers.text import read_text


def open_pages(
    body: bytes, content_type: str | None = None, resources: Mapping[str, bytes] | None = None
) -> list[Page]:
    """Open a body as its documents, at least one, each a page of cleaned text.

    `resources` are bodies by URL that the body refers to, such as pictures. Raises `DocumentError` for an empty body,
    one of a kind that is not read, and one larger than any report page.
    """
    if not body.strip():
        raise DocumentError("the document is empty")
    kind = binary_kind(body)
    if kind is not None:
        raise DocumentError(f"the document is {kind}; this version reads HTML and plain text")
    text = decode(body, content_type)
    page = read_html(bounded_markup(text)) if is_markup(text) else read_text(bounded_text(text))
    page.abrupt = text[-1:].isdecimal()
    clean_page(page)
    return [page]
