"""Pictures and videos of the library: by id only, never by a path of the client's."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, abort

from search.moment_ref import MAX_ID
from webui import previews
from webui.files import require_file, send_part, send_whole
from webui.media_types import media_type
from webui.parameters import seconds
from webui.state import engine

blueprint = Blueprint("media", __name__, url_prefix=f"/media/<int(max={MAX_ID}):video_id>")

LONGEST_PREVIEW_S = 120.0


@blueprint.get("/stream")
def stream(video_id: int) -> Response:
    """The video's own file, or the part of it that the player asks for.

    :raises UnknownVideo: the library has no such video.
    :raises NotFound: its file is gone.
    """
    video = engine().video(video_id)
    path = Path(video.path)
    return send_part(path, media_type(video.container, path.suffix))


@blueprint.get("/preview.mp4")
def preview(video_id: int) -> Response:
    """The stretch from `start` to `end` in a form that every browser plays.

    :raises BadRequest: the stretch is empty, too long, or outside the video.
    :raises MediaError: no preview can be made of the file.
    :raises LibraryError: it cannot be kept in the library's folder.
    :raises Busy: it has to be made, and too much is being made already.
    """
    video = engine().video(video_id)
    start, end = seconds("start"), min(seconds("end"), video.duration_s)
    if not start < end <= start + LONGEST_PREVIEW_S:
        limit = f"{LONGEST_PREVIEW_S:.0f} s"
        abort(400, f"start must lie before end, inside the video, at most {limit} apart.")
    require_file(video.path)
    return send_part(previews.made().get(video, start, end), "video/mp4")


@blueprint.get("/poster.jpg")
def poster(video_id: int) -> Response:
    """The picture that stands for the video.

    :raises NotFound: none has been made.
    """
    return _artwork(video_id, "poster.jpg")


@blueprint.get("/sprites/<int(max=999999):number>.jpg")
def sprite(video_id: int, number: int) -> Response:
    """A sheet of small pictures of the video, one for every 1.5 s.

    :raises NotFound: the video has no such sheet.
    """
    return _artwork(video_id, f"sprite-{number:03}.jpg")


def _artwork(video_id: int, name: str) -> Response:
    video = engine().video(video_id)
    return send_whole(engine().artwork(video_id) / name, "image/jpeg", video.content)
