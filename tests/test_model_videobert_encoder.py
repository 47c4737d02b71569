"""The shipped encoder keeps the promises of the protocol."""

from __future__ import annotations

import numpy as np
import pytest

from model.encoder import Encoder
from model.registry import load_encoder
from model.videobert_encoder import VideoBertEncoder
from tests.test_model_backbone import photograph


@pytest.fixture(scope="module")
def shipped() -> VideoBertEncoder:
    encoder = load_encoder(device="cpu")
    assert isinstance(encoder, VideoBertEncoder)
    return encoder


def test_it_is_an_encoder(shipped: VideoBertEncoder):
    assert isinstance(shipped, Encoder)
    assert len(shipped.fingerprint) == 16


def test_vectors_are_float32_and_of_unit_length(shipped: VideoBertEncoder):
    frames = np.stack([photograph("chelsea"), photograph("coffee")])
    for vectors in (
        shipped.encode_frames(frames),
        shipped.encode_text(["a cat", "a cup of coffee"]),
    ):
        assert vectors.shape == (2, shipped.dim)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_words_find_their_picture(shipped: VideoBertEncoder):
    names = ("chelsea", "coffee", "rocket")
    pictures = shipped.encode_frames(np.stack([photograph(name) for name in names]))
    texts = shipped.encode_text(["a cat", "a cup of coffee", "a rocket being launched"])
    assert (texts @ pictures.T).argmax(1).tolist() == [0, 1, 2]


def test_a_clip_does_not_depend_on_its_batch(shipped: VideoBertEncoder):
    draw = np.random.default_rng(0)
    clips = [draw.random((n, shipped.feature_dim), np.float32) for n in (1, 6, 2, 40)]
    alone = np.concatenate([shipped.encode_clips([clip]) for clip in clips])
    np.testing.assert_allclose(shipped.encode_clips(clips), alone, atol=1e-5)


def test_a_sentence_does_not_depend_on_its_batch(shipped: VideoBertEncoder):
    texts = ["a dog", "a man in a red coat walks slowly over a very long wooden bridge", "snow"]
    alone = np.concatenate([shipped.encode_text([text]) for text in texts])
    np.testing.assert_allclose(shipped.encode_text(texts), alone, atol=1e-5)


def test_a_picture_is_a_clip_of_one_frame(shipped: VideoBertEncoder):
    frame = photograph("chelsea")[None]
    np.testing.assert_array_equal(
        shipped.encode_frames(frame), shipped.encode_clips([shipped.frame_features(frame)])
    )


def test_a_still_clip_is_where_its_picture_is(shipped: VideoBertEncoder):
    features = shipped.frame_features(photograph("coffee")[None])
    still = shipped.encode_clips([np.repeat(features, 6, axis=0)])
    np.testing.assert_allclose(still, shipped.encode_clips([features]), atol=1e-5)


def test_nothing_gives_nothing(shipped: VideoBertEncoder):
    assert shipped.encode_clips([]).shape == (0, shipped.dim)
    assert shipped.encode_text([]).shape == (0, shipped.dim)


def test_a_clip_without_tokens_is_refused(shipped: VideoBertEncoder):
    with pytest.raises(ValueError, match="at least one token"):
        shipped.encode_clips([np.empty((0, shipped.feature_dim), np.float32)])


@pytest.mark.parametrize("shape", [(1, 224, 224, 3), (260, 260, 3), (1, 260, 260, 4)])
def test_frames_of_a_wrong_shape_are_refused(shipped: VideoBertEncoder, shape: tuple[int, ...]):
    with pytest.raises(ValueError, match="frames must be"):
        shipped.frame_features(np.zeros(shape, np.uint8))


def test_frames_of_a_wrong_type_are_refused(shipped: VideoBertEncoder):
    with pytest.raises(ValueError, match="uint8"):
        shipped.frame_features(np.zeros((1, 260, 260, 3), np.float32))  # type: ignore[arg-type]
