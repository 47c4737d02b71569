"""What is hidden, what is put instead, and that nothing of it leaks."""

from __future__ import annotations

import dataclasses

import pytest
import torch

from model.masking import IGNORED, PIECES, MaskedBatch, mask_batch, mask_text, mask_visual
from model.sequence import Batch, assemble
from model.tokenizer import BEGIN_VISUAL, CLS, MASK, PAD, SEP, VOCABULARY_SIZE
from tests.test_model_sequence import segment
from tests.test_model_videobert import WORDS, small_videobert, stirred

SMALL_PIECES = range(999, 1100)


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def many_sentences() -> tuple[torch.Tensor, torch.Tensor]:
    """1000 sentences of 40 word pieces, between special tokens and padding."""
    ids = torch.randint(999, VOCABULARY_SIZE, (1000, 45), generator=seeded(9))
    ids[:, 0], ids[:, 41], ids[:, 42:] = CLS, SEP, PAD
    mask = torch.ones_like(ids).bool()
    mask[:, 42:] = False
    return ids, mask


def test_15_percent_of_pieces_are_chosen_and_split_80_10_10():
    ids, mask = many_sentences()
    corrupted, labels = mask_text(ids, mask, seeded())
    chosen = labels != IGNORED
    assert chosen.sum() / 40_000 == pytest.approx(0.15, abs=0.01)
    masked = (corrupted == MASK)[chosen].float().mean()
    kept = (corrupted == ids)[chosen].float().mean()
    assert masked == pytest.approx(0.8, abs=0.02)
    assert kept == pytest.approx(0.1, abs=0.02)
    assert 1 - masked - kept == pytest.approx(0.1, abs=0.02)


def test_labels_are_the_pieces_that_were_there():
    ids, mask = many_sentences()
    corrupted, labels = mask_text(ids, mask, seeded())
    chosen = labels != IGNORED
    assert torch.equal(labels[chosen], ids[chosen])
    assert torch.equal(corrupted[~chosen], ids[~chosen])


def test_special_tokens_and_padding_are_never_masked_nor_put_in():
    ids, mask = many_sentences()
    ids[:, 20] = BEGIN_VISUAL
    ids[:, 21] = 100  # [UNK]
    corrupted, labels = mask_text(ids, mask, seeded(), rate=1.0)
    special = torch.tensor([0, 20, 21, *range(41, 45)])
    assert (labels[:, special] == IGNORED).all()
    assert torch.equal(corrupted[:, special], ids[:, special])
    put_in = corrupted[(corrupted != ids) & (corrupted != MASK)]
    assert len(put_in) > 1000
    assert put_in.min() >= PIECES.start
    assert put_in.max() < VOCABULARY_SIZE


def test_padding_is_not_told_even_where_it_looks_like_a_word():
    ids = torch.full((2, 8), 1005)
    mask = torch.tensor([[True] * 8, [True] * 3 + [False] * 5])
    _, labels = mask_text(ids, mask, seeded(), rate=1.0)
    assert (labels != IGNORED).tolist() == mask.tolist()


def many_tokens() -> tuple[torch.Tensor, torch.Tensor]:
    """Each visual word is its own, so that it says where it comes from."""
    words = torch.arange(1000 * 40).view(1000, 40)
    return words, torch.arange(40).expand(1000, 40) < 30


def test_15_percent_of_visual_tokens_are_chosen_and_split_80_10_10():
    words, mask = many_tokens()
    visual = mask_visual(words, mask, seeded())
    chosen = visual.labels != IGNORED
    assert chosen.sum() / mask.sum() == pytest.approx(0.15, abs=0.01)
    assert not (chosen & ~mask).any()
    masked = visual.masked[chosen].float().mean()
    replaced = (visual.words != words)[chosen].float().mean()
    assert masked == pytest.approx(0.8, abs=0.02)
    assert replaced == pytest.approx(0.1, abs=0.02)
    assert not visual.masked[~chosen].any()
    assert torch.equal(visual.labels[chosen], words[chosen])
    assert torch.equal(visual.words[~chosen], words[~chosen])


