"""Office files written by hand, part by part, so that each can be as odd as those of the field."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.sax.saxutils import escape

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MORE = (
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:o="urn:schemas-microsoft-com:office:office"'
)
SHEET = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive of these parts."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """Return a list of relationships: (kind, target) by id."""
    items = "".join(
        f'<Relationship Id="{name}" Type="{KIND}{kind}" Target="{escape(target)}"/>'
        for name, (kind, target) in targets.items()
    )
    return f"<Relationships {RELATIONS}>{items}</Relationships>"


def docx(body: str, parts: Mapping[str, str | bytes] | None = None) -> bytes:
    """Return a Word document with this body; `parts` are further ones under word/, related by their names."""
    further = dict(parts or {})
    related = {f"r{n}": (name.partition(".")[0], name) for n, name in enumerate(further) if name.endswith(".xml")}
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations({"r1": ("officeDocument", "word/document.xml")}),
            "word/document.xml": f"<w:document {WORD} {MORE}><w:body>{body}</w:body></w:document>",
            **({"word/_rels/document.xml.rels": relations(related)} if related else {}),
            **{f"word/{name}": content for name, content in further.items()},
        }
    )


def p(inner: str, properties: str = "") -> str:
    """Return a paragraph of runs, or of one run where there is no markup."""
    held = inner if inner.startswith("<") else f'<w:r><w:t xml:space="preserve">{escape(inner)}</w:t></w:r>'
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{held}</w:p>"


def r(text: str) -> str:
    """Return a run."""
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def tc(inner: str, properties: str = "") -> str:
    """Return a cell; a plain text becomes its paragraph."""
    held = inner if inner.startswith("<") else p(inner)
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{held}</w:tc>"


def tbl(*rows: str) -> str:
    """Return a table of rows of cells."""
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def xlsx(sheets: Mapping[str, str], *, strings: str = "", styles: str = "", book: str = "") -> bytes:
    """Return a workbook: by name the inside of each `worksheet`; `book` stands among the workbook's settings."""
    listed = "".join(
        f'<sheet name="{escape(name.removeprefix("!"))}" sheetId="{n}" r:id="r{n}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name.startswith('!') else ''}/>"
        for n, name in enumerate(sheets, 1)
    )
    related = {f"r{n}": ("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)}
    related |= {"s": ("sharedStrings", "sharedStrings.xml"), "t": ("styles", "styles.xml")}
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relations({"r1": ("officeDocument", "xl/workbook.xml")}),
            "xl/workbook.xml": f"<workbook {SHEET} {MORE}>{book}<sheets>{listed}</sheets></workbook>",
            "xl/_rels/workbook.xml.rels": relations(related),
            "xl/sharedStrings.xml": f"<sst {SHEET}>{strings}</sst>",
            "xl/styles.xml": f"<styleSheet {SHEET}>{styles}</styleSheet>",
            **{
                f"xl/worksheets/sheet{n}.xml": f"<worksheet {SHEET}>{inner}</worksheet>"
                for n, inner in enumerate(sheets.values(), 1)
            },
        }
    )


def rows(*lines: str) -> str:
    """Return the data of a sheet: each line the cells of a row."""
    found = "".join(f'<row r="{n}">{line}</row>' for n, line in enumerate(lines, 1))
    return f"<sheetData>{found}</sheetData>"


def text(address: str, value: str) -> str:
    """Return a cell of text."""
    return f'<c r="{address}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def number(address: str, value: str, style: int = 0) -> str:
    """Return a cell of a number."""
    return f'<c r="{address}" s="{style}"><v>{value}</v></c>'
