"""What questions of several parts find: words without others, words and a picture.

    python -m benchmarks.combined --data FOLDER

On the second half of Flickr8k's test split, 1,000 pictures that the shipped weights were not
trained on; `python -m benchmarks.blending` compares weights and other formulas on both halves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.concept_sets import Concept, concepts_in
from benchmarks.flickr8k import HELD_OUT
from benchmarks.table import Row, Section
from model.captions import CaptionedPictures
from model.encoder import Encoder
from model.registry import load_encoder
from search.looks import Look

TOP = 20
LEAST_BOTH, LEAST_ONE = 4, 10
"""Pictures that show both concepts of a pair, and the wanted one alone, at least."""
_COMMON = frozenset(("a", "an", "the", "in", "on", "of", "with", "and", "is", "are", "at", "to"))

Float32 = NDArray[np.float32]


@dataclass(frozen=True)
class Pictures:
    """Pictures, their captions and vectors."""

    captions: tuple[tuple[str, ...], ...]
    seen: Float32
    """(N, dim) unit."""
    said: Float32
    """(N, dim) unit, of the first caption of each."""


def held_out_pictures(data: Path, encoder: Encoder) -> Pictures:
    """The second half of the test split."""
    return held_out_halves(data, encoder)[1]


def held_out_halves(data: Path, encoder: Encoder) -> tuple[Pictures, Pictures]:
    """The first half of the test split, to choose on, and the second, to report."""
    source = data / "captioned_images" / "captions.csv"
    pictures = CaptionedPictures.read(source, HELD_OUT, only_held_out=True)
    seen = np.concatenate([encoder.encode_frames(batch) for batch in pictures.batches()])
    captions: list[list[str]] = [[] for _ in seen]
    for sentence, owner in zip(pictures.sentences, pictures.owners, strict=True):
        captions[owner].append(sentence)
    said = encoder.encode_text([one[0] for one in captions])
    half = len(seen) // 2
    first, second = (
        Pictures(tuple(map(tuple, captions[part])), seen[part], said[part])
        for part in (slice(half), slice(half, None))
    )
    return first, second


def measure_combined(data: Path) -> Section:
    """Precision of words without others; recall of a picture by its caption and another picture."""
    encoder = load_encoder()
    pictures = held_out_pictures(data, encoder)
    rows = (*_without(pictures, encoder), *_with_example(pictures))
    return Section("combined queries", f"python -m benchmarks.combined --data {data}", rows)


def _without(pictures: Pictures, encoder: Encoder) -> list[Row]:
    """`A -B` for all pairs of concepts that are there together and A alone."""
    concepts = concepts_in(pictures.captions)
    vectors = dict(
        zip(
            [c.query for c in concepts],
            encoder.encode_text([c.query for c in concepts]),
            strict=True,
        )
    )
    pairs = concept_pairs(pictures)
    rows = []
    for name, minus in (("A", False), ("A -B", True)):
        found = []
        for a, b in pairs:
            look = Look(said=[vectors[a.query]], unwanted=[vectors[b.query]] if minus else [])
            found.append(_shares(pictures.seen, look, a, b))
        wanted, unwanted, right = np.mean(found, axis=0)
        remark = f"{len(pairs)} pairs; A {wanted:.3f}, B {unwanted:.3f} of the first {TOP}"
        rows.append(Row(f"`{name}`: A without B", right, remark=remark))
    return rows


def concept_pairs(pictures: Pictures) -> list[tuple[Concept, Concept]]:
    """Those that pictures show together, and the first of them alone."""
    concepts = concepts_in(pictures.captions)
    return [(a, b) for a in concepts for b in concepts if a is not b and _is_pair(a, b)]


def _is_pair(a: Concept, b: Concept) -> bool:
    both, alone = (a.shown & b.shown).sum(), (a.shown & ~b.shown).sum()
    return bool(both >= LEAST_BOTH and alone >= LEAST_ONE)


def _shares(seen: Float32, look: Look, a: Concept, b: Concept) -> tuple[float, float, float]:
    """Of the first `TOP`, those that show A, those that show B, and A without B."""
    first = np.argsort(-(seen @ _vector(look, seen)), kind="stable")[:TOP]
    shown, other = a.shown[first], b.shown[first]
    return float(shown.mean()), float(other.mean()), float((shown & ~other).mean())


def _with_example(pictures: Pictures) -> list[Row]:
    """A caption finds its picture among all, alone and with the picture whose words are nearest.

    That picture itself is left out of the ranking.
    """
    examples = _nearest_in_words(pictures.captions)
    rows = []
    for name, shown in (("a caption", False), ("a caption and a picture", True)):
        places = []
        for target, example in enumerate(examples):
            picture = [pictures.seen[example]] if shown else []
            query = _vector(Look(said=[pictures.said[target]], seen=picture), pictures.seen)
            scores = pictures.seen @ query
            scores[example] = -np.inf
            places.append(int((scores >= scores[target]).sum()))
        ranks = np.array(places)
        remark = f"{len(ranks)} captions; R@1 {(ranks <= 1).mean():.3f}"
        rows.append(Row(f"{name}: R@10", float((ranks <= 10).mean()), remark=remark))
    return rows


def _nearest_in_words(captions: tuple[tuple[str, ...], ...]) -> list[int]:
    """For each picture another, with the most words in common of those that either has."""
    words = [set(re.findall(r"[a-z]+", " ".join(one).lower())) - _COMMON for one in captions]
    nearest = []
    for place, own in enumerate(words):
        shared = [len(own & other) / len(own | other) for other in words]
        shared[place] = -1
        nearest.append(int(np.argmax(shared)))
    return nearest


def _vector(look: Look, sample: Float32) -> Float32:
    vector = look.vector(sample)
    assert vector is not None, "something is wanted"
    return vector


if __name__ == "__main__":
    run([measure_combined], __doc__)
