"""Captioned pictures, as the shipped checkpoint is trained on: a CSV, and files beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from model.backbone import BATCH, FRAME_SIZE
from model.encoder import UInt8
from model.errors import ModelError


@dataclass(frozen=True)
class CaptionedPictures:
    """Pictures in order of their names, and sentences, each of one of them."""

    paths: list[Path]
    sentences: list[str]
    owners: list[int]
    """For each sentence the index of its picture."""

    @classmethod
    def read(
        cls, captions: Path, held_out: Path | None = None, *, only_held_out: bool = False
    ) -> CaptionedPictures:
        """Rows of a CSV `image,caption`, without the file names that `held_out` lists, one a line.

        `only_held_out` gives those alone instead. Raises ModelError.
        """
        try:
            with captions.open(encoding="utf-8", newline="") as file:
                rows = [(row["image"], row["caption"]) for row in csv.DictReader(file)]
            apart = set(held_out.read_text("utf-8").split()) if held_out else set()
        except (OSError, KeyError, UnicodeDecodeError) as error:
            raise ModelError(
                f"{captions}: not a CSV of image,caption that can be read ({error})."
            ) from error
        kept = [row for row in rows if (Path(row[0]).name in apart) == only_held_out]
        if not kept:
            raise ModelError(f"{captions}: no captioned picture is left to read.")
        images = sorted({image for image, _ in kept})
        index = {image: i for i, image in enumerate(images)}
        return cls(
            [captions.parent / image for image in images],
            [caption for _, caption in kept],
            [index[image] for image, _ in kept],
        )

    def first(self, count: int) -> CaptionedPictures:
        """About `count` of the pictures, evenly spread."""
        step = max(1, len(self.paths) // count)
        chosen = range(0, len(self.paths), step)
        index = {old: new for new, old in enumerate(chosen)}
        kept = [i for i, owner in enumerate(self.owners) if owner in index]
        return CaptionedPictures(
            [self.paths[i] for i in chosen],
            [self.sentences[i] for i in kept],
            [index[self.owners[i]] for i in kept],
        )

    def batches(self) -> Iterator[UInt8]:
        """The pictures as frames, (16, 260, 260, 3) at a time."""
        for start in range(0, len(self.paths), BATCH):
            yield load_pictures(self.paths[start : start + BATCH])


def load_pictures(paths: list[Path]) -> UInt8:
    """(N, 260, 260, 3) uint8 RGB, squashed as video frames are. Raises ModelError."""
    import cv2

    frames = np.empty((len(paths), FRAME_SIZE, FRAME_SIZE, 3), np.uint8)
    for frame, path in zip(frames, paths, strict=True):
        picture = cv2.imread(str(path))
        if picture is None:
            raise ModelError(f"{path}: not a picture that OpenCV reads.")
        size = (FRAME_SIZE, FRAME_SIZE)
        frame[:] = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)[:, :, ::-1]
    return frames
