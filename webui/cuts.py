"""A moment of a video, to be kept as a file."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, request, send_file

from search.moment_ref import MAX_ID
from webui.files import harmless, require_file
from webui.media_types import media_type
from webui.parameters import flag, seconds
from webui.state import config, engine, gate

if TYPE_CHECKING:
    from indexer.store.records import VideoRecord

blueprint = Blueprint("cuts", __name__, url_prefix=f"/api/v1/videos/<int(max={MAX_ID}):video_id>")

LONGEST_CUT_S = 300.0
"""It is made while the client waits, and others wait for the place at the gate."""


@blueprint.get("/cut")
def cut(video_id: int) -> Response:
    """The stretch from `start` to `end` as a download; `fast=1` from the key picture before on.

    Of the kind `extension`, if one is asked for: the video's own, or .mp4.

    :raises BadRequest: the stretch is empty, too long, or outside the video.
    :raises UnknownVideo: the library has no such video.
    :raises NotFound: its file is gone.
    :raises MediaError: nothing can be cut out of the file.
    :raises Busy: too much is being worked on already.
    """
    from search.cuts import CutTarget, cut_moment, stem_of  # it loads SQLAlchemy

    video, fast = engine().video(video_id), flag("fast")
    start, end = seconds("start"), min(seconds("end"), video.duration_s)
    if not start < end <= start + LONGEST_CUT_S:
        limit = f"{LONGEST_CUT_S:.0f} s"
        abort(400, f"start must lie before end, inside the video, at most {limit} apart.")
    extension = _extension(video)
    require_file(video.path)
    with gate().place(), TemporaryDirectory(dir=config().upload_folder) as folder:
        target = CutTarget(Path(folder), stem_of(video, start, end), extension)
        made = cut_moment(video, start, end, target, fast=fast)
        # The name goes with the folder; what is open stays until it has been sent.
        response = _opened(made.path, video.container if made.copied else "mp4")
    response.headers["X-Cut"] = "copied" if made.copied else "encoded"
    return response


def _extension(video: VideoRecord) -> str:
    wanted, own = request.args.get("extension", "").lower(), Path(video.path).suffix.lower()
    if wanted not in ("", ".mp4", own):
        abort(400, f"extension must be .mp4 or the video's own, {own}.")
    return wanted


def _opened(path: Path, container: str) -> Response:
    size_bytes = path.stat().st_size
    response = send_file(
        path.open("rb"),
        mimetype=media_type(container, path.suffix),
        as_attachment=True,
        download_name=harmless(path.name),
    )
    response.content_length = size_bytes
    return response
