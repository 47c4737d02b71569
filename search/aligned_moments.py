"""Moments out of the stretches that parts of an uploaded clip were found in."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.store.library import Library
from search.aligned_span import AlignedSpan
from search.evidence import PICTURE
from search.results import Moment


def aligned_moments(spans: Sequence[AlignedSpan], library: Library) -> tuple[Moment, ...]:
    """A moment for each span of a video whose file is there, in the same order."""
    ids = {span.video_id for span in spans}
    videos, titles = library.catalog.videos(ids), library.catalog.words.titles(ids)
    return tuple(
        Moment(
            video_id=span.video_id,
            video=videos[span.video_id].path,
            duration_s=videos[span.video_id].duration_s,
            start_s=span.part.start_s,
            end_s=min(span.part.end_s, videos[span.video_id].duration_s),
            score=span.score,
            channels={PICTURE: span.score},
            aligned=(span.part,),
            name=titles.get(span.video_id, ""),
        )
        for span in spans
        if span.video_id in videos
    )
