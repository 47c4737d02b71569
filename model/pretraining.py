"""Pre-trains the heads on captioned pictures: `python -m model.pretraining --captions FILE`.

After `model.export`: masked word pieces, masked visual words and alignment, by the loop of
`videobert train`. What search stands on, the text tower and the joint space, stays as it is.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from model.backbone import OnnxBackbone
from model.captions import CaptionedPictures
from model.checkpoint import PRETRAINED, Checkpoint
from model.errors import ModelError
from model.training.checkpointing import load_student, save_student
from model.training.loop import LoopConfig, fit
from model.training.metrics import measure
from model.training.objective import Anchor, LossWeights, Objective
from model.training.optimiser import Rates
from model.training.pairs import TOKEN_S, TrainingPair
from model.training.plan import Scope
from model.training.run_folder import RunFolder
from model.training.split import split_by_video
from model.training.student import Student

BATCH, PIECE = 64, 64
WEIGHTS = LossWeights(mil_nce=0.0, anchor=0.0, pieces=0.1, words=0.1, alignment=2.0)
"""The joint space does not move. Alignment is what is slow to come, so it leads."""
RATES = Rates(trunk=3e-4, visual=1e-3, heads=1e-3)
"""Faster than on a library of narration: there are 35,000 pairs, and nothing to forget."""
PROBE_EVERY, PROBE_STEPS = 50, 4
RERANK = 0.05
"""Of the log-probability of alignment beside a cosine: what won on the captioned videos."""
SEED = 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captions", type=Path, required=True, help="CSV: image,caption")
    parser.add_argument("--held-out", type=Path, help="file names, one a line, not to train on")
    parser.add_argument("--checkpoint", type=Path, default=PRETRAINED)
    parser.add_argument("--run", type=Path, help="keep metrics and curves in this folder")
    parser.add_argument("--steps", type=int, default=300)
    arguments = parser.parse_args()
    try:
        pictures = CaptionedPictures.read(arguments.captions, arguments.held_out)
        with tempfile.TemporaryDirectory() as folder:
            pretrain(pictures, arguments.checkpoint, arguments.run or Path(folder), arguments.steps)
    except ModelError as error:
        raise SystemExit(str(error)) from error


def pretrain(pictures: CaptionedPictures, folder: Path, run: Path, steps: int) -> None:
    """Train the heads of the checkpoint in `folder`, and write it anew."""
    torch.manual_seed(SEED)
    checkpoint = Checkpoint.open(folder)
    student = load_student(checkpoint)
    split = split_by_video(picture_pairs(pictures, checkpoint), seed=SEED)
    nothing = torch.empty(0, student.net.config.bert.dim)
    held_out = student.batches(split.held_out, size=BATCH, seed=SEED)
    figures = RunFolder(run, lambda line: print(line, flush=True))
    fit(
        Objective(student, Anchor(nothing, nothing), WEIGHTS),
        student.batches(split.train, size=BATCH, seed=SEED),
        lambda: measure(student, held_out, PROBE_STEPS)["alignment"].accuracy,
        LoopConfig(Scope.HEADS, steps, piece=PIECE, probe_every=PROBE_EVERY, rates=RATES),
        figures,
        identity=f"heads of {checkpoint.fingerprint}",
    )
    figures.finish()
    _replace(student, checkpoint)


def picture_pairs(pictures: CaptionedPictures, checkpoint: Checkpoint) -> list[TrainingPair]:
    """Each sentence with its picture, which is a video of one token."""
    backbone = OnnxBackbone(checkpoint)
    features = np.concatenate([backbone(batch) for batch in pictures.batches()])
    names = [path.name for path in pictures.paths]
    return [
        TrainingPair(names[owner], features[owner : owner + 1], 0.0, TOKEN_S, sentence)
        for owner, sentence in zip(pictures.owners, pictures.sentences, strict=True)
    ]


def _replace(student: Student, checkpoint: Checkpoint) -> None:
    """Write the checkpoint beside itself first: a kill leaves the old one whole."""
    folder = checkpoint.folder
    base = replace(checkpoint, config={**checkpoint.config, "rerank": RERANK})
    with tempfile.TemporaryDirectory(dir=folder.parent) as beside:
        save_student(student, Path(beside, "new"), base=base)
        for path in Path(beside, "new").iterdir():
            shutil.copy(path, folder / path.name)


if __name__ == "__main__":
    main()
