"""Sends files of the library, whole or by byte ranges."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, abort, request, send_file
from werkzeug.datastructures import Range
from werkzeug.exceptions import RequestedRangeNotSatisfiable

LARGEST_PART_BYTES = 8 * 2**20
"""Less than waitress buffers. A player that asks for the rest of a film and then pauses would
otherwise hold one of the server's threads for as long as it pauses; it asks again instead."""

_YEAR_S = 365 * 24 * 3600


def send_whole(path: Path, media_type: str, content: str) -> Response:
    """A small file that was derived from the video with hash `content`.

    :raises NotFound: it is not there.
    """
    response = _open(path, media_type, etag=f"{content[:32]}-{path.stem}")
    if request.args.get("v") == content[:16]:
        response.cache_control.no_cache = None
        response.cache_control.max_age = _YEAR_S
        response.cache_control.immutable = True
    response.make_conditional(request)
    return response


def send_part(path: Path, media_type: str) -> Response:
    """A big file; of a range without an end, or a very long one, only its beginning.

    :raises NotFound: it is not there.
    :raises RequestedRangeNotSatisfiable: the range lies outside the file.
    """
    response = _open(path, media_type, etag=None)
    size = response.content_length or 0
    environ = dict(request.environ)
    environ.pop("HTTP_RANGE", None)
    if bounded := _bounded(request.range, size):
        environ["HTTP_RANGE"] = bounded
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=size)
    except RequestedRangeNotSatisfiable:
        response.close()
        raise
    return response


def require_file(path: str) -> None:
    """See that a video's file is there.

    :raises NotFound: it is not.
    """
    if not Path(path).is_file():
        abort(404, f"{path} is no longer there. Bring it back, or index the folder again.")


def _open(path: Path, media_type: str, etag: str | None) -> Response:
    """`path` as an answer that the browser may keep, but not a proxy."""
    try:
        if not path.is_file():
            raise FileNotFoundError(path)
        response = send_file(
            path,
            mimetype=media_type,
            download_name=harmless(path.name),
            conditional=False,
            etag=etag or _identity(path),
        )
    except (FileNotFoundError, PermissionError):
        abort(404, f"{path} is no longer there, or may not be read.")
    response.cache_control.private = True
    return response


def _identity(path: Path) -> str:
    """Of the bytes that are there now: a file may have changed since it was indexed."""
    stat = path.stat()
    return f"{stat.st_mtime_ns:x}-{stat.st_size:x}"


def _bounded(asked: Range | None, size: int) -> str | None:
    """The one range to answer; None for the whole file, as for several or odd ranges."""
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1:
        return None
    begin, end = asked.ranges[0]
    if begin < 0:  # counted from the end of the file
        begin = max(0, size + begin)
    last = min(end or size, begin + LARGEST_PART_BYTES) - 1
    return f"bytes={begin}-{max(begin, last)}"


def harmless(name: str) -> str:
    """A file name that fits into a header, whatever the file system allowed."""
    return re.sub(r"[^\w .()\[\]-]", "_", name)
