"""Whether a trained model may take the place of the current one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from model.training.metrics import Score
from model.training.pairs import TrainingPair
from model.training.probe import ClassProbe
from model.training.ranking import (
    MEASURES,
    Difference,
    Recall,
    paired_bootstrap,
    text_to_video_ranks,
)
from model.training.student import Towers

FEW_QUERIES = 30
"""Held-out sentences below which chance decides, not the model."""
TOLERANCE = 0.01
"""What the generic probe may lose."""
ALIGNMENT_TOLERANCE = 0.03
"""What the alignment head, which looks at the best answers again, may lose of its accuracy."""
MOST_QUERIES = 4000
"""More tell no better, and every one is compared with every other."""


@dataclass(frozen=True)
class GateDecision:
    """Accepted or not, the reasons in sentences, and the figures behind them."""

    accepted: bool
    reasons: tuple[str, ...]
    queries: int
    videos: int
    current: Recall
    candidate: Recall
    differences: dict[str, Difference]
    """By measure: R@1, R@5, MRR."""
    probe_current: float
    probe_candidate: float

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def __str__(self) -> str:
        verdict = "Accepted" if self.accepted else "Refused"
        return " ".join([f"{verdict}.", *self.reasons])


def judge(
    current: Towers,
    candidate: Towers,
    held_out: Sequence[TrainingPair],
    probe: ClassProbe,
    *,
    alignment: tuple[Score | None, Score | None] = (None, None),
    seed: int = 1,
) -> GateDecision:
    """Compare two models on the held-out pairs of the library, and on the probe.

    The candidate has to rank better beyond chance (mean reciprocal rank), may not be worse beyond
    chance at the top (R@1, R@5), and may not have forgotten more of the world than TOLERANCE.
    `alignment` is how well sentences are told from wrong ones on the same pairs, before and after.
    """
    held_out = held_out[:: -(-len(held_out) // MOST_QUERIES) or 1]
    before, after = (text_to_video_ranks(towers, held_out) for towers in (current, candidate))
    differences = {
        name: paired_bootstrap(measure(before), measure(after), seed=seed)
        for name, measure in MEASURES.items()
        if len(held_out)
    }
    known = probe(current), probe(candidate)
    videos = len({pair.video for pair in held_out})
    refusals = _refusals(len(held_out), videos, differences, *known) + _misaligned(*alignment)
    return GateDecision(
        accepted=not refusals,
        reasons=tuple(refusals or _praise(differences, *known)),
        queries=len(held_out),
        videos=videos,
        current=Recall.of(before),
        candidate=Recall.of(after),
        differences=differences,
        probe_current=known[0],
        probe_candidate=known[1],
    )


def _refusals(
    queries: int,
    videos: int,
    differences: dict[str, Difference],
    probe_current: float,
    probe_candidate: float,
) -> list[str]:
    """Every reason against the candidate, in sentences."""
    reasons = []
    if queries < FEW_QUERIES or videos < 2:
        reasons.append(
            f"{queries} sentences of {videos} videos were kept apart to judge by: too few to tell "
            f"a better model from a lucky one. {FEW_QUERIES} of at least 2 videos are needed."
        )
    elif differences["MRR"].low <= 0:
        reasons.append(
            "On the videos kept apart it is not better beyond chance: mean reciprocal rank "
            f"{differences['MRR']}."
        )
    reasons += [
        f"On the videos kept apart it is worse at the top: {name} {differences[name]}."
        for name in ("R@1", "R@5")
        if name in differences and differences[name].high < 0
    ]
    if probe_candidate < probe_current - TOLERANCE:
        reasons.append(
            "It has forgotten what it knew of other things: the names of the ImageNet classes find "
            f"them at a mean reciprocal rank of {probe_candidate:.3f}, before {probe_current:.3f}."
        )
    return reasons


def _misaligned(before: Score | None, after: Score | None) -> list[str]:
    if before is None or after is None:
        return []
    if after.accuracy >= before.accuracy - ALIGNMENT_TOLERANCE:
        return []
    return [
        "It tells sentences of other videos from a video's own less well: accuracy "
        f"{after.accuracy:.3f}, before {before.accuracy:.3f}."
    ]


def _praise(
    differences: dict[str, Difference], probe_current: float, probe_candidate: float
) -> list[str]:
    figures = ", ".join(f"{name} {difference}" for name, difference in differences.items())
    return [
        f"On the videos kept apart it is better beyond chance: {figures}.",
        f"The generic probe is at {probe_candidate:.3f}, before {probe_current:.3f}.",
    ]
