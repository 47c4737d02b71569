"""The 1000 ImageNet classes by name: what the CNN knows to begin with."""

from __future__ import annotations

import csv
from dataclasses import dataclass

from model.checkpoint import PRETRAINED


@dataclass(frozen=True)
class ImageNetClass:
    """A class of the classifier, as WordNet describes it."""

    name: str
    lemmas: str
    definition: str

    @property
    def sentence(self) -> str:
        """Such as "tench, Tinca tinca: freshwater fish of the carp family"."""
        return f"{self.lemmas}: {self.definition}"


def imagenet_classes() -> list[ImageNetClass]:
    """In the order of the classifier."""
    with (PRETRAINED / "classes.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [ImageNetClass(row["name"], row["lemmas"], row["definition"]) for row in rows]
