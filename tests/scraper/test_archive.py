import gzip
import io
from hashlib import sha256
from pathlib import Path

import pytest
from fastwarc.warc import ArchiveIterator as FastIterator
from fastwarc.warc import WarcRecordType
from warcio.archiveiterator import ArchiveIterator

from parsers.errors import StoreError
from scraper.archive import ArchiveReader, ArchiveWriter, Position
from scraper.messages import Response
from scraper.warc import Page, read_page, write_page

AT = "2026-03-01T08:00:00Z"
BODIES = [
    "<p>靖州县政府信息公开工作年度报告</p>".encode() * 50,
    b"%PDF-1.4" + bytes(range(256)) * 40,
    b"",
    b"\r\n\r\n",
    b"x",
]
FIELDS = {
    "Site": "431229",
    "Site-Name": "靖州县",
    "Kind": "report",
    "Found-On": "http://a.gov.cn/",
    "Link-Text": "2024年\r\n报告",
}


def page(number: int = 0, url: str = "http://www.jzx.gov.cn/gk/2024.html?x=公开") -> Page:
    headers = {
        "content-type": "text/html; charset=gbk",
        "content-encoding": "gzip",
        "content-length": "77",
        "transfer-encoding": "chunked",
        "etag": '"a-1"',
        "x-powered-by": "é中",
        "x-empty": "",
    }
    return Page(Response(url, 200, headers, BODIES[number % len(BODIES)]), AT, FIELDS)


class Known:
    """The state's part: which files are known, and how long they are."""

    def __init__(self) -> None:
        self.lengths: dict[str, int] = {}

    def writer(self, folder: Path, max_bytes: int = 1 << 30) -> ArchiveWriter:
        return ArchiveWriter(
            folder, self.lengths, lambda name: self.lengths.setdefault(name, 0), software="test/1", max_bytes=max_bytes
        )

    def write(self, folder: Path, count: int, max_bytes: int = 1 << 30) -> list[Position]:
        writer = self.writer(folder, max_bytes)
        positions = []
        for number in range(count):
            positions.append(writer.append(page(number)))
            self.lengths.update(writer.sync())
        writer.close()
        return positions


def by_warcio(path: Path) -> list[tuple[str, bytes]]:
    with path.open("rb") as file:
        return [
            (record.rec_type, record.content_stream().read()) for record in ArchiveIterator(file, check_digests="raise")
        ]


def by_fastwarc(path: Path) -> list[tuple[str, bytes]]:
    with path.open("rb") as file:
        records = []
        for record in FastIterator(file, parse_http=True, record_types=WarcRecordType.response):
            assert record.verify_payload_digest()
            records.append((record.headers["Nianbao-Site-Name"], record.reader.read()))
        return records


def test_other_tools_read_what_was_written(tmp_path: Path) -> None:
    Known().write(tmp_path, 5)
    path = tmp_path / "nianbao-00001.warc.gz"
    records = by_warcio(path)
    assert [kind for kind, _ in records] == ["warcinfo"] + ["response"] * 5
    assert [body for _, body in records[1:]] == BODIES
    assert b"WARC File Format 1.1" in records[0][1]
    assert by_fastwarc(path) == [("靖州县", body) for body in BODIES]


def test_each_record_is_one_gzip_member_and_a_warc_1_1_record(tmp_path: Path) -> None:
    first, second = Known().write(tmp_path, 2)
    raw = (tmp_path / first.file).read_bytes()
    assert second.offset == first.offset + first.length
    assert len(raw) == second.offset + second.length
    record = gzip.decompress(raw[first.offset : second.offset]).decode("utf-8")
    head, http, body = record.split("\r\n\r\n", 2)
    assert head.startswith("WARC/1.1\r\n")
    for line in (
        "WARC-Type: response",
        f"WARC-Date: {AT}",
        "Content-Type: application/http; msgtype=response",
        "Nianbao-Site: 431229",
        "Nianbao-Site-Name: 靖州县",
        "Nianbao-Found-On: http://a.gov.cn/",
        "Nianbao-Link-Text: 2024年  报告",
    ):
        assert line in head.split("\r\n")
    assert http.startswith("HTTP/1.1 200 OK\r\n")
    assert f"content-length: {len(BODIES[0])}" in http.split("\r\n")
    assert "x-archive-orig-content-encoding: gzip" in http.split("\r\n")
    assert "content-encoding: gzip" not in http.split("\r\n")
    assert body == BODIES[0].decode() + "\r\n\r\n"


def test_a_page_comes_back_as_it_was(tmp_path: Path) -> None:
    positions = Known().write(tmp_path, 5)
    reader = ArchiveReader(tmp_path)
    for number in (3, 0, 4, 1, 2):
        back, wanted = reader.read(positions[number]), page(number)
        assert (back.response.url, back.response.status, back.response.body) == (
            wanted.response.url,
            200,
            wanted.response.body,
        )
        assert back.response.headers["etag"] == '"a-1"'
        assert back.response.content_type == "text/html; charset=gbk"
        assert back.fetched_at == AT
        assert back.fields == {**FIELDS, "Link-Text": "2024年  报告"}


