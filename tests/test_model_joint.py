"""The joint space: two views of a clip, in NumPy for search and in PyTorch for training."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from model.bridge import Bridge
from model.encoder import Float32
from model.joint import CLASS_DIM, JointConfig, JointSpace, unit

DIM, EXTRA, CLASSES = 12, 8, 20


@pytest.fixture
def tensors() -> dict[str, Float32]:
    draw = np.random.default_rng(1)

    def normal(*shape: int) -> Float32:
        return draw.normal(size=shape).astype(np.float32)

    mapping = normal(DIM, DIM)
    return {
        "ridge_weight": normal(DIM, CLASS_DIM + EXTRA) / 30,
        "ridge_bias": normal(DIM),
        "class_weight": normal(CLASSES, CLASS_DIM) / 30,
        "class_bias": normal(CLASSES),
        "anchors": unit(normal(CLASSES, DIM)),
        "image_mean": normal(DIM) / 9,
        "text_mean": normal(DIM) / 9,
        "text_map": mapping + mapping.T,
    }


def clips(*lengths: int) -> list[Float32]:
    draw = np.random.default_rng(2)
    return [draw.normal(size=(n, CLASS_DIM + EXTRA)).astype(np.float32) for n in lengths]


def test_only_the_likeliest_classes_count(tensors: dict[str, Float32]):
    """The mixture is of at most `top_k` anchors, and its weights sum to one."""
    space = JointSpace(tensors, JointConfig(top_k=3, temperature=2.0))
    (tokens,) = clips(1)
    logits = space.class_logits(tokens)[0] / 2.0
    kept = np.argsort(-logits)[:3]
    weights = np.exp(logits[kept] - logits.max())
    expected = (weights / weights.sum()) @ tensors["anchors"][kept]
    np.testing.assert_allclose(space.concepts(tokens)[0], expected, atol=1e-5)


def test_a_clip_is_the_sum_of_both_views_each_of_length_one(tensors: dict[str, Float32]):
    config = JointConfig(concept_weight=0.25)
    (tokens,) = clips(4)
    said = unit(tokens.mean(0) @ tensors["ridge_weight"].T + tensors["ridge_bias"])
    concepts = unit(JointSpace(tensors, config).concepts(tokens).sum(0))
    named = unit((concepts - tensors["image_mean"]) @ tensors["text_map"])
    expected = unit(said + 0.25 * named)
    np.testing.assert_allclose(JointSpace(tensors, config).clips([tokens])[0], expected, atol=1e-5)


def test_a_clip_does_not_depend_on_its_batch(tensors: dict[str, Float32]):
    space, several = JointSpace(tensors), clips(1, 6, 2, 40)
    alone = np.concatenate([space.clips([clip]) for clip in several])
    np.testing.assert_allclose(space.clips(several), alone, atol=1e-5)


def test_text_is_centred_and_mapped(tensors: dict[str, Float32]):
    sentences = unit(np.random.default_rng(3).normal(size=(5, DIM)).astype(np.float32))
    expected = unit((sentences - tensors["text_mean"]) @ tensors["text_map"])
    np.testing.assert_allclose(JointSpace(tensors).text(sentences), expected, atol=1e-6)


def test_a_clip_without_tokens_is_refused(tensors: dict[str, Float32]):
    with pytest.raises(ValueError, match="at least one token"):
        JointSpace(tensors).clips(clips(2, 0))


def test_training_and_search_see_the_same(tensors: dict[str, Float32]):
    """The module on a padded batch gives what NumPy gives clip by clip."""
    config = JointConfig(top_k=5, temperature=1.5, concept_weight=0.7)
    several = clips(3, 1, 5)
    bridge = Bridge({name: torch.from_numpy(t) for name, t in tensors.items()}, config)
    padded = torch.nn.utils.rnn.pad_sequence(
        [torch.from_numpy(c) for c in several], batch_first=True, padding_value=7.0
    )
    mask = torch.arange(5)[None] < torch.tensor([3, 1, 5])[:, None]
    joint = torch.nn.functional.normalize(bridge(padded, mask), dim=-1).detach().numpy()
    np.testing.assert_allclose(joint, JointSpace(tensors, config).clips(several), atol=1e-5)


def test_only_the_regression_is_trained(tensors: dict[str, Float32]):
    bridge = Bridge({name: torch.from_numpy(t) for name, t in tensors.items()})
    assert {name for name, _ in bridge.named_parameters()} == {"ridge_weight", "ridge_bias"}
