"""The network: what a sequence is made of, what reaches it, and where it starts."""

from __future__ import annotations

import dataclasses

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.bert import SentenceBert, masked_mean
from model.errors import CheckpointError
from model.sequence import Batch, assemble
from model.tokenizer import BEGIN_VISUAL, CLS, MASK, SEP
from model.videobert import VideoBert, VideoBertConfig
from tests.test_model_bert import SMALL
from tests.test_model_sequence import FEATURES, segment

WORDS, CLASSES = 9, 5
CONFIG = VideoBertConfig(
    bert=SMALL, feature_dim=FEATURES, words=WORDS, classes=CLASSES, time_steps=16
)


class LinearBridge(nn.Module):
    """The mean of the features, projected."""

    def __init__(self) -> None:
        super().__init__()
        self.dense = nn.Linear(FEATURES, SMALL.dim)

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        out: Tensor = self.dense(masked_mean(features, mask))
        return out


def small_videobert(*, visual_input: str = "feature", seed: int = 0) -> VideoBert:
    torch.manual_seed(seed)
    config = dataclasses.replace(CONFIG, visual_input=visual_input)
    soft_words, weight = torch.randn(CLASSES, SMALL.dim), torch.randn(CLASSES, FEATURES)
    return VideoBert(config, LinearBridge(), soft_words, weight, torch.randn(CLASSES)).eval()


def stirred(net: VideoBert) -> VideoBert:
    """As after training: nothing is zero any more, and attention is not flat."""
    with torch.no_grad():
        for parameter in net.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.3)
    return net


@pytest.fixture(params=["feature", "word"])
def net(request: pytest.FixtureRequest) -> VideoBert:
    return stirred(small_videobert(visual_input=request.param))


def joint_batch() -> Batch:
    torch.manual_seed(1)
    return assemble(
        [
            segment((1001, 1002, 1003, 1004), 3),
            segment((1005,), 6, start=7),
            segment((1006, 1007)),
            segment((), 2),
        ]
    )


def video(batch: Batch) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    return batch.features, batch.words, batch.times, batch.visual_mask


def test_a_configuration_survives_json():
    assert VideoBertConfig.from_dict(CONFIG.to_dict()) == CONFIG


def test_configurations_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match='"feature" or "word", not "words"'):
        VideoBertConfig(visual_input="words")
    with pytest.raises(ValueError, match="130 places are needed, BERT has 128"):
        VideoBertConfig(bert=SMALL, max_text=63)


def test_step_0_of_video_is_exactly_the_bridge():
    for visual_input in ("feature", "word"):
        net, batch = small_videobert(visual_input=visual_input), joint_batch()
        expected = F.normalize(net.bridge(batch.features, batch.visual_mask), dim=-1)
        assert torch.equal(net.encode_video(*video(batch)), expected)


def test_step_0_of_text_is_exactly_the_text_bert():
    torch.manual_seed(3)
    bert, net = SentenceBert(SMALL).eval(), small_videobert()
    net.load_trunk(bert.state_dict())
    ids, mask = torch.randint(999, 1100, (2, 7)), torch.ones(2, 7).long()
    mask[1, 4:] = 0
    assert torch.equal(net.encode_text(ids, mask), bert(ids, mask))


def test_text_alone_reads_in_the_network_as_in_the_text_bert(net: VideoBert):
    batch = assemble([segment((1001, 1002, 1003)), segment((1004,))])
    expected = net.encoder(net.embeddings(batch.token_ids), batch.text_mask)
    hidden = net(batch).text_hidden
    real = batch.text_mask
    torch.testing.assert_close(hidden[real], expected[real], atol=1e-5, rtol=1e-4)


def test_training_can_leave_step_0():
    """Two zeros that are multiplied would never get a gradient; here the trunk joins at once."""
    net, batch = small_videobert(), joint_batch()
    optimiser = torch.optim.SGD(net.parameters(), lr=0.1)
    goal = F.normalize(torch.randn(4, SMALL.dim), dim=-1)
    for _ in range(2):
        optimiser.zero_grad()
        (
            1 - (net.encode_video(*video(batch))[[0, 1, 3]] * goal[[0, 1, 3]]).sum(1)
        ).mean().backward()
        optimiser.step()
    for name in ("gate", "projection.weight", "feature_dense.weight", "time_embeddings.weight"):
        gradient = net.get_parameter(name).grad
        assert gradient is not None, name
        assert gradient.abs().max() > 0, name
    attention = net.get_parameter("encoder.layer.0.attention.self.value.weight").grad
    assert attention is not None
    assert attention.abs().max() > 0


