"""The recurrent text tower: its network, and the graph that it is run as."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from model.checkpoint import PRETRAINED, Checkpoint, write_manifest
from model.errors import CheckpointError
from model.recurrent import RecurrentText
from model.recurrent_text import RecurrentEncoder
from model.text_features import TextFeatures, open_text_features
from model.tokenizer import WordPieces
from tests.small_recurrent import SMALL, TOY, network, write_checkpoint

TOKENIZER = (PRETRAINED / "tokenizer.json").read_bytes()
LENGTHS = (3, 9, 1, 5)
SENTENCES = [
    "a dog",
    "",
    "two children are playing football on a wet field behind the old school",
    "dog a",
    "naïve café, 東京!",
    "word " * 300,
]


def padded(width: int = max(LENGTHS)) -> tuple[torch.Tensor, torch.Tensor]:
    """Sentences of `LENGTHS` word pieces, with noise where padding is."""
    draw = torch.Generator().manual_seed(1)
    words = torch.randint(TOY.vocab_size, (len(LENGTHS), max(LENGTHS)), generator=draw)
    noise = torch.randint(TOY.vocab_size, (len(LENGTHS), width), generator=draw)
    mask = (torch.arange(width)[None] < torch.tensor(LENGTHS)[:, None]).long()
    noise[:, : max(LENGTHS)] = torch.where(mask[:, : max(LENGTHS)] == 1, words, noise[:, :9])
    return noise, mask


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkpoint with a small network of random weights."""
    folder = tmp_path_factory.mktemp("recurrent")
    write_checkpoint(folder, TOKENIZER)
    return folder


@pytest.fixture(scope="module")
def encoder(folder: Path) -> RecurrentEncoder:
    return RecurrentEncoder(Checkpoint.open(folder))


@pytest.mark.parametrize("pooling", ["attention", "mean"])
def test_vectors_are_unit_rows(pooling: str):
    net = network(replace(TOY, pooling=pooling))
    vectors = net(*padded())
    assert vectors.shape == (len(LENGTHS), TOY.dim)
    assert vectors.dtype == torch.float32
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(len(LENGTHS)))


@pytest.mark.parametrize("pooling", ["attention", "mean"])
def test_padding_changes_nothing(pooling: str):
    """Neither how much of it, nor what stands in it; backwards, reading would begin there."""
    net = network(replace(TOY, pooling=pooling))
    token_ids, mask = padded()
    together = net(token_ids, mask)
    wider = net(*padded(width=20))
    for i, length in enumerate(LENGTHS):
        alone = net(token_ids[i : i + 1, :length], mask[i : i + 1, :length])
        torch.testing.assert_close(together[i : i + 1], alone)
    torch.testing.assert_close(wider, together)


def test_both_directions_are_read():
    """The state at a word knows the words before it and the words behind it."""
    net = network()
    token_ids, mask = torch.tensor([[1, 2, 3, 4]]), torch.ones(1, 4, dtype=torch.int64)
    states = net._read(net.word_embeddings(token_ids), mask)
    for changed in (0, 3):
        other = token_ids.clone()
        other[0, changed] = 9
        moved = (net._read(net.word_embeddings(other), mask) - states).abs().amax(2)[0] > 1e-6
        assert moved.all()


def test_the_order_of_words_matters():
    net = network()
    ones = torch.ones(1, 3, dtype=torch.int64)
    forth, back = net(torch.tensor([[1, 2, 3]]), ones), net(torch.tensor([[3, 2, 1]]), ones)
    assert (forth - back).abs().max() > 1e-3


def test_attention_starts_as_the_mean_and_sums_to_one():
    torch.manual_seed(0)
    net = RecurrentText(TOY)
    _, mask = padded()
    words = torch.randn(len(LENGTHS), max(LENGTHS), 2 * TOY.hidden + TOY.embedding)
    mean = mask / mask.sum(1, keepdim=True)
    torch.testing.assert_close(net._weights(words, mask)[:, :, 0], mean)
    learnt = network()._weights(words, mask)[:, :, 0]
    torch.testing.assert_close(learnt.sum(1), torch.ones(len(LENGTHS)))
    assert (learnt[mask == 0] == 0).all()


