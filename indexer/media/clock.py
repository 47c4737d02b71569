"""The clock of an opened file: what its timestamps mean."""

from __future__ import annotations

from av.container import InputContainer
from av.video.stream import VideoStream

from indexer.media.timeline import Timeline

JUMPING_FORMATS = frozenset({"mpegts", "mpeg"})
"""Containers of broadcasts, whose timestamps start anew where recordings were joined."""
_UNTIMED_FORMATS = frozenset({"avi"})
"""No presentation times: those made up for B frames start a frame late."""
_US = 1_000_000


def timeline_of(
    container: InputContainer, stream: VideoStream, *, origin_s: float | None = None
) -> Timeline:
    """A timeline for the pictures of `stream`, from the first on.

    After a seek give `origin_s`, the timestamp in seconds that is time 0.
    """
    rate = stream.average_rate
    assert stream.time_base is not None
    return Timeline(
        stream.time_base,
        origin_s=_start_s(container, stream) if origin_s is None else origin_s,
        fps=float(rate) if rate else None,
        broken=container.format.name in JUMPING_FORMATS,
    )


def _start_s(container: InputContainer, stream: VideoStream) -> float | None:
    """When the presentation starts; None when only the first picture tells."""
    if container.format.name in _UNTIMED_FORMATS:
        return None
    starts = []
    if container.start_time is not None:
        starts.append(container.start_time / _US)
    if stream.start_time is not None and stream.time_base is not None:
        starts.append(float(stream.start_time * stream.time_base))
    return min(starts, default=None)
