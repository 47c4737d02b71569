"""Near copies of one moment count once: the others are named beside the best."""

from __future__ import annotations

from collections.abc import Iterable

from indexer.copies.match import Match
from search.copy_of import CopyOf
from search.fusion import Candidate


class Folding:
    """Knows which stretch of which video is a copy of which; `matches` are of whole videos."""

    def __init__(self, matches: Iterable[Match]) -> None:
        self._matches: dict[tuple[int, int], list[Match]] = {}
        self._partners: dict[int, set[int]] = {}
        for match in matches:
            self._matches.setdefault((match.a, match.b), []).append(match)
            self._partners.setdefault(match.a, set()).add(match.b)
            self._partners.setdefault(match.b, set()).add(match.a)

    def fold(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Without those that show what a better one shows; they are in its `copies`."""
        kept: list[Candidate] = []
        places: dict[int, list[int]] = {}  # in `kept`, by video: most have no copies at all
        for candidate in candidates:
            original = self._original(candidate, kept, places)
            if original is None:
                places.setdefault(candidate.video_id, []).append(len(kept))
                kept.append(candidate)
            else:
                where = (candidate.video_id, candidate.start_s, candidate.end_s)
                original.copies.append(CopyOf(*where))
        return kept

    def _original(
        self, candidate: Candidate, kept: list[Candidate], places: dict[int, list[int]]
    ) -> Candidate | None:
        """The best of `kept` that shows what `candidate` does."""
        partners = self._partners.get(candidate.video_id, ())
        near = sorted(place for partner in partners for place in places.get(partner, ()))
        return next((kept[i] for i in near if self._is_copy(candidate, kept[i])), None)

    def _is_copy(self, candidate: Candidate, original: Candidate) -> bool:
        first, second = candidate, original
        if first.video_id > second.video_id:
            first, second = second, first
        for match in self._matches.get((first.video_id, second.video_id), ()):
            start_s, end_s = (_in_b(match, time_s) for time_s in (first.start_s, first.end_s))
            if second.meets(start_s, end_s):
                return True
        return False


def _in_b(match: Match, time_s: float) -> float:
    """The second of video b that shows what `time_s` of video a does."""
    return match.b_start_s + (time_s - match.a_start_s) / match.speed
