"""All that is known of one video: names, places, shots, and where its words come from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from indexer.media.details import Details
from search.evidence import SPEECH
from search.storyboard import storyboard
from webui.transcripts import languages_of

if TYPE_CHECKING:
    from indexer.store.records import VideoRecord
    from search.engine import SearchEngine
    from webui.present import Presenter

MOST_PICTURES = 12
FEWEST_SHOTS = 5
"""A video with fewer is shown by pictures at even times: a talk may be a single shot."""
EVEN_S = 1.5
"""Shortest time between these; sheets have no more pictures."""


def describe(engine: SearchEngine, video: VideoRecord, presenter: Presenter) -> dict[str, Any]:
    """`video` as `GET /api/v1/videos/<id>` tells it."""
    shots = engine.words.shots([video.id]).get(video.id, [])
    brief = presenter.video(video)
    return {
        **brief,
        **_told(engine.words.details([video.id]).get(video.id, Details()), brief["title"]),
        "shots": [round(start_s, 3) for start_s in shots],
        "storyboard": _storyboard(video, shots, presenter),
        "transcript": _transcript(engine, video.id),
    }


def _told(known: Details, file_name: str) -> dict[str, Any]:
    """What people and cameras said about it."""
    place = {"latitude": known.latitude, "longitude": known.longitude}
    return {
        "title": known.title or file_name,
        "description": known.description,
        "tags": list(known.tags),
        "recorded_at": known.recorded_at.isoformat() if known.recorded_at else None,
        "camera": known.camera,
        "place": place if known.latitude is not None else None,
        "author": known.author,
        # anyone may have written it: nothing that a browser would run
        "url": known.url if known.url.lower().startswith(("http://", "https://")) else None,
    }


def _storyboard(
    video: VideoRecord, shots: Sequence[float], presenter: Presenter
) -> list[dict[str, Any]]:
    """Pictures of its longest shots, or at even times; none where it has no sheets."""
    duration_s = video.duration_s
    starts_s = list(shots) if len(shots) >= FEWEST_SHOTS else _evenly(duration_s)
    pictures = []
    for time_s in storyboard(starts_s, duration_s, MOST_PICTURES):
        thumbnail = presenter.thumbnail(video.id, time_s)
        start_s = starts_s[bisect_right(starts_s, time_s) - 1]
        if thumbnail is not None:
            times = {"start_s": round(start_s, 3), "time_s": round(time_s, 3)}
            pictures.append({**times, "thumbnail": thumbnail})
    return pictures


def _evenly(duration_s: float) -> list[float]:
    """Starts of equal parts, seconds."""
    count = max(1, min(MOST_PICTURES, int(duration_s / EVEN_S)))
    return [duration_s * i / count for i in range(count)]


def _transcript(engine: SearchEngine, video_id: int) -> dict[str, Any] | None:
    """Where it is from and in which languages; None where nothing is said."""
    languages = languages_of(engine, video_id)
    if not languages:
        return None
    source = source.description if (source := engine.words.source_of(video_id, SPEECH)) else ""
    return {"source": source, "languages": languages}
