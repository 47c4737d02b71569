"""The frame CNN against float32 logits of the published network, on photographs."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from skimage import data

from model.backbone import FEATURE_DIM, FRAME_SIZE, OnnxBackbone, TorchBackbone, open_backbone
from model.checkpoint import Checkpoint
from model.encoder import Float32, UInt8
from model.errors import DeviceUnavailable
from model.joint import CLASS_DIM
from model.videobert_encoder import VideoBertEncoder

# five likeliest classes and their logits: efficientnet_lite_pytorch 0.1.0, (x - 127) / 128
GOLDEN = {
    "chelsea": {285: 8.848, 282: 6.398, 281: 5.972, 287: 5.023, 622: 2.990},
    "coffee": {967: 9.470, 968: 5.783, 925: 4.804, 504: 4.502, 960: 4.370},
    "rocket": {657: 5.284, 540: 5.067, 744: 4.803, 517: 3.704, 682: 3.556},
    "astronaut": {795: 5.178, 560: 5.054, 450: 5.048, 862: 4.073, 518: 4.003},
}


def photograph(name: str) -> UInt8:
    """A photograph of scikit-image's wheel, squashed as frames are."""
    size = (FRAME_SIZE, FRAME_SIZE)
    return cv2.resize(getattr(data, name)(), size, interpolation=cv2.INTER_AREA)


@pytest.fixture(scope="module")
def frames() -> UInt8:
    return np.stack([photograph(name) for name in GOLDEN])


@pytest.fixture(scope="module")
def checkpoint() -> Checkpoint:
    return Checkpoint.open()


@pytest.fixture(scope="module")
def features(frames: UInt8, checkpoint: Checkpoint) -> Float32:
    return OnnxBackbone(checkpoint)(frames)


def test_logits_are_those_of_the_published_network(features: Float32, checkpoint: Checkpoint):
    """Preprocessing by ImageNet's mean and deviation would be off by up to 1.9 here."""
    logits = VideoBertEncoder(checkpoint).class_logits(features)
    for row, golden in zip(logits, GOLDEN.values(), strict=True):
        np.testing.assert_allclose(row[list(golden)], list(golden.values()), atol=0.35)
        assert row.argmax() == next(iter(golden))


def test_features_are_the_pooled_layer_not_the_logits(features: Float32):
    assert features.shape == (4, FEATURE_DIM)
    assert features.dtype == np.float32
    pooled = features[:, :CLASS_DIM]
    assert pooled.min() >= 0  # after ReLU6, which logits are not
    assert pooled.max() <= 6


def test_stages_are_on_the_scale_of_the_pooled_layer(features: Float32):
    """Else the regression would see nothing but the loudest of them."""
    stages = features[:, CLASS_DIM:]
    assert 0.1 < stages.std(0).mean() < 1.5
    assert np.abs(stages.mean(1)).max() < 0.5


def test_int8_on_cpu_and_float_in_torch_are_one_space(
    frames: UInt8, features: Float32, checkpoint: Checkpoint
):
    """Shards made on a GPU machine are searched on a CPU one."""
    exact = TorchBackbone(checkpoint, device="cpu")(frames)
    norms = np.linalg.norm(features, axis=1) * np.linalg.norm(exact, axis=1)
    assert ((features * exact).sum(1) / norms > 0.99).all()


def test_a_frame_does_not_depend_on_its_batch(frames: UInt8, checkpoint: Checkpoint):
    backbone = OnnxBackbone(checkpoint)
    many = np.concatenate([frames] * 9)  # more than two batches
    alone = np.concatenate([backbone(frame[None]) for frame in frames])
    np.testing.assert_allclose(backbone(many), np.concatenate([alone] * 9), atol=1e-5)


def test_no_frames_give_no_features(checkpoint: Checkpoint):
    none = np.empty((0, FRAME_SIZE, FRAME_SIZE, 3), np.uint8)
    assert OnnxBackbone(checkpoint)(none).shape == (0, FEATURE_DIM)


def test_cuda_that_is_not_there_is_refused_with_a_remedy(checkpoint: Checkpoint):
    import torch

    if torch.cuda.is_available():
        pytest.skip("this machine has CUDA")
    with pytest.raises(DeviceUnavailable, match="--device cpu"):
        open_backbone(checkpoint, "cuda")


@pytest.mark.parametrize("variant", ["lite0", "lite1", "lite2"])
def test_all_variants_pool_to_1280(variant: str):
    import torch

    from model.efficientnet import LITE_CONFIGS, EfficientNetLite

    config = LITE_CONFIGS[variant]
    net = EfficientNetLite(config).eval()
    with torch.inference_mode():
        pooled = net(torch.zeros(1, 3, config.image_size, config.image_size))
    assert pooled.shape == (1, 1280)
