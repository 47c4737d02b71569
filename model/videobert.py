"""VideoBERT: text and video through one self-attention (Sun et al. 2019, arXiv 1904.01766).

The trunk is a text BERT, MiniLM at the start. Video comes in as visual words, one per 1.5 s, in
two modes: "word" as published, and "feature", which also keeps what quantisation loses. Beside the
published cross-modal sequence stand two towers for search: `encode_text` and `encode_video`.

Letters of the shapes: B sequences, T word pieces, V visual tokens, S = T + V + 1 places, D width
of the trunk and of the joint space, F width of a frame's features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.bert import BertConfig, Embeddings, Encoder, Layer, masked_mean
from model.errors import CheckpointError
from model.sequence import MAX_TEXT, MAX_VISUAL, Batch
from model.tokenizer import BEGIN_VISUAL, CLS, MASK, SEP


@dataclass(frozen=True)
class VideoBertConfig:
    bert: BertConfig = field(default_factory=BertConfig)
    feature_dim: int = 1280  # the CNN's pooled layer
    words: int = 20736  # 12^4 leaves of the hierarchical k-means (section 4.2)
    classes: int = 1000  # of the CNN's classifier, whose names make the soft words
    visual_input: str = "feature"  # or "word": visual words alone, as published
    max_text: int = MAX_TEXT
    max_visual: int = MAX_VISUAL
    time_steps: int = 128  # of 1.5 s; later tokens share the last one
    text_layers: int = 0  # top layers that text alone has for itself: learning leaves the index be

    def __post_init__(self) -> None:
        if self.visual_input not in ("feature", "word"):
            raise ValueError(f'visual_input is "feature" or "word", not "{self.visual_input}"')
        longest = self.max_text + self.max_visual + 3  # [CLS], [>] and [SEP]
        if longest > self.bert.max_tokens:
            raise ValueError(f"{longest} places are needed, BERT has {self.bert.max_tokens}")

    def to_dict(self) -> dict[str, Any]:
        """For config.json; `from_dict` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> VideoBertConfig:
        return cls(**{**values, "bert": BertConfig(**values["bert"])})


class Output(NamedTuple):
    """The trunk's last layer, whole and in parts."""

    hidden: Tensor  # (B, S, D)
    text_hidden: Tensor  # (B, T, D)
    visual_hidden: Tensor  # (B, V, D)
    cls: Tensor  # (B, D)


