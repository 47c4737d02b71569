"""Query pictures: any common format, upright, never larger than is good for the machine."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import UnreadableFile
from indexer.media.picture_header import picture_size
from indexer.media.pictures import NotAPicture, load_picture
from tests.synthetic import numbered_picture, read_index

FORMATS = [".jpg", ".png", ".webp", ".gif", ".bmp", ".avif"]


def encode(extension: str, image: np.ndarray) -> bytes:
    done, data = cv2.imencode(extension, image[..., ::-1])
    assert done
    return data.tobytes()


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    tiff = b"II*\0" + struct.pack("<IHHHIIH", 8, 1, 0x112, 3, 1, orientation, 0) + bytes(2)
    exif = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


@pytest.mark.parametrize("extension", FORMATS)
def test_formats(tmp_path, extension):
    data = encode(extension, numbered_picture(1234, 200, 120))
    assert picture_size(data) == (200, 120)
    image = load_picture(data, 96)
    assert (image.shape, image.dtype) == ((96, 96, 3), np.uint8)
    assert read_index(image) == 1234
    path = tmp_path / "ünï x.txt"
    path.write_bytes(data)
    assert np.array_equal(load_picture(path, 96), image)


def test_channels_are_rgb():
    red = np.zeros((40, 40, 3), np.uint8)
    red[..., 0] = 255
    image = load_picture(encode(".png", red), 8)
    assert (image == [255, 0, 0]).all()


@pytest.mark.parametrize(("orientation", "turns", "mirrored"), [
    (1, 0, False), (2, 0, True), (3, 2, False), (6, 1, False), (8, 3, False),
])  # fmt: skip
def test_exif_orientation(orientation, turns, mirrored):
    upright = numbered_picture(77, 160, 160)
    stored = np.rot90(upright[:, ::-1] if mirrored else upright, turns)
    jpeg = with_orientation(encode(".jpg", stored), orientation)
    assert read_index(load_picture(jpeg, 64)) == 77


def test_transparent_is_white_and_gray_and_deep_are_fine():
    clear = np.zeros((30, 30, 4), np.uint8)
    assert (load_picture(encode_raw(".png", clear), 8) == 255).all()
    gray = np.full((30, 30), 100, np.uint8)
    assert (load_picture(encode_raw(".png", gray), 8) == 100).all()
    deep = np.full((30, 30, 4), 65535, np.uint16)
    assert (load_picture(encode_raw(".png", deep), 8) == 255).all()


def encode_raw(extension: str, image: np.ndarray) -> bytes:
    return cv2.imencode(extension, image)[1].tobytes()


def test_bomb_is_refused_unread():
    def chunk(kind: bytes, data: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + crc

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")
    with pytest.raises(NotAPicture, match="60000 x 60000"):
        load_picture(bomb, 64)


def test_what_is_no_picture(tmp_path):
    with pytest.raises(NotAPicture, match="no picture format"):
        load_picture(b"<svg/>", 64)
    with pytest.raises(NotAPicture, match="no picture format"):
        load_picture(b"", 64)
    jpeg = encode(".jpg", numbered_picture(1, 100, 100))
    with pytest.raises(NotAPicture, match="damaged"):
        load_picture(jpeg[:200] + bytes(20), 64)
    with pytest.raises(UnreadableFile, match=r"none\.jpg"):
        load_picture(tmp_path / "none.jpg", 64)
    with pytest.raises(UnreadableFile):
        load_picture(tmp_path, 64)


@given(st.sampled_from(FORMATS), st.data())
def test_damaged_headers_raise_nothing_else(extension, data):
    whole = encode(extension, numbered_picture(3, 40, 40))
    cut = data.draw(st.integers(0, len(whole)))
    junk = data.draw(st.binary(max_size=30))
    try:
        image = load_picture(whole[:cut] + junk, 16)
    except NotAPicture:
        return
    assert image.shape == (16, 16, 3)
