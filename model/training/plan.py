"""How much is worth training, by how much there is to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

FEW, SOME, MANY = 100, 2_000, 50_000
"""Pairs from which on a little, the top layers, and the whole trunk are trained."""
LITTLE_STEPS = 100
EPOCHS = 4
MOST_STEPS = 500_000
"""As published (Sun et al. 2019, section 4.3)."""
BATCH_SMALL, BATCH_LARGE = 64, 128


class Scope(Enum):
    """What of the network is trained. The heads always are: they only read."""

    NOTHING = "nothing"
    HEADS = "heads"
    """Heads, visual embeddings, and the top layers that text has no part in: how the shipped
    checkpoint is made, whose joint space stays."""
    BRIDGE = "bridge"
    """The pooled bridge, in closed form. Beside it what only the heads see; the gate of the trunk
    stays shut, so that clips are encoded as fast as before."""
    TOP = "top"
    """The same, the gate, and the two topmost layers of the trunk."""
    TRUNK = "trunk"
    """Everything but the embeddings of word pieces, which are frozen as published."""


@dataclass(frozen=True)
class TrainingPlan:
    """What will be trained, for how long, and the reason in a sentence."""

    scope: Scope
    steps: int
    batch: int
    """Pairs of a step, whatever fits into memory at once."""
    why: str
    forced: bool = False
    """Whether the steps were asked for, against what the numbers say."""


def plan_training(pairs: int, *, gpu: bool, steps: int | None = None) -> TrainingPlan:
    """The plan for a number of usable pairs; `steps` forces their number.

    Overfitting depends on the pairs alone; a GPU only pays for the layers that pairs can feed.
    """
    scope = _scope(pairs, gpu)
    batch = min(BATCH_SMALL if scope in (Scope.NOTHING, Scope.BRIDGE) else BATCH_LARGE, pairs)
    why = _why(pairs, scope, gpu)
    if steps is not None and pairs:
        forced = scope is Scope.NOTHING
        said = f"{why} {steps} steps were asked for, so the bridge is trained nevertheless."
        chosen = Scope.BRIDGE if forced else scope
        return TrainingPlan(chosen, steps, batch, said if forced else why, forced=True)
    return TrainingPlan(scope, _steps(pairs, scope, batch), batch, why)


def _scope(pairs: int, gpu: bool) -> Scope:
    if pairs < FEW:
        return Scope.NOTHING
    if pairs < SOME:
        return Scope.BRIDGE
    return Scope.TRUNK if gpu or pairs >= MANY else Scope.TOP


def _steps(pairs: int, scope: Scope, batch: int) -> int:
    if scope is Scope.NOTHING:
        return 0
    epochs = EPOCHS * -(-pairs // batch)
    return min(epochs, LITTLE_STEPS if scope is Scope.BRIDGE else MOST_STEPS)


def _why(pairs: int, scope: Scope, gpu: bool) -> str:
    have = f"{pairs:,} usable pairs of sentence and video"
    if scope is Scope.NOTHING:
        return (
            f"There are {have}: fewer than {FEW} teach a network these sentences, not what the "
            "videos show. So the current model stays."
        )
    if scope is Scope.BRIDGE:
        return (
            f"With {have} (fewer than {SOME:,}) the bridge from pictures to sentences is fitted "
            "anew and the heads are trained; the trunk would learn them by heart."
        )
    if scope is Scope.TOP:
        return f"With {have} the top two layers are trained; {MANY:,}, or a GPU, pay for the trunk."
    reason = "on a GPU" if gpu and pairs < MANY else f"({MANY:,} or more)"
    return f"With {have} {reason} the whole trunk is trained."