def test_the_sequence_is_cls_text_sign_visual_sep(net: VideoBert):
    """Built by hand without padding: positions run through, type 1 begins after `[>]`."""
    batch = joint_batch()
    features, words, times, _ = (tensor[1:2] for tensor in video(batch))
    tables = net.embeddings
    text = tables.word_embeddings(torch.tensor([[CLS, 1005, BEGIN_VISUAL]]))
    sep = tables.word_embeddings(torch.tensor([[SEP]]))
    content = torch.cat([text, net.embed_visual(features, words, times), sep], 1)
    types = torch.tensor([[0] * 3 + [1] * 7])
    x = net.encoder(tables.place(content, torch.arange(10), types), torch.ones(1, 10))

    output = net(batch)
    tolerance = {"atol": 1e-4, "rtol": 1e-4}
    torch.testing.assert_close(output.text_hidden[1, :3], x[0, :3], **tolerance)
    torch.testing.assert_close(output.visual_hidden[1], x[0, 3:9], **tolerance)
    torch.testing.assert_close(output.hidden[1, -1], x[0, 9], **tolerance)
    torch.testing.assert_close(output.cls[1], x[0, 0], **tolerance)
    assert output.hidden.shape == (4, 6 + 6 + 1, SMALL.dim)


def test_padding_changes_no_sequence(net: VideoBert):
    """Text, video and both, each alone and in one batch, whose padding is filled with junk."""
    batch = joint_batch()
    batch.features[~batch.visual_mask] = 50.0
    batch.words[~batch.visual_mask] = 3
    batch.token_ids[~batch.text_mask] = 1050
    together = net(batch)
    for row in range(4):
        t, v = int(batch.text_mask[row].sum()), int(batch.visual_mask[row].sum())
        alone = net(
            Batch(
                *(tensor[row : row + 1, :t] for tensor in (batch.token_ids, batch.text_mask)),
                *(tensor[row : row + 1, :v] for tensor in (*video(batch), batch.visual_masked)),
            )
        )
        for part, n in (("text_hidden", t), ("visual_hidden", v)):
            padded, own = getattr(together, part)[row, :n], getattr(alone, part)[0]
            torch.testing.assert_close(padded, own, atol=1e-4, rtol=1e-4)


def test_padding_changes_no_vector(net: VideoBert):
    batch = joint_batch()
    batch.features[~batch.visual_mask] = 50.0
    together = net.encode_video(*video(batch))
    torch.testing.assert_close(together.norm(dim=1), torch.ones(4))
    for row, n in ((0, 3), (1, 6), (3, 2)):
        alone = net.encode_video(*(tensor[row : row + 1, :n] for tensor in video(batch)))
        torch.testing.assert_close(together[row], alone[0], atol=1e-5, rtol=1e-4)


def test_a_masked_token_cannot_be_seen(net: VideoBert):
    """Other features and another word at a masked position change no output at all."""
    batch = joint_batch()
    masked = torch.zeros_like(batch.visual_mask)
    masked[0, 1] = masked[1, 4] = True
    batch = dataclasses.replace(batch, visual_masked=masked)
    features, words = batch.features.clone(), batch.words.clone()
    features[masked], words[masked] = 7.0, (words[masked] + 1) % WORDS
    other = dataclasses.replace(batch, features=features, words=words)
    assert torch.equal(net(batch).hidden, net(other).hidden)

    unmasked = dataclasses.replace(other, visual_masked=torch.zeros_like(masked))
    assert not torch.allclose(net(batch).hidden, net(unmasked).hidden)


def test_a_clip_that_is_too_long_is_refused(net: VideoBert):
    hours = assemble([segment((), 126)], max_visual=126)
    with pytest.raises(ValueError, match="2 word pieces and 126 visual tokens need more than 128"):
        net(hours)
    net(assemble([segment((), 125)], max_visual=125))


def test_both_modalities_attend_to_each_other(net: VideoBert):
    batch = joint_batch()
    words, features = batch.words.clone(), batch.features.clone()
    words[0, 0], features[0, 0] = (words[0, 0] + 1) % WORDS, 5.0
    seen_otherwise = net(dataclasses.replace(batch, words=words, features=features))
    ids = batch.token_ids.clone()
    ids[0, 1] = 1090
    said_otherwise = net(dataclasses.replace(batch, token_ids=ids))
    usual = net(batch)
    assert (seen_otherwise.text_hidden[0] - usual.text_hidden[0]).abs().max() > 1e-3
    assert (said_otherwise.visual_hidden[0] - usual.visual_hidden[0]).abs().max() > 1e-3
    assert torch.allclose(seen_otherwise.cls[1:], usual.cls[1:], atol=1e-5)  # not to neighbours


def test_at_step_0_a_token_is_the_soft_word_of_what_it_shows():
    net, batch = small_videobert(), joint_batch()
    p = (batch.features @ net.class_weight.T + net.class_bias).softmax(-1)
    seen = net.embed_visual(batch.features, batch.words, batch.times)
    torch.testing.assert_close(seen, p @ net.soft_words)


