"""The network's tensors out of a checkpoint's files, in NumPy: for search, and for training."""

from __future__ import annotations

import numpy as np

from model.checkpoint import BACKBONE, BERT, JOINT, NETWORK, TOKENIZER, VOCABULARY, Checkpoint
from model.classes import imagenet_classes
from model.encoder import Float32
from model.tokenizer import WordPieces
from model.vocabulary import VisualVocabulary
from model.weights import unpack_int8

ALIGNMENT_USES = (
    "embeddings.",
    "encoder.",
    "visual_words.",
    "visual_mask",
    "feature_norm.",
    "feature_dense.",
    "time_embeddings.",
    "alignment_head.",
    "soft_words",
    "class_weight",
    "class_bias",
)
"""How the names begin of the tensors that alignment depends on."""
MOST_PIECES = 16
"""Word pieces of a class's name."""


def open_vocabulary(checkpoint: Checkpoint) -> VisualVocabulary:
    """The checkpoint's visual words. Raises CheckpointError."""
    checkpoint.read(VOCABULARY)  # compares its hash
    features = checkpoint.fingerprint_of(BACKBONE)
    return VisualVocabulary.load(checkpoint.folder / VOCABULARY, features)


def alignment_tensors(checkpoint: Checkpoint) -> dict[str, Float32]:
    """The network's tensors that alignment depends on, by name. Raises CheckpointError."""
    bert, joint, network = (unpack_int8(checkpoint.read(name)) for name in (BERT, JOINT, NETWORK))
    width = int(checkpoint.config["feature_dim"])
    pieces = WordPieces(checkpoint.read(TOKENIZER))
    tensors = {
        **bert,
        **network,  # its own top layers take the place of the text tower's
        "soft_words": soft_words(pieces, bert["embeddings.word_embeddings.weight"]),
        "class_weight": as_wide_as(joint["class_weight"], width),
        "class_bias": joint["class_bias"],
    }
    return {name: tensor for name, tensor in tensors.items() if name.startswith(ALIGNMENT_USES)}


def soft_words(pieces: WordPieces, embeddings: Float32) -> Float32:
    """(classes, D): the mean of the embeddings (pieces, D) of each class's name."""
    rows = pieces.pieces([one.name for one in imagenet_classes()], MOST_PIECES)
    return np.stack([embeddings[row].mean(0) for row in rows])


def as_wide_as(class_weight: Float32, width: int) -> Float32:
    """(K, 1280) -> (K, width): the classifier reads the pooled layer, and nothing behind it."""
    return np.pad(class_weight, ((0, 0), (0, width - class_weight.shape[1])))
