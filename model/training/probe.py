"""Does it still know the world? A test that has nothing to do with the videos trained on.

Over-training does not show on videos like those trained on, only on others. The other videos are
made up here: each ImageNet class as the CNN's classifier imagines it, and its name has to find it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from model.classes import imagenet_classes
from model.encoder import Float32
from model.joint import CLASS_DIM
from model.training.ranking import Float64, ranks_of
from model.training.student import Towers

SAMPLE = 20_000
"""Tokens that their mean is taken over."""
STRENGTH = 0.25
"""How far from the mean a class is, in mean distances of real tokens: few are found by chance, and
few enough are sure to be found that forgetting shows."""


class ClassProbe:
    """Called with two towers it gives the mean reciprocal rank of the right class, 0 to 1."""

    def __init__(self, names: list[str], prototypes: Float32) -> None:
        self._names = names
        self._clips = list(prototypes[:, None, :])  # each a clip of one token

    @classmethod
    def among(cls, class_weight: Float32, tokens: Float32 | NDArray[np.float16]) -> ClassProbe:
        """The classes of a classifier (classes, F), as tokens like these (N, F)."""
        sample = tokens[:: -(-len(tokens) // SAMPLE)].astype(np.float32)
        names = [one.name for one in imagenet_classes()[: len(class_weight)]]
        return cls(names, class_prototypes(class_weight, sample))

    def ranks(self, towers: Towers) -> Float64:
        """(classes,): at which place each name finds its class."""
        similarities = towers.encode_text(self._names) @ towers.encode_clips(self._clips).T
        return ranks_of(similarities, np.eye(len(self._names), dtype=np.bool_))

    def __call__(self, towers: Towers) -> float:
        return float((1 / self.ranks(towers)).mean())


def class_prototypes(class_weight: Float32, tokens: Float32) -> Float32:
    """(classes, F) features as real tokens (N, F) have them, each leaning towards one class.

    A class's direction is its row of the classifier without what all rows share. The CNN's pooled
    layer, which comes first, comes out of a rectifier, so none of it is negative; what follows it
    is centred, and stays as it is.
    """
    mean = tokens.mean(0)
    distance = float(np.linalg.norm(tokens - mean, axis=1).mean())
    directions = class_weight - class_weight.mean(0)
    directions /= np.maximum(np.linalg.norm(directions, axis=1, keepdims=True), 1e-12)
    found = np.asarray(mean + STRENGTH * distance * directions, np.float32)
    found[:, :CLASS_DIM] = found[:, :CLASS_DIM].clip(0)
    return found
