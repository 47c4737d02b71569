"""A search's answer as a file to keep."""

from __future__ import annotations

from io import BytesIO

from flask import Response, abort, request, send_file

from search.exports import FORMATS, FPS, MOST_FPS, export
from search.exports.one_line import one_line
from search.results import SearchResult
from webui.parameters import whole_number

_MOST_NAME = 60


def export_format() -> str:
    """The parameter `format`; JSON where it is not given.

    :raises BadRequest: there is no such format.
    """
    name = request.args.get("format", "json")
    if name not in FORMATS:
        abort(400, f"format must be one of {', '.join(FORMATS)}.")
    return name


def exported(result: SearchResult, name: str) -> Response:
    """`result` as a download in the format `name`, called after the question.

    A cut list counts frames at the parameter `fps`.

    :raises BadRequest: that is no frame rate.
    """
    fps = whole_number("fps", FPS, 1, MOST_FPS)
    kind = FORMATS[name]
    question = one_line(result.query.replace("/", " "))[:_MOST_NAME].strip(" .") or "search"
    response = send_file(
        BytesIO(export(result, name, fps).encode()),
        as_attachment=True,
        download_name=question + kind.extension,
    )
    response.content_type = f"{kind.media_type}; charset=utf-8"
    return response
