"""Digests: what is new among the answers to a standing query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from indexer.store.saved_queries import SavedQueries, SavedQuery
from search.engine import SearchEngine
from search.golden import ask
from search.ranking import MAX_RESULTS
from search.results import Moment

FALSE_POSITIVES = 0.05
"""One in twenty questions about what the library has not finds something that is told of, see
`search.calibration`: a digest is read without being asked for, so it is stricter than an answer."""
SHOWN = 20


@dataclass(frozen=True)
class Digest:
    """The best moment of each video that no digest of a query has told of, best first."""

    query: SavedQuery
    moments: tuple[Moment, ...]
    more: int
    """Videos that are left for the next digest."""

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.query.name,
            "query": self.query.text,
            "new": [moment.to_json() for moment in self.moments],
            "more": self.more,
        }


def digest(
    engine: SearchEngine, saved: SavedQueries, query: SavedQuery, shown: int = SHOWN
) -> Digest:
    """Up to `shown` new videos, a near copy of one that was told of not among them.

    Raises InvalidQuery, UnknownVideo, EmptyLibrary.
    """
    least = engine.sure_score(query.text, FALSE_POSITIVES)
    told = set(engine.ids_of(saved.reported(query.name)).values())
    new = []
    for moment in ask(engine, query.text, MAX_RESULTS).moments:
        videos = _videos(moment)
        if moment.score >= least and not videos & told:
            new.append(moment)
            told |= videos
    return Digest(query, tuple(new[:shown]), max(0, len(new) - shown))


def mark_told(engine: SearchEngine, saved: SavedQueries, told: Digest) -> None:
    """Keep the next digest from telling of these again."""
    videos = {video for moment in told.moments for video in _videos(moment)}
    contents = [engine.video(video).content for video in videos]
    saved.report(told.query.name, contents)


def _videos(moment: Moment) -> set[int]:
    return {moment.video_id, *(copy.video_id for copy in moment.copies)}
