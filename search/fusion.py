"""One ranking out of several channels' evidence.

A moment may be seen, said, written or named: each is enough, and two are better than one. So the
strengths of its channels are joined as independent reasons are, by a noisy or: 1 - prod(1 - s). The
order of a channel alone stays as it is, and a channel with nothing to say takes nothing away, as
it would by reciprocal ranks (Cormack et al. 2009), where the best of an idle channel counts as
much as the best of any other: `python -m benchmarks.fusion` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from search.aligned_part import AlignedPart
from search.copy_of import CopyOf
from search.evidence import Evidence, Match

NEAR_S = 1.0
"""What is said so shortly before or after a moment still belongs to it."""
WORTH_SHOWING = 0.1
"""Strength of words that are shown beside stronger ones."""


@dataclass
class Candidate:
    """A stretch of one video, and what speaks for it."""

    video_id: int
    start_s: float
    end_s: float
    strengths: dict[str, float] = field(default_factory=dict)
    """By channel, its strongest."""
    matches: list[Match] = field(default_factory=list)
    """What is worth showing, strongest first."""
    copies: list[CopyOf] = field(default_factory=list)
    """The same moment in near copies of the video."""
    by_words: bool = False
    """Whether words that were asked for are there; see `Evidence`."""
    nowhere: bool = False
    """Whether only the video as a whole is spoken for, and the times say nothing yet."""

    certainty: float | None = None
    """Of what several clauses make together; None where the strengths alone make it."""
    steps: list[tuple[float, float]] = field(default_factory=list)
    """Start and end of each step of a sequence, seconds."""
    aligned: list[AlignedPart] = field(default_factory=list)
    """Which parts of an uploaded clip it is."""
    more: list[Candidate] = field(default_factory=list)
    """Others of the same video, which are not shown for themselves; best first."""

    @property
    def score(self) -> float:
        """0 to 1."""
        return noisy_or(self.strengths.values()) if self.certainty is None else self.certainty

    @property
    def middle_s(self) -> float:
        return (self.start_s + self.end_s) / 2

    @property
    def shares(self) -> dict[str, float]:
        """What each channel gives to the score: they add up to it. Strongest first."""
        total = sum(self.strengths.values())
        ordered = sorted(self.strengths.items(), key=lambda item: -item[1])
        return {name: self.score * value / total if total else 0.0 for name, value in ordered}

    def add(self, evidence: Evidence) -> None:
        """One more reason."""
        before = self.strengths.get(evidence.channel, 0.0)
        self.strengths[evidence.channel] = max(before, evidence.strength)
        self.by_words |= evidence.by_words
        if evidence.match is not None and (evidence.strength >= WORTH_SHOWING or not self.matches):
            self.matches.append(evidence.match)

    def meets(self, start_s: float, end_s: float) -> bool:
        """Whether a stretch belongs to this one: they overlap, or nearly touch."""
        return self.start_s < end_s + NEAR_S and start_s < self.end_s + NEAR_S


def noisy_or(strengths: Iterable[float]) -> float:
    """1 - prod(1 - s)."""
    rest = 1.0
    for strength in strengths:
        rest *= 1.0 - strength
    return 1.0 - rest


def best_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    """In the order that people see: by score, and always the same."""
    return sorted(candidates, key=lambda c: (-c.score, c.video_id, c.start_s))


def fuse(found: Sequence[Evidence]) -> list[Candidate]:
    """Candidates, best first; those of one video do not overlap.

    The strongest evidence says where a moment is; weaker evidence that meets it speaks for it too.
    That of a video as a whole speaks for its best moment; where it has none, the candidate is
    `nowhere`. The order of `found` does not matter.
    """
    by_video: dict[int, list[Candidate]] = {}
    for evidence in sorted(found, key=_order):
        candidates = by_video.setdefault(evidence.video_id, [])
        _place(candidates, evidence)
    return best_first(candidate for candidates in by_video.values() for candidate in candidates)


def _order(evidence: Evidence) -> tuple[bool, float, int, float, float, str, str]:
    """What has a time comes first, so that what has none finds a moment to speak for."""
    timeless = evidence.start_s is None
    place = (evidence.start_s or 0.0, evidence.end_s or 0.0)
    text = evidence.match.text if evidence.match else ""
    return timeless, -evidence.strength, evidence.video_id, *place, evidence.channel, text


def _place(candidates: list[Candidate], evidence: Evidence) -> None:
    if evidence.start_s is None or evidence.end_s is None:
        if not candidates:
            candidates.append(Candidate(evidence.video_id, 0.0, 0.0, nowhere=True))
        max(candidates, key=lambda candidate: candidate.score).add(evidence)
        return
    near = [c for c in candidates if c.meets(evidence.start_s, evidence.end_s)]
    if near:
        max(near, key=lambda candidate: candidate.score).add(evidence)
        return
    candidate = Candidate(evidence.video_id, evidence.start_s, evidence.end_s)
    candidate.add(evidence)
    candidates.append(candidate)
