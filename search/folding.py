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
        for match in matches:
            self._matches.setdefault((match.a, match.b), []).append(match)

    def fold(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Without those that show what a better one shows; they are in its `copies`."""
        kept: list[Candidate] = []
        for candidate in candidates:
            original = next((one for one in kept if self._is_copy(candidate, one)), None)
            if original is None:
                kept.append(candidate)
            else:
                where = (candidate.video_id, candidate.start_s, candidate.end_s)
                original.copies.append(CopyOf(*where))
        return kept

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
