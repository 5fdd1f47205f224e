"""Picture files: what is decoded, and what is refused before it costs time or memory."""

import io
import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image

from parsers.errors import DocumentError
from parsers.ocr.raster import Raster, rasters_as_sheets, sheets_of


def picture(form: str = "PNG", size: tuple[int, int] = (300, 200), **options: object) -> bytes:
    image = Image.new("L", size, 255)
    image.paste(0, (10, 20, 60, 40))
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
def test_every_format_gives_the_same_sheet(form: str) -> None:
    (sheet,) = sheets_of(picture(form))
    assert sheet.grey.shape == (200, 300)
    assert sheet.grey.dtype == np.uint8
    assert sheet.grey[30, 30] < 60
    assert sheet.grey[100, 200] > 200
    assert sheet.page == 1


def test_size_in_points_follows_the_resolution() -> None:
    (sheet,) = sheets_of(picture("TIFF", dpi=(200, 200)))
    assert (sheet.width, sheet.height) == pytest.approx((300 * 72 / 200, 200 * 72 / 200))


def test_pages_of_a_tiff_are_counted_from_one() -> None:
    first, *rest = [Image.new("L", (150, 150), shade) for shade in (10, 100, 200)]
    out = io.BytesIO()
    first.save(out, "TIFF", save_all=True, append_images=rest)
    sheets = list(sheets_of(out.getvalue()))
    assert [sheet.page for sheet in sheets] == [1, 2, 3]
    assert [int(sheet.grey[0, 0]) for sheet in sheets] == [10, 100, 200]


def test_exif_orientation_is_obeyed() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise to show it upright
    (sheet,) = sheets_of(picture("JPEG", exif=exif))
    assert sheet.grey.shape == (300, 200)


def test_what_is_transparent_is_paper() -> None:
    image = Image.new("RGBA", (150, 150), (0, 0, 0, 0))
    image.paste((0, 0, 0, 255), (10, 10, 30, 30))
    out = io.BytesIO()
    image.save(out, "PNG")
    (sheet,) = sheets_of(out.getvalue())
    assert sheet.grey[100, 100] == 255
    assert sheet.grey[20, 20] == 0


def test_sixteen_bits_are_scaled() -> None:
    values = np.full((150, 150), 65_535, np.uint16)
    values[50:100] = 0
    out = io.BytesIO()
    Image.fromarray(values).save(out, "PNG")
    (sheet,) = sheets_of(out.getvalue())
    assert sheet.grey[0, 0] == 255
    assert sheet.grey[75, 75] == 0


def bomb(side: int) -> bytes:
    """Return a PNG that claims a large size and packs it in a few kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    row = bytes(side + 1)
    data = b"".join(packer.compress(row) for _ in range(200)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 12_000, 20_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    begun = time.perf_counter()
    with pytest.raises(DocumentError, match="pixels"):
        list(sheets_of(bomb(side)))
    assert time.perf_counter() - begun < 1


def many_pages(count: int) -> bytes:
    """Return a TIFF of that many pages of one pixel (TIFF 6.0, section 2: a chain of directories)."""
    tags = ((256, 1), (257, 1), (258, 8), (259, 1), (262, 1), (273, 8), (278, 1), (279, 1))
    size = 2 + 12 * len(tags) + 4
    directories = []
    for index in range(count):
        following = 10 + size * (index + 1) if index + 1 < count else 0
        entries = b"".join(struct.pack("<HHIHH", tag, 3, 1, value, 0) for tag, value in tags)
        directories.append(struct.pack("<H", len(tags)) + entries + struct.pack("<I", following))
    return struct.pack("<2sHIH", b"II", 42, 10, 0) + b"".join(directories)


def test_a_file_of_a_million_tiny_pictures_is_given_up_early() -> None:
    body = many_pages(20_000) + bytes(1_000_000)
    begun = time.perf_counter()
    with pytest.raises(DocumentError, match="pages"):
        list(sheets_of(body))
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize("size", [(1, 1), (99, 4_000), (4_000, 99)])
def test_pictures_too_small_for_a_table_are_left_out(size: tuple[int, int]) -> None:
    assert list(sheets_of(picture(size=size))) == []


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "BMP"])
def test_a_truncated_picture_is_named_so(form: str) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (300, 300), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).save(out, form)
    body = out.getvalue()
    for share in (0.02, 0.3, 0.9):
        with pytest.raises(DocumentError, match=r"decoded|pixels"):
            list(sheets_of(body[: int(len(body) * share)]))


@pytest.mark.parametrize("body", [b"", b"GIF89a", b"%PDF-1.4 no picture", b"\x89PNG\r\n\x1a\n" + bytes(64)])
def test_what_is_no_picture_is_named_so(body: bytes) -> None:
    with pytest.raises(DocumentError, match="cannot be decoded"):
        list(sheets_of(body))


def test_rasters_keep_the_pages_own_numbers_and_sizes() -> None:
    pages = [Raster(picture(), 3, 595, 842), Raster(picture(), 5, 842, 595)]
    sheets = list(rasters_as_sheets(pages))
    assert [(sheet.page, sheet.width, sheet.height) for sheet in sheets] == [(3, 595, 842), (5, 842, 595)]
