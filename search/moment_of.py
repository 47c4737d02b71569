"""Makes of a candidate the moment that people get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from indexer.store.records import VideoRecord
from search.edges import snap
from search.fusion import Candidate
from search.results import Copy, Moment

REACH_S = 1.5
"""An edge moves to a cut that is at most a token away: clips know no finer times."""


def moment_of(
    candidate: Candidate,
    video: VideoRecord,
    shots: Sequence[float],
    videos: Mapping[int, VideoRecord],
) -> Moment:
    """The moment in `video`, its edges at cuts where they are near.

    `shots` are the starts of the video's shots in seconds; `videos` knows those of the copies.
    """
    start_s, end_s = snap(candidate.start_s, candidate.end_s, [*shots, video.duration_s], REACH_S)
    return Moment(
        video_id=candidate.video_id,
        video=video.path,
        duration_s=video.duration_s,
        start_s=start_s,
        end_s=min(end_s, video.duration_s),
        score=candidate.score,
        channels=candidate.shares,
        matches=tuple(candidate.matches),
        copies=tuple(
            Copy(copy.video_id, videos[copy.video_id].path, copy.start_s, copy.end_s)
            for copy in candidate.copies
            if copy.video_id in videos
        ),
    )
