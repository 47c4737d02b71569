"""Which media type a video file is sent as."""

from __future__ import annotations

_BY_CONTAINER = {
    "avi": "video/x-msvideo",
    "asf": "video/x-ms-wmv",
    "flv": "video/x-flv",
    "matroska": "video/x-matroska",
    "mov": "video/mp4",
    "mp4": "video/mp4",
    "mpeg": "video/mpeg",
    "mpegts": "video/mp2t",
    "mpegvideo": "video/mpeg",
    "ogg": "video/ogg",
    "webm": "video/webm",
}
_BY_EXTENSION = {
    "matroska": {".webm": "video/webm"},
    "mov": {".mov": "video/quicktime", ".qt": "video/quicktime", ".3gp": "video/3gpp"},
}


def media_type(container: str, extension: str) -> str:
    """The type of a file in FFmpeg's `container`, such as `mov,mp4,m4a`.

    The container was read from the bytes and is believed first: extensions lie. The extension
    only chooses among the formats that share a container. Never a type that a browser runs.
    """
    for name in container.lower().split(","):
        if name in _BY_CONTAINER:
            return _BY_EXTENSION.get(name, {}).get(extension.lower(), _BY_CONTAINER[name])
    return "application/octet-stream"
