"""What the ImageNet classes are called, as sentence vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from model.classes import imagenet_classes
from model.encoder import Float32
from model.joint import unit

if TYPE_CHECKING:
    from model.text_features import TextFeatures


def class_anchors(sentences: TextFeatures) -> Float32:
    """(1000, D), unit: the mean of each class's name, lemmas and "lemmas: definition"."""
    known = imagenet_classes()
    columns = (
        [one.name for one in known],
        [one.lemmas for one in known],
        [one.sentence for one in known],
    )
    return unit(np.sum([sentences(column) for column in columns], axis=0))
