"""The HTML reader: blocks in reading order, statutory tables as grids, layout tables as the text they hold."""

import re
from functools import cached_property, lru_cache

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from parsers.errors import DocumentError
from parsers.page import Grid, Line, Page, Piece

_UNSEEN = {
    "script", "style", "noscript", "template", "select", "textarea", "button", "svg", "object", "iframe", "head",
    "title", "datastore", "-comment", "_comment", "!--", "-doctype",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "header",
    "footer", "main", "nav", "aside", "pre", "blockquote", "center", "form", "fieldset", "figure", "figcaption", "hr",
    "address", "table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "body", "html", "ucapcontent",
    "ucaptitle", "publishtime",
}  # fmt: skip
_APART = {"br", "sup", "sub"}
_STRUCK = {"del", "s", "strike"}
_CELLS = frozenset(cell.tag_id for cell in LexborHTMLParser("<table><tr><td><th>").css("td, th"))
"""The numbers by which lexbor knows td and th; a number is told in half the time of a name."""
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_SPLIT = "\x1f"
_JOINED_DIGITS = re.compile(r"[\d.,，．]\x1f+[\d.,，．]")
_ASCII_BLANKS = " \t\r\n\f"
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_HIDDEN_IN = re.compile(rb"display\s*:\s*(?i:none)")
_HIDDEN_IN_CAPITALS = re.compile(rb"DISPLAY\s*:\s*(?i:none)")
"""Editors write either; a search that ignores case takes thirty times as long."""
_TITLE_META = re.compile(r"^(?:article)?title$|^contenttitle$|^og:title$", re.IGNORECASE)
_DATE_META = re.compile(r"pub(?:lish)?(?:date|time)|^createdate$|published_time", re.IGNORECASE)
_ATTACHMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|ofd|zip|rar)(?:$|[?#])", re.IGNORECASE)
_PICTURE = "\ufffc"
"""Stands for a picture alone in a cell: what it shows is not blank."""
_LONG_CELL = 600
_MAX_SPAN = 100
_HEADING_ROWS = 8
"""Rows whose spans are read: columns are found from the headings, a row's cells by their order."""
_MAX_CELLS = 20_000
_MAX_DEPTH = 150

# Freeing one block of this size lets glibc keep the memory of a document's tree for the next one (mallopt(3), dynamic
# M_MMAP_THRESHOLD); without it the kernel takes the tree's pages back each time, which costs as much as parsing.
bytearray(24 << 20)


def read_html(markup: str | bytes) -> Page:
    """Read a page of markup, as text or as UTF-8.

    A table that only lays out the page (it holds another table, or a whole article in a cell) is read as the text in
    it. A line's number counts the lines of the text so read; a cell's place is that in the markup, before spans.
    """
    source = markup.encode(errors="surrogatepass") if isinstance(markup, str) else markup
    parser = _parsed(source)
    _drop_unseen(parser, source)
    reader = _Reader(parser)
    page = reader.page
    if parser.body is not None:
        reader.read(parser.body)
        page.titles += [title for titles in reader.titles.values() for title in titles]
    if parser.head is not None:
        _read_head(parser.head, page)
    return page


def _parsed(source: bytes) -> LexborHTMLParser:
    try:
        return LexborHTMLParser(source)
    except SelectolaxError as error:
        raise DocumentError(f"the markup cannot be parsed: {error}") from error


def _drop_unseen(parser: LexborHTMLParser, source: bytes) -> None:
    """Remove what a browser does not show: hidden elements, and scripts and styles inside of cells."""
    if _HIDDEN_IN.search(source) or _HIDDEN_IN_CAPITALS.search(source):
        for node in parser.css("body [style]"):
            if _HIDDEN.search(node.attributes.get("style") or ""):
                node.decompose()
    for node in parser.css("script, style, template, noscript"):
        node.decompose()


def _read_head(head: LexborNode, page: Page) -> None:
    """Gather what the head says of title and date; an article's own title counts before that of the window."""
    for meta in head.css("meta[content]"):
        attributes = meta.attributes
        name = attributes.get("name") or attributes.get("property") or ""
        content = attributes.get("content") or ""
        if _TITLE_META.search(name):
            page.titles.append(content)
        elif _DATE_META.search(name):
            page.dates.append(content)
    title = head.css_first("title")
    if title is not None:
        page.titles.append(title.text(strip=True))


class _Reader:
    """Walks a document once; `_holder` is the container being read, `_words` the line being gathered."""

    def __init__(self, parser: LexborHTMLParser) -> None:
        self._parser = parser
        self.page = Page(blocks=[], markup=True)
        self.titles: dict[str, list[str]] = {"h1": [], "ucaptitle": []}
        self._nests = parser.css_first("table table") is not None
        self._words: list[str] = []
        self._holder = 0
        self._lines = 0
        self._tables = 0
        self._breaks_kept = 0

    def read(self, body: LexborNode) -> None:
        self._children(body, 0)
        self._end_line(blank=False)

    def _children(self, node: LexborNode, depth: int) -> None:
        child = node.first_child
        while child is not None:
            tag = child.tag
            if tag == "-text":
                self._text(child.text_content or "")
            elif tag not in _UNSEEN:
                self._element(child, tag or "", depth)
            child = child.next

    def _text(self, text: str) -> None:
        if not self._breaks_kept:
            self._words.append(text)
            return
        first, *rest = text.split("\n")
        self._words.append(first)
        for line in rest:
            self._end_line(blank=True)
            self._words.append(line)

    def _element(self, node: LexborNode, tag: str, depth: int) -> None:
        if tag == "br":
            self._end_line(blank=False)
        elif tag == "table":
            self._end_line(blank=False)
            self._table(node, depth)
        elif tag == "img":
            self.page.pictures += 1
            self.page.sources.append((len(self.page.blocks), node.attributes.get("src") or ""))
        elif depth >= _MAX_DEPTH:
            self._text(node.text())
        elif tag in _BLOCKS:
            self._block(node, tag, depth)
        else:
            if tag == "a":
                self._note_attachment(node)
            self._children(node, depth + 1)

    def _block(self, node: LexborNode, tag: str, depth: int) -> None:
        self._end_line(blank=False)
        if tag in self.titles:
            self.titles[tag].append(node.text(strip=True))
        outer = self._holder
        if tag != "p":
            self._holder = len(self.page.holders)
            self.page.holders.append(outer)
        before = self._lines
        self._breaks_kept += tag == "pre"
        self._children(node, depth + 1)
        self._end_line(blank=self._lines == before and tag in ("p", "li", "td", "th"))
        self._breaks_kept -= tag == "pre"
        self._holder = outer

    def _note_attachment(self, node: LexborNode) -> None:
        href = node.attributes.get("href") or ""
        if _ATTACHMENT.search(href):
            self.page.attachments.append(href)

    def _end_line(self, *, blank: bool) -> None:
        """Close the line being gathered; an empty one counts only where `blank` says that it stands for itself."""
        text = ""
        if self._words:
            text = "".join(self._words)
            self._words.clear()
            text = text.replace("\n", " ") if self._breaks_kept else _BLANKS.sub(" ", text).strip(" ")
        if text or blank:
            self._lines += 1
            self.page.blocks.append(Line(text, (self._lines,), self._holder))

    def _table(self, table: LexborNode, depth: int) -> None:
        self._tables += 1
        number = self._tables
        if self._nests and any(inner.mem_id != table.mem_id for inner in table.css("table")):
            self._block(table, "div", depth)
            return
        rows = [self._cells(row, number, index) for index, row in enumerate(table.css("tr"), 1)]
        lengths = [len(cell.raw) for row in rows for cell in row]
        if len(lengths) <= 1 or max(lengths) > _LONG_CELL:
            self._block(table, "div", depth)
        elif len(lengths) <= _MAX_CELLS:
            self.page.blocks.append(Grid(rows, self._holder))

    def _cells(self, row: LexborNode, table: int, number: int) -> list[Piece]:
        cells: list[Piece] = []
        for node in row.iter():
            if node.tag_id in _CELLS:
                text = _joined(node.text(separator=_SPLIT))
                text = _apart(node) if text is None else text or self._object(node)
                cell = Piece(text, (table, number, len(cells) + 1))
                if number <= _HEADING_ROWS:
                    spans = node.attrs
                    cell.columns, cell.rows = _span(spans.get("colspan")), _span(spans.get("rowspan"))
                cells.append(cell)
        return cells

    @cached_property
    def _has_objects(self) -> bool:
        return self._parser.css_first("table input, table img") is not None

    def _object(self, node: LexborNode) -> str:
        """Read a cell without text: the fields of a form in it show their values, a picture nothing that is read."""
        if not self._has_objects:
            return ""
        fields = [field.attributes for field in node.css("input[value]")]
        shown = " ".join(field.get("value") or "" for field in fields if field.get("type") != "hidden").strip()
        return shown or (_PICTURE if node.css_first("img") is not None else "")


@lru_cache(maxsize=8192)
def _joined(text: str) -> str | None:
    """Return the text of a cell whose nodes' texts are given with signs between; None where they part digits."""
    if _SPLIT in text:
        if _JOINED_DIGITS.search(text):
            return None
        text = text.replace(_SPLIT, "")
    text = text.strip(_ASCII_BLANKS)
    return _BLANKS.sub(" ", text) if "\n" in text or "  " in text else text


def _apart(node: LexborNode) -> str:
    """Read a cell whose digits stand in several nodes: spans join them, blocks and line breaks keep them apart.

    What is struck out there does not count.
    """
    words: list[str] = []
    for child in node.traverse(include_text=True):
        tag = child.tag
        if tag == "-text":
            if child.parent is None or child.parent.tag not in _STRUCK:
                words.append(child.text_content or "")
        elif tag in _APART or tag in _BLOCKS:
            words.append(" ")
    return _BLANKS.sub(" ", "".join(words)).strip(" ")


@lru_cache(maxsize=1024)
def _span(value: str | None) -> int:
    if value is None:
        return 1
    digits = value.strip()
    return min(max(int(digits), 1), _MAX_SPAN) if digits.isascii() and digits.isdecimal() and len(digits) < 6 else 1