def test_a_visual_token_is_replaced_by_an_unchosen_visual_token():
    """By a chosen one, what is masked at one place could be read at another."""
    words, mask = many_tokens()
    visual = mask_visual(words, mask, seeded())
    replaced = visual.words != words
    assert replaced.sum() > 100
    donors = visual.words[replaced]
    chosen = visual.labels != IGNORED
    assert mask.flatten()[donors].all()
    assert not chosen.flatten()[donors].any()
    assert torch.equal(words.flatten()[visual.source], visual.words)


def test_where_all_are_chosen_there_is_nothing_to_replace_by():
    words, mask = many_tokens()
    visual = mask_visual(words, mask, seeded(), rate=1.0)
    assert torch.equal(visual.words, words)
    assert visual.masked[mask].float().mean() == pytest.approx(0.9, abs=0.02)


def joint_batch() -> Batch:
    torch.manual_seed(1)
    pieces = tuple(range(1001, 1031))
    return assemble([segment(pieces, 30), segment(pieces[5:], 20, start=9), segment((), 25)])


def masked_batch(batch: Batch, seed: int = 0) -> MaskedBatch:
    return mask_batch(batch, seeded(seed), rate=0.5, pieces=SMALL_PIECES)


def test_replaced_tokens_bring_their_features_along():
    batch = joint_batch()
    shown = masked_batch(batch).batch
    rows = {tuple(f.tolist()): int(w) for f, w in zip(*visible(batch), strict=True)}
    for features, word in zip(*visible(shown), strict=True):
        assert rows[tuple(features.tolist())] == word


def test_what_is_kept_or_replaced_is_shown():
    masked = masked_batch(joint_batch())
    chosen = masked.visual_labels != IGNORED
    assert (chosen & masked.batch.visual_masked).any()
    assert (chosen & ~masked.batch.visual_masked).any()
    assert not (masked.batch.visual_masked & ~chosen).any()


def visible(batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    return batch.features[batch.visual_mask], batch.words[batch.visual_mask]


def test_what_is_to_be_told_does_not_reach_the_network():
    """Other features at all masked and replaced places change no output, bit by bit."""
    net, batch = stirred(small_videobert()), joint_batch()
    masked = masked_batch(batch)
    hidden = masked.batch.visual_masked | (masked.batch.features != batch.features).any(-1)
    features, words = batch.features.clone(), batch.words.clone()
    features[hidden], words[hidden] = torch.rand(6), (words[hidden] + 1) % WORDS
    other = masked_batch(dataclasses.replace(batch, features=features, words=words))
    assert hidden.sum() > 20
    assert torch.equal(net(masked.batch).hidden, net(other.batch).hidden)
    assert not torch.equal(masked.visual_labels, other.visual_labels)
    assert torch.equal(masked.features, batch.features)


def test_each_regime_masks_what_it_has():
    batch = joint_batch()
    told = masked_batch(batch)
    assert (told.text_labels != IGNORED).any(1).tolist() == [True, True, False]
    assert (told.visual_labels != IGNORED).any(1).all()
    text = masked_batch(assemble([segment(tuple(range(1001, 1031)))]))
    assert (text.text_labels != IGNORED).any()
    assert text.visual_labels.shape == (1, 0)


def test_the_seed_decides():
    batch = joint_batch()
    once, again, other = masked_batch(batch), masked_batch(batch), masked_batch(batch, seed=1)
    assert torch.equal(once.batch.token_ids, again.batch.token_ids)
    assert torch.equal(once.batch.features, again.batch.features)
    assert torch.equal(once.visual_labels, again.visual_labels)
    assert not torch.equal(once.text_labels, other.text_labels)


def test_masking_leaves_the_batch_as_it_was():
    batch = joint_batch()
    ids, words, features = batch.token_ids.clone(), batch.words.clone(), batch.features.clone()
    masked_batch(batch)
    assert torch.equal(batch.token_ids, ids)
    assert torch.equal(batch.words, words)
    assert torch.equal(batch.features, features)


def test_tensors_are_made_on_the_device_of_the_tokens():
    corrupted, labels = mask_text(*(tensor.to("meta") for tensor in many_sentences()), seeded())
    assert corrupted.device.type == labels.device.type == "meta"
