"""Step 0: the shipped encoder keeps the promises of the protocol."""

from __future__ import annotations

import numpy as np
import pytest

from model.conse import ConseEncoder
from model.encoder import Encoder
from model.registry import load_encoder
from tests.test_model_backbone import photograph


@pytest.fixture(scope="module")
def conse() -> ConseEncoder:
    encoder = load_encoder(device="cpu")
    assert isinstance(encoder, ConseEncoder)
    return encoder


def test_it_is_an_encoder(conse: ConseEncoder):
    assert isinstance(conse, Encoder)
    assert len(conse.fingerprint) == 16


def test_vectors_are_float32_and_of_unit_length(conse: ConseEncoder):
    frames = np.stack([photograph("chelsea"), photograph("coffee")])
    for vectors in (conse.encode_frames(frames), conse.encode_text(["a cat", "a cup of coffee"])):
        assert vectors.shape == (2, conse.dim)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_words_find_their_picture(conse: ConseEncoder):
    names = ("chelsea", "coffee", "rocket")
    pictures = conse.encode_frames(np.stack([photograph(name) for name in names]))
    texts = conse.encode_text(["a cat", "a cup of coffee", "a rocket being launched"])
    assert (texts @ pictures.T).argmax(1).tolist() == [0, 1, 2]


def test_a_clip_does_not_depend_on_its_batch(conse: ConseEncoder):
    draw = np.random.default_rng(0)
    clips = [draw.random((n, 1280), np.float32) for n in (1, 6, 2, 40)]
    alone = np.concatenate([conse.encode_clips([clip]) for clip in clips])
    np.testing.assert_allclose(conse.encode_clips(clips), alone, atol=1e-5)


def test_a_sentence_does_not_depend_on_its_batch(conse: ConseEncoder):
    texts = ["a dog", "a man in a red coat walks slowly over a very long wooden bridge", "snow"]
    alone = np.concatenate([conse.encode_text([text]) for text in texts])
    np.testing.assert_allclose(conse.encode_text(texts), alone, atol=1e-5)


def test_a_picture_is_a_clip_of_one_frame(conse: ConseEncoder):
    frame = photograph("chelsea")[None]
    np.testing.assert_array_equal(
        conse.encode_frames(frame), conse.encode_clips([conse.frame_features(frame)])
    )


def test_a_still_clip_is_where_its_picture_is(conse: ConseEncoder):
    features = conse.frame_features(photograph("coffee")[None])
    still = conse.encode_clips([np.repeat(features, 6, axis=0)])
    np.testing.assert_allclose(still, conse.encode_clips([features]), atol=1e-5)


def test_nothing_gives_nothing(conse: ConseEncoder):
    assert conse.encode_clips([]).shape == (0, conse.dim)
    assert conse.encode_text([]).shape == (0, conse.dim)


def test_a_clip_without_tokens_is_refused(conse: ConseEncoder):
    with pytest.raises(ValueError, match="at least one token"):
        conse.encode_clips([np.empty((0, 1280), np.float32)])


@pytest.mark.parametrize("shape", [(1, 224, 224, 3), (260, 260, 3), (1, 260, 260, 4)])
def test_frames_of_a_wrong_shape_are_refused(conse: ConseEncoder, shape: tuple[int, ...]):
    with pytest.raises(ValueError, match="frames must be"):
        conse.frame_features(np.zeros(shape, np.uint8))


def test_frames_of_a_wrong_type_are_refused(conse: ConseEncoder):
    with pytest.raises(ValueError, match="uint8"):
        conse.frame_features(np.zeros((1, 260, 260, 3), np.float32))  # type: ignore[arg-type]


def test_only_the_likeliest_classes_count(conse: ConseEncoder):
    """The mixture is of at most 100 anchors, and its weights sum to one."""
    features = conse.frame_features(photograph("astronaut")[None])
    logits = conse.class_logits(features)[0] / 2.0
    kept = np.argsort(-logits)[:100]
    weights = np.exp(logits[kept] - logits.max())
    anchors = conse._space["anchors"][kept]
    expected = (weights / weights.sum()) @ anchors
    np.testing.assert_allclose(conse._concepts(features)[0], expected, atol=1e-5)
