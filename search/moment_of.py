"""Makes of a candidate the moment that people get."""

from __future__ import annotations

from collections.abc import Mapping

from indexer.store.records import VideoRecord
from search.fusion import Candidate
from search.results import Copy, Moment


def moment_of(
    candidate: Candidate,
    video: VideoRecord,
    videos: Mapping[int, VideoRecord],
    title: str = "",
) -> Moment:
    """The moment in `video`; `videos` knows those of the copies.

    `title` is what metadata call the video.
    """
    return Moment(
        video_id=candidate.video_id,
        video=video.path,
        duration_s=video.duration_s,
        start_s=candidate.start_s,
        end_s=candidate.end_s,
        score=candidate.score,
        channels=candidate.shares,
        matches=tuple(candidate.matches),
        copies=tuple(
            Copy(copy.video_id, videos[copy.video_id].path, copy.start_s, copy.end_s)
            for copy in candidate.copies
            if copy.video_id in videos
        ),
        steps=tuple(candidate.steps),
        aligned=tuple(candidate.aligned),
        name=title,
    )
