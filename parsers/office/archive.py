"""The reader of ZIP archives: the documents in them, each by the reader of its own format, within bounds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from zipfile import ZipInfo

from parsers.characters import clean
from parsers.errors import DocumentError
from parsers.office.container import Container
from parsers.page import Page
from parsers.sniff import ZIP, format_of
from parsers.titles import read_title

_MOST_DOCUMENTS = 12
_DEEPEST = 2
"""Archives within archives that are opened: the outermost counts as one."""
_NAMED_UTF8 = 0x800
_DOCUMENTS = frozenset(
    {
        *(".pdf", ".docx", ".docm", ".doc", ".wps", ".wpt", ".rtf", ".odt", ".xlsx", ".xlsm", ".xls", ".et", ".ofd"),
        *(".html", ".htm", ".mht", ".txt", ".zip"),
    }
)
_PICTURES = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"})


@dataclass(slots=True)
class _Unpacked:
    """What came of an archive: the pages of its documents, and a line for each that could not be read."""

    pages: list[Page] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    opened: int = 0


def read_archive(body: bytes, resources: Mapping[str, bytes] | None = None) -> list[Page]:
    """Read the documents of a ZIP archive, the one that is named as a report first; each gives its own pages.

    The name of a file is a title candidate of its pages; their warnings name the files that were not read. Pictures
    are read where there is no other document. Raises `DocumentError` where nothing can be read, with the reason for
    each of the files.
    """
    found = _Unpacked()
    _unpack(body, resources or {}, found, depth=1)
    if not found.pages:
        why = "; ".join(found.refused[:3]) or "it holds no document"
        raise DocumentError(f"nothing in the ZIP archive can be read: {why}")
    for page in found.pages:
        page.warnings += [f"not read: {why}" for why in found.refused]
    return found.pages


def _unpack(body: bytes, resources: Mapping[str, bytes], found: _Unpacked, *, depth: int) -> None:
    if depth > _DEEPEST:
        raise DocumentError(f"archives are nested more than {_DEEPEST} deep")
    package = Container(body, "the ZIP archive")
    for name, member in _chosen(package):
        if found.opened >= _MOST_DOCUMENTS:
            found.refused.append(f"{name}: more than {_MOST_DOCUMENTS} documents")
            continue
        try:
            _read(package.read_member(member), name, resources, found, depth)
        except DocumentError as error:
            found.refused.append(f"{name}: {error}")


def _read(content: bytes, name: str, resources: Mapping[str, bytes], found: _Unpacked, depth: int) -> None:
    from parsers.opening import open_pages  # opens archives itself

    if format_of(content) == ZIP:
        _unpack(content, resources, found, depth=depth + 1)
        return
    found.opened += 1
    for page in open_pages(content, None, resources):
        page.titles.append(PurePosixPath(name).stem)
        found.pages.append(page)


def _chosen(package: Container) -> Iterator[tuple[str, ZipInfo]]:
    """Yield the documents of an archive with their names, a report's first; the pictures where there are none."""
    named = [(name, member) for member in package.members if not _is_beside(name := name_of(member))]
    documents = [each for each in named if PurePosixPath(each[0]).suffix.lower() in _DOCUMENTS]
    pictures = [each for each in named if PurePosixPath(each[0]).suffix.lower() in _PICTURES]
    yield from sorted(documents or pictures, key=lambda each: (not _is_report(each[0]), each[0]))


def name_of(member: ZipInfo) -> str:
    """Return a member's name: UTF-8 where the archive says so or it reads as that, else GB18030.

    The format knows only code page 437 and UTF-8 (APPNOTE.TXT, 4.4.4 and D.1); Chinese programs write their own.
    """
    if member.flag_bits & _NAMED_UTF8:
        return member.filename
    raw = member.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return member.filename


def _is_beside(name: str) -> bool:
    """Say whether a file is none that somebody put there: a folder, a lock file, what systems leave behind."""
    path = PurePosixPath(name)
    return name.endswith("/") or path.name.startswith(("~$", ".")) or "__MACOSX" in path.parts


def _is_report(name: str) -> bool:
    title = read_title(clean(PurePosixPath(name).stem))
    return title is not None and title.decoy is None
