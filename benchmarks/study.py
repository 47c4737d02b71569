"""What each part of the model is worth on real footage, in closed form: `docs/model.md`.

python -m benchmarks.study --data FOLDER [--cache FOLDER] [--recurrent CHECKPOINT]
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.study_features import StudyData, Views
from model.anchors import class_anchors
from model.checkpoint import PRETRAINED, Checkpoint
from model.encoder import Float32
from model.fitting import fit_joint_space
from model.joint import JointConfig, JointSpace, unit
from model.text_features import TextFeatures, open_text_features

STAGE_DEVIATION, GRID_DEVIATION = 0.5, 0.25
DRAWS = 2000


@dataclass(frozen=True)
class Variant:
    """One row: which CNNs, which parts of them, and what of the recipe."""

    name: str
    nets: tuple[str, ...] = ("lite2",)
    parts: tuple[str, ...] = ("pooled",)
    whitening: float = 0.0
    concepts: float = 0.0
    regression: bool = True
    words: bool = False
    """Features replaced by their visual word, as published."""


STAGED = ("pooled", "stages")
FULL = Variant("all of it: the shipped recipe, float32", ("lite2",), STAGED, 0.5, 0.5)
VARIANTS = (
    Variant("step 0: ConSE alone", concepts=1.0, regression=False),
    Variant("ridge on the pooled layer"),
    Variant("+ ConSE", concepts=0.5),
    Variant("+ whitened sentences", whitening=0.5, concepts=0.5),
    FULL,
    replace(FULL, name="without ConSE", concepts=0.0),
    replace(FULL, name="without whitening", whitening=0.0),
    replace(FULL, name="grid features (2 x 2) in place of the stages", parts=("pooled", "grid")),
    replace(FULL, name="visual words in place of features", words=True),
    replace(FULL, name="Lite0", nets=("lite0",)),
    replace(FULL, name="Lite1", nets=("lite1",)),
    replace(FULL, name="Lite0 + Lite1 + Lite2", nets=("lite0", "lite1", "lite2")),
)


class Study:
    """Fits each variant on the training pictures, and ranks videos and test pictures with it."""

    def __init__(self, data: StudyData, cache: Path, text: TextFeatures) -> None:
        self._data, self._cache, self._text = data, cache, text
        self._seen: dict[str, Views] = {}

    @cached_property
    def _sentences(self) -> Float32:
        return self._text(self._data.pictures.sentences)

    @cached_property
    def _captions(self) -> Float32:
        return self._text([caption for _, caption in self._data.videos])

    @cached_property
    def _anchors(self) -> Float32:
        return class_anchors(self._text)

    def views(self, net: str) -> Views:
        """Features by one CNN."""
        if net not in self._seen:
            self._seen[net] = self._data.views(net, self._cache)
        return self._seen[net]

    def run(self, variant: Variant) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Ranks of the right video for each caption, and of the right test picture."""
        pictures, clips = self._features(variant)
        train, test = ~self._data.is_test, self._data.is_test
        owners = np.array(self._data.pictures.owners)
        position = np.cumsum(train) - 1
        used = train[owners]
        space = fit_joint_space(
            pictures[train],
            self._sentences[used],
            position[owners[used]].tolist(),
            self._classes(variant),
            JointConfig(concept_weight=variant.concepts),
            whitening=variant.whitening,
        )
        seen = self._encode(space, variant, np.concatenate([clips, pictures[test]]))
        videos = self._video_ranks(space.text(self._captions) @ seen[: len(clips)].T)
        asked = test[owners]
        scores = space.text(self._sentences[asked]) @ seen[len(clips) :].T
        right = scores[np.arange(len(scores)), (np.cumsum(test) - 1)[owners[asked]]]
        return videos, (scores >= right[:, None]).sum(1).astype(np.float64)

    def _classes(self, variant: Variant) -> dict[str, Float32]:
        """The classifier of the last of the CNNs, whose pooled layer comes first."""
        from model.lite import folded_lite

        _, classifier = folded_lite(variant.nets[-1])
        return {**{n: t.numpy() for n, t in classifier.items()}, "anchors": self._anchors}

    def _features(self, variant: Variant) -> tuple[Float32, Float32]:
        """(N, F) of the pictures and (C, F) of the clips; the classifier's features first."""
        columns = [
            self._part(self.views(net), part)
            for net in reversed(variant.nets)
            for part in variant.parts
        ]
        pictures, clips = (np.concatenate(side, 1) for side in zip(*columns, strict=True))
        if variant.words:
            return self._as_words(pictures, clips)
        return pictures, clips

    def _part(self, views: Views, part: str) -> tuple[Float32, Float32]:
        pictures, clips = views.pictures[part], views.clips[part]
        if part == "pooled":
            return pictures, clips
        train = pictures[~self._data.is_test]
        deviation = STAGE_DEVIATION if part == "stages" else GRID_DEVIATION
        scale = deviation / (train.std(0) + 1e-3)
        return (pictures - train.mean(0)) * scale, (clips - train.mean(0)) * scale

    def _as_words(self, pictures: Float32, clips: Float32) -> tuple[Float32, Float32]:
        from model.vocabulary import VisualVocabulary

        words = VisualVocabulary.fit(pictures[~self._data.is_test], fingerprint="study")
        table = words.centroids
        return table[words.assign(pictures)], table[words.assign(clips)]

    def _encode(self, space: JointSpace, variant: Variant, features: Float32) -> Float32:
        rows = [row[None] for row in features]
        if variant.regression:
            return space.clips(rows)
        named = unit(space.concepts(features)) - space.tensors["image_mean"]
        return unit(named @ space.tensors["text_map"])

    def _video_ranks(self, scores: Float32) -> NDArray[np.float64]:
        owners = np.array(self._data.owners)
        best = np.full((len(scores), len(scores)), -np.inf, np.float32)
        for column, owner in enumerate(owners):
            best[:, owner] = np.maximum(best[:, owner], scores[:, column])
        return np.asarray((best >= np.diag(best)[:, None]).sum(1), np.float64)