class VideoBert(nn.Module):
    """The network. `bridge` is the joint embedding of step 0, which training adds to.

    `bridge` maps (B, V, F) features and their (B, V) mask to (B, D), not normalised. `soft_words`
    (classes, D) are the mean word embeddings of the classes' names, `class_weight` (classes, F)
    and `class_bias` (classes,) the CNN's classifier.
    """

    soft_words: Tensor
    class_weight: Tensor
    class_bias: Tensor

    def __init__(
        self,
        config: VideoBertConfig,
        bridge: nn.Module,
        soft_words: Tensor,
        class_weight: Tensor,
        class_bias: Tensor,
    ) -> None:
        super().__init__()
        self.config = config
        dim, width = config.bert.dim, config.feature_dim
        self.embeddings = Embeddings(config.bert)
        self.encoder = Encoder(config.bert)
        self.text_top = nn.ModuleList(Layer(config.bert) for _ in range(config.text_layers))
        self.visual_words = nn.Embedding(config.words, dim)
        self.visual_mask = nn.Parameter(torch.empty(dim).normal_(std=0.02))  # [VMASK]
        if config.visual_input == "feature":
            self.feature_norm = nn.LayerNorm(width)
            self.feature_dense = nn.Linear(width, dim)
            self.time_embeddings = nn.Embedding(config.time_steps, dim)
        self.register_buffer("soft_words", soft_words.clone())
        self.register_buffer("class_weight", class_weight.clone())
        self.register_buffer("class_bias", class_bias.clone())
        self.projection = nn.Linear(dim, dim)
        self.gate = nn.Parameter(torch.zeros(dim))
        self.piece_head = _Head(config.bert, config.bert.vocab_size)
        self.word_head = _Head(config.bert, config.words)
        self.feature_head = _Head(config.bert, width)
        self.feature_table = nn.Parameter(torch.empty(width, dim).normal_(std=0.02))
        self.alignment_head = nn.Sequential(nn.Linear(dim, dim), nn.Tanh(), nn.Linear(dim, 1))
        self.apply(_initialise)
        self._start_at_step_0()
        self.bridge = bridge  # after `apply`: it comes with its own weights

    def _start_at_step_0(self) -> None:
        """What feature mode adds to the soft words is zero, and so is what is added to the bridge.

        There only the gate is: were the projection zero too, neither would ever get a gradient
        (compare ReZero, Bachlechner et al. 2020, arXiv 2003.04887).
        """
        nn.init.eye_(self.projection.weight)
        if self.config.visual_input == "feature":
            for table in (self.visual_words, self.feature_dense, self.time_embeddings):
                nn.init.zeros_(table.weight)

    def load_trunk(self, weights: Mapping[str, Tensor]) -> None:
        """Take embeddings and encoder from a text BERT's state_dict; other names are passed over.

        Raises CheckpointError when a tensor is missing or of another shape.
        """
        trunk = {n for n in self.state_dict() if n.startswith(("embeddings.", "encoder."))}
        if missing := trunk - weights.keys():
            raise CheckpointError(f"no weights of a text BERT: {min(missing)} is missing")
        try:
            self.load_state_dict({name: weights[name] for name in trunk}, strict=False)
        except RuntimeError as error:
            raise CheckpointError(f"weights of a BERT of another size: {error}") from error
        for own, shared in zip(reversed(self.text_top), reversed(self.encoder.layer), strict=False):
            own.load_state_dict(shared.state_dict())
        with torch.no_grad():  # [VMASK] starts as the [MASK] that the trunk knows
            self.visual_mask.copy_(self.embeddings.word_embeddings.weight[MASK])

    def initialise_visual_words(self, centroids: Tensor) -> None:
        """Published mode: visual words start at their centroids (words, F) (section 4.3).

        The paper's features are as wide as its BERT; here the projection to D is that of the soft
        words, so that a visual word starts among the word pieces that name it.
        """
        if self.config.visual_input != "word":
            raise ValueError("in feature mode visual words start at zero, not at their centroids")
        with torch.no_grad():
            self.visual_words.weight.copy_(self._soft_word(centroids))

    def embed_visual(
        self, features: Tensor, words: Tensor, times: Tensor, masked: Tensor | None = None
    ) -> Tensor:
        """(B, V, F) float32, (B, V) int64, (B, V) int64 and (B, V) bool -> (B, V, D).

        Where `masked`, [VMASK] stands instead of all that features and words tell.
        """
        x: Tensor = self.visual_words(words)  # (B, V, D)
        if self.config.visual_input == "feature":
            x = x + self._soft_word(features) + self.feature_dense(self.feature_norm(features))
        if masked is not None:
            x = torch.where(masked[:, :, None], self.visual_mask, x)
        if self.config.visual_input == "feature":  # as a position, a masked token's time is known
            x = x + self.time_embeddings(times.clamp(max=self.config.time_steps - 1))
        return x

    def _soft_word(self, features: Tensor) -> Tensor:
        """(..., F) -> (..., D): the mean of the classes' names, weighted by their probability."""
        logits = F.linear(features, self.class_weight, self.class_bias)  # (..., classes)
        return logits.softmax(-1) @ self.soft_words

    def forward(self, batch: Batch) -> Output:
        """`[CLS] text [>] visual [SEP]`: one attention over both modalities (section 3.2).

        Raises ValueError when the sequence is longer than BERT's table of positions.
        """
        (b, t), v = batch.token_ids.shape, batch.visual_mask.shape[1]
        if t + v + 1 > (most := self.config.bert.max_tokens):
            raise ValueError(f"{t} word pieces and {v} visual tokens need more than {most} places")
        visual = self.embed_visual(batch.features, batch.words, batch.times, batch.visual_masked)
        ids = torch.cat([batch.token_ids, batch.token_ids.new_full((b, 1), SEP)], 1)  # (B, T + 1)
        text, sep = self.embeddings.word_embeddings(ids).split([t, 1], 1)
        content = torch.cat([text, visual, sep], 1)  # (B, S, D)

        has_video = batch.visual_mask.any(1, keepdim=True)  # text alone has its [SEP] already
        mask = torch.cat([batch.text_mask, batch.visual_mask, has_video], 1)  # (B, S)
        positions = (mask.long().cumsum(1) - 1).clamp(min=0)  # padding takes none
        places = torch.arange(mask.shape[1], device=mask.device)
        types = (places >= t).long().expand_as(mask)  # 0 up to [>], then 1
        x = self.encoder(self.embeddings.place(content, positions, types), mask)  # (B, S, D)
        return Output(x, x[:, :t], x[:, t : t + v], x[:, 0])

    def encode_text(self, token_ids: Tensor, mask: Tensor) -> Tensor:
        """(B, T) int64 `[CLS] text [SEP]` and its mask -> (B, D), unit: SentenceBert's vector."""
        x = self.encoder(self.embeddings(token_ids), mask, list(self.text_top))  # (B, T, D)
        return F.normalize(masked_mean(x, mask).float(), dim=-1)

    def encode_video(self, features: Tensor, words: Tensor, times: Tensor, mask: Tensor) -> Tensor:
        """(B, V, F), (B, V), (B, V) and (B, V) -> (B, D), unit: the bridge, moved by the trunk."""
        mask = mask.bool()
        ids = torch.tensor([[CLS, BEGIN_VISUAL]], device=mask.device).expand(len(mask), 2)
        all_seen = torch.zeros_like(mask)
        batch = Batch(ids, torch.ones_like(ids).bool(), features, words, times, mask, all_seen)
        seen = masked_mean(self(batch).visual_hidden, mask)  # (B, D)
        joint = self.bridge(features, mask) + self.gate * self.projection(seen)
        return F.normalize(joint.float(), dim=-1)

    def predict_pieces(self, hidden: Tensor) -> Tensor:
        """(..., D) -> (..., vocab_size) logits, tied to the word embeddings as BERT's are."""
        logits: Tensor = self.piece_head(hidden, self.embeddings.word_embeddings.weight)
        return logits

    def predict_words(self, hidden: Tensor) -> Tensor:
        """(..., D) -> (..., words) logits of the visual words, tied as well (section 3.2)."""
        logits: Tensor = self.word_head(hidden, self.visual_words.weight)
        return logits

    def predict_features(self, hidden: Tensor) -> Tensor:
        """(..., D) -> (..., F), to be told from other tokens' features by `feature_nce`."""
        features: Tensor = self.feature_head(hidden, self.feature_table)
        return features

    def predict_alignment(self, cls: Tensor) -> Tensor:
        """(..., D) of [CLS] -> (...) logits that text and video belong together (section 3.2)."""
        logits: Tensor = self.alignment_head(cls)
        return logits.squeeze(-1)


class _Head(nn.Module):
    """BERT's dense layer, gelu and norm, then products with a table and a bias."""

    def __init__(self, config: BertConfig, size: int) -> None:
        super().__init__()
        self.dense = nn.Linear(config.dim, config.dim)
        self.LayerNorm = nn.LayerNorm(config.dim, eps=config.norm_eps)
        self.bias = nn.Parameter(torch.zeros(size))

    def forward(self, x: Tensor, table: Tensor) -> Tensor:  # (..., D), (size, D) -> (..., size)
        return F.linear(self.LayerNorm(F.gelu(self.dense(x))), table, self.bias)


def _initialise(module: nn.Module) -> None:
    """Normal with deviation 0.02, biases zero, as BERT's published code."""
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=0.02)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
