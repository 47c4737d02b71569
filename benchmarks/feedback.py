"""What three thumbs do: recall at 10 before and after.

    python -m benchmarks.feedback --data FOLDER

A question names a concept, or two; what shows it is right, by the words of its captions. The first
three results are judged, up where they are right and down where not, and taken out of the ranking,
for they are known. Recall at 10 is that of the right ones that are left, in the ranking as it was
and in that after the thumbs. On the captioned videos and on the second half of Flickr8k's test
split; `python -m benchmarks.blending` compares weights on both halves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.combined import held_out_pictures
from benchmarks.command import run
from benchmarks.concept_sets import Concept, concepts_in
from benchmarks.library import captioned_library
from benchmarks.table import Row, Section
from indexer.captions import read_captions
from model.registry import load_encoder
from search.blend import Part, blend
from search.bootstrap import compare
from search.engine import SearchEngine
from search.looks import IRRELEVANT, RELEVANT
from search.moment_ref import MomentRef

THUMBS = 3
FEWEST, MOST_SHARE = 6, 0.25
"""Right answers of a question: more than are judged, and not every other picture."""

Float32 = NDArray[np.float32]


def measure_feedback(data: Path) -> Section:
    """Recall at 10 before and after, on videos through the engine, and on pictures."""
    rows = (*_on_videos(data), *_on_pictures(data))
    return Section("feedback", f"python -m benchmarks.feedback --data {data}", rows)


def _on_pictures(data: Path) -> list[Row]:
    encoder = load_encoder()
    pictures = held_out_pictures(data, encoder)
    questions = list(questions_of(concepts_in(pictures.captions)))
    vectors = encoder.encode_text([question.query for question in questions])
    found = [
        judged(pictures.seen, vector, question.shown)
        for question, vector in zip(questions, vectors, strict=True)
    ]
    return _rows("pictures", found)


def judged(
    seen: Float32,
    words: Float32,
    right: NDArray[np.bool_],
    relevant: float = RELEVANT,
    irrelevant: float = IRRELEVANT,
) -> tuple[float, float]:
    """Recall at 10 of what is not judged, before and after thumbs of these weights."""
    before = np.argsort(-(seen @ words), kind="stable")
    shown = before[:THUMBS]
    up, down = shown[right[shown]], shown[~right[shown]]
    parts = [Part(words, 1.0)]
    parts += [Part(seen[i], relevant / len(up)) for i in up]
    parts += [Part(seen[i], irrelevant / len(down)) for i in down]
    after = np.argsort(-(seen @ blend(parts, seen)), kind="stable")
    left = set(np.flatnonzero(right).tolist()) - set(shown.tolist())
    rankings = ([i for i in order.tolist() if i not in shown] for order in (before, after))
    first, second = (len(left & set(ranking[:10])) / min(10, len(left)) for ranking in rankings)
    return first, second


def _on_videos(data: Path) -> list[Row]:
    with captioned_library(data) as (folder, encoder), SearchEngine.open(folder, encoder) as engine:
        ids = engine.paths()
        captions = read_captions(data / "captioned_videos" / "captions.csv")
        videos = [ids[str((data / "captioned_videos" / c.video).resolve())] for c in captions]
        questions = questions_of(concepts_in([[one.text] for one in captions]))
        found = [
            _judged_videos(engine, question.query, set(np.array(videos)[question.shown].tolist()))
            for question in questions
        ]
    return _rows("captioned videos", found)


def _judged_videos(engine: SearchEngine, query: str, right: set[int]) -> tuple[float, float]:
    """The same with videos, each ranked by its best moment, by what is seen alone."""
    before = engine.search(query, 200, channels=["picture"], by_video=True).moments
    judged = before[:THUMBS]
    refs = {one.video_id: MomentRef.parse(one.id) for one in judged}
    after = engine.search(
        query,
        200,
        channels=["picture"],
        by_video=True,
        relevant=[ref for video, ref in refs.items() if video in right],
        irrelevant=[ref for video, ref in refs.items() if video not in right],
    ).moments
    left = right - refs.keys()
    first, second = (
        len(left & set([m.video_id for m in ranking if m.video_id not in refs][:10]))
        / min(10, len(left))
        for ranking in (before, after)
    )
    return first, second


def questions_of(concepts: Sequence[Concept]) -> Iterator[Concept]:
    """Each concept, and every two together, that have enough right answers."""
    pairs = (
        Concept(f"{a.query}, {b.query}", a.shown & b.shown) for a, b in combinations(concepts, 2)
    )
    for one in (*concepts, *pairs):
        if FEWEST <= one.shown.sum() <= MOST_SHARE * len(one.shown):
            yield one


def _rows(name: str, found: Sequence[tuple[float, float]]) -> list[Row]:
    before, after = np.array(found).T
    change = compare(after, before)
    interval = f"change {change.value:+.3f} [{change.low:+.3f}, {change.high:+.3f}]"
    remark = f"{len(found)} questions; {interval}, p {change.p:.3f}"
    return [
        Row(f"{name}: R@10 before", float(before.mean())),
        Row(f"{name}: R@10 after {THUMBS} thumbs", float(after.mean()), remark=remark),
    ]


if __name__ == "__main__":
    run([measure_feedback], __doc__)
