"""What the ImageNet classes are called, as sentence vectors."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import numpy as np

from model.checkpoint import PRETRAINED
from model.encoder import Float32
from model.joint import unit

if TYPE_CHECKING:
    from model.text_features import TextFeatures


def class_anchors(sentences: TextFeatures) -> Float32:
    """(1000, D), unit: the mean of each class's name, lemmas and "lemmas: definition"."""
    rows = _rows()
    columns = (
        [row["name"] for row in rows],
        [row["lemmas"] for row in rows],
        [f"{row['lemmas']}: {row['definition']}" for row in rows],
    )
    return unit(np.sum([sentences(column) for column in columns], axis=0))


def class_names() -> list[str]:
    """The 1000 names, in the order of the classifier."""
    return [row["name"] for row in _rows()]


def _rows() -> list[dict[str, str]]:
    with (PRETRAINED / "classes.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
