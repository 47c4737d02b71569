"""Makes of candidates the moments that people get."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from indexer.store.catalog import Catalog
from indexer.store.records import VideoRecord
from search.fusion import Candidate
from search.moment_of import moment_of
from search.results import Moment

Judge = Callable[[Candidate], bool]


class MomentMaker:
    """Looks up in the catalog what candidates do not know of themselves."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def moments(self, candidates: Sequence[Candidate], is_sure: Judge) -> list[Moment]:
        """Without those whose video has lost its file."""
        facts = _Facts(self._catalog, candidates)
        return [moment for one in candidates for moment in _moments(one, facts, is_sure)]


class _Facts:
    """What the catalog knows of the videos of some candidates."""

    def __init__(self, catalog: Catalog, candidates: Sequence[Candidate]) -> None:
        ids = {one.video_id for one in candidates}
        copies = {copy.video_id for one in candidates for copy in one.copies}
        self.videos: Mapping[int, VideoRecord] = catalog.videos(ids | copies)
        self.titles: Mapping[int, str] = catalog.words.titles(ids)


def _moments(one: Candidate, facts: _Facts, is_sure: Judge) -> Iterator[Moment]:
    """One, or none."""
    if video := facts.videos.get(one.video_id):
        title = facts.titles.get(one.video_id, "")
        more = (moment for other in one.more for moment in _moments(other, facts, is_sure))
        moment = moment_of(one, video, facts.videos, title)
        yield replace(moment, sure=is_sure(one), more=tuple(more))
