"""Everyday sentences are encoded once for a library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from model.encoder import Float32
from search.background import SAID, SEEN, Background, sentences
from tests.conftest import ColourEncoder


class Counting(ColourEncoder):
    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def encode_text(self, texts: Sequence[str]) -> Float32:
        self.read += len(texts)
        return super().encode_text(texts)


@pytest.mark.parametrize("path", [SEEN, SAID])
def test_the_sentences_are_many_and_all_different(path: Path):
    texts = sentences(path)
    assert len(set(texts)) == len(texts) >= 100
    assert all(text == text.strip() for text in texts)


def test_they_are_encoded_once_for_a_library(tmp_path: Path):
    encoder = Counting()
    first = Background(encoder, tmp_path / "background").all
    read = encoder.read
    assert read == len(first) == len(sentences(SEEN)) + len(sentences(SAID))
    np.testing.assert_array_equal(Background(encoder, tmp_path / "background").all, first)
    assert encoder.read == read


def test_another_encoder_has_vectors_of_its_own(tmp_path: Path):
    Background(ColourEncoder("one"), tmp_path).all  # noqa: B018
    other = Counting()
    Background(other, tmp_path).all  # noqa: B018
    assert other.read


@pytest.mark.parametrize("content", [b"", b"\x93NUMPY\x01\x00", b"no array"])
def test_a_damaged_file_is_made_again(tmp_path: Path, content: bytes):
    whole = Background(ColourEncoder(), tmp_path).seen
    [kept] = tmp_path.iterdir()
    kept.write_bytes(content)
    np.testing.assert_array_equal(Background(ColourEncoder(), tmp_path).seen, whole)
    assert kept.stat().st_size > len(content)


def test_a_library_that_cannot_be_written_is_asked_all_the_same(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    assert len(Background(ColourEncoder(), tmp_path / "file" / "below").seen)
