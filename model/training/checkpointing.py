"""From a checkpoint to the network that is trained, and back."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from model.bridge import Bridge
from model.checkpoint import BERT, JOINT, NETWORK, TOKENIZER, Checkpoint, write_manifest
from model.errors import CheckpointError
from model.joint import JointConfig
from model.network_tensors import as_wide_as, open_vocabulary, soft_words
from model.tokenizer import WordPieces
from model.training.optimiser import TOP_LAYERS
from model.training.student import Student
from model.videobert import VideoBert, VideoBertConfig
from model.weights import pack_int8, unpack_int8

TRUNK = ("embeddings.", "encoder.")
ELSEWHERE = (*TRUNK, "text_top.", "bridge.", "soft_words", "class_weight", "class_bias")
"""Tensors of the network that BERT and JOINT hold, or that are made of them."""
SEED = 1
REMEDY = "Restore the folder, or take `model` out of library.toml."


def load_student(checkpoint: Checkpoint) -> Student:
    """The network of a checkpoint, whether it was ever trained or not. Raises CheckpointError.

    What was never trained is drawn by a fixed seed: the same checkpoint gives the same network.
    """
    if BERT not in checkpoint.files:
        raise CheckpointError(
            f"{checkpoint.folder}: no text transformer is in it that could be trained. Set the "
            "library's `model` to a checkpoint that has one."
        )
    joint, bert = (_tensors(checkpoint, name) for name in (JOINT, BERT))
    tokenizer = WordPieces(checkpoint.read(TOKENIZER))
    words = open_vocabulary(checkpoint)
    config = _config(checkpoint, words.size, len(joint["class_weight"]))
    named = soft_words(tokenizer, bert["embeddings.word_embeddings.weight"].numpy())
    class_weight = as_wide_as(joint["class_weight"].numpy(), config.feature_dim)
    bridge = Bridge(joint, JointConfig(**checkpoint.config["joint"]))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        net = VideoBert(
            config,
            bridge,
            torch.from_numpy(named[: config.classes]),
            torch.from_numpy(class_weight),
            joint["class_bias"],
        )
    net.load_trunk(bert)
    if NETWORK in checkpoint.files:
        _load_rest(net, _tensors(checkpoint, NETWORK), checkpoint.folder / NETWORK)
    net.eval()
    return Student(net, tokenizer.pieces, words.assign, joint["text_mean"], joint["text_map"])


def save_student(student: Student, folder: Path, *, base: Checkpoint) -> None:
    """Write a checkpoint to `folder`: the trained network, and of `base` what stays as it was.

    Clips need the whole network only when its gate has opened; else they go through the joint space
    alone, and the indexer loads no PyTorch.
    """
    state = {name: tensor.cpu() for name, tensor in student.net.state_dict().items()}
    config = student.net.config
    rest = {name: tensor for name, tensor in state.items() if _is_rest(name, config)}
    changed = {JOINT: _joint(base, state), NETWORK: _packed(rest)}
    trunk = _text_tower(state, config)
    if _differs(trunk, _tensors(base, BERT)):
        changed[BERT] = _packed(trunk)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in base.files.keys() - changed.keys():
        shutil.copyfile(base.folder / name, folder / name)
    for name, content in changed.items():
        (folder / name).write_bytes(content)
    opened = bool(student.net.gate.any())
    network = {"trunk": opened, "videobert": config.to_dict()}
    write_manifest(folder, {**base.config, **network})


def _tensors(checkpoint: Checkpoint, name: str) -> dict[str, Tensor]:
    tensors = unpack_int8(checkpoint.read(name))
    return {name: torch.from_numpy(tensor) for name, tensor in tensors.items()}


def _packed(tensors: Mapping[str, Tensor]) -> bytes:
    return pack_int8({name: tensor.float().numpy() for name, tensor in tensors.items()})


def _config(checkpoint: Checkpoint, words: int, classes: int) -> VideoBertConfig:
    """As it was trained, else that of MiniLM over the checkpoint's features and visual words."""
    if values := checkpoint.config.get("videobert"):
        return VideoBertConfig.from_dict(values)
    width = int(checkpoint.config["feature_dim"])
    return VideoBertConfig(feature_dim=width, words=words, classes=classes, text_layers=TOP_LAYERS)


def _is_rest(name: str, config: VideoBertConfig) -> bool:
    """Whether a tensor is in no other file; so are the top layers that are not text's."""
    return _text_layer(name, config) is not None or not name.startswith(ELSEWHERE)


def _text_layer(name: str, config: VideoBertConfig) -> str | None:
    """Of a top layer's tensor that text does not share: where text's own lies."""
    parts = name.split(".")
    first = config.bert.layers - config.text_layers
    if not name.startswith("encoder.layer.") or int(parts[2]) < first:
        return None
    return ".".join(["text_top", str(int(parts[2]) - first), *parts[3:]])


def _text_tower(state: Mapping[str, Tensor], config: VideoBertConfig) -> dict[str, Tensor]:
    """The text BERT, under its published names."""
    names = [name for name in state if name.startswith(TRUNK)]
    return {name: state[_text_layer(name, config) or name] for name in names}


def _load_rest(net: VideoBert, tensors: Mapping[str, Tensor], path: Path) -> None:
    """Take what was trained. Raises CheckpointError unless it is exactly what is missing."""
    wanted = {name for name in net.state_dict() if _is_rest(name, net.config)}
    if wanted != tensors.keys():
        odd = min(wanted ^ tensors.keys())
        raise CheckpointError(f"{path}: not the network of this version ({odd}). {REMEDY}")
    try:
        net.load_state_dict(dict(tensors), strict=False)
    except RuntimeError as error:
        raise CheckpointError(f"{path}: of another size ({error}). {REMEDY}") from error


def _joint(base: Checkpoint, state: Mapping[str, Tensor]) -> bytes:
    """The joint space with the regression as it is now."""
    tensors = _tensors(base, JOINT)
    ours = {name: state[f"bridge.{name}"] for name in ("ridge_weight", "ridge_bias")}
    return _packed({**tensors, **ours}) if _differs(ours, tensors) else base.read(JOINT)


def _differs(ours: Mapping[str, Tensor], theirs: Mapping[str, Tensor]) -> bool:
    return any(not torch.equal(tensor, theirs[name]) for name, tensor in ours.items())
