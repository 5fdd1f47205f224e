"""The body of a response: taken off the wire and decompressed within limits of size and of expansion."""

import zlib
from collections.abc import AsyncIterable

from scraper.outcomes import Failure, Outcome

FREE_EXPANSION = 1 << 20  # a short page may well be compressed a thousandfold
GZIP_MAGIC = b"\x1f\x8b"
MAGIC_BYTES = 2
ZLIB_AUTO = 32 + zlib.MAX_WBITS
CODINGS = frozenset({"gzip", "x-gzip", "deflate"})
ACCEPT_ENCODING = "gzip, deflate"


class BodyError(Exception):
    """Ends the reading of a body; carries the failure to report."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.detail)
        self.failure = failure


class Inflater:
    """Undoes one Content-Encoding (RFC 9110 §8.4.1: gzip or deflate), never producing more than the limits allow."""

    def __init__(self, coding: str, *, max_bytes: int, max_ratio: float) -> None:
        self._coding = coding
        self._max_bytes = max_bytes
        self._max_ratio = max_ratio
        self._engine = zlib.decompressobj(ZLIB_AUTO)
        self._taken = 0
        self._members = 0
        self._at_start = True
        self._held = b""
        self.body = bytearray()

    def feed(self, chunk: bytes) -> None:
        """Take a piece as it came from the wire; raises BodyError when it breaks a limit or is not of the coding."""
        self._taken += len(chunk)
        chunk = self._held + chunk
        self._held = b""
        while chunk:
            if self._at_start and len(chunk) < MAGIC_BYTES:
                self._held = chunk
                return
            if self._at_start and not self._begin(chunk):
                return
            self.body += self._inflate(chunk)
            self._check()
            self._at_start = self._engine.eof
            chunk = self._engine.unused_data if self._engine.eof else self._engine.unconsumed_tail

    def _begin(self, chunk: bytes) -> bool:
        """Begin the stream, or a further gzip member; False for padding after the end, which gzip(1) ignores too."""
        if self._members and not chunk.startswith(GZIP_MAGIC):
            return False
        bare = self._coding == "deflate" and not _has_zlib_header(chunk)  # many servers leave out the zlib header
        self._engine = zlib.decompressobj(-zlib.MAX_WBITS if bare else ZLIB_AUTO)
        self._members += 1
        return True

    def finish(self) -> bytes:
        """Return the whole body; raises BodyError when the stream stops before its end."""
        self.body += self._engine.flush()
        if self._taken and not (self._members and self._engine.eof):
            raise BodyError(Failure(Outcome.INCOMPLETE, f"the {self._coding} stream stops before its end"))
        return bytes(self.body)

    def _inflate(self, chunk: bytes) -> bytes:
        try:
            return self._engine.decompress(chunk, FREE_EXPANSION)
        except zlib.error as error:
            raise BodyError(Failure(Outcome.INCOMPLETE, f"not a {self._coding} stream: {error}")) from error

    def _check(self) -> None:
        if len(self.body) > self._max_bytes:
            raise BodyError(Failure(Outcome.TOO_LARGE, f"more than {self._max_bytes} bytes when decompressed"))
        if len(self.body) > FREE_EXPANSION and len(self.body) > self._taken * self._max_ratio:
            raise BodyError(
                Failure(Outcome.TOO_LARGE, f"expands more than {self._max_ratio:g} times: a decompression bomb")
            )


def _has_zlib_header(chunk: bytes) -> bool:
    return chunk[0] & 0x0F == 8 and (chunk[0] << 8 | chunk[1]) % 31 == 0


async def read_body(
    stream: AsyncIterable[bytes], encoding: str, length: str, *, max_bytes: int, max_ratio: float
) -> bytes:
    """Return the decompressed body of a response.

    `encoding` and `length` are its Content-Encoding and Content-Length, empty where it has none. Raises BodyError.
    """
    if length.isdecimal() and int(length) > max_bytes:
        raise BodyError(Failure(Outcome.TOO_LARGE, f"announces {length} bytes, more than {max_bytes}"))
    coding = encoding.strip().lower()
    if coding in {"", "identity", "utf-8"}:  # some servers put the charset here
        return await _read_plain(stream, max_bytes)
    if coding not in CODINGS:
        raise BodyError(Failure(Outcome.INCOMPLETE, f"Content-Encoding {encoding!r}, which was not asked for"))
    inflater = Inflater(coding, max_bytes=max_bytes, max_ratio=max_ratio)
    async for chunk in stream:
        inflater.feed(chunk)
    return inflater.finish()


async def _read_plain(stream: AsyncIterable[bytes], max_bytes: int) -> bytes:
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > max_bytes:
            raise BodyError(Failure(Outcome.TOO_LARGE, f"more than {max_bytes} bytes"))
    return bytes(body)
