"""A small printing press: PDF files written by hand, with text in a Chinese font that readers have and files need not.

Font, encoding and encryption follow ISO 32000-1: 9.7.5.2 (predefined CMaps), 7.6.3 (standard security, revision 2).
"""

import hashlib
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

_PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
A4 = (595, 842)
_FONT = (
    "/Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R]",
    """/Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /FontDescriptor 5 0 R /DW 1000 /W [1 95 500]
    /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>""",
    """/Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [-25 -254 1000 880] /ItalicAngle 0
    /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93""",
)


def width_of(text: str, size: float) -> float:
    """The width of a text: Chinese characters are as wide as high, others half."""
    return sum(1.0 if ord(sign) > 0x2E7F or sign in "“”—" else 0.5 for sign in text) * size


@dataclass
class Paper:
    """One page, drawn on from its top left corner, in points."""

    size: tuple[int, int] = A4
    rotate: int = 0
    marks: list[str] = field(default_factory=list)
    pictures: int = 0

    def text(self, x: float, y: float, text: str, size: float = 9, *, mode: int = 0) -> None:
        """Write a text with its baseline at y; mode 3 leaves it invisible."""
        code = text.encode("utf-16-be").hex().upper()
        self.marks.append(f"BT {mode} Tr /F1 {size} Tf 1 0 0 1 {x:.2f} {self.size[1] - y:.2f} Tm <{code}> Tj ET")

    def turned(self, x: float, y: float, text: str, size: float = 9) -> None:
        """Write a text that runs up the page."""
        code = text.encode("utf-16-be").hex().upper()
        self.marks.append(f"BT 0 Tr /F1 {size} Tf 0 1 -1 0 {x:.2f} {self.size[1] - y:.2f} Tm <{code}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Draw a rule."""
        high = self.size[1]
        self.marks.append(f"0.5 w {x0:.2f} {high - y0:.2f} m {x1:.2f} {high - y1:.2f} l S")

    def picture(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """Put a grey picture there."""
        self.pictures += 1
        high = self.size[1]
        self.marks.append(f"q {x1 - x0:.2f} 0 0 {y1 - y0:.2f} {x0:.2f} {high - y1:.2f} cm /I1 Do Q")


def bound(
    papers: Sequence[Paper], *, opened_with: str | None = None, catalog: bytes = b"", extra: Iterable[bytes] = ()
) -> bytes:
    """Bind pages to a PDF file; `opened_with`, even if empty, is the password that it is encrypted with."""
    key = _key(opened_with) if opened_with is not None else None
    first = 7
    numbers = [first + 2 * index for index in range(len(papers))]
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R " + catalog + b" >>",
        2: f"<< /Type /Pages /Count {len(papers)} /Kids [{' '.join(f'{n} 0 R' for n in numbers)}] >>".encode(),
        **{
            number: _strings(f"<< {entries} >>", key and _object_key(key, number))
            for number, entries in enumerate(_FONT, 3)
        },
        6: _stream(
            b"/Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8",
            b"\x20\x60\xa0\xe0",
            key and _object_key(key, 6),
        ),
    }
    for number, paper in zip(numbers, papers, strict=True):
        wide, high = paper.size
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {wide} {high}] /Rotate {paper.rotate} "
            f"/Contents {number + 1} 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /I1 6 0 R >> >> >>"
        ).encode()
        objects[number + 1] = _stream(b"", "\n".join(paper.marks).encode(), key and _object_key(key, number + 1))
    for body in extra:
        objects[max(objects) + 1] = body
    return _file(objects, key)


def _strings(entries: str, key: bytes | None) -> bytes:
    """Write the strings of a dictionary, encrypted if the file is."""
    return re.sub(r"\((.*?)\)", lambda m: f"<{_rc4(key, m[1].encode()).hex()}>" if key else m[0], entries).encode()


def _stream(entries: bytes, data: bytes, key: bytes | None) -> bytes:
    packed = zlib.compress(data)
    packed = _rc4(key, packed) if key else packed
    return b"<< %s /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream" % (entries, len(packed), packed)


def _file(objects: dict[int, bytes], key: bytes | None) -> bytes:
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in sorted(objects.items()):
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(out), max(objects) + 1
    rows = "".join(
        f"{places.get(n, 0):010} {0 if n in places else 65535:05} {'n' if n in places else 'f'} \n"
        for n in range(count)
    )
    out += f"xref\n0 {count}\n{rows}trailer\n<< /Size {count} /Root 1 0 R {_encryption(key)} >>\n".encode()
    out += f"startxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def _encryption(key: bytes | None) -> str:
    if key is None:
        return ""
    user = _rc4(key, _PAD).hex()
    return f"/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /O <{_PAD.hex()}> /U <{user}> /P -4 >>"


def _key(password: str) -> bytes:
    padded = (password.encode("latin-1") + _PAD)[:32]
    return hashlib.md5(padded + _PAD + (-4).to_bytes(4, "little", signed=True) + b"\0").digest()[:5]  # noqa: S324


def _object_key(key: bytes, number: int) -> bytes:
    return hashlib.md5(key + number.to_bytes(3, "little") + b"\0\0").digest()[:10]  # noqa: S324


def _rc4(key: bytes, data: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)