def test_embeddings_start_from_the_principal_components():
    """Words that the given vectors hold for alike stay alike."""
    net = network()
    basis = torch.linalg.qr(torch.randn(40, TOY.embedding))[0]
    inner = torch.randn(TOY.vocab_size, TOY.embedding)
    net.set_embeddings(3.0 + inner @ basis.T)  # (50, 40) of rank 12, off the origin
    kept = net.word_embeddings.weight
    assert kept.shape == (TOY.vocab_size, TOY.embedding)
    assert kept.std().item() == pytest.approx(1.0, abs=0.01)
    torch.testing.assert_close(_distances(kept), _distances(inner), atol=1e-3, rtol=1e-3)


def _distances(points: torch.Tensor) -> torch.Tensor:
    return torch.cdist(points, points) / (points - points.mean(0)).norm()


def test_the_graph_is_the_network(folder: Path, encoder: RecurrentEncoder):
    """Up to the rounding of weights to int8; reordered gates would be far off."""
    token_ids, mask = WordPieces(TOKENIZER).encode(SENTENCES, 128)
    with torch.inference_mode():
        exact = network(SMALL)(torch.from_numpy(token_ids), torch.from_numpy(mask)).numpy()
    assert (encoder(SENTENCES) * exact).sum(1).min() > 0.9995
    assert (folder / "recurrent.onnx").stat().st_size < 1.2 * 30522 * 28  # a byte a weight


@pytest.mark.parametrize("pooling", ["attention", "mean"])
def test_an_unrounded_network_gives_the_same_numbers(pooling: str):
    """With weights that int8 holds exactly, torch and ONNX differ in the last digits alone."""
    pytest.importorskip("onnx")
    from model.onnx_session import onnx_session
    from model.recurrent_onnx import recurrent_graph

    net = network(replace(TOY, pooling=pooling))
    with torch.no_grad():
        for name, weights in net.named_parameters():
            if weights.ndim == 2 and "attention" not in name:
                scale = weights.abs().amax(1, keepdim=True) / 127
                weights.copy_((weights / scale).round() * scale)
    token_ids, mask = padded()
    session = onnx_session(recurrent_graph(net).SerializeToString())
    (vectors,) = session.run(None, {"token_ids": token_ids.numpy(), "mask": mask.numpy()})
    np.testing.assert_allclose(vectors, net(token_ids, mask).detach().numpy(), atol=2e-6)


def test_a_sentence_does_not_depend_on_its_batch(encoder: RecurrentEncoder):
    many = SENTENCES * 12  # more than two batches
    alone = np.concatenate([encoder([text]) for text in SENTENCES])
    np.testing.assert_allclose(encoder(many), np.concatenate([alone] * 12), atol=1e-6)


def test_sentences_give_unit_rows(encoder: RecurrentEncoder):
    vectors = encoder(SENTENCES)
    assert vectors.shape == (len(SENTENCES), 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-5)
    assert np.abs(vectors[0] - vectors[3]).max() > 1e-4  # "a dog", "dog a"


def test_no_sentences_give_no_vectors(encoder: RecurrentEncoder):
    assert encoder([]).shape == (0, 384)


def test_the_configuration_chooses_the_tower(folder: Path, tmp_path: Path):
    tower = open_text_features(Checkpoint.open(folder))
    assert isinstance(tower, RecurrentEncoder)
    assert isinstance(tower, TextFeatures)
    assert tower.dim == 384
    write_manifest(tmp_path, {"text": "telepathy"})
    with pytest.raises(CheckpointError, match=r"unknown text tower 'telepathy'.*Upgrade"):
        open_text_features(Checkpoint.open(tmp_path))