def interval(hits: NDArray[np.float64]) -> tuple[float, float]:
    """95 % bootstrap interval of the mean, over queries."""
    draw = np.random.default_rng(1)
    means = hits[draw.integers(0, len(hits), (DRAWS, len(hits)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


def row(name: str, ranks: tuple[NDArray[np.float64], NDArray[np.float64]], speed: str) -> str:
    """A line of the table."""
    videos, pictures = ranks
    low, high = interval((videos <= 1).astype(np.float64))
    at = " / ".join(f"{(videos <= k).mean():.3f}" for k in (1, 5, 10))
    reciprocal = f"{(1 / videos).mean():.3f}"
    there = " / ".join(f"{(pictures <= k).mean():.3f}" for k in (1, 5, 10))
    return f"| {name} | {at} | {low:.2f} to {high:.2f} | {reciprocal} | {there} | {speed} |"


def speed_of(study: Study, nets: Sequence[str]) -> str:
    """Frames a second of all these CNNs together, float32 in PyTorch."""
    return f"{1 / sum(1 / study.views(net).frames_per_s for net in nets):.0f}"


def main(say: Callable[[str], None] = print) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".study"), help="features are kept here")
    parser.add_argument("--recurrent", type=Path, help="checkpoint with a recurrent text tower")
    arguments = parser.parse_args()
    data = StudyData(arguments.data)
    study = Study(data, arguments.cache, open_text_features(Checkpoint.open(PRETRAINED)))
    say("| variant | R@1 / R@5 / R@10, 113 videos | R@1, 95 % | MRR | Flickr8k test | frames/s |")
    say("|---|---|---|---|---|---|")
    for variant in VARIANTS:
        say(row(variant.name, study.run(variant), speed_of(study, variant.nets)))
    if arguments.recurrent:
        recurrent = open_text_features(Checkpoint.open(arguments.recurrent))
        other = Study(data, arguments.cache, recurrent)
        say(row("recurrent text in place of MiniLM", other.run(FULL), speed_of(other, FULL.nets)))


if __name__ == "__main__":
    main()
