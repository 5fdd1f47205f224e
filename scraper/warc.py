"""One WARC 1.1 record (ISO 28500:2017) and back: a response with its link, or the description of a file.

A body is stored decompressed and without chunks; headers that described the transfer are kept as `X-Archive-Orig-*`.
Whose page it is and the link that led there stand in fields of our own, `Nianbao-*`, in UTF-8 as WARC allows (§4).
"""

import io
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import BinaryIO
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from scraper.messages import Response

CONFORMS_TO = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"
FIELD_PREFIX = "Nianbao-"
ORIGINAL = "x-archive-orig-"
TRANSFER_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding"})


@dataclass(frozen=True, slots=True)
class Page:
    """A response to archive, the time of its fetch (ISO 8601, UTC), and its fields without their prefix."""

    response: Response
    fetched_at: str
    fields: Mapping[str, str]


def write_page(out: BinaryIO, page: Page, place: str) -> None:
    """Write a response record; `place` (file and offset) makes its identifier, so that equal runs write equal bytes."""
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    response = page.response
    record = writer.create_warc_record(
        response.url,
        "response",
        payload=io.BytesIO(response.body),
        length=len(response.body),
        http_headers=_stored_headers(response),
        warc_headers_dict={
            "WARC-Record-ID": _record_id(f"{place} {response.url} {page.fetched_at}"),
            "WARC-Date": page.fetched_at,
            **{FIELD_PREFIX + name: one_line(value) for name, value in page.fields.items() if value},
        },
    )
    writer.write_record(record)


def write_info(out: BinaryIO, name: str, software: str, at: str) -> None:
    """Write the warcinfo record that opens a file (§6.2)."""
    writer = WARCWriter(out, gzip=True, warc_version="WARC/1.1")
    fields = f"software: {software}\r\nformat: WARC File Format 1.1\r\nconformsTo: {CONFORMS_TO}\r\n".encode()
    record = writer.create_warc_record(
        "",
        "warcinfo",
        payload=io.BytesIO(fields),
        length=len(fields),
        warc_content_type="application/warc-fields",
        warc_headers_dict={"WARC-Record-ID": _record_id(f"{name} {at}"), "WARC-Date": at, "WARC-Filename": name},
    )
    record.rec_headers.remove_header("WARC-Target-URI")
    writer.write_record(record)


def read_page(record_bytes: bytes) -> Page:
    """Return the page of a record; raises ValueError when the bytes are not one response, whole and of its digest."""
    try:
        record = next(ArchiveIterator(io.BytesIO(record_bytes), check_digests=True))
        body = record.content_stream().read()
    except StopIteration:
        raise ValueError("no record stands there") from None
    except (ArchiveLoadFailed, zlib.error, EOFError) as error:
        raise ValueError(f"damaged: {error}") from error
    if record.rec_type != "response" or not record.digest_checker.passed:
        raise ValueError(f"damaged: a {record.rec_type} record that does not match its digest")
    names = {name: value for name, value in record.rec_headers.headers if name.startswith(FIELD_PREFIX)}
    fields = {name.removeprefix(FIELD_PREFIX): value for name, value in names.items()}
    return Page(_response(record, body), record.rec_headers.get_header("WARC-Date"), fields)


def one_line(text: str) -> str:
    """Text as it can stand in a header: whatever breaks a line or cannot be printed becomes a blank."""
    return "".join(character if character.isprintable() else " " for character in text).strip()


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>"


def _stored_headers(response: Response) -> StatusAndHeaders:
    headers = [
        (ORIGINAL + name if name in TRANSFER_HEADERS else name, one_line(value))
        for name, value in response.headers.items()
    ]
    headers.append(("content-length", str(len(response.body))))
    return StatusAndHeaders(f"{response.status} {_reason(response.status)}", headers, protocol="HTTP/1.1")


def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def _response(record: ArcWarcRecord, body: bytes) -> Response:
    headers = dict(record.http_headers.headers)
    headers.pop("content-length", None)
    restored = {name.removeprefix(ORIGINAL): value for name, value in headers.items()}
    url = record.rec_headers.get_header("WARC-Target-URI")
    return Response(url, int(record.http_headers.get_statuscode()), restored, body)
