"""Streams of compound files, which DOC, XLS and WPS are ([MS-CFB], version 3 and 4)."""

import struct

from parsers.errors import DocumentError

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTRY = 128
_HEADER = 512
_LAST_SECTOR = 0xFFFFFFFA
_IN_HEADER = 109
_MOST_SECTORS = 200_000


def stream_of(body: bytes, names: tuple[str, ...]) -> bytes:
    """Return the first of some streams that a compound file has; raises `DocumentError` for none, or a damaged file."""
    try:
        return _File(body).stream(names)
    except (struct.error, IndexError) as error:
        raise DocumentError("the file is cut off or damaged: a sector of it is missing") from error


class _File:
    def __init__(self, body: bytes) -> None:
        if not body.startswith(_MAGIC):
            raise DocumentError("the file is no Office document of the older kind")
        self._body = body
        self._size = 1 << min(struct.unpack_from("<H", body, 30)[0], 12)
        self._small = 1 << min(struct.unpack_from("<H", body, 32)[0], 12)
        self._directory, _, self._cutoff, self._small_table = struct.unpack_from("<4I", body, 48)
        self._table = self._numbers(self._table_sectors())

    def stream(self, names: tuple[str, ...]) -> bytes:
        """Return the first stream of one of these names."""
        directory = self._chain(self._directory)
        entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - _ENTRY + 1, _ENTRY)]
        root = entries[0]
        for entry in entries[1:]:
            length = struct.unpack_from("<H", entry, 64)[0]
            if 2 <= length <= 64 and entry[: length - 2].decode("utf-16-le", "replace") in names:
                start, size = struct.unpack_from("<II", entry, 116)
                return (self._small_chain(root, start) if size < self._cutoff else self._chain(start))[:size]
        raise DocumentError(f"the file has no {names[0]}: damaged, or of another kind")

    def _sector(self, number: int) -> bytes:
        at = max(_HEADER, self._size) + number * self._size
        if at >= len(self._body):
            raise IndexError(number)
        return self._body[at : at + self._size]

    def _table_sectors(self) -> list[int]:
        """Return the sectors of the allocation table: those listed in the header, and in the list it goes on with."""
        listed = list(struct.unpack_from(f"<{_IN_HEADER}I", self._body, 76))
        further = struct.unpack_from("<I", self._body, 68)[0]
        while further < _LAST_SECTOR and len(listed) < _MOST_SECTORS:
            *more, further = self._numbers([further])
            listed += more
        return [sector for sector in listed if sector < _LAST_SECTOR]

    def _numbers(self, sectors: list[int]) -> list[int]:
        joined = b"".join(map(self._sector, sectors))
        return list(struct.unpack(f"<{len(joined) // 4}I", joined[: len(joined) // 4 * 4]))

    def _followed(self, start: int, table: list[int]) -> list[int]:
        found = []
        while start < _LAST_SECTOR:
            found.append(start)
            if len(found) > min(len(table), _MOST_SECTORS):
                raise DocumentError("the file is damaged: its sectors go in a circle")
            start = table[start]
        return found

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, self._followed(start, self._table)))

    def _small_chain(self, root: bytes, start: int) -> bytes:
        """Return a stream shorter than the cutoff, which stands in the stream of the root."""
        table = self._numbers(self._followed(self._small_table, self._table))
        whole = self._chain(struct.unpack_from("<I", root, 116)[0])
        sectors = self._followed(start, table)
        return b"".join(whole[sector * self._small : (sector + 1) * self._small] for sector in sectors)
