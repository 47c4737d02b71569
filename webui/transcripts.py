"""What is said in a video: to be read beside it, or kept as a subtitle file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request, send_file

from indexer.media.subtitle_writing import srt_text, webvtt_text
from search.evidence import SPEECH
from search.moment_ref import MAX_ID
from webui.state import engine

if TYPE_CHECKING:
    from indexer.media.reading import Transcript
    from search.engine import SearchEngine

blueprint = Blueprint(
    "transcripts", __name__, url_prefix=f"/api/v1/videos/<int(max={MAX_ID}):video_id>"
)


@blueprint.get("/transcript")
def transcript(video_id: int) -> dict[str, Any]:
    """What is said, sentence by sentence, in `language` or the first that there is.

    :raises UnknownVideo: the library has no such video.
    :raises NothingSaid: nothing is known to be said in it.
    :raises InvalidQuery: it has no transcript in this language.
    """
    found = _transcript(video_id)
    return {
        "language": found.language,
        "languages": languages_of(engine(), video_id),
        "source": found.name,
        "cues": [
            {"start_s": round(cue.start_s, 3), "end_s": round(cue.end_s, 3), "text": cue.text}
            for cue in found.cues
        ],
    }


@blueprint.get("/transcript.srt")
def as_srt(video_id: int) -> Response:
    """The same as SubRip; raises as `transcript` does."""
    return _file(video_id, srt_text(_transcript(video_id)), "application/x-subrip", ".srt")


@blueprint.get("/transcript.vtt")
def as_webvtt(video_id: int) -> Response:
    """The same as WebVTT; raises as `transcript` does."""
    return _file(video_id, webvtt_text(_transcript(video_id)), "text/vtt", ".vtt")


def languages_of(engine: SearchEngine, video_id: int) -> list[str]:
    """In which something is said, the transcript's own first; "" where it is not known."""
    said = engine.words.passages_of(video_id, SPEECH)
    return list(dict.fromkeys(passage.language for passage in said))


def _transcript(video_id: int) -> Transcript:
    from search.transcripts import transcript_of  # it loads SQLAlchemy

    return transcript_of(engine(), engine().video(video_id), request.args.get("language", ""))


def _file(video_id: int, text: str, media_type: str, extension: str) -> Response:
    name = Path(engine().video(video_id).path).stem + extension
    content = BytesIO(text.encode())
    return send_file(content, mimetype=media_type, as_attachment=True, download_name=name)
