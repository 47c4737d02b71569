"""Makes of candidates the moments that people get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.store.catalog import Catalog
from indexer.store.records import VideoRecord
from search.fusion import Candidate
from search.moment_of import moment_of
from search.results import Moment
from search.stretches import Stretches


class MomentMaker:
    """Looks up in the catalog what candidates do not know of themselves."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def moments(
        self, candidates: Sequence[Candidate], among: Iterable[Candidate] = ()
    ) -> list[Moment]:
        """Without those whose video has lost its file.

        `among` are all of the answer that they are a page of, so that a moment's edges are the
        same on every page.
        """
        facts = _Facts(self._catalog, candidates)
        everything = [*candidates, *among]
        stretches = Stretches([*everything, *(other for one in everything for other in one.more)])
        return [moment for one in candidates for moment in _moments(one, facts, stretches)]


class _Facts:
    """What the catalog knows of the videos of some candidates."""

    def __init__(self, catalog: Catalog, candidates: Sequence[Candidate]) -> None:
        ids = {one.video_id for one in candidates}
        copies = {copy.video_id for one in candidates for copy in one.copies}
        self.videos: Mapping[int, VideoRecord] = catalog.videos(ids | copies)
        self.shots: Mapping[int, Sequence[float]] = catalog.words.shots(ids)
        self.titles: Mapping[int, str] = catalog.words.titles(ids)


def _moments(one: Candidate, facts: _Facts, stretches: Stretches) -> Iterator[Moment]:
    """One, or none."""
    video = facts.videos.get(one.video_id)
    if video is None:
        return
    times = stretches.settle(one, facts.shots.get(one.video_id, ()), video.duration_s)
    if times is not None:
        title = facts.titles.get(one.video_id, "")
        more = (moment for other in one.more for moment in _moments(other, facts, stretches))
        moment = moment_of(one, video, times, facts.videos, title)
        yield replace(moment, more=tuple(more))
