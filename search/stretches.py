"""Where moments begin and end for people: at cuts, or with the sentence that is said.

Inside of the video, none over another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from search.edges import snap
from search.evidence import SPEECH
from search.fusion import Candidate

REACH_S = 1.5
"""An edge moves to a cut that is at most a token away: clips know no finer times."""
LEAST_S = 1.0
"""A chapter or a line may name an instant; nobody can watch that."""

Times = tuple[float, float]


class Stretches:
    """The stretches of one answer's candidates, of which those of one video do not overlap."""

    def __init__(self, candidates: Iterable[Candidate]) -> None:
        self._taken: dict[int, dict[int, Times]] = {}
        for one in candidates:
            self._taken.setdefault(one.video_id, {})[id(one)] = _lasting(one)

    def settle(self, one: Candidate, shots: Sequence[float], duration_s: float) -> Times | None:
        """Start and end of one of them, each at most `REACH_S` away, at cuts where they are near.

        `shots` are the starts of its video's shots in seconds, ascending. What would reach into
        another stretch stays as it is, and so does a sentence: who speaks goes on over a cut. None
        where it begins when the video is over.
        """
        taken = self._taken[one.video_id]
        start_s, end_s = taken[id(one)]
        if start_s >= duration_s:
            return None
        end_s = min(end_s, duration_s)
        if _is_said(one):
            taken[id(one)] = start_s, end_s
            return start_s, end_s
        start, end = snap(start_s, end_s, [*shots, duration_s], REACH_S)
        others = (times for key, times in taken.items() if key != id(one))
        if any(start < after and before < end for before, after in others):
            return start_s, end_s
        taken[id(one)] = start, end
        return start, end


def _is_said(one: Candidate) -> bool:
    """Whether its times are those of what is said: of its reasons the first is the strongest."""
    return next(iter(one.strengths), "") == SPEECH


def _lasting(one: Candidate) -> Times:
    """Candidates that do not overlap have as much between them."""
    return one.start_s, one.end_s if one.end_s > one.start_s else one.start_s + LEAST_S
