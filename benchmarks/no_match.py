"""How often "no match" is said, and how often rightly.

    python -m benchmarks.no_match --data FOLDER

Fifty questions about things that the captioned videos do not show (absent_queries.csv, written
before anything was measured), and the captions of fifty of the videos, evenly spaced. The curve was
fitted on other pictures. Then the false positives of held-out background: captions of COCO that are
not shipped, against 10 to 1,000 pictures of Flickr8k; what many of them describe is really there.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.command import run
from benchmarks.flickr8k import HELD_OUT as HELD_OUT_PICTURES
from benchmarks.library import captioned_library
from benchmarks.table import Row, Section
from indexer.store.vectors import FaissStore
from model.captions import CaptionedPictures
from model.encoder import Encoder
from search.background import SEEN, sentences
from search.calibration import PICTURE_CURVE, Calibration
from search.chance import of_captions
from search.engine import SearchEngine
from search.evaluation import read_pairs
from search.evidence import PICTURE
from search.results import SearchResult
from search.verdict import FALSE_POSITIVES

ABSENT = Path(__file__).with_name("absent_queries.csv")
EACH = 50
HELD_OUT = 500
SIZES = (10, 50, 113, 500, 1000)

Float32 = NDArray[np.float32]


def measure_no_match(data: Path) -> Section:
    """Precision and recall of both answers; false positives by the size of the library."""
    pairs = read_pairs(data / "captioned_videos" / "captions.csv")
    chosen = np.linspace(0, len(pairs) - 1, EACH).astype(int)
    present = [pairs[i].text for i in chosen]
    with (
        captioned_library(data) as (library, encoder),
        SearchEngine.open(library, encoder) as engine,
    ):
        answers = engine.search_texts(present)
        absent = np.array([one.no_match for one in engine.search_texts(_absent())])
    rows = [
        *_judged(absent, np.array([one.no_match for one in answers])),
        *_sure(answers, [pairs[i].video for i in chosen]),
        *_by_size(data, encoder),
    ]
    return Section("no match", f"python -m benchmarks.no_match --data {data}", tuple(rows))


def _absent() -> list[str]:
    with ABSENT.open(newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]


def _judged(absent: NDArray[np.bool_], present: NDArray[np.bool_]) -> list[Row]:
    """Of what was said of questions without and with an answer."""
    none, match = absent.sum() + present.sum(), (~absent).sum() + (~present).sum()
    remark = f"{len(absent)} absent, {len(present)} present"
    return [
        Row("no match: precision", float(absent.sum() / none), remark=remark),
        Row("no match: recall", float(absent.mean())),
        Row("match: precision", float((~present).sum() / match)),
        Row("match: recall", float((~present).mean())),
    ]


def _sure(answers: Sequence[SearchResult], right: Sequence[str]) -> list[Row]:
    """Of the single moments, ten for each question with an answer."""
    sure, is_right = np.array(
        [
            (moment.sure, Path(moment.video).name == Path(video).name)
            for answer, video in zip(answers, right, strict=True)
            for moment in answer.moments
        ]
    ).T
    remark = f"{sure.sum()} sure of {len(sure)} moments, {is_right.sum()} right"
    return [
        Row("sure moments: precision", float(is_right[sure].mean()), remark=remark),
        Row("sure moments: recall", float(sure[is_right].mean())),
    ]


def _by_size(data: Path, encoder: Encoder) -> list[Row]:
    captions = CaptionedPictures.read(
        data / "captioned_images" / "captions.csv", HELD_OUT_PICTURES, only_held_out=True
    )
    pictures = np.concatenate([encoder.encode_frames(batch) for batch in captions.batches()])
    background = np.asarray(encoder.encode_text(sentences(SEEN)))
    questions = np.asarray(encoder.encode_text(_held_out(data)))
    order = np.random.default_rng(0).permutation(len(pictures))
    return [
        Row(
            f"false positives, {size} pictures",
            _rate(pictures[order[:size]], background, questions),
            remark=f"{HELD_OUT} held-out captions, stated {FALSE_POSITIVES[PICTURE]:.2f}",
        )
        for size in SIZES
    ]


def _rate(pictures: Float32, background: Float32, questions: Float32) -> float:
    store = FaissStore(pictures.shape[1])
    store.add(np.arange(len(pictures)), pictures)
    calibration = Calibration(lambda: of_captions(store, background), PICTURE_CURVE)
    best = store.search(questions, 1)[0]
    surest = [
        calibration.strengths(q, scores).max() for q, scores in zip(questions, best, strict=True)
    ]
    return float((np.array(surest) >= PICTURE_CURVE.threshold(FALSE_POSITIVES[PICTURE])).mean())


def _held_out(data: Path) -> list[str]:
    """One caption each of other COCO photographs than those of the shipped sentences."""
    shipped = set(sentences(SEEN))
    by_picture: dict[str, list[str]] = {}
    with (data / "caption_text" / "coco_val2017.tsv").open(newline="") as file:
        for picture, caption in list(csv.reader(file, delimiter="\t"))[1:]:
            by_picture.setdefault(picture, []).append(" ".join(caption.split()))
    free = [texts[0] for texts in by_picture.values() if not shipped & set(texts)]
    chosen = np.random.default_rng(1).choice(len(free), HELD_OUT, replace=False)
    return [free[i] for i in chosen]


if __name__ == "__main__":
    run([measure_no_match], __doc__)
