"""Captioned pictures are read as they are written, and what is held out stays out."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from model.captions import CaptionedPictures, load_pictures
from model.errors import ModelError


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    rows = ["image,caption", "b.png,second", "a.png,first", 'b.png,"again, second"', "c.png,third"]
    path = tmp_path / "captions.csv"
    path.write_text("\n".join(rows) + "\n")
    for value, name in enumerate(("a.png", "b.png", "c.png")):
        cv2.imwrite(str(tmp_path / name), np.full((8, 6, 3), 40 * value, np.uint8))
    return path


def test_sentences_belong_to_their_pictures(captions: Path):
    found = CaptionedPictures.read(captions)
    assert [path.name for path in found.paths] == ["a.png", "b.png", "c.png"]
    assert found.sentences == ["second", "first", "again, second", "third"]
    assert found.owners == [1, 0, 1, 2]


def test_what_is_held_out_is_left_out_or_alone(captions: Path, tmp_path: Path):
    apart = tmp_path / "apart.txt"
    apart.write_text("b.png\n")
    kept = CaptionedPictures.read(captions, apart)
    alone = CaptionedPictures.read(captions, apart, only_held_out=True)
    assert kept.sentences == ["first", "third"]
    assert kept.owners == [0, 1]
    assert alone.sentences == ["second", "again, second"]
    assert alone.owners == [0, 0]


def test_pictures_come_as_square_frames(captions: Path):
    frames = np.concatenate(list(CaptionedPictures.read(captions).batches()))
    assert frames.shape == (3, 260, 260, 3)
    assert frames[:, 0, 0, 0].tolist() == [0, 40, 80]


def test_a_part_keeps_its_sentences(captions: Path):
    part = CaptionedPictures.read(captions).first(1)
    assert [path.name for path in part.paths] == ["a.png"]
    assert part.sentences == ["first"]


def test_a_file_without_the_columns_is_refused(tmp_path: Path):
    path = tmp_path / "captions.csv"
    path.write_text("picture,text\na.png,first\n")
    with pytest.raises(ModelError, match=r"captions\.csv: not a CSV of image,caption"):
        CaptionedPictures.read(path)


def test_what_is_no_picture_is_named(tmp_path: Path):
    path = tmp_path / "broken.png"
    path.write_bytes(b"no picture")
    with pytest.raises(ModelError, match=r"broken\.png"):
        load_pictures([path])
