"""How parts of a question may be added up: weights and other formulas, on two halves.

    python -m benchmarks.blending --data FOLDER

On Flickr8k's test split, which the shipped weights were not trained on. Choose on the first half;
what was chosen is then reported on the second. `sum` adds cosines, `blend` adds cosines in their
own deviations (`search.blend`), `projection` takes the unwanted direction out of the wanted words,
`product` lowers what is wanted by the strength of what is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.combined import TOP, Pictures, concept_pairs, held_out_halves
from benchmarks.command import run
from benchmarks.concept_sets import concepts_in
from benchmarks.feedback import judged, questions_of
from benchmarks.table import Row, Section
from model.encoder import Encoder
from model.registry import load_encoder
from search.blend import Part, blend
from search.bootstrap import compare

WEIGHTS = (0.25, 0.5, 0.75, 1.0)
THUMBS_UP, THUMBS_DOWN = (0.3, 0.5, 0.7, 1.0), (0.0, 0.1, 0.25, 0.5)
EXAMPLES = 5
"""Pictures of each pair of concepts that are asked with."""

Float32 = NDArray[np.float32]
Scores = Callable[[Float32, Float32], NDArray[np.floating]]
"""Of all pictures, (N,), for two vectors (dim,)."""


def measure_blending(data: Path) -> Section:
    """Share of right pictures among the first 20, and recall at 10 after thumbs."""
    encoder = load_encoder()
    halves = zip(("first half", "second half"), held_out_halves(data, encoder), strict=True)
    rows = [
        Row(f"{name}: {row.name}", row.value, remark=row.remark)
        for name, half in halves
        for row in (
            *_without(half, encoder),
            *_like_this_but(half, encoder),
            *_thumbs(half, encoder),
        )
    ]
    return Section("blending", f"python -m benchmarks.blending --data {data}", tuple(rows))


def _without(half: Pictures, encoder: Encoder) -> Iterator[Row]:
    """`A -B`: the share that shows A and not B."""
    vectors, pairs = _vectors(half, encoder), concept_pairs(half)
    contenders: dict[str, Scores] = {"A": lambda a, b: half.seen @ a}
    for weight in WEIGHTS:
        contenders |= _added(half.seen, -weight)
    contenders["projection"] = lambda a, b: half.seen @ (a - (a @ b) * b)
    contenders["product"] = lambda a, b: _product(half.seen, a, b)
    for name, scores in contenders.items():
        found = [
            (a.shown & ~b.shown)[_first(scores(vectors[a.query], vectors[b.query]))].mean()
            for a, b in pairs
        ]
        yield Row(f"A -B, {name}", float(np.mean(found)), remark=f"{len(pairs)} pairs")


def _like_this_but(half: Pictures, encoder: Encoder) -> Iterator[Row]:
    """A picture of A without B, and the words B: the share that shows both."""
    vectors, chance = _vectors(half, encoder), np.random.default_rng(0)
    asked = [
        (a, b, int(place))
        for a, b in concept_pairs(half)
        for place in chance.choice(np.flatnonzero(a.shown & ~b.shown), EXAMPLES, replace=False)
    ]
    contenders: dict[str, Scores] = {
        "the words alone": lambda words, picture: half.seen @ words,
        "the picture alone": lambda words, picture: half.seen @ picture,
    }
    for weight in WEIGHTS:
        contenders |= _added(half.seen, weight)
    for name, scores in contenders.items():
        found = [
            (a.shown & b.shown)[_first(scores(vectors[b.query], half.seen[place]), place)].mean()
            for a, b, place in asked
        ]
        yield Row(f"like this, but B, {name}", float(np.mean(found)), remark=f"{len(asked)} asked")


def _thumbs(half: Pictures, encoder: Encoder) -> Iterator[Row]:
    """Recall at 10 after three thumbs, see `benchmarks.feedback`."""
    questions = list(questions_of(concepts_in(half.captions)))
    words = encoder.encode_text([question.query for question in questions])
    for up, down in product(THUMBS_UP, THUMBS_DOWN):
        found = [
            judged(half.seen, vector, question.shown, up, -down)
            for question, vector in zip(questions, words, strict=True)
        ]
        before, after = np.array(found).T
        change = compare(after, before)
        remark = f"change {change.value:+.3f} [{change.low:+.3f}, {change.high:+.3f}]"
        yield Row(f"thumbs up {up}, down {down}", float(after.mean()), remark=remark)


def _added(seen: Float32, weight: float) -> dict[str, Scores]:
    """The second vector counts `weight`, the first one 1."""
    return {
        f"sum {weight:+}": lambda a, b: seen @ (a + weight * b),
        f"blend {weight:+}": lambda a, b: seen @ blend([Part(a, 1), Part(b, weight)], seen),
    }


def _product(seen: Float32, wanted: Float32, unwanted: Float32) -> NDArray[np.floating]:
    """Both as chances: even at 4 deviations for what is wanted, at 1.5 for what is not."""
    a, b = (cosines / cosines.std() for cosines in (seen @ wanted, seen @ unwanted))
    a, b = a - a.mean(), b - b.mean()
    return np.asarray(1 / (1 + np.exp(4 - a)) / (1 + np.exp(b - 1.5)))


def _vectors(half: Pictures, encoder: Encoder) -> dict[str, Float32]:
    queries = [concept.query for concept in concepts_in(half.captions)]
    return dict(zip(queries, encoder.encode_text(queries), strict=True))


def _first(scores: NDArray[np.floating], without: int | None = None) -> NDArray[np.intp]:
    """The best `TOP`, less the picture that was asked with."""
    order = np.argsort(-scores, kind="stable")
    return order[order != without][:TOP] if without is not None else order[:TOP]


if __name__ == "__main__":
    run([measure_blending], __doc__)