def test_equal_runs_write_equal_bytes(tmp_path: Path) -> None:
    for name in "ab":
        Known().write(tmp_path / name, 5)
    files = [(tmp_path / name / "nianbao-00001.warc.gz").read_bytes() for name in "ab"]
    assert sha256(files[0]).digest() == sha256(files[1]).digest()


@pytest.mark.parametrize("torn", [1, 40, 150, 400])
def test_torn_record_is_cut_off_and_later_ones_are_readable(tmp_path: Path, torn: int) -> None:
    known = Known()
    known.write(tmp_path, 2)
    path = tmp_path / "nianbao-00001.warc.gz"
    out = io.BytesIO()
    write_page(out, page(0), "x")
    assert len(out.getvalue()) > torn
    with path.open("ab") as file:
        file.write(out.getvalue()[:torn])
    positions = known.write(tmp_path, 2)
    assert [kind for kind, _ in by_warcio(path)] == ["warcinfo"] + ["response"] * 4
    assert len(by_fastwarc(path)) == 4
    assert ArchiveReader(tmp_path).read(positions[1]).response.body == BODIES[1]


def test_whole_record_without_a_commit_is_cut_off_too(tmp_path: Path) -> None:
    known = Known()
    writer = known.writer(tmp_path)
    writer.append(page())
    writer.sync()  # and the process dies before the state says so
    writer.close()
    known.write(tmp_path, 1)
    assert [kind for kind, _ in by_warcio(tmp_path / "nianbao-00001.warc.gz")] == ["warcinfo", "response"]


def test_files_rotate_by_size_and_each_begins_with_its_description(tmp_path: Path) -> None:
    positions = Known().write(tmp_path, 6, max_bytes=1500)
    names = sorted({position.file for position in positions})
    assert names == [f"nianbao-{number:05d}.warc.gz" for number in range(1, len(names) + 1)]
    assert len(names) > 1
    for name in names:
        assert by_warcio(tmp_path / name)[0][0] == "warcinfo"
    assert [ArchiveReader(tmp_path).read(position).response.body for position in positions] == [*BODIES, BODIES[0]]


def test_rotation_within_one_commit_reports_both_files(tmp_path: Path) -> None:
    known = Known()
    writer = known.writer(tmp_path, max_bytes=1500)
    for number in range(6):
        writer.append(page(number))
    lengths = writer.sync()
    writer.close()
    assert lengths == {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert len(lengths) > 1


def test_shorter_file_than_committed_is_damage(tmp_path: Path) -> None:
    known = Known()
    known.write(tmp_path, 2)
    path = tmp_path / "nianbao-00001.warc.gz"
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(StoreError, match=r"nianbao-00001\.warc\.gz: \d+ bytes where \d+ bytes belong; restore"):
        known.writer(tmp_path)
    path.unlink()
    with pytest.raises(StoreError, match="no file where"):
        known.writer(tmp_path)


def test_archive_without_its_state_is_not_touched(tmp_path: Path) -> None:
    Known().write(tmp_path, 2)
    before = (tmp_path / "nianbao-00001.warc.gz").read_bytes()
    with pytest.raises(StoreError, match="not known to the state"):
        Known().writer(tmp_path)
    assert (tmp_path / "nianbao-00001.warc.gz").read_bytes() == before


def test_file_announced_and_never_made_is_no_damage(tmp_path: Path) -> None:
    known = Known()
    known.lengths["nianbao-00001.warc.gz"] = 0
    assert known.write(tmp_path, 1)[0].file == "nianbao-00001.warc.gz"


def test_damage_anywhere_in_a_record_is_told_or_harmless(tmp_path: Path) -> None:
    position = Known().write(tmp_path, 1)[0]
    path, reader = tmp_path / position.file, ArchiveReader(tmp_path)
    whole, body = path.read_bytes(), reader.read(position).response.body

    def read_with_damage_at(place: int) -> bytes | str:
        raw = bytearray(whole)
        raw[place] ^= 0x10
        path.write_bytes(bytes(raw))
        try:
            return reader.read(position).response.body
        except StoreError as error:
            return str(error)

    outcomes = [read_with_damage_at(position.offset + place) for place in range(position.length)]
    told = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert all(f"{position.file}, byte {position.offset}: " in one for one in told)
    assert [outcome for outcome in outcomes if not isinstance(outcome, str)] == [body] * (len(outcomes) - len(told))
    assert len(told) > position.length * 0.8


@pytest.mark.parametrize("cut", [0, 10, 200])
def test_part_of_a_record_is_no_record(cut: int) -> None:
    out = io.BytesIO()
    write_page(out, page(), "x")
    with pytest.raises(ValueError, match=r"damaged|no record"):
        read_page(out.getvalue()[:cut])