def test_published_mode_reads_the_visual_word_and_nothing_else():
    net, batch = small_videobert(visual_input="word"), joint_batch()
    centroids = torch.randn(WORDS, FEATURES)
    net.initialise_visual_words(centroids)
    p = (centroids @ net.class_weight.T + net.class_bias).softmax(-1)
    seen = net.embed_visual(batch.features, batch.words, batch.times)
    torch.testing.assert_close(seen, (p @ net.soft_words)[batch.words])
    other = net.embed_visual(batch.features + 1, batch.words, batch.times + 3)
    assert torch.equal(seen, other)


def test_feature_mode_keeps_what_the_visual_word_loses():
    net, batch = stirred(small_videobert()), joint_batch()
    seen = net.embed_visual(batch.features, batch.words, batch.times)
    for other in (
        net.embed_visual(batch.features + torch.rand(FEATURES), batch.words, batch.times),
        net.embed_visual(batch.features, (batch.words + 1) % WORDS, batch.times),
        net.embed_visual(batch.features, batch.words, batch.times + 1),
    ):
        assert ((seen - other).abs().amax(-1) > 1e-3).all()


def test_visual_words_of_feature_mode_do_not_start_at_centroids():
    with pytest.raises(ValueError, match="start at zero"):
        small_videobert().initialise_visual_words(torch.zeros(WORDS, FEATURES))


def test_tokens_after_the_last_time_step_share_it():
    net, batch = stirred(small_videobert()), joint_batch()
    late = net.embed_visual(batch.features, batch.words, batch.times + 15)
    later = net.embed_visual(batch.features, batch.words, batch.times + 1000)
    assert torch.equal(late, later)


def test_the_visual_mask_starts_as_the_mask_of_the_text_bert():
    net, published = small_videobert(), SentenceBert(SMALL).state_dict()
    net.load_trunk({**published, "pooler.dense.weight": torch.zeros(1)})
    assert torch.equal(net.visual_mask, published["embeddings.word_embeddings.weight"][MASK])


def test_weights_of_another_network_are_refused():
    weights = SentenceBert(SMALL).state_dict()
    missing = {n: t for n, t in weights.items() if n != "encoder.layer.1.output.dense.bias"}
    with pytest.raises(CheckpointError, match=r"layer\.1\.output\.dense\.bias is missing"):
        small_videobert().load_trunk(missing)
    wide = SentenceBert(dataclasses.replace(SMALL, hidden=128)).state_dict()
    with pytest.raises(CheckpointError, match="another size"):
        small_videobert().load_trunk(wide)


def test_heads_predict_in_the_right_sizes(net: VideoBert):
    output = net(joint_batch())
    assert net.predict_pieces(output.text_hidden).shape == (4, 6, SMALL.vocab_size)
    assert net.predict_words(output.visual_hidden).shape == (4, 6, WORDS)
    assert net.predict_features(output.visual_hidden).shape == (4, 6, FEATURES)
    assert net.predict_alignment(output.cls).shape == (4,)


def test_decoders_are_the_tables_that_are_read(net: VideoBert):
    hidden = torch.randn(2, SMALL.dim)
    for predict, table in (
        (net.predict_pieces, net.embeddings.word_embeddings.weight),
        (net.predict_words, net.visual_words.weight),
    ):
        before = predict(hidden)
        with torch.no_grad():
            table[5] += 1
        changed = (predict(hidden) - before).abs().amax(0) > 0
        assert changed.nonzero().flatten().tolist() == [5]


def test_the_network_makes_its_tensors_on_the_device_of_its_inputs(net: VideoBert):
    """ "meta" stands for any device: operations with a tensor left on the CPU fail."""
    batch = joint_batch().to("meta")
    net = net.to("meta")
    assert net(batch).hidden.device.type == "meta"
    assert net.encode_video(*video(batch)).device.type == "meta"
    assert net.encode_text(batch.token_ids, batch.text_mask).device.type == "meta"


def test_vectors_stay_float32_in_mixed_precision(net: VideoBert):
    batch = joint_batch()
    exact = net.encode_video(*video(batch))
    with torch.autocast("cpu", torch.bfloat16):
        rounded = net.encode_video(*video(batch))
        text = net.encode_text(batch.token_ids, batch.text_mask)
    assert rounded.dtype == text.dtype == torch.float32
    assert ((exact * rounded).sum(1)[[0, 1, 3]] > 0.98).all()


def test_half_a_network_gives_whole_vectors(net: VideoBert):
    """Weights kept in 16 bit."""
    batch, net = joint_batch(), net.bfloat16()
    batch = dataclasses.replace(batch, features=batch.features.bfloat16())
    assert net.encode_video(*video(batch)).dtype == torch.float32
    assert net.encode_text(batch.token_ids, batch.text_mask).dtype == torch.float32
