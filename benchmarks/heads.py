"""Masked word pieces, masked visual words and alignment, beside guessing, on Flickr8k's test split.

python -m benchmarks.heads --data FOLDER
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.command import run
from benchmarks.table import Row, Section
from model.captions import CaptionedPictures
from model.checkpoint import PRETRAINED, Checkpoint
from model.pretraining import BATCH, SEED, picture_pairs
from model.training.checkpointing import load_student
from model.training.metrics import measure

STEPS = 20
NAMES = {"pieces": "masked word pieces", "words": "masked visual words", "alignment": "alignment"}


def measure_heads(data: Path) -> Section:
    """Accuracy and macro F1 of the shipped heads, and of always saying the most frequent."""
    captions = data / "captioned_images" / "captions.csv"
    apart = PRETRAINED / "held_out.txt"
    pictures = CaptionedPictures.read(captions, apart, only_held_out=True)
    checkpoint = Checkpoint.open()
    student = load_student(checkpoint)
    pairs = picture_pairs(pictures, checkpoint)
    scores = measure(student, student.batches(pairs, size=BATCH, seed=SEED), STEPS)
    rows = []
    for key, score in scores.items():
        chance = f"majority {score.majority_accuracy:.3f}, uniform {score.uniform_accuracy:.2g}"
        remark = f"of {score.count}; {chance}"
        rows.append(Row(f"{NAMES[key]}, accuracy", score.accuracy, remark=remark))
        guess = f"majority {score.majority_f1:.3f}, uniform {score.uniform_f1:.2g}"
        rows.append(Row(f"{NAMES[key]}, macro F1", score.f1, remark=guess))
    return Section("heads", f"python -m benchmarks.heads --data {data}", tuple(rows))


if __name__ == "__main__":
    run([measure_heads], __doc__)
