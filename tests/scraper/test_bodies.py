import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator

import pytest

from scraper.bodies import BodyError, read_body
from scraper.outcomes import Outcome

TEXT = ("政府信息公开工作年度报告" * 500).encode()
LIMITS = {"max_bytes": 2_000_000, "max_ratio": 50.0}


def read(body: bytes, encoding: str = "", length: str = "", chunk: int = 700, **limits: float) -> bytes:
    async def stream() -> AsyncIterator[bytes]:
        for start in range(0, len(body), chunk):
            yield body[start : start + chunk]

    return asyncio.run(read_body(stream(), encoding, length, **{**LIMITS, **limits}))  # type: ignore[arg-type]


def raw_deflate(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return engine.compress(body) + engine.flush()


@pytest.mark.parametrize("chunk", [1, 7, 700, 1_000_000])
@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (TEXT, ""),
        (TEXT, "identity"),
        (gzip.compress(TEXT), "gzip"),
        (gzip.compress(TEXT), " X-GZIP "),
        (zlib.compress(TEXT), "deflate"),
        (raw_deflate(TEXT), "deflate"),
        (gzip.compress(TEXT[:300]) + gzip.compress(TEXT[300:]), "gzip"),
        (gzip.compress(TEXT) + b"\0\0\0padding", "gzip"),
    ],
)
def test_bodies_are_decompressed(body: bytes, encoding: str, chunk: int) -> None:
    assert read(body, encoding, chunk=chunk, max_ratio=5000.0) == TEXT


def test_thousands_of_tiny_members_are_read() -> None:
    assert read(gzip.compress(b"x") * 5000, "gzip", chunk=1_000_000) == b"x" * 5000


@pytest.mark.parametrize(
    ("body", "encoding", "length", "outcome"),
    [
        (gzip.compress(bytes(50_000_000)), "gzip", "", Outcome.TOO_LARGE),
        (gzip.compress(bytes(1_900_000)), "gzip", "", Outcome.TOO_LARGE),  # small enough, but expands a thousandfold
        (bytes(2_000_001), "", "", Outcome.TOO_LARGE),
        (b"", "", "300000000", Outcome.TOO_LARGE),
        (gzip.compress(TEXT)[:-20], "gzip", "", Outcome.INCOMPLETE),
        (b"<html>not compressed at all</html>", "gzip", "", Outcome.INCOMPLETE),
        (TEXT, "br", "", Outcome.INCOMPLETE),
    ],
)
def test_what_breaks_a_limit_or_the_coding_is_refused(
    body: bytes, encoding: str, length: str, outcome: Outcome
) -> None:
    with pytest.raises(BodyError) as error:
        read(body, encoding, length, chunk=65536)
    assert error.value.failure.outcome is outcome


def test_empty_body_of_a_declared_coding_is_empty() -> None:
    assert read(b"", "gzip", "0") == b""
