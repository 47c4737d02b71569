"""Still pictures to search with."""

from __future__ import annotations

import os
from os import PathLike
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.errors import MediaError, UnreadableFile
from indexer.media.picture_header import picture_size

MAX_PICTURE_PIXELS = 100_000_000
"""Above any camera's; a picture of 20 kB can claim a hundred times that."""
MAX_PICTURE_BYTES = 64 << 20


class NotAPicture(MediaError):
    """Bytes that no picture can be decoded from, or one that is too large."""

    default_remedy = "Give a JPEG, PNG, WebP, GIF, BMP or AVIF picture."


def load_picture(source: str | PathLike[str] | bytes, size: int) -> NDArray[np.uint8]:
    """The picture in `source`, a path or the file's bytes, as (size, size, 3) uint8 RGB.

    The whole picture is squashed to the square, upright as its EXIF orientation says; what is
    transparent is white; of an animation the first picture counts. Raises UnreadableFile or
    NotAPicture.
    """
    if isinstance(source, bytes):
        name, data = "picture", source
    else:
        name, data = os.fspath(source), _read(Path(source))
    _check_size(name, data)
    image = _decode(name, data)
    small = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(_on_white(small)[..., ::-1])


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise UnreadableFile(path, "is not a file")
        if path.stat().st_size > MAX_PICTURE_BYTES:
            raise NotAPicture(path, f"is larger than {MAX_PICTURE_BYTES >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read: {error.strerror}") from error


def _check_size(name: str, data: bytes) -> None:
    found = picture_size(data)
    if found is None:
        raise NotAPicture(name, "is in no picture format that is accepted")
    width, height = found
    if not 0 < width * height <= MAX_PICTURE_PIXELS:
        raise NotAPicture(name, f"claims {width} x {height} pixels")


def _decode(name: str, data: bytes) -> NDArray[np.uint8]:
    """(h, w, 3 or 4) uint8 BGR or BGRA."""
    encoded = np.frombuffer(data, np.uint8)
    try:
        image = cv2.imdecode(encoded, cv2.IMREAD_COLOR)  # the only mode that turns by EXIF
        with_alpha = None
        if image is not None and not data.startswith(b"\xff\xd8"):
            with_alpha = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise NotAPicture(name, "is damaged") from error
    if image is None:
        raise NotAPicture(name, "is damaged")
    if with_alpha is not None and with_alpha.ndim == 3 and with_alpha.shape[2] == 4:
        return _eight_bit(with_alpha)
    return _eight_bit(image)


def _eight_bit(image: NDArray[np.generic]) -> NDArray[np.uint8]:
    if image.dtype == np.uint16:
        return (image.astype(np.uint32) // 257).astype(np.uint8)
    return image.astype(np.uint8, copy=False)


def _on_white(image: NDArray[np.generic]) -> NDArray[np.uint8]:
    """(h, w, 3) BGR of BGR or BGRA."""
    if image.shape[2] == 3:
        return image.astype(np.uint8, copy=False)
    opacity = image[..., 3:].astype(np.float32) / 255
    blended = image[..., :3].astype(np.float32) * opacity + 255 * (1 - opacity)
    return np.rint(blended).astype(np.uint8)
