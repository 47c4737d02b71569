"""Messages between the decoder pool and its processes: a JSON header, then raw pixels."""

from __future__ import annotations

import json
from multiprocessing.connection import Connection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.errors import MediaError
from indexer.media.jobs import BATCH_FRAMES
from indexer.media.reader import VideoInfo
from indexer.media.reading import Reading

_MAX_HEADER_BYTES = 32 << 20  # all that is said and written in a long film


def send(
    connection: Connection, header: dict[str, Any], images: NDArray[np.uint8] | None = None
) -> None:
    """Send `header` and `images` (n, size, size, 3). Raises OSError when the peer is gone."""
    shape = None if images is None else images.shape
    connection.send_bytes(json.dumps({**header, "shape": shape}).encode())
    if images is not None:
        connection.send_bytes(np.ascontiguousarray(images).data.cast("B"))


def receive(connection: Connection, *, image_size: int) -> dict[str, Any]:
    """The next header, with its pixels under "images". Raises EOFError or OSError.

    Sizes are checked before anything is allocated for them.
    """
    header: dict[str, Any] = json.loads(connection.recv_bytes(_MAX_HEADER_BYTES))
    shape = header.pop("shape")
    if shape is not None:
        if shape[0] > BATCH_FRAMES or shape[1:] != [image_size, image_size, 3]:
            raise OSError(f"pictures of shape {shape} were not expected")
        images = np.empty(shape, dtype=np.uint8)
        connection.recv_bytes_into(images.data.cast("B"))
        header["images"] = images
    return header


def failure(error: MediaError) -> dict[str, Any]:
    """The header that carries `error`."""
    return {
        "kind": "failed",
        "code": error.code,
        "path": error.path,
        "reason": error.reason,
        "remedy": error.remedy,
    }


def error_of(header: dict[str, Any]) -> MediaError:
    """The error that `failure` packed."""
    kinds = {kind.__name__: kind for kind in MediaError.__subclasses__()}
    return kinds[header["code"]](header["path"], header["reason"], header["remedy"])


def info_of(header: dict[str, Any]) -> VideoInfo:
    """The description that a finished file carries."""
    fields = dict(header["info"])
    return VideoInfo(**{**fields, "warnings": tuple(fields["warnings"])})


def reading_of(header: dict[str, Any]) -> Reading:
    """What else was read of a finished file."""
    return Reading.from_json(header["reading"])
