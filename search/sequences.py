"""One thing after another: A, then B, then C, each within some seconds of the one before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from search.apart import apart
from search.fusion import Candidate, best_first
from search.together import strongest


@dataclass(frozen=True)
class _Chain:
    """Moments of the first steps, in order."""

    parts: tuple[Candidate, ...]
    certainty: float

    def then(self, one: Candidate) -> _Chain:
        return _Chain((*self.parts, one), self.certainty * one.score)


def in_order(steps: Sequence[Sequence[Candidate]], within_s: Sequence[float]) -> list[Candidate]:
    """Stretches of one video in which the steps follow one another; best first, none over another.

    `steps` has the candidates of each step, `within_s` the most seconds from the end of one to
    the start of the next. The next begins when half of the one before is over or later, for edges
    are not exact. The certainty is the product of the steps' own. Raises ValueError unless there is
    one gap less than steps.
    """
    if len(within_s) != len(steps) - 1:
        raise ValueError(f"{len(steps)} steps have {len(steps) - 1} gaps, not {len(within_s)}")
    chains = _by_video(_Chain((one,), one.score) for one in steps[0])
    for step, most_s in zip(steps[1:], within_s, strict=True):
        longer = (_lengthened(chains.get(one.video_id, ()), one, most_s) for one in step)
        chains = _by_video(chain for chain in longer if chain is not None)
    found = [_candidate(chain) for of_video in chains.values() for chain in of_video]
    return apart(best_first(found))


def _lengthened(chains: Iterable[_Chain], one: Candidate, most_s: float) -> _Chain | None:
    """The best chain that `one` can follow, with it."""
    before = (chain for chain in chains if _follows(one, chain.parts[-1], most_s))
    best = max(before, key=lambda chain: chain.certainty, default=None)
    return None if best is None else best.then(one)


def _follows(one: Candidate, before: Candidate, most_s: float) -> bool:
    return one.start_s >= before.middle_s and one.start_s - before.end_s <= most_s


def _candidate(chain: _Chain) -> Candidate:
    return Candidate(
        video_id=chain.parts[0].video_id,
        start_s=chain.parts[0].start_s,
        end_s=max(part.end_s for part in chain.parts),
        strengths=strongest(chain.parts),
        matches=[match for part in chain.parts for match in part.matches],
        certainty=chain.certainty,
        steps=[(part.start_s, part.end_s) for part in chain.parts],
    )


def _by_video(chains: Iterable[_Chain]) -> dict[int, list[_Chain]]:
    found: dict[int, list[_Chain]] = {}
    for chain in chains:
        found.setdefault(chain.parts[0].video_id, []).append(chain)
    return found
