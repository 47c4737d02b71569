"""What pictures show, by the words of their captions: the truth of questions about concepts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

CONCEPTS = {
    "a dog": "dog dogs puppy",
    "a beach": "beach sand shore ocean sea",
    "water": "water lake river pool ocean sea wave waves swimming",
    "snow": "snow snowy ski skiing skis snowboard snowboarder skier",
    "grass": "grass grassy field lawn",
    "a ball": "ball football soccer basketball baseball tennis",
    "a child": "child children boy girl kid kids boys girls toddler baby",
    "a man": "man men guy",
    "a woman": "woman women lady",
    "a bike": "bike bicycle bikes biker cyclist motorcycle motorbike bicyclist",
    "jumping": "jumping jumps jump leaping leaps air",
    "a street": "street road sidewalk city",
    "a group of people": "crowd group people",
    "something red": "red",
    "running": "running runs run",
    "an animal": "animal dog cat horse bird bear lion elephant fox rabbit",
    "a car": "car cars truck bus vehicle driving",
    "food": "food cooking kitchen eating cake pizza vegetables",
    "music": "guitar piano violin music playing band drum singing singer",
    "talking": "talking talks speaking speaks interview",
}
"""Query -> the words of a caption that say that it is there."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Concept:
    """A query, and which pictures show it."""

    query: str
    shown: Flags
    """(N,)."""


def concepts_in(captions: Sequence[Iterable[str]]) -> list[Concept]:
    """Every concept among pictures with these captions each."""
    words = [set(re.findall(r"[a-z]+", " ".join(one).lower())) for one in captions]
    return [
        Concept(query, np.array([bool(said & set(names.split())) for said in words]))
        for query, names in CONCEPTS.items()
    ]
