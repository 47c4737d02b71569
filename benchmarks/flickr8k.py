"""Flickr8k's standard test split, text to image: 5,000 sentences among 1,000 pictures.

python -m benchmarks.flickr8k --data FOLDER
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.command import run
from benchmarks.table import Row, Section
from model.captions import CaptionedPictures
from model.checkpoint import PRETRAINED
from model.registry import load_encoder

HELD_OUT = PRETRAINED / "held_out.txt"
"""The split of Hodosh et al. 2013, which the shipped checkpoint was not trained on."""


def measure_flickr8k(data: Path) -> Section:
    """Recall at 1, 5 and 10, and the median rank."""
    captions = data / "captioned_images" / "captions.csv"
    pictures = CaptionedPictures.read(captions, HELD_OUT, only_held_out=True)
    encoder = load_encoder()
    seen = np.concatenate([encoder.encode_frames(batch) for batch in pictures.batches()])
    scores = encoder.encode_text(pictures.sentences) @ seen.T  # (sentences, pictures)
    right = scores[np.arange(len(scores)), pictures.owners]
    ranks = (scores >= right[:, None]).sum(1)
    remark = f"{len(pictures.sentences)} sentences, {len(pictures.paths)} pictures"
    rows = (
        Row("text to image R@1", float((ranks <= 1).mean()), remark=remark),
        Row("R@5", float((ranks <= 5).mean())),
        Row("R@10", float((ranks <= 10).mean())),
        Row("median rank", float(np.median(ranks))),
    )
    return Section("Flickr8k", f"python -m benchmarks.flickr8k --data {data}", rows)


if __name__ == "__main__":
    run([measure_flickr8k], __doc__)
