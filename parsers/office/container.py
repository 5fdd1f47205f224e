"""A ZIP file whose members are read within bounds, and their XML without entities: what DOCX, XLSX and OFD are.

Sizes are checked twice: as the directory declares them, before anything is inflated, and as they are, while inflating.
"""

import posixpath
import zipfile
import zlib
from io import BytesIO
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from parsers.errors import DocumentError

_MOST_MEMBERS = 5_000
_LARGEST_MEMBER = 64 << 20
_LARGEST_WHOLE = 256 << 20
"""Bytes that all members may declare together."""
_MOST_TAGS = 2_000_000
_ENCRYPTED = 0x1
_CHUNK = 1 << 20
_RELATIONSHIP = "/relationships/"


class Container:
    """The members of a ZIP file by name.

    Raises `DocumentError` for a file that is no readable ZIP archive, or declares more than any document holds.
    """

    def __init__(self, body: bytes, what: str) -> None:
        self._what = what
        self._spent = 0
        try:
            self._zip = zipfile.ZipFile(BytesIO(body))
        except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError) as error:
            raise DocumentError(f"{what} is damaged or cut off ({error}); fetch it again") from error
        members = self._zip.infolist()
        if len(members) > _MOST_MEMBERS:
            raise DocumentError(f"{what} has {len(members):,} members, more than the {_MOST_MEMBERS:,} that are read")
        self._refuse_large(sum(member.file_size for member in members))
        self.members = members
        self._by_name = {member.filename.replace("\\", "/").lstrip("/").lower(): member for member in members}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._by_name

    def read(self, name: str) -> bytes:
        """Return a member's bytes; names match whatever their case (ECMA-376 part 2, 6.2.2.3).

        Raises `DocumentError` where it is missing, encrypted, damaged or too large.
        """
        member = self._by_name.get(name.lower())
        if member is None:
            raise DocumentError(f"{self._what} has no {name}; it is damaged or cut off, fetch it again")
        return self.read_member(member)

    def read_member(self, member: zipfile.ZipInfo) -> bytes:
        """Return the bytes of one of `members`; raises like `read`."""
        if member.flag_bits & _ENCRYPTED:
            raise DocumentError(f"{self._what} is encrypted; take off its password first")
        try:
            with self._zip.open(member) as stream:
                return self._inflated(stream, member.filename)
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
            raise DocumentError(f"{self._what}: {member.filename} is damaged ({error})") from error

    def xml(self, name: str) -> Element:
        """Return a member parsed as XML, names without namespaces; raises `DocumentError` like `read`."""
        content = self.read(name)
        if content.count(b"<") > _MOST_TAGS:
            raise DocumentError(f"{self._what}: {name} has more than {_MOST_TAGS:,} tags")
        try:
            return _parsed(content)
        except (ParseError, LookupError, ValueError) as error:
            raise DocumentError(f"{self._what}: {name} is no well-formed XML ({error})") from error

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """Return by id (kind, member) what a part refers to inside of the file; what is outside is left alone."""
        folder, leaf = posixpath.split(name)
        listing = posixpath.join(folder, "_rels", f"{leaf}.rels")
        if listing not in self:
            return {}
        found = {}
        for relation in self.xml(listing).iter("Relationship"):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                found[relation.get("Id", "")] = (relation.get("Type", "").rpartition(_RELATIONSHIP)[2], target)
        return found

    def _inflated(self, stream: Any, name: str) -> bytes:
        body = bytearray()
        while chunk := stream.read(_CHUNK):
            body += chunk
            if len(body) > _LARGEST_MEMBER:
                raise DocumentError(f"{self._what}: {name} holds more than {_LARGEST_MEMBER >> 20} MB")
        self._spent += len(body)
        self._refuse_large(self._spent)
        return bytes(body)

    def _refuse_large(self, size: int) -> None:
        if size > _LARGEST_WHOLE:
            raise DocumentError(f"{self._what} inflates to {size >> 20} MB, more than the {_LARGEST_WHOLE >> 20} read")


class _Builder(TreeBuilder):
    """Builds a tree and refuses a document type: no office format has one, and entities are declared there."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise DocumentError(f"the XML declares a document type ({name}), which no office document does")


class _Bare(dict[str, str]):
    """Names without their namespaces, each cut once."""

    def __missing__(self, name: str) -> str:
        bare = self[name] = name.rpartition("}")[2]
        return bare


def _parsed(content: bytes) -> Element:
    parser = XMLParser(target=_Builder())  # noqa: S314 - no document type gets past the builder, so no entity
    parser.feed(content)
    root: Element = parser.close()
    names = _Bare()
    for element in root.iter():
        element.tag = names[element.tag]
        if attributes := element.attrib:
            bare = {names[name]: value for name, value in attributes.items()}
            attributes.clear()
            attributes.update(bare)
    return root
